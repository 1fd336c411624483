"""Who asks: a bearer token, or the browser's session cookie with its CSRF check."""

import hashlib
import hmac
from dataclasses import dataclass, field, replace
from typing import Annotated, Final, cast

from fastapi import Depends, Request, Response, Security
from fastapi.routing import APIRoute
from fastapi.security import APIKeyCookie, OAuth2PasswordBearer

from csms.api.endpoints import PUBLIC, needs_of
from csms.api.services import Services
from csms.api.settings import ApiSettings
from csms.domain.identity.accounts import Account
from csms.domain.identity.actor import Actor
from csms.domain.identity.api_keys import is_api_key
from csms.domain.identity.permissions import Permission
from csms.domain.identity.ports import TokenClaims
from csms.domain.identity.sessions import MAX_USER_AGENT, Device
from csms.domain.identity.sign_in import BrowserSignIn, actor_of
from csms.kernel.errors import ForbiddenError, UnauthenticatedError
from csms.kernel.reach import limit_to

SESSION_COOKIE: Final = "csms_session"
CSRF_COOKIE: Final = "csms_csrf"
HOST_PREFIX: Final = "__Host-"
"""Browsers take such a cookie only with Secure, for the whole host, and from no other host."""
CSRF_HEADER: Final = "X-CSRF-Token"
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})

bearer_scheme = OAuth2PasswordBearer(
    tokenUrl="/auth/token",
    auto_error=False,
    description="A token from `/auth/token`, or an API key.",
)
cookie_scheme = APIKeyCookie(
    name=SESSION_COOKIE,
    auto_error=False,
    description=f"The browser's session; unsafe calls also send `{CSRF_HEADER}`.",
)


class NotSignedInError(UnauthenticatedError):
    """The call names nobody."""


class CsrfError(ForbiddenError):
    """A call with the session cookie lacks the token that only our own pages know."""


@dataclass(frozen=True, slots=True)
class Principal:
    """The person behind a call."""

    account: Account
    claims: TokenClaims
    actor: Actor
    api_key: str = field(default="", repr=False)

    def may(self, permission: Permission) -> bool:
        """Whether the permission is held, at least at one station."""
        return self.actor.may(permission)


def services_of(request: Request) -> Services:
    """Return what the app was given."""
    return cast("Services", request.app.state.services)


def settings_of(request: Request) -> ApiSettings:
    """Return the app's settings."""
    return cast("ApiSettings", request.app.state.settings)


async def find_principal(request: Request) -> Principal | None:
    """Return who asks, or None; found once per request. Raises BadTokenError, CsrfError."""
    known = getattr(request.state, "principal", None)
    if known is not None:
        return cast("Principal", known)
    token = _bearer_of(request)
    if token is not None and is_api_key(token):
        principal = await _bearer_of_key(request, token)
    else:
        found = await _signed_in(request, token)
        if found is None:
            return None
        principal = Principal(*found, actor_of(found[0], address_of(request)))
    request.state.principal = principal
    return principal


async def _bearer_of_key(request: Request, key: str) -> Principal:
    found = await services_of(request).api_keys.authenticate(key, address_of(request))
    owner = found.owner
    actor = actor_of(owner, address_of(request))
    name = f"key {found.prefix} of user {owner.id}"
    claims = TokenClaims(owner.id, owner.token_version, f"key:{found.id}", found.expires_at)
    return Principal(owner, claims, replace(actor, name=name, key_limits=found.limits), key)


async def is_still_valid(services: Services, principal: Principal) -> bool:
    """Whether what a long answer was opened with would still open it."""
    if not principal.api_key:
        return await services.sign_in.is_still_open(principal.claims)
    try:
        await services.api_keys.authenticate(principal.api_key, principal.actor.remote_address)
    except UnauthenticatedError:
        return False
    return True


async def require_person(
    request: Request,
    _: Annotated[str | None, Security(bearer_scheme)] = None,
    __: Annotated[str | None, Security(cookie_scheme)] = None,
) -> Principal:
    """Let signed-in people through. Raises NotSignedInError."""
    principal = await find_principal(request)
    if principal is None:
        raise NotSignedInError("sign in first: send a bearer token from /auth/token")
    return principal


async def require_own(
    request: Request, principal: Annotated[Principal, Depends(require_person)]
) -> Principal:
    """Let people to what is their own, keys where their scope says so. Raises PermissionMissingError."""
    return _let_in(request, principal, unnamed=("own",))


