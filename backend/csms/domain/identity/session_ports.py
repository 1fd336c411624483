"""What sign-ins need from the outside."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from csms.domain.identity.accounts import Account
from csms.domain.identity.actor import Actor
from csms.domain.identity.sessions import EndReason, NewSession, Session
from csms.kernel.ids import SessionId, UserId

Found = tuple[Account, Session]
"""Whose session it is, and the session."""


@dataclass(frozen=True, slots=True)
class RefreshUse:
    """What came of a refresh token. `is_reused`: it came a second time, its session is over."""

    found: Found
    is_reused: bool


class SessionStore(Protocol):
    """Keeps sign-ins. Those that were ended are not found any more."""

    async def open(self, actor: Actor, new: NewSession) -> Session:
        """Store a session, its refresh token with it, and an audit entry."""
        ...

    async def find(self, session_id: SessionId) -> Found | None:
        """Return an open session with its account."""
        ...

    async def find_by_secret(self, secret_hash: bytes) -> Found | None:
        """Return the browser session of that secret."""
        ...

    async def see(self, session_id: SessionId, now: datetime, address: str | None) -> None:
        """Note that the session was used."""
        ...

    async def listed(self, user_id: UserId, now: datetime) -> list[Session]:
        """Return a person's open sessions, the last used first."""
        ...

    async def end(
        self, actor: Actor, user_id: UserId, session_id: SessionId, reason: EndReason, now: datetime
    ) -> bool:
        """End one session of that person, with an audit entry; False when there is none."""
        ...

    async def end_all(
        self,
        actor: Actor,
        user_id: UserId,
        reason: EndReason,
        now: datetime,
        *,
        but: SessionId | None = None,
    ) -> int:
        """End a person's sessions, all `but` one, with an audit entry; return how many."""
        ...

    async def rotate(self, old_hash: bytes, new_hash: bytes, now: datetime) -> RefreshUse | None:
        """Take a refresh token for its one use and store the next one in its place.

        A token that was used before ends its session. None: no open session has that token.
        """
        ...


@dataclass(frozen=True, slots=True)
class StoredFactor:
    """A person's TOTP secret, readable; `last_step` is the newest time step that was used."""

    secret: str
    last_step: int
    is_confirmed: bool


class SecondFactorStore(Protocol):
    """Keeps TOTP secrets (sealed) and the hashes of recovery codes."""

    async def find(self, user_id: UserId) -> StoredFactor | None:
        """Return a person's secret, confirmed or not."""
        ...

    async def propose(self, account: Account, secret: str) -> bool:
        """Keep an unconfirmed secret in place of an earlier one; False when one is confirmed."""
        ...

    async def confirm(
        self, actor: Actor, account: Account, step: int, code_hashes: list[bytes], now: datetime
    ) -> bool:
        """Make the proposed secret count, with fresh recovery codes; False when one counts."""
        ...

    async def use_step(self, user_id: UserId, step: int) -> bool:
        """Take a time step for its one use; False when it or a later one was used before."""
        ...

    async def use_recovery_code(self, user_id: UserId, code_hash: bytes, now: datetime) -> bool:
        """Take a recovery code for its one use; False when there is none like it."""
        ...

    async def replace_codes(self, actor: Actor, account: Account, code_hashes: list[bytes]) -> None:
        """Put fresh recovery codes in place of all others, with an audit entry."""
        ...

    async def codes_left(self, user_id: UserId) -> int:
        """Return how many recovery codes were not used yet."""
        ...

    async def remove(self, actor: Actor, user_id: UserId) -> bool:
        """Forget secret and codes, with an audit entry; False when there was none."""
        ...


class OneTimePasswords(Protocol):
    """Makes and reads time-based one-time passwords (RFC 6238)."""

    def new_secret(self) -> str:
        """Return a fresh secret in base 32."""
        ...

    def address(self, secret: str, *, email: str) -> str:
        """Return the otpauth URI that authenticator apps read from a QR code."""
        ...

    def step_of(self, secret: str, code: str, now: datetime) -> int | None:
        """Return the time step whose code this is, at most one before or after now."""
        ...
