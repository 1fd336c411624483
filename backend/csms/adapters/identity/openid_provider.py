"""Signing a browser in at an OpenID Connect provider: authorization code with PKCE (RFC 7636)."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

import jwt

from csms.adapters.identity.external_tokens import ExternalTokenReader, IssuerRules
from csms.adapters.identity.jwks import JsonFetcher, JwksCache, require_safe_url
from csms.domain.identity.errors import BadTokenError, IssuerUnreachableError
from csms.domain.identity.external import Departure, ExternalClaims

STATE_LIFETIME: Final = timedelta(minutes=10)
WELL_KNOWN: Final = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class OpenIdClient:
    """How we are registered there."""

    issuer: str
    client_id: str
    client_secret: str | None
    redirect_uri: str
    scopes: str = "openid email profile"
    role_path: tuple[str, ...] = ("metadata", "role")


class OpenIdProvider:
    """The provider, found by its discovery document; state is signed under `state_key`."""

    def __init__(self, client: OpenIdClient, fetcher: JsonFetcher, state_key: bytes) -> None:
        self._client = client
        self._fetcher = fetcher
        self._state_key = state_key
        self._document: dict[str, Any] | None = None
        self._reader: ExternalTokenReader | None = None

    async def depart(self, next_page: str, now: datetime) -> Departure:
        """Return where to send the browser. Raises IssuerUnreachableError."""
        document = await self._discovered()
        verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
        state = secrets.token_urlsafe(24)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
        query = {
            "response_type": "code",
            "client_id": self._client.client_id,
            "redirect_uri": self._client.redirect_uri,
            "scope": self._client.scopes,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge.rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        kept = {
            "state": state,
            "nonce": nonce,
            "verifier": verifier,
            "next": next_page,
            "exp": int((now + STATE_LIFETIME).timestamp()),
        }
        cookie = jwt.encode(kept, self._state_key, algorithm="HS256")
        return Departure(f"{document['authorization_endpoint']}?{urlencode(query)}", cookie)

    async def arrive(
        self, code: str, state: str, state_cookie: str, now: datetime
    ) -> tuple[ExternalClaims, str]:
        """Return who came back and which page they wanted.

        Raises BadTokenError when the state is not this browser's, IssuerUnreachableError.
        """
        kept = self._kept(state_cookie, now)
        if not hmac.compare_digest(str(kept["state"]).encode(), state.encode()):
            raise BadTokenError("this sign-in was begun in another browser; begin anew")
        document = await self._discovered()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._client.redirect_uri,
            "client_id": self._client.client_id,
            "code_verifier": str(kept["verifier"]),
        }
        if self._client.client_secret is not None:
            form["client_secret"] = self._client.client_secret
        answer = await self._fetcher.post_form(str(document["token_endpoint"]), form)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise IssuerUnreachableError("the issuer's answer holds no ID token")
        reader = await self._id_tokens()
        claims = await reader.verified(token, now)
        if not hmac.compare_digest(str(claims.get("nonce")).encode(), str(kept["nonce"]).encode()):
            raise BadTokenError("the ID token belongs to another sign-in")
        return reader.claims_of(claims), str(kept["next"])

    def _kept(self, cookie: str, now: datetime) -> dict[str, Any]:
        try:
            kept = jwt.decode(
                cookie, self._state_key, algorithms=["HS256"], options={"verify_exp": False}
            )
            is_late = now.timestamp() >= int(kept["exp"])
        except (jwt.PyJWTError, KeyError, ValueError) as error:
            raise BadTokenError("this sign-in was not begun here; begin anew") from error
        if is_late:
            raise BadTokenError("the sign-in took too long; begin anew")
        return dict(kept)

    async def _discovered(self) -> dict[str, Any]:
        if self._document is None:
            issuer = self._client.issuer
            found = await self._fetcher.get(issuer.rstrip("/") + WELL_KNOWN)
            if found.get("issuer") != issuer:
                raise IssuerUnreachableError(f"{issuer} calls itself {found.get('issuer')!r}")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                require_safe_url(str(found.get(name)))
            self._document = found
        return self._document

    async def _id_tokens(self) -> ExternalTokenReader:
        if self._reader is None:
            document = await self._discovered()
            self._reader = ExternalTokenReader(
                IssuerRules(
                    issuer=self._client.issuer,
                    role_path=self._client.role_path,
                    audience=self._client.client_id,
                    needs_session=False,
                ),
                JwksCache(self._fetcher, str(document["jwks_uri"])),
            )
        return self._reader


class DiscoveredTokens:
    """The domain's ExternalTokens for bearer tokens of a provider that is found by discovery."""

    def __init__(self, rules: IssuerRules, fetcher: JsonFetcher) -> None:
        self._rules = rules
        self._fetcher = fetcher
        self._reader: ExternalTokenReader | None = None

    def is_own(self, token: str) -> bool:
        """Whether the token claims to be of that issuer."""
        try:
            claims = jwt.decode(token, options={"verify_signature": False})
        except jwt.PyJWTError:
            return False
        return claims.get("iss") == self._rules.issuer

    async def read(self, token: str, now: datetime) -> ExternalClaims:
        """Return what the token says. Raises BadTokenError, IssuerUnreachableError."""
        if self._reader is None:
            issuer = self._rules.issuer or ""
            found = await self._fetcher.get(issuer.rstrip("/") + WELL_KNOWN)
            if found.get("issuer") != issuer or not isinstance(found.get("jwks_uri"), str):
                raise IssuerUnreachableError(f"{issuer} does not describe itself")
            keys = JwksCache(self._fetcher, found["jwks_uri"])
            self._reader = ExternalTokenReader(self._rules, keys)
        return await self._reader.read(token, now)
