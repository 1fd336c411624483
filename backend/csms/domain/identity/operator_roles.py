"""Appointing operators: granting roles and taking them away."""

from collections.abc import Callable
from typing import Final, Protocol

from csms.domain.identity.accounts import Account
from csms.domain.identity.actor import Actor
from csms.domain.identity.errors import AccountErasedError, TooManyGrantsError
from csms.domain.identity.permissions import Grant
from csms.kernel.ids import UserId

MAX_GRANTS: Final = 200
"""Of one person; a role at each of more stations than that is a role for the organization."""


class GrantStore(Protocol):
    """Keeps grants. Each change is one database transaction with one audit entry."""

    async def replace(
        self,
        actor: Actor,
        user_id: UserId,
        grants: tuple[Grant, ...],
        check: Callable[[Account], None],
    ) -> None:
        """Lock the account, let `check` refuse, store exactly these grants.

        Raises AccountNotFoundError, StationNotFoundError and whatever `check` raises.
        """
        ...


class OperatorRoles:
    """Grants operator roles, for those who may appoint."""

    def __init__(self, store: GrantStore) -> None:
        self._store = store

    async def set(self, actor: Actor, user_id: UserId, grants: tuple[Grant, ...]) -> None:
        """Give a person exactly these roles. They count from the next call on.

        Raises PermissionMissingError, AccountNotFoundError, AccountErasedError,
        TooManyGrantsError, StationNotFoundError.
        """
        actor.require_everywhere("access.manage")
        wanted = tuple(dict.fromkeys(grants))
        if len(wanted) > MAX_GRANTS:
            raise TooManyGrantsError(f"a person has at most {MAX_GRANTS} grants", field="grants")
        await self._store.replace(actor, user_id, wanted, _require_person)


def _require_person(account: Account) -> None:
    if account.erased_at is not None:
        raise AccountErasedError("the person behind this account was erased")
