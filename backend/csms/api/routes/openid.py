"""The browser's way to an OpenID Connect provider and back. Pages, not API: both answer redirects."""

from typing import Annotated, Final
from urllib.parse import quote

from fastapi import Query, Request, Response

from csms.api.access import public_router
from csms.api.auth import ServicesOf, SettingsOf, device_of, set_session
from csms.api.guessing import count_link
from csms.api.settings import ApiSettings
from csms.domain.identity.errors import BadTokenError, IssuerUnreachableError
from csms.kernel.errors import NotFoundError

router = public_router("/auth/oidc", "sign-in")

STATE_COOKIE: Final = "csms_oidc"
STATE_PATH: Final = "/auth/oidc"
STATE_LIFETIME_S: Final = 600


class NoProviderError(NotFoundError):
    """No OpenID Connect provider is set."""


@router.get("/start", include_in_schema=False)
async def start(
    request: Request,
    services: ServicesOf,
    settings: SettingsOf,
    next_page: Annotated[str, Query(alias="next", max_length=2000)] = "/",
) -> Response:
    """Send the browser to the provider; a cookie ties the way back to this browser."""
    if services.issuers.browser is None:
        raise NoProviderError("CSMS_OIDC_ISSUER is not set here")
    await count_link(request)
    try:
        departure = await services.issuers.browser.depart(own_page(next_page), services.clock.now())
    except IssuerUnreachableError:
        return _to("/sign-in?failed=unreachable")
    response = _to(departure.address)
    # Lax: the provider sends the browser back from another site.
    response.set_cookie(
        STATE_COOKIE,
        departure.state_cookie,
        max_age=STATE_LIFETIME_S,
        httponly=True,
        secure=settings.has_secure_cookies,
        samesite="lax",
        path=STATE_PATH,
    )
    return response


@router.get("/callback", include_in_schema=False)
async def callback(
    request: Request,
    services: ServicesOf,
    settings: SettingsOf,
    code: Annotated[str, Query(max_length=4000)] = "",
    state: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Take the browser back in, and lead it to the page that it wanted."""
    browser, people = services.issuers.browser, services.issuers.people
    if browser is None or people is None:
        raise NoProviderError("CSMS_OIDC_ISSUER is not set here")
    await count_link(request)
    kept, now = request.cookies.get(STATE_COOKIE, ""), services.clock.now()
    try:
        claims, wanted = await browser.arrive(code, state, kept, now)
        account = await people.store.account(claims, device_of(request), now)
    except BadTokenError:
        return _left(settings, _to("/sign-in?failed=refused"))
    except IssuerUnreachableError:
        return _left(settings, _to("/sign-in?failed=unreachable"))
    opened = await services.sign_in.admit_browser(account, device_of(request))
    response = _to(own_page(wanted))
    set_session(response, settings, opened)
    return _left(settings, response)


def own_page(address: str) -> str:
    """Return the address when it is a page of this app, the front page otherwise."""
    is_own = address.startswith("/") and not address.startswith(("//", "/\\"))
    is_plain = "\\" not in address and all(32 < ord(c) < 127 for c in address)
    return address if is_own and is_plain else "/"


def _to(address: str) -> Response:
    return Response(
        status_code=303, headers={"Location": quote(address, safe="/:?&=#%+,;@!$'()*~[]")}
    )


def _left(settings: ApiSettings, response: Response) -> Response:
    response.delete_cookie(
        STATE_COOKIE, path=STATE_PATH, secure=settings.has_secure_cookies, samesite="lax"
    )
    return response
