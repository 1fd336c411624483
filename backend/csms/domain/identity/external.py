"""People whom another issuer signs in: Clerk, or any OpenID Connect provider.

The issuer says who somebody is and which role they have; the account with its wallet is ours. It is
made when somebody is first seen, by token or by webhook, whichever comes first.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from csms.domain.identity.accounts import Account
from csms.domain.identity.actor import Role
from csms.domain.identity.errors import IssuerUnreachableError
from csms.domain.identity.ports import TokenClaims
from csms.domain.identity.session_ports import Found
from csms.domain.identity.sessions import Device, SessionTimes, is_to_be_seen
from csms.kernel.clock import Clock
from csms.kernel.ids import SessionId


@dataclass(frozen=True, slots=True)
class ExternalClaims:
    """What a token of another issuer says, checked. `session_id` is the issuer's."""

    issuer: str
    subject: str
    session_id: str
    role: Role
    issued_at: datetime
    expires_at: datetime
    email: str | None = None
    is_email_verified: bool = False
    full_name: str | None = None

    @property
    def session_key(self) -> str:
        """Return the name of the session among those of all issuers."""
        return f"{self.issuer}|{self.session_id}"


@dataclass(frozen=True, slots=True)
class ExternalProfile:
    """What the issuer tells of a person at a time; `is_deleted` is its last word."""

    issuer: str
    subject: str
    as_of: datetime
    role: Role = "USER"
    email: str | None = None
    is_email_verified: bool = False
    full_name: str | None = None
    is_deleted: bool = False


class ExternalTokens(Protocol):
    """Reads tokens of another issuer."""

    def is_own(self, token: str) -> bool:
        """Whether the token claims to be of that issuer; nothing is checked yet."""
        ...

    async def read(self, token: str, now: datetime) -> ExternalClaims:
        """Return what the token says. Raises BadTokenError, IssuerUnreachableError."""
        ...


@dataclass(frozen=True, slots=True)
class Departure:
    """Where the browser goes, and the state that its cookie keeps meanwhile."""

    address: str
    state_cookie: str


class BrowserIssuer(Protocol):
    """Signs browsers in on pages of its own and sends them back."""

    async def depart(self, next_page: str, now: datetime) -> Departure:
        """Return where to send the browser. Raises IssuerUnreachableError."""
        ...

    async def arrive(
        self, code: str, state: str, state_cookie: str, now: datetime
    ) -> tuple[ExternalClaims, str]:
        """Return who came back and which page they wanted.

        Raises BadTokenError when the state is not this browser's, IssuerUnreachableError.
        """
        ...


class ProfileSource(Protocol):
    """Asks the issuer about a person."""

    async def profile(self, subject: str) -> ExternalProfile:
        """Return what the issuer knows now. Raises IssuerUnreachableError."""
        ...


class ExternalStore(Protocol):
    """Keeps who is who."""

    async def find(self, session_key: str) -> Found | None:
        """Return the open session of that name with its account."""
        ...

    async def admit(self, claims: ExternalClaims, device: Device, now: datetime) -> Found:
        """Return account and session, made if need be, the role brought up to date.

        Raises BadTokenError when the session was revoked here or the issuer deleted the person.
        """
        ...

    async def account(self, claims: ExternalClaims, device: Device, now: datetime) -> Account:
        """Return whose claims these are, made if need be. Raises BadTokenError."""
        ...

    async def see(self, session_id: SessionId, now: datetime, address: str | None) -> None:
        """Note that the session was used."""
        ...

    async def apply(self, profile: ExternalProfile, receipt: tuple[str, str] | None) -> bool:
        """Take over what the issuer tells, unless it is older than what is known.

        `receipt` is a webhook's source and id; False when it was applied before.
        """
        ...

    async def end_session(self, session_key: str, now: datetime, receipt: tuple[str, str]) -> bool:
        """End a session that the issuer ended; False when the webhook was applied before."""
        ...


class ExternalPeople:
    """Finds out who asks with another issuer's token."""

    def __init__(
        self,
        tokens: ExternalTokens,
        store: ExternalStore,
        clock: Clock,
        times: SessionTimes,
        source: ProfileSource | None = None,
    ) -> None:
        self.tokens = tokens
        self.store = store
        self._clock = clock
        self._times = times
        self._source = source

    async def by_token(self, token: str, device: Device) -> tuple[Account, TokenClaims]:
        """Return whose token it is. Raises BadTokenError, IssuerUnreachableError."""
        now = self._clock.now()
        claims = await self.tokens.read(token, now)
        found = await self.store.find(claims.session_key)
        if found is None or not found[0].is_active or found[0].role != claims.role:
            if found is None and claims.email is None:
                claims = await self._with_profile(claims)
            found = await self.store.admit(claims, device, now)
        account, session = found
        if is_to_be_seen(session, now, self._times):
            await self.store.see(session.id, now, device.address)
        return account, TokenClaims(
            user_id=account.id,
            token_version=account.token_version,
            session_id=str(session.id),
            expires_at=claims.expires_at,
        )

    async def _with_profile(self, claims: ExternalClaims) -> ExternalClaims:
        """Fill in address and name of a new session's person, where the issuer tells them.

        The issuer's silence keeps nobody out: a webhook brings both later.
        """
        if self._source is None:
            return claims
        try:
            profile = await self._source.profile(claims.subject)
        except IssuerUnreachableError:
            return claims
        return replace(
            claims,
            email=profile.email,
            is_email_verified=profile.is_email_verified,
            full_name=profile.full_name,
        )


@dataclass(frozen=True, slots=True)
class Issuers:
    """Who else signs people in. `webhook_key` belongs to webhooks of `issuer`."""

    people: ExternalPeople | None = None
    browser: BrowserIssuer | None = None
    issuer: str = ""
    webhook_key: bytes | None = None
