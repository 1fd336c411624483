"""Signing in: a bearer token for programs, a cookie for the browser; and the own profile."""

from typing import Annotated

from fastapi import Form, Request, Response

from csms.api.access import person_router, public_router
from csms.api.answers import answers, json_answer, no_content, problems
from csms.api.auth import (
    Person,
    ServicesOf,
    SettingsOf,
    csrf_token,
    device_of,
    end_session,
    refuse_foreign_pages,
    set_session,
)
from csms.api.guessing import count_sign_in, forget_sign_ins
from csms.api.schemas.identity import (
    IssuedTokenAnswer,
    SessionAnswer,
    SignInBody,
    TokenForm,
)
from csms.api.settings import ApiSettings
from csms.domain.identity.sign_in import BrowserSignIn, Proof, TokenSignIn
from csms.kernel.ids import SessionId, UserId
from csms.reads.users import UserView, get_user

router = public_router("/auth", "sign-in")
own_router = person_router("/auth", "sign-in")


@router.post(
    "/token",
    summary="Get a bearer token",
    responses=answers(IssuedTokenAnswer, "Tokens") | problems(401, 429),
)
async def token(
    request: Request, services: ServicesOf, form: Annotated[TokenForm, Form()]
) -> Response:
    """OAuth2 password form: `username` is the email address (RFC 6749 §4.3).

    With `grant_type=refresh_token` the `refresh_token` brings the next pair, once (§6).
    """
    if form.grant_type == "refresh_token":
        await count_sign_in(request, "refresh")
        issued = await services.sign_in.refresh(form.refresh_token)
        await forget_sign_ins(request, "refresh")
        return _tokens(issued)
    await count_sign_in(request, form.username)
    proof = Proof(form.username, form.password.get_secret_value(), form.code or None)
    issued = await services.sign_in.program(proof, device_of(request))
    await forget_sign_ins(request, form.username)
    return _tokens(issued)


@router.post(
    "/session",
    summary="Sign the browser in",
    responses=answers(SessionAnswer, "Signed in; the session is in a cookie")
    | problems(401, 403, 429),
)
async def start_session(
    request: Request, services: ServicesOf, settings: SettingsOf, body: SignInBody
) -> Response:
    """Set the session cookie, out of reach for scripts.

    401 with the code `second_factor_needed`: the password is right, send `code` as well.
    """
    refuse_foreign_pages(request)
    await count_sign_in(request, body.email)
    proof = Proof(body.email, body.password.get_secret_value(), body.code)
    opened = await services.sign_in.browser(proof, device_of(request))
    await forget_sign_ins(request, body.email)
    return session_answer(settings, opened)


@own_router.delete(
    "/session", status_code=204, summary="Sign out", responses=no_content("Signed out")
)
async def stop_session(services: ServicesOf, settings: SettingsOf, person: Person) -> Response:
    """End the session of this call, and take the cookie away."""
    if person.actor.key_limits is None:
        session_id = SessionId(int(person.claims.session_id))
        await services.sign_in.end(
            person.actor, UserId(person.account.id), session_id, "signed_out"
        )
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


def session_answer(settings: ApiSettings, opened: BrowserSignIn) -> Response:
    """Return the answer that gives the browser its session."""
    answer = SessionAnswer(
        opened.account.id, csrf_token(settings, opened.claims), opened.lifetime_s
    )
    response = json_answer(answer)
    set_session(response, settings, opened)
    return response


def _tokens(issued: TokenSignIn) -> Response:
    return json_answer(
        IssuedTokenAnswer(issued.access_token, "bearer", issued.lifetime_s, issued.refresh_token)
    )
