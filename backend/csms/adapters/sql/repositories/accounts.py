"""Accounts of people."""

import json
from collections.abc import Callable
from typing import Any

import asyncpg

from csms.adapters.sql.engine import Database
from csms.adapters.sql.repositories.audit_entries import record_change
from csms.adapters.sql.texts import storable
from csms.domain.identity.accounts import Account, AccountSurroundings, NewAccount
from csms.domain.identity.actor import Actor
from csms.domain.identity.errors import AccountNotFoundError, EmailTakenError
from csms.domain.identity.permissions import Grant
from csms.domain.operations.person_stops import STOP_SESSIONS_OF_PERSON
from csms.kernel.ids import OrganizationId, StationId, UserId, fold_id_tag

_ADD = """
INSERT INTO app_user (organization_id, email, full_name, role, password_hash, email_verified_at)
VALUES ($1, $2, $3, $4, $5, $6) RETURNING *
"""
_ADD_TAG = """
INSERT INTO id_tag (organization_id, id_tag, folded, user_id, is_app_tag)
VALUES ($1, $2, $3, $4, true)
"""
SELECT_ACCOUNT = """
SELECT u.*, (SELECT json_agg(json_build_array(g.role, g.station_id) ORDER BY g.id) FROM role_grant g
  WHERE g.user_id = u.id) AS grants
"""
_ACCOUNT = f"{SELECT_ACCOUNT} FROM app_user u"
_SURROUNDINGS = """
SELECT
  (SELECT count(*) FROM app_user WHERE organization_id = $1 AND role = 'ADMIN' AND is_active
    AND id <> $2) AS operators,
  (SELECT count(*) FROM transaction WHERE user_id = $2 AND status <> 'ENDED') AS sessions
"""
_UPDATE = """
UPDATE app_user SET email = $2, full_name = $3, role = $4, is_active = $5, token_version = $6,
  password_hash = $7, erased_at = $8, email_verified_at = $9, updated_at = now(),
  deactivated_at = CASE WHEN $5 THEN NULL ELSE coalesce(deactivated_at, now()) END
WHERE id = $1
"""
_OF_PERSON = tuple(
    " ".join(("DELETE FROM", table, "WHERE user_id = $1"))
    for table in (
        "id_tag",
        "second_factor",
        "recovery_code",
        "mail_token",
        "external_identity",
        "user_session",
    )
)
# With the change itself, so that nobody is shut out whose charging goes on unnoticed.
_STOP_SESSIONS = """
INSERT INTO job (organization_id, kind, unique_key, payload)
VALUES ($1::bigint, $4, 'stop_sessions:' || $2::bigint || ':' || $3::integer,
        json_build_object('organization_id', $1::bigint, 'user_id', $2::bigint)::text)
ON CONFLICT (unique_key) DO NOTHING
"""
_OPERATORS = "SELECT pg_advisory_xact_lock(hashtextextended('csms.operators', $1))"


class SqlAccountStore:
    """The domain's AccountStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, user_id: UserId) -> Account | None:
        """Return an account of any organization."""
        row = await self._database.pool.fetchrow(f"{_ACCOUNT} WHERE u.id = $1", user_id)
        return None if row is None else account_of(row)

    async def find_by_email(self, email: str) -> Account | None:
        """Return the account of that address, compared without case; the oldest of several."""
        row = await self._database.pool.fetchrow(
            f"{_ACCOUNT} WHERE lower(u.email) = lower($1) "
            "AND u.erased_at IS NULL ORDER BY u.id LIMIT 1",
            storable(email),
        )
        return None if row is None else account_of(row)

    async def has_operator(self, organization_id: OrganizationId) -> bool:
        """Whether any operator was ever made."""
        found = await self._database.pool.fetchval(
            "SELECT EXISTS (SELECT 1 FROM app_user WHERE organization_id = $1 AND role = 'ADMIN')",
            organization_id,
        )
        return bool(found)

    async def add(self, actor: Actor, new: NewAccount) -> Account:
        """Store an account and its app tag. Raises EmailTakenError."""
        async with self._database.writes(actor.organization_id) as connection:
            return await add_account(connection, actor, new)

    async def change(
        self,
        actor: Actor,
        user_id: UserId,
        action: str,
        decide: Callable[[Account, AccountSurroundings], Account],
    ) -> Account:
        """Lock, decide, store; an account that turns erased loses its id tags."""
        async with self._database.writes(actor.organization_id) as connection:
            # Two operators who deactivate each other must not both find the other one active.
            await connection.execute(_OPERATORS, actor.organization_id)
            before = await locked_account(connection, actor.organization_id, user_id)
            around = await connection.fetchrow(_SURROUNDINGS, actor.organization_id, user_id)
            after = decide(before, AccountSurroundings(around["operators"], around["sessions"]))
            if after == before:
                return before
            await store_account(connection, after)
            if after.erased_at is not None and before.erased_at is None:
                await _forget_person(connection, before)
            await record_change(
                connection,
                actor,
                action,
                ("user", user_id),
                before=_audited(before),
                after=_audited(after) | _personal_changes(before, after),
            )
        return after


async def locked_account(
    connection: asyncpg.Connection, organization_id: OrganizationId, user_id: UserId
) -> Account:
    """Return the account, locked in the caller's transaction. Raises AccountNotFoundError."""
    row = await connection.fetchrow(
        f"{_ACCOUNT} WHERE u.organization_id = $1 AND u.id = $2 FOR UPDATE OF u",
        organization_id,
        user_id,
    )
    if row is None:
        raise AccountNotFoundError(f"no user {user_id}", user_id=user_id)
    return account_of(row)


