"""Signing in and out, and finding out who asks: the use cases."""

from dataclasses import dataclass
from datetime import datetime

from csms.domain.identity.accounts import Account
from csms.domain.identity.actor import Actor
from csms.domain.identity.errors import BadTokenError, SessionNotFoundError
from csms.domain.identity.ports import TokenClaims, Tokens
from csms.domain.identity.registry import Accounts
from csms.domain.identity.second_factor import SecondFactors
from csms.domain.identity.session_ports import Found, SessionStore
from csms.domain.identity.sessions import (
    REFRESH_PREFIX,
    Device,
    EndReason,
    NewSession,
    Session,
    SessionKind,
    SessionTimes,
    hash_of,
    is_open,
    is_to_be_seen,
    new_secret,
)
from csms.kernel.clock import Clock
from csms.kernel.ids import SessionId, UserId


@dataclass(frozen=True, slots=True)
class Proof:
    """What a person shows to be let in; `code` is the second factor's, where there is one."""

    email: str
    password: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class BrowserSignIn:
    """A browser's new session; `secret` goes into its cookie and is kept nowhere else."""

    account: Account
    session: Session
    claims: TokenClaims
    secret: str
    lifetime_s: int


@dataclass(frozen=True, slots=True)
class TokenSignIn:
    """A program's new tokens: the short one for calls, the other one, for one use, for the next."""

    account: Account
    access_token: str
    lifetime_s: int
    refresh_token: str


