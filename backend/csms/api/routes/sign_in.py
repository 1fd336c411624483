"""Signing in: a bearer token for programs, a cookie for the browser; and the own profile."""

from typing import Annotated, cast

from fastapi import Depends, Request, Response
from fastapi.security import OAuth2PasswordRequestForm

from csms.api.access import person_router, public_router
from csms.api.answers import answers, json_answer, no_content, problems
from csms.api.auth import (
    Person,
    ServicesOf,
    SettingsOf,
    csrf_token,
    end_session,
    services_of,
    set_session,
    settings_of,
)
from csms.api.errors import problem
from csms.api.schemas.users import IssuedTokenAnswer, SessionAnswer, SignInBody
from csms.kernel.ids import UserId
from csms.reads.users import UserView, get_user

router = public_router("/auth", "sign-in")
own_router = person_router("/auth", "sign-in")


class TooManySignInsError(Exception):
    """Somebody guesses; `retry_after_s` says when to come back."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__("too many attempts to sign in")
        self.retry_after_s = retry_after_s


async def on_too_many_sign_ins(_: Request, error: Exception) -> Response:
    """Answer 429 with the time to wait."""
    wait_s = max(1, round(cast("TooManySignInsError", error).retry_after_s))
    return problem(429, f"{error}; wait {wait_s} s", headers={"Retry-After": str(wait_s)})


@router.post(
    "/token",
    summary="Get a bearer token",
    responses=answers(IssuedTokenAnswer, "A token") | problems(401, 429),
)
async def token(
    request: Request, services: ServicesOf, form: Annotated[OAuth2PasswordRequestForm, Depends()]
) -> Response:
    """OAuth2 password form: `username` is the email address (RFC 6749 §4.3)."""
    await _limit(request, form.username)
    _, issued = await services.accounts.sign_in(form.username, form.password)
    return json_answer(IssuedTokenAnswer(issued.token, "bearer", issued.lifetime_s))


@router.post(
    "/session",
    summary="Sign the browser in",
    responses=answers(SessionAnswer, "Signed in; the session is in a cookie") | problems(401, 429),
)
async def start_session(
    request: Request, services: ServicesOf, settings: SettingsOf, body: SignInBody
) -> Response:
    """Set the session cookie, out of reach for scripts."""
    await _limit(request, body.email)
    account, issued = await services.accounts.sign_in(body.email, body.password.get_secret_value())
    answer = SessionAnswer(account.id, csrf_token(settings, issued.claims), issued.lifetime_s)
    response = json_answer(answer)
    set_session(response, settings, issued)
    return response


@own_router.delete(
    "/session", status_code=204, summary="Sign the browser out", responses=no_content("Signed out")
)
async def stop_session(settings: SettingsOf) -> Response:
    """Take the session cookie away."""
    response = Response(status_code=204)
    end_session(response, settings)
    return response


@own_router.get("/profile", summary="Show who I am", responses=answers(UserView, "Oneself"))
async def profile(services: ServicesOf, person: Person) -> Response:
    """The signed-in person with the wallet."""
    found = await get_user(
        services.database, person.actor.organization_id, UserId(person.account.id)
    )
    return json_answer(found)


async def _limit(request: Request, email: str) -> None:
    """Count the attempt per address and per address and person. Raises TooManySignInsError."""
    settings = settings_of(request)
    limits = services_of(request).rate_limits
    address = request.client.host if request.client else "unknown"
    for key, limit in (
        (f"sign-in:{address}", settings.sign_ins_per_address),
        (f"sign-in:{address}:{email.strip().casefold()}", settings.sign_ins_per_person),
    ):
        verdict = await limits.hit(key, limit=limit, window_s=settings.sign_in_window_s)
        if not verdict.is_allowed:
            raise TooManySignInsError(verdict.retry_after_s)
