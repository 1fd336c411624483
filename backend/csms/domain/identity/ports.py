"""What people's accounts need from the outside."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from csms.domain.identity.accounts import Account, AccountSurroundings, NewAccount
from csms.domain.identity.actor import Actor
from csms.kernel.ids import OrganizationId, UserId


@dataclass(frozen=True, slots=True)
class TokenClaims:
    """What a token says of its bearer. `session_id` ties a browser's CSRF check to its cookie."""

    user_id: UserId
    token_version: int
    session_id: str
    expires_at: datetime


class PasswordHasher(Protocol):
    """Hashes passwords slowly, off the event loop."""

    async def hash(self, password: str) -> str:
        """Return a salted hash with its parameters."""
        ...

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether the password fits; without a hash it takes as long and says no."""
        ...


class Tokens(Protocol):
    """Signs and reads bearer tokens."""

    def issue(self, claims: TokenClaims, issued_at: datetime) -> str:
        """Return a signed token."""
        ...

    def read(self, token: str, now: datetime) -> TokenClaims:
        """Return what the token says. Raises BadTokenError when it is forged or expired."""
        ...


class AccountStore(Protocol):
    """Keeps accounts. Each change is one database transaction with one audit entry."""

    async def find(self, user_id: UserId) -> Account | None:
        """Return an account of any organization."""
        ...

    async def find_by_email(self, email: str) -> Account | None:
        """Return the account of that address, compared without case."""
        ...

    async def has_operator(self, organization_id: OrganizationId) -> bool:
        """Whether any operator was ever made."""
        ...

    async def add(self, actor: Actor, new: NewAccount) -> Account:
        """Store an account and its app tag. Raises EmailTakenError."""
        ...

    async def change(
        self,
        actor: Actor,
        user_id: UserId,
        action: str,
        decide: Callable[[Account, AccountSurroundings], Account],
    ) -> Account:
        """Lock the account, let the pure `decide` say what it becomes, store that.

        An account that turns erased loses its id tags with it. Raises AccountNotFoundError,
        EmailTakenError and whatever `decide` raises.
        """
        ...