class SignIn:
    """Opens, finds, renews and ends the sign-ins of people."""

    def __init__(
        self,
        accounts: Accounts,
        sessions: SessionStore,
        second_factors: SecondFactors,
        tokens: Tokens,
        clock: Clock,
        *,
        times: SessionTimes | None = None,
    ) -> None:
        self._accounts = accounts
        self._sessions = sessions
        self._second_factors = second_factors
        self._tokens = tokens
        self._clock = clock
        self._times = times or SessionTimes()

    async def browser(self, proof: Proof, device: Device) -> BrowserSignIn:
        """Open a browser session.

        Raises BadCredentialsError, SecondFactorNeededError, BadSecondFactorError.
        """
        return await self.admit_browser(await self._proven(proof), device)

    async def admit_browser(self, account: Account, device: Device) -> BrowserSignIn:
        """Open a browser session for somebody who has proved otherwise who they are."""
        secret = new_secret()
        session = await self._open(account, "BROWSER", device, secret_hash=hash_of(secret))
        return BrowserSignIn(
            account=account,
            session=session,
            claims=_claims_of(session),
            secret=secret,
            lifetime_s=int(self._times.longest.total_seconds()),
        )

    async def program(self, proof: Proof, device: Device) -> TokenSignIn:
        """Open a session for a program, with tokens. Raises as `browser` does."""
        account = await self._proven(proof)
        refresh = REFRESH_PREFIX + new_secret()
        session = await self._open(account, "API", device, refresh_hash=hash_of(refresh))
        return self._issued(account, session, refresh)

    async def refresh(self, token: str) -> TokenSignIn:
        """Give new tokens for a refresh token, which is then used up.

        One that comes a second time was stolen, or its answer was lost: nobody can tell, so the
        session ends. Raises BadTokenError.
        """
        following = REFRESH_PREFIX + new_secret()
        now = self._now()
        use = await self._sessions.rotate(hash_of(token), hash_of(following), now)
        if use is None:
            raise BadTokenError(
                "the refresh token is unknown or its session is over; sign in again"
            )
        if use.is_reused:
            raise BadTokenError(
                "the refresh token was used before; the session is over, sign in again"
            )
        account, session = use.found
        if not is_open(session, account, now, self._times):
            raise BadTokenError("the session is over; sign in again")
        return self._issued(account, session, following)

    async def by_token(self, token: str, address: str | None) -> tuple[Account, TokenClaims]:
        """Return whose access token it is. Raises BadTokenError: forged, expired or withdrawn."""
        claims = self._tokens.read(token, self._clock.now())
        found = await self._sessions.find(SessionId(int(claims.session_id)))
        if found is None or found[0].id != claims.user_id:
            raise BadTokenError("the token was withdrawn; sign in again")
        account, _ = await self._seen(found, address)
        if claims.token_version != account.token_version:
            raise BadTokenError("the token was withdrawn; sign in again")
        return account, claims

    async def by_secret(self, secret: str, address: str | None) -> tuple[Account, TokenClaims]:
        """Return whose browser session it is. Raises BadTokenError."""
        found = await self._sessions.find_by_secret(hash_of(secret))
        if found is None:
            raise BadTokenError("the session is over; sign in again")
        account, session = await self._seen(found, address)
        return account, _claims_of(session)

    async def is_still_open(self, claims: TokenClaims) -> bool:
        """Whether the sign-in behind a long answer still stands."""
        found = await self._sessions.find(SessionId(int(claims.session_id)))
        now = self._clock.now()
        return (
            found is not None
            and is_open(found[1], found[0], now, self._times)
            and now < claims.expires_at
        )

    async def listed(self, user_id: UserId) -> list[Session]:
        """Return a person's open sessions, the last used first."""
        return await self._sessions.listed(user_id, self._clock.now())

    async def end(
        self, actor: Actor, user_id: UserId, session_id: SessionId, reason: EndReason
    ) -> None:
        """End a session; its next call is refused. Raises SessionNotFoundError."""
        if not await self._sessions.end(actor, user_id, session_id, reason, self._clock.now()):
            raise SessionNotFoundError(f"no open session {session_id}")

    async def end_others(
        self, actor: Actor, user_id: UserId, but: SessionId, reason: EndReason
    ) -> int:
        """End all sessions of a person but this one; return how many there were."""
        return await self._sessions.end_all(actor, user_id, reason, self._clock.now(), but=but)

    async def _proven(self, proof: Proof) -> Account:
        account = await self._accounts.prove(proof.email, proof.password)
        await self._second_factors.require(account, proof.code)
        return account

    async def _open(
        self,
        account: Account,
        kind: SessionKind,
        device: Device,
        *,
        secret_hash: bytes | None = None,
        refresh_hash: bytes | None = None,
    ) -> Session:
        now = self._now()
        return await self._sessions.open(
            actor_of(account, device.address),
            NewSession(
                account=account,
                kind=kind,
                device=device,
                now=now,
                expires_at=now + self._times.longest,
                secret_hash=secret_hash,
                refresh_hash=refresh_hash,
            ),
        )

    async def _seen(self, found: Found, address: str | None) -> Found:
        account, session = found
        now = self._clock.now()
        if not is_open(session, account, now, self._times):
            raise BadTokenError("the session is over; sign in again")
        if is_to_be_seen(session, now, self._times):
            await self._sessions.see(session.id, now, address)
        return found

    def _issued(self, account: Account, session: Session, refresh: str) -> TokenSignIn:
        now = self._now()
        expires_at = min(now + self._times.access_token, session.expires_at)
        claims = TokenClaims(
            user_id=account.id,
            token_version=account.token_version,
            session_id=str(session.id),
            expires_at=expires_at,
        )
        return TokenSignIn(
            account=account,
            access_token=self._tokens.issue(claims, now),
            lifetime_s=int((expires_at - now).total_seconds()),
            refresh_token=refresh,
        )

    def _now(self) -> datetime:
        return self._clock.now().replace(microsecond=0)


def actor_of(account: Account, address: str | None) -> Actor:
    """Return the person as whoever does something, for use cases and the audit."""
    return Actor(
        user_id=account.id,
        role=account.role,
        grants=account.grants,
        organization_id=account.organization_id,
        name=f"user {account.id}",
        remote_address=address,
    )


def _claims_of(session: Session) -> TokenClaims:
    return TokenClaims(
        user_id=session.user_id,
        token_version=session.token_version,
        session_id=str(session.id),
        expires_at=session.expires_at,
    )
