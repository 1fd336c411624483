"""Bearer tokens: JWT, HS256 under a secret of the server (RFC 7519)."""

from datetime import UTC, datetime
from typing import Final

import jwt

from csms.domain.identity.errors import BadTokenError
from csms.domain.identity.ports import TokenClaims
from csms.kernel.ids import UserId

ISSUER: Final = "csms"
AUDIENCE: Final = "csms-api"
ALGORITHM: Final = "HS256"
MIN_SECRET_BYTES: Final = 32


class JwtTokens:
    """The domain's Tokens port."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < MIN_SECRET_BYTES:
            raise ValueError(f"a token secret has at least {MIN_SECRET_BYTES} bytes")
        self._secret = secret

    def issue(self, claims: TokenClaims, issued_at: datetime) -> str:
        """Return the signed token."""
        return jwt.encode(
            {
                "iss": ISSUER,
                "aud": AUDIENCE,
                "sub": str(claims.user_id),
                "ver": claims.token_version,
                "sid": claims.session_id,
                "iat": int(issued_at.timestamp()),
                "exp": int(claims.expires_at.timestamp()),
            },
            self._secret,
            algorithm=ALGORITHM,
        )

    def read(self, token: str, now: datetime) -> TokenClaims:
        """Return what the token says; time is compared with the given clock, not the machine's."""
        try:
            found = jwt.decode(
                token,
                self._secret,
                algorithms=[ALGORITHM],
                issuer=ISSUER,
                audience=AUDIENCE,
                options={
                    "require": ["sub", "ver", "sid", "exp", "iss", "aud"],
                    "verify_exp": False,
                    "verify_iat": False,
                },
            )
            claims = TokenClaims(
                user_id=UserId(int(found["sub"])),
                token_version=int(found["ver"]),
                session_id=str(int(found["sid"])),
                expires_at=datetime.fromtimestamp(int(found["exp"]), UTC),
            )
        except (jwt.PyJWTError, ValueError, OverflowError) as error:
            raise BadTokenError("the token cannot be read") from error
        if claims.expires_at <= now:
            raise BadTokenError("the token has expired; sign in again")
        return claims
