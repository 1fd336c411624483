"""Running accounts: the use cases."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from csms.domain.identity.accounts import (
    Account,
    AccountSurroundings,
    NewAccount,
    checked_email,
    deactivated,
    erased,
    may_change,
    may_see,
    new_app_tag,
    reactivated,
    renamed,
    verified,
    with_password,
    with_role,
)
from csms.domain.identity.actor import Actor, Role
from csms.domain.identity.errors import (
    AccountNotFoundError,
    BadCredentialsError,
)
from csms.domain.identity.passwords import check_password
from csms.domain.identity.ports import AccountStore, PasswordHasher
from csms.kernel.clock import Clock
from csms.kernel.ids import OrganizationId, UserId


@dataclass(frozen=True, slots=True)
class AccountChanges:
    """What is to change of an account; None leaves a field as it is."""

    email: str | None = None
    full_name: str | None = None
    role: Role | None = None
    password: str | None = None
    current_password: str | None = None


class Accounts:
    """Runs accounts on behalf of an actor; drivers reach only their own."""

    def __init__(
        self,
        store: AccountStore,
        hasher: PasswordHasher,
        clock: Clock,
        *,
        access_ended: Callable[[Account], None] = lambda _: None,
    ) -> None:
        """`access_ended` is told of an account whose sign-ins a change has withdrawn."""
        self._store = store
        self._hasher = hasher
        self._clock = clock
        self._access_ended = access_ended

    async def prove(self, email: str, password: str) -> Account:
        """Return whose address and password these are. Raises BadCredentialsError, as slowly."""
        account = await self._store.find_by_email(email.strip())
        password_hash = account.password_hash if account and account.is_active else None
        fits = await self._hasher.verify(password_hash, password)
        if account is None or not fits:
            raise BadCredentialsError("email and password do not belong together")
        return account

    async def prove_oneself(self, account: Account, password: str) -> None:
        """Let a signed-in person show the password again. Raises BadCredentialsError."""
        if not await self._hasher.verify(account.password_hash, password):
            raise BadCredentialsError("current_password is not the present password")

    async def set_password(
        self, actor: Actor, account: Account, password: str, *, is_by_mail: bool = False
    ) -> Account:
        """Give an account another password, which ends its sign-ins; the caller has made sure.

        `is_by_mail`: a link in a letter proved that the address is the person's. Raises
        WeakPasswordError, AccountErasedError.
        """
        check_password(password, email=account.email)
        password_hash = await self._hasher.hash(password)
        now = self._clock.now()

        def decide(found: Account, _: AccountSurroundings) -> Account:
            changed = with_password(found, password_hash)
            return verified(changed, account.email, now) if is_by_mail else changed

        return await self._store.change(actor, account.id, "user.password_changed", decide)

    async def create(
        self, actor: Actor, *, email: str, full_name: str, role: Role, password: str | None
    ) -> Account:
        """Make an account with its app tag. Without a password the person cannot sign in yet.

        Raises PermissionMissingError, BadEmailError, WeakPasswordError, EmailTakenError.
        """
        actor.require("people.write" if role == "USER" else "access.manage")
        address = checked_email(email)
        password_hash = None
        if password is not None:
            check_password(password, email=address)
            password_hash = await self._hasher.hash(password)
        return await self._store.add(
            actor,
            NewAccount(
                organization_id=actor.organization_id,
                email=address,
                full_name=full_name.strip(),
                role=role,
                password_hash=password_hash,
                app_id_tag=new_app_tag(),
            ),
        )

    async def update(self, actor: Actor, user_id: UserId, changes: AccountChanges) -> Account:
        """Change an account; only operators change roles, drivers prove their old password.

        Raises NotOneselfError, AccountNotFoundError, EmailTakenError, LastOperatorError,
        AccountErasedError, WeakPasswordError, BadCredentialsError.
        """
        may_see(actor, user_id)
        if changes.role is not None:
            actor.require("access.manage")
        password_hash = await self._new_password_hash(actor, user_id, changes)

        def decide(account: Account, around: AccountSurroundings) -> Account:
            may_change(actor, account)
            found = renamed(account, email=changes.email, full_name=changes.full_name)
            if changes.role is not None:
                found = with_role(found, changes.role, around)
            return found if password_hash is None else with_password(found, password_hash)

        return await self._change(actor, user_id, "user.updated", decide)

    async def deactivate(self, actor: Actor, user_id: UserId) -> Account:
        """Shut an account. Raises AccountNotFoundError, LastOperatorError, AccountErasedError."""
        actor.require("people.write")

        def decide(account: Account, around: AccountSurroundings) -> Account:
            may_change(actor, account)
            return deactivated(account, around)

        return await self._change(actor, user_id, "user.deactivated", decide)

    async def reactivate(self, actor: Actor, user_id: UserId) -> Account:
        """Open an account again. Raises AccountNotFoundError, AccountErasedError."""
        actor.require("people.write")

        def decide(account: Account, _: AccountSurroundings) -> Account:
            may_change(actor, account)
            return reactivated(account)

        return await self._store.change(actor, user_id, "user.reactivated", decide)

    async def erase(self, actor: Actor, user_id: UserId) -> Account:
        """Erase the person, keep the ledger. Raises LastOperatorError, OpenSessionsError."""
        actor.require("people.write")
        now = self._clock.now()

        def decide(account: Account, around: AccountSurroundings) -> Account:
            may_change(actor, account)
            return erased(account, around, now)

        return await self._change(actor, user_id, "user.erased", decide)

    async def _change(
        self,
        actor: Actor,
        user_id: UserId,
        action: str,
        decide: Callable[[Account, AccountSurroundings], Account],
    ) -> Account:
        """Change the account, and tell when that has withdrawn its tokens."""
        versions: list[int] = []

        def noted(account: Account, around: AccountSurroundings) -> Account:
            versions.append(account.token_version)
            return decide(account, around)

        changed = await self._store.change(actor, user_id, action, noted)
        if changed.token_version != versions[-1]:
            self._access_ended(changed)
        return changed

    async def _new_password_hash(
        self, actor: Actor, user_id: UserId, changes: AccountChanges
    ) -> str | None:
        if changes.password is None:
            return None
        account = await self._store.find(user_id)
        if account is None or account.organization_id != actor.organization_id:
            raise AccountNotFoundError(f"no user {user_id}")
        may_change(actor, account)
        if actor.user_id == user_id:
            await self.prove_oneself(account, changes.current_password or "")
        check_password(changes.password, email=changes.email or account.email)
        return await self._hasher.hash(changes.password)


@dataclass(frozen=True, slots=True)
class FirstAdministrator:
    """The account made at the first start; `password` is set when we made it up, shown once."""

    email: str
    password: str | None


DEFAULT_ADMINISTRATOR_EMAIL = "admin@csms.example"


async def ensure_first_administrator(
    accounts: Accounts,
    store: AccountStore,
    *,
    organization_id: OrganizationId,
    email: str | None,
    password: str | None,
) -> FirstAdministrator | None:
    """Make the first operator when there is none; None when there is one already.

    Without a given password one is made up. Raises WeakPasswordError, BadEmailError.
    """
    if await store.has_operator(organization_id):
        return None
    address = email or DEFAULT_ADMINISTRATOR_EMAIL
    chosen = password or secrets.token_urlsafe(15)
    await accounts.create(
        Actor(user_id=None, role="ADMIN", organization_id=organization_id),
        email=address,
        full_name="Administrator",
        role="ADMIN",
        password=chosen,
    )
    return FirstAdministrator(email=address, password=None if password else chosen)
