"""Tokens of another issuer: RS256 under its public key, and everything that they must say."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from csms.adapters.identity.jwks import JwksCache
from csms.adapters.identity.tokens import ISSUER as OUR_ISSUER
from csms.domain.identity.clerk_events import role_of
from csms.domain.identity.errors import BadTokenError
from csms.domain.identity.external import ExternalClaims

ALGORITHM: Final = "RS256"
LEEWAY: Final = timedelta(seconds=10)
MAX_TOKEN: Final = 16 * 1024


@dataclass(frozen=True, slots=True)
class IssuerRules:
    """What is asked of a token. `issuer` None: any, since the given key is that issuer's alone.

    `authorized_parties` None: `azp` is not asked for. `audience` None: nor is `aud`.
    `role_path` leads to the claim that names the role; `name` is the issuer's in what is stored.
    """

    issuer: str | None
    role_path: tuple[str, ...]
    authorized_parties: frozenset[str] | None = None
    audience: str | None = None
    needs_session: bool = True
    name: str | None = None


class ExternalTokenReader:
    """The domain's ExternalTokens: with a fixed key, or with the keys that the issuer publishes."""

    def __init__(self, rules: IssuerRules, keys: JwksCache | RSAPublicKey) -> None:
        self._rules = rules
        self._keys = keys

    def is_own(self, token: str) -> bool:
        """Whether the token is not one of ours; `read` decides whether it is any good."""
        try:
            claims = jwt.decode(token, options={"verify_signature": False})
        except jwt.PyJWTError:
            return False
        return claims.get("iss") != OUR_ISSUER

    async def read(self, token: str, now: datetime) -> ExternalClaims:
        """Return what the token says. Raises BadTokenError, IssuerUnreachableError."""
        return self.claims_of(await self.verified(token, now))

    async def verified(self, token: str, now: datetime) -> dict[str, Any]:
        """Return all claims of a token whose signature, issuer, audience and times are right."""
        if len(token) > MAX_TOKEN:
            raise BadTokenError("the token is too long")
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") != ALGORITHM:
                raise BadTokenError(f"tokens are signed with {ALGORITHM} and nothing else")
            claims = jwt.decode(
                token,
                await self._key(header),
                algorithms=[ALGORITHM],
                issuer=self._rules.issuer,
                audience=self._rules.audience,
                options={
                    "require": ["sub", "exp", "iat", "iss"],
                    "verify_aud": self._rules.audience is not None,
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
            _check_times(claims, now)
            self._check_party(claims)
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError) as error:
            raise BadTokenError(f"the token cannot be accepted: {error}") from error
        return dict(claims)

    def claims_of(self, claims: dict[str, Any]) -> ExternalClaims:
        """Return checked claims in the domain's type. Raises BadTokenError."""
        subject, session_id = claims["sub"], claims.get("sid")
        if not isinstance(subject, str) or not 0 < len(subject) <= 255:
            raise BadTokenError("the token names nobody")
        if not isinstance(session_id, str) or not 0 < len(session_id) <= 255:
            if self._rules.needs_session:
                raise BadTokenError("the token names no session (sid)")
            session_id = f"subject:{subject}"
        email, name = claims.get("email"), claims.get("name")
        return ExternalClaims(
            issuer=self._rules.name or str(claims["iss"]),
            subject=subject,
            session_id=session_id,
            role=role_of(_at(claims, self._rules.role_path)),
            issued_at=datetime.fromtimestamp(int(claims["iat"]), UTC),
            expires_at=datetime.fromtimestamp(int(claims["exp"]), UTC),
            email=email if isinstance(email, str) else None,
            is_email_verified=claims.get("email_verified") is True,
            full_name=name if isinstance(name, str) else None,
        )

    async def _key(self, header: dict[str, Any]) -> Any:
        if isinstance(self._keys, JwksCache):
            key_id = header.get("kid")
            if not isinstance(key_id, str) or not key_id:
                raise BadTokenError("the token does not say which key signed it")
            return await self._keys.key(key_id)
        return self._keys

    def _check_party(self, claims: dict[str, Any]) -> None:
        allowed = self._rules.authorized_parties
        if allowed is not None and claims.get("azp") not in allowed:
            raise BadTokenError("the token was made for another application (azp)")


def public_key_of(pem: str) -> RSAPublicKey:
    """Return an RSA key out of PEM; `\\n` may stand for line ends. Raises ValueError."""
    try:
        key = load_pem_public_key(pem.replace("\\n", "\n").strip().encode())
    except (ValueError, TypeError) as error:
        raise ValueError("must be a public key in PEM") from error
    if not isinstance(key, RSAPublicKey) or key.key_size < 2048:
        raise ValueError("must be an RSA public key of at least 2048 bits")
    return key


def _check_times(claims: dict[str, Any], now: datetime) -> None:
    expires_at = datetime.fromtimestamp(int(claims["exp"]), UTC)
    valid_from = datetime.fromtimestamp(int(claims.get("nbf", claims["iat"])), UTC)
    if now >= expires_at + LEEWAY:
        raise BadTokenError("the token has expired; get a new one")
    if now < valid_from - LEEWAY or now < datetime.fromtimestamp(int(claims["iat"]), UTC) - LEEWAY:
        raise BadTokenError("the token is not valid yet; check the clocks")


def _at(claims: dict[str, Any], path: tuple[str, ...]) -> object:
    found: object = claims
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found