async def require_operator(
    request: Request, principal: Annotated[Principal, Depends(require_person)]
) -> Principal:
    """Let those in who hold what the table of endpoints asks for, by default administrators.

    Raises PermissionMissingError.
    """
    return _let_in(request, principal, unnamed=("administration",))


def _let_in(
    request: Request, principal: Principal, *, unnamed: tuple[Permission, ...]
) -> Principal:
    """The gate of the API. What is limited to stations is so for every query of the call."""
    needs = needs_of(request.method, cast("APIRoute", request.scope["route"]).path_format)
    wanted = unnamed if needs is None or needs == PUBLIC else needs
    reaches = [found for found in map(principal.actor.reach_of, wanted) if found is not None]
    if not reaches:
        principal.actor.require(wanted[-1])
    limit_to(None if any(r.stations is None for r in reaches) else reaches[0].stations)
    return principal


Person = Annotated[Principal, Depends(require_person)]
"""The signed-in person, in a route's arguments."""
ServicesOf = Annotated[Services, Depends(services_of)]
SettingsOf = Annotated[ApiSettings, Depends(settings_of)]


def csrf_token(settings: ApiSettings, claims: TokenClaims) -> str:
    """Return the token that the session's own pages send back."""
    text = f"csrf:{claims.session_id}".encode()
    return hmac.new(settings.csrf_secret, text, hashlib.sha256).hexdigest()


def cookie_name(settings: ApiSettings, name: str) -> str:
    """Return the cookie's name: over https none of another host can take its place."""
    return HOST_PREFIX + name if settings.has_secure_cookies else name


def set_session(response: Response, settings: ApiSettings, opened: BrowserSignIn) -> None:
    """Give the browser its session, out of reach for scripts, and the CSRF token within reach."""
    for name, value, is_hidden in (
        (SESSION_COOKIE, opened.secret, True),
        (CSRF_COOKIE, csrf_token(settings, opened.claims), False),
    ):
        response.set_cookie(
            cookie_name(settings, name),
            value,
            max_age=opened.lifetime_s,
            httponly=is_hidden,
            secure=settings.has_secure_cookies,
            samesite="strict",
            path="/",
        )


def end_session(response: Response, settings: ApiSettings) -> None:
    """Take the browser's session away."""
    for name in (SESSION_COOKIE, CSRF_COOKIE):
        response.delete_cookie(
            cookie_name(settings, name),
            path="/",
            secure=settings.has_secure_cookies,
            samesite="strict",
        )


def address_of(request: Request) -> str | None:
    """Return the address that the request came from."""
    return request.client.host if request.client else None


def device_of(request: Request) -> Device:
    """Return what the request tells of the device."""
    agent = request.headers.get("user-agent", "")[:MAX_USER_AGENT]
    return Device(agent or None, address_of(request))


def refuse_foreign_pages(request: Request) -> None:
    """Keep other sites from signing a browser in under an account of theirs. Raises CsrfError.

    Browsers say where a request comes from (Fetch Metadata); programs do not, and may.
    """
    origin = request.headers.get("origin", "")
    is_foreign = request.headers.get("sec-fetch-site", "none") == "cross-site"
    if is_foreign and origin not in settings_of(request).cors_origins:
        raise CsrfError("pages of other sites cannot sign anybody in")


def _bearer_of(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if not scheme:
        return None
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedInError("the Authorization header must be: Bearer <token>")
    return token.strip()


async def _signed_in(request: Request, token: str | None) -> tuple[Account, TokenClaims] | None:
    sign_in, address = services_of(request).sign_in, address_of(request)
    if token is not None:
        people = services_of(request).issuers.people
        if people is not None and people.tokens.is_own(token):
            return await people.by_token(token, device_of(request))
        return await sign_in.by_token(token, address)
    secret = request.cookies.get(cookie_name(settings_of(request), SESSION_COOKIE))
    if secret is None:
        return None
    account, claims = await sign_in.by_secret(secret, address)
    if request.method not in SAFE_METHODS:
        _check_csrf(request, claims)
    return account, claims


def _check_csrf(request: Request, claims: TokenClaims) -> None:
    sent = request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(sent.encode(), csrf_token(settings_of(request), claims).encode()):
        raise CsrfError(f"send the value of the cookie {CSRF_COOKIE} in the header {CSRF_HEADER}")
