"""The second factor: time-based one-time passwords (RFC 6238) and recovery codes."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from csms.domain.identity.accounts import Account
from csms.domain.identity.actor import Actor
from csms.domain.identity.errors import (
    BadSecondFactorError,
    SecondFactorNeededError,
    SecondFactorStateError,
    TooManyTriesError,
)
from csms.domain.identity.session_ports import OneTimePasswords, SecondFactorStore, StoredFactor
from csms.kernel.clock import Clock
from csms.kernel.coordination import RateLimits
from csms.kernel.ids import UserId

RECOVERY_CODES: Final = 10
RECOVERY_ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"
"""31 characters that are not mistaken for one another: 12 of them carry 59 bits."""
RECOVERY_LENGTH: Final = 12
_GROUP: Final = 4
TRIES: Final = 10
TRIES_WINDOW_S: Final = 900.0
"""Ten guesses at three codes in a million, per quarter of an hour."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A secret to be put into an authenticator app, as text and as what its QR code says."""

    secret: str
    address: str


@dataclass(frozen=True, slots=True)
class FactorState:
    """Whether the second factor is asked for, and how many recovery codes are left."""

    is_on: bool
    recovery_codes_left: int


def new_recovery_code() -> str:
    """Return a code in groups of four, as a person writes it down."""
    text = "".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_LENGTH))
    return "-".join(text[at : at + _GROUP] for at in range(0, RECOVERY_LENGTH, _GROUP))


def recovery_hash(user_id: UserId, code: str) -> bytes:
    """Return what is stored of a recovery code; blanks, dashes and case do not count."""
    plain = "".join(c for c in code.casefold() if c.isalnum())
    return hashlib.sha256(f"{user_id}:{plain}".encode()).digest()


class SecondFactors:
    """Runs second factors; the caller has proved the password where that is asked for."""

    def __init__(
        self,
        store: SecondFactorStore,
        passwords: OneTimePasswords,
        limits: RateLimits,
        clock: Clock,
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._limits = limits
        self._clock = clock

    async def state(self, user_id: UserId) -> FactorState:
        """Return how it stands with a person."""
        found = await self._store.find(user_id)
        if found is None or not found.is_confirmed:
            return FactorState(is_on=False, recovery_codes_left=0)
        return FactorState(is_on=True, recovery_codes_left=await self._store.codes_left(user_id))

    async def require(self, account: Account, code: str | None) -> None:
        """Let through who has none, or shows a code that was never used.

        Raises SecondFactorNeededError without a code, BadSecondFactorError with a wrong one,
        TooManyTriesError. Only who knows the password gets so far: strangers lock nobody out.
        """
        found = await self._store.find(account.id)
        if found is None or not found.is_confirmed:
            return
        if not code:
            raise SecondFactorNeededError("send the code of the authenticator app as well")
        key = f"second-factor:{account.id}"
        verdict = await self._limits.hit(key, limit=TRIES, window_s=TRIES_WINDOW_S)
        if not verdict.is_allowed:
            raise TooManyTriesError("too many wrong codes", retry_after_s=verdict.retry_after_s)
        if not await self._use(account, found, "".join(code.split())):
            raise BadSecondFactorError("the code is wrong, or was used before")
        await self._limits.forget(key)

    async def propose(self, account: Account) -> Proposal:
        """Return a fresh secret; it counts once it is confirmed. Raises SecondFactorStateError."""
        secret = self._passwords.new_secret()
        if not await self._store.propose(account, secret):
            raise SecondFactorStateError("a second factor is set up already; switch it off first")
        return Proposal(secret, self._passwords.address(secret, email=account.email))

    async def confirm(self, actor: Actor, account: Account, code: str) -> list[str]:
        """Make the proposed secret count; return the recovery codes, shown this once.

        Raises SecondFactorStateError without a proposal, BadSecondFactorError.
        """
        found = await self._store.find(account.id)
        if found is None or found.is_confirmed:
            raise SecondFactorStateError("nothing waits for a confirmation; begin the set-up anew")
        now = self._clock.now()
        step = self._passwords.step_of(found.secret, "".join(code.split()), now)
        if step is None:
            raise BadSecondFactorError("the code is wrong; check the clock of the device")
        codes = [new_recovery_code() for _ in range(RECOVERY_CODES)]
        hashes = [recovery_hash(account.id, one) for one in codes]
        if not await self._store.confirm(actor, account, step, hashes, now):
            raise SecondFactorStateError("a second factor is set up already")
        return codes

    async def renew_codes(self, actor: Actor, account: Account, code: str) -> list[str]:
        """Return fresh recovery codes; all others end. Raises as `_require_on` and `require`."""
        await self._require_on(account)
        await self.require(account, code)
        codes = [new_recovery_code() for _ in range(RECOVERY_CODES)]
        await self._store.replace_codes(
            actor, account, [recovery_hash(account.id, one) for one in codes]
        )
        return codes

    async def switch_off(self, actor: Actor, account: Account, code: str) -> None:
        """Ask for no second factor any more. Raises SecondFactorStateError, BadSecondFactorError."""
        await self._require_on(account)
        await self.require(account, code)
        await self._store.remove(actor, account.id)

    async def reset(self, actor: Actor, user_id: UserId) -> None:
        """Take away the second factor of somebody who lost it: an operator has made sure of them.

        Raises OperatorRightMissingError, SecondFactorStateError when there is none.
        """
        actor.require_operator()
        if not await self._store.remove(actor, user_id):
            raise SecondFactorStateError("this person has no second factor")

    async def _use(self, account: Account, found: StoredFactor, code: str) -> bool:
        now = self._clock.now()
        step = self._passwords.step_of(found.secret, code, now)
        if step is not None:
            return await self._store.use_step(account.id, step)
        return await self._store.use_recovery_code(account.id, recovery_hash(account.id, code), now)

    async def _require_on(self, account: Account) -> None:
        if not (await self.state(account.id)).is_on:
            raise SecondFactorStateError("no second factor is set up")
