"""Sign-ins: what one is, how long it lasts, what its secrets look like. Pure."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from csms.domain.identity.accounts import Account
from csms.kernel.ids import OrganizationId, SessionId, UserId

SessionKind = Literal["BROWSER", "API", "EXTERNAL"]
EndReason = Literal["signed_out", "revoked", "refresh_reused", "password_changed", "issuer"]
SECRET_BYTES: Final = 32
REFRESH_PREFIX: Final = "csmsr_"
MAX_USER_AGENT: Final = 300


@dataclass(frozen=True, slots=True)
class SessionTimes:
    """How long sign-ins last. A session also ends when nobody used it for `idle`."""

    access_token: timedelta = timedelta(hours=1)
    longest: timedelta = timedelta(days=30)
    idle: timedelta = timedelta(days=7)
    seen_every: timedelta = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Device:
    """From where somebody signs in, as far as the request tells."""

    user_agent: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in on one device."""

    id: SessionId
    user_id: UserId
    organization_id: OrganizationId
    kind: SessionKind
    token_version: int
    device: Device
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NewSession:
    """A sign-in to be kept; secrets come as hashes only."""

    account: Account
    kind: SessionKind
    device: Device
    now: datetime
    expires_at: datetime
    secret_hash: bytes | None = None
    external_key: str | None = None
    refresh_hash: bytes | None = None


def new_secret() -> str:
    """Return a secret with 256 random bits, fit for a cookie."""
    return secrets.token_urlsafe(SECRET_BYTES)


def hash_of(secret: str) -> bytes:
    """Return what is stored of a secret; with 256 random bits in it no slow hash is needed."""
    return hashlib.sha256(secret.encode()).digest()


def is_open(session: Session, account: Account, now: datetime, times: SessionTimes) -> bool:
    """Whether a session that nobody ended still lets its person in.

    How long one of another issuer lasts is the issuer's to say: its tokens end by themselves.
    """
    if session.kind == "EXTERNAL":
        return account.is_active
    return (
        account.is_active
        and account.token_version == session.token_version
        and now < session.expires_at
        and (session.kind == "API" or now < session.last_seen_at + times.idle)
    )


def is_to_be_seen(session: Session, now: datetime, times: SessionTimes) -> bool:
    """Whether the last use that is kept is old enough to be written anew."""
    return now >= session.last_seen_at + times.seen_every
