"""What `csms users` does."""

import secrets
from typing import Literal

from csms.bootstrap.maintenance import Maintenance
from csms.domain.identity.accounts import Account
from csms.domain.identity.actor import Role
from csms.domain.identity.errors import AccountNotFoundError
from csms.domain.identity.registry import AccountChanges
from csms.reads.page import PageRequest
from csms.reads.users import UserFilter, UserView, list_users

ROWS_PER_READ = 500
GENERATED_PASSWORD_BYTES = 15


async def all_users(
    desk: Maintenance, *, search: str | None = None, role: Role | None = None
) -> list[UserView]:
    """Return everybody by email address, erased people left out."""
    found: list[UserView] = []
    wanted = UserFilter(role=role)
    while True:
        request = PageRequest(
            page=len(found) // ROWS_PER_READ + 1, limit=ROWS_PER_READ, search=search
        )
        page = await list_users(desk.database, desk.organization_id, request, wanted)
        found += page.data
        if len(page.data) < ROWS_PER_READ:
            return found


async def add_user(
    desk: Maintenance, email: str, *, name: str, role: Role, password: str | None
) -> Account:
    """Make an account; without a password its person cannot sign in yet.

    Raises BadEmailError, WeakPasswordError, EmailTakenError.
    """
    return await desk.accounts.create(
        desk.actor, email=email, full_name=name, role=role, password=password
    )


async def set_password(desk: Maintenance, email: str, password: str) -> Account:
    """Give an account another password; whoever was signed in is signed out.

    Raises AccountNotFoundError, WeakPasswordError, AccountErasedError.
    """
    account = await find_user(desk, email)
    return await desk.accounts.update(desk.actor, account.id, AccountChanges(password=password))


async def switch_user(
    desk: Maintenance, email: str, to: Literal["deactivated", "active"]
) -> Account:
    """Shut an account or open it again. Raises AccountNotFoundError, LastOperatorError."""
    account = await find_user(desk, email)
    if to == "active":
        return await desk.accounts.reactivate(desk.actor, account.id)
    return await desk.accounts.deactivate(desk.actor, account.id)


async def find_user(desk: Maintenance, email: str) -> Account:
    """Return the account of that address. Raises AccountNotFoundError."""
    account = await desk.account_store.find_by_email(email.strip())
    if account is None or account.organization_id != desk.organization_id:
        raise AccountNotFoundError(f"nobody has the email address {email!r}")
    return account


def generated_password() -> str:
    """Return a password with 120 random bits."""
    return secrets.token_urlsafe(GENERATED_PASSWORD_BYTES)
