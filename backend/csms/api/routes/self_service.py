"""What people do before they are signed in: sign up, prove an address, forget a password.

Asked-for letters are answered alike, and as quickly, whether the address has an account or not.
"""

from fastapi import Request, Response

from csms.api.access import public_router
from csms.api.answers import answers, json_answer, no_content, problems
from csms.api.auth import (
    ServicesOf,
    SettingsOf,
    address_of,
    device_of,
    refuse_foreign_pages,
)
from csms.api.guessing import count_link, may_write_to
from csms.api.routes.sign_in import session_answer
from csms.api.schemas.identity import (
    Asked,
    ForgottenBody,
    LinkAndPassword,
    LinkBody,
    SessionAnswer,
    SignUpBody,
)

router = public_router("/auth", "sign-in")


@router.post(
    "/sign-up",
    status_code=202,
    summary="Ask for an account",
    responses=answers(Asked, "A letter is on its way", status=202) | problems(403, 429),
)
async def sign_up(request: Request, services: ServicesOf, body: SignUpBody) -> Response:
    """A letter goes to the address; its link makes the account. Known addresses are told so there."""
    if await may_write_to(request, body.email) or not services.self_service.rules.can_sign_up:
        await services.self_service.ask_sign_up(body.email, body.full_name, body.locale)
    return json_answer(Asked(), 202)


@router.post(
    "/sign-up/finish",
    summary="Make the account",
    responses=answers(SessionAnswer, "Made, and signed in") | problems(403, 409, 429),
)
async def finish_sign_up(
    request: Request, services: ServicesOf, settings: SettingsOf, body: LinkAndPassword
) -> Response:
    """The letter's link proves the address; the password is chosen now, by who got the letter."""
    refuse_foreign_pages(request)
    await count_link(request)
    account = await services.self_service.finish_sign_up(
        body.token, body.password.get_secret_value(), address_of(request)
    )
    opened = await services.sign_in.admit_browser(account, device_of(request))
    return session_answer(settings, opened)


@router.post(
    "/password/forgotten",
    status_code=202,
    summary="Ask for a new password",
    responses=answers(Asked, "A letter is on its way, if there is such an account", status=202)
    | problems(403, 429),
)
async def forgotten(request: Request, services: ServicesOf, body: ForgottenBody) -> Response:
    """A letter goes to the address, if it has an account."""
    if await may_write_to(request, body.email) or not services.self_service.rules.can_reset:
        await services.self_service.ask_reset(body.email, body.locale)
    return json_answer(Asked(), 202)


@router.post(
    "/password/reset",
    status_code=204,
    summary="Choose a new password",
    responses=no_content("Changed; every sign-in is over") | problems(429),
)
async def reset(request: Request, services: ServicesOf, body: LinkAndPassword) -> Response:
    """The letter's link proves the address. The second factor stays as it is."""
    await count_link(request)
    await services.self_service.reset(
        body.token, body.password.get_secret_value(), address_of(request)
    )
    return Response(status_code=204)


@router.post(
    "/email/verify",
    status_code=204,
    summary="Confirm an address",
    responses=no_content("The address is confirmed") | problems(429),
)
async def verify(request: Request, services: ServicesOf, body: LinkBody) -> Response:
    """The letter's link proves that the address is the account's."""
    await count_link(request)
    await services.self_service.verify(body.token, address_of(request))
    return Response(status_code=204)
