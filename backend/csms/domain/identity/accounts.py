"""Accounts of people, and the rules that changes to them obey. Pure."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from csms.domain.identity.actor import Actor, Role
from csms.domain.identity.errors import (
    AccountErasedError,
    BadEmailError,
    LastOperatorError,
    NotOneselfError,
    OpenSessionsError,
)
from csms.domain.identity.permissions import Grant
from csms.kernel.ids import IdTag, OrganizationId, UserId

APP_TAG_PREFIX: Final = "APP-"
APP_TAG_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""32 characters without those that are mistaken for others."""
APP_TAG_LENGTH: Final = 20
"""An id tag has at most 20 characters (OCPP 1.6 §7.28)."""
ERASED_NAME: Final = "Erased person"


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account. Tokens carry `token_version`: raising it withdraws them all."""

    id: UserId
    organization_id: OrganizationId
    email: str
    full_name: str
    role: Role
    is_active: bool
    token_version: int
    password_hash: str | None = None
    erased_at: datetime | None = None
    grants: tuple[Grant, ...] = ()
    email_verified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be made, with the id tag under which its person starts from the app."""

    organization_id: OrganizationId
    email: str
    full_name: str
    role: Role
    password_hash: str | None
    app_id_tag: IdTag
    email_verified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AccountSurroundings:
    """What else decides about a change: read in the same database transaction."""

    other_active_operators: int
    open_sessions: int


def new_app_tag() -> IdTag:
    """Return a fresh id tag for starting from the app, with 80 random bits."""
    count = APP_TAG_LENGTH - len(APP_TAG_PREFIX)
    return IdTag(APP_TAG_PREFIX + "".join(secrets.choice(APP_TAG_ALPHABET) for _ in range(count)))


def checked_email(email: str) -> str:
    """Return the address without surrounding blanks. Raises BadEmailError."""
    address = email.strip()
    local, at, host = address.rpartition("@")
    is_plain = not any(c.isspace() or ord(c) < 33 for c in address)
    if not (at and local and "." in host.strip(".") and is_plain and len(address) <= 254):
        raise BadEmailError(f"{email!r} is not an email address")
    return address


def may_see(actor: Actor, user_id: UserId) -> None:
    """Raise NotOneselfError when somebody without `people.read` asks about somebody else."""
    if actor.user_id != user_id and not actor.may("people.read"):
        raise NotOneselfError("a driver sees and changes only the own account")


def may_change(actor: Actor, account: Account) -> None:
    """Raise unless the actor may change the account: one's own, a driver's, or an operator's.

    Who runs the network is changed by those who appoint (`access.manage`), so that nobody rises
    by taking over a more powerful account. Raises NotOneselfError, PermissionMissingError.
    """
    if actor.user_id == account.id and actor.may("own"):
        return
    if not actor.may("people.write"):
        raise NotOneselfError("a driver sees and changes only the own account")
    if account.role == "ADMIN" or account.grants:
        actor.require("access.manage")


def renamed(account: Account, *, email: str | None, full_name: str | None) -> Account:
    """Return the account with a new address or name, where given."""
    _require_person(account)
    address = account.email if email is None else checked_email(email)
    is_same = address.casefold() == account.email.casefold()
    return replace(
        account,
        email=address,
        email_verified_at=account.email_verified_at if is_same else None,
        full_name=account.full_name if full_name is None else full_name.strip(),
    )


def with_role(account: Account, role: Role, around: AccountSurroundings) -> Account:
    """Return the account in another role; its tokens end. Raises LastOperatorError."""
    _require_person(account)
    if role == account.role:
        return account
    if account.role == "ADMIN":
        _require_another_operator(account, around)
    return replace(account, role=role, token_version=account.token_version + 1)


def with_password(account: Account, password_hash: str) -> Account:
    """Return the account with another password; its tokens end."""
    _require_person(account)
    return replace(account, password_hash=password_hash, token_version=account.token_version + 1)


def verified(account: Account, email: str, now: datetime) -> Account:
    """Return the account with a proven address, provided that it is still the account's."""
    _require_person(account)
    if account.email.casefold() != email.casefold() or account.email_verified_at is not None:
        return account
    return replace(account, email_verified_at=now)


def deactivated(account: Account, around: AccountSurroundings) -> Account:
    """Return the account shut; its tokens end. Raises LastOperatorError."""
    _require_person(account)
    if not account.is_active:
        return account
    _require_another_operator(account, around)
    return replace(account, is_active=False, token_version=account.token_version + 1)


def reactivated(account: Account) -> Account:
    """Return the account open again. Raises AccountErasedError."""
    _require_person(account)
    return replace(account, is_active=True)


def erased(account: Account, around: AccountSurroundings, now: datetime) -> Account:
    """Return the account without the person. Ledger and sessions keep pointing at its id.

    Raises LastOperatorError and, while a session is open, OpenSessionsError.
    """
    if account.erased_at is not None:
        return account
    _require_another_operator(account, around)
    if around.open_sessions:
        raise OpenSessionsError(
            "the person has open sessions; end them first", open_sessions=around.open_sessions
        )
    return replace(
        account,
        email=f"erased-{account.id}@erased.invalid",
        full_name=ERASED_NAME,
        password_hash=None,
        is_active=False,
        token_version=account.token_version + 1,
        erased_at=now,
        email_verified_at=None,
    )


def _require_person(account: Account) -> None:
    if account.erased_at is not None:
        raise AccountErasedError("the person behind this account was erased")


def _require_another_operator(account: Account, around: AccountSurroundings) -> None:
    if account.role == "ADMIN" and account.is_active and around.other_active_operators == 0:
        raise LastOperatorError("this is the last active operator; appoint another one first")