async def add_account(connection: asyncpg.Connection, actor: Actor, new: NewAccount) -> Account:
    """Store an account and its app tag in the caller's transaction. Raises EmailTakenError."""
    try:
        row = await connection.fetchrow(
            _ADD,
            new.organization_id,
            storable(new.email),
            storable(new.full_name),
            new.role,
            new.password_hash,
            new.email_verified_at,
        )
    except asyncpg.UniqueViolationError as error:
        raise EmailTakenError("another account has this email address") from error
    account = account_of(row)
    await connection.execute(
        _ADD_TAG,
        new.organization_id,
        new.app_id_tag,
        fold_id_tag(new.app_id_tag),
        account.id,
    )
    await record_change(
        connection,
        actor,
        "user.created",
        ("user", account.id),
        after=_audited(account),
    )
    return account


async def _forget_person(connection: asyncpg.Connection, account: Account) -> None:
    """Delete what only served to recognise the person, or was written to them."""
    for statement in _OF_PERSON:
        await connection.execute(statement, account.id)
    await connection.execute("DELETE FROM mail_token WHERE lower(email) = lower($1)", account.email)
    await connection.execute(
        "DELETE FROM outgoing_mail WHERE lower(recipient) = lower($1)", account.email
    )


async def store_account(connection: asyncpg.Connection, account: Account) -> None:
    """Store what an account has become, in the caller's transaction. Raises EmailTakenError.

    A shut account's open sessions are asked to stop, by a job of the same transaction.
    """
    try:
        await connection.execute(
            _UPDATE,
            account.id,
            storable(account.email),
            storable(account.full_name),
            account.role,
            account.is_active,
            account.token_version,
            account.password_hash,
            account.erased_at,
            account.email_verified_at,
        )
    except asyncpg.UniqueViolationError as error:
        raise EmailTakenError("another account has this email address") from error
    if not account.is_active:
        await connection.execute(
            _STOP_SESSIONS,
            account.organization_id,
            account.id,
            account.token_version,
            STOP_SESSIONS_OF_PERSON,
        )


def account_of(row: Any) -> Account:
    """Return the account out of a row with the columns above."""
    return Account(
        id=UserId(row["id"]),
        organization_id=OrganizationId(row["organization_id"]),
        email=row["email"],
        full_name=row["full_name"],
        role=row["role"],
        is_active=row["is_active"],
        token_version=row["token_version"],
        password_hash=row["password_hash"],
        erased_at=row["erased_at"],
        email_verified_at=row["email_verified_at"],
        grants=_grants(row.get("grants")),
    )


def _grants(packed: str | None) -> tuple[Grant, ...]:
    """Return the grants out of their JSON array, None where the row was read without them."""
    return tuple(
        Grant(role, None if station_id is None else StationId(station_id))
        for role, station_id in json.loads(packed or "[]")
    )


def _audited(account: Account) -> dict[str, object]:
    """The state without personal data: the audit is never erased, people are."""
    return {
        "role": account.role,
        "is_active": account.is_active,
        "is_erased": account.erased_at is not None,
    }


def _personal_changes(before: Account, after: Account) -> dict[str, object]:
    changed = {
        "email": before.email != after.email,
        "full_name": before.full_name != after.full_name,
        "password": before.password_hash != after.password_hash,
    }
    return {name: "changed" for name, is_changed in changed.items() if is_changed}
