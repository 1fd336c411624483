"""People of another issuer: who is who, their sessions, and what webhooks tell of them."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import asyncpg

from csms.adapters.sql.engine import Database
from csms.adapters.sql.repositories.accounts import (
    SELECT_ACCOUNT,
    add_account,
    store_account,
)
from csms.adapters.sql.repositories.accounts import account_of as account_of_row
from csms.adapters.sql.repositories.audit_entries import record_change
from csms.adapters.sql.repositories.sessions import SqlSessions, open_session
from csms.adapters.sql.texts import storable
from csms.domain.identity.accounts import Account, NewAccount, checked_email, new_app_tag
from csms.domain.identity.actor import Actor, Role
from csms.domain.identity.errors import BadEmailError, BadTokenError
from csms.domain.identity.external import ExternalClaims, ExternalProfile
from csms.domain.identity.session_ports import Found
from csms.domain.identity.sessions import Device, NewSession
from csms.domain.identity.sign_in import actor_of
from csms.kernel.ids import OrganizationId, SessionId

LONGEST: Final = timedelta(days=365)
"""The token's own time is what counts; the row of its session is kept so long."""
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('csms.issuer|' || $1 || '|' || $2, 0))"
_IDENTITY = "SELECT * FROM external_identity WHERE issuer = $1 AND subject = $2"
_ADD = """
INSERT INTO external_identity (organization_id, issuer, subject, user_id, profile_as_of, role_as_of,
  deleted_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
_NAMESAKE = """
FROM app_user u WHERE u.organization_id = $1 AND lower(u.email) = lower($2) AND u.erased_at IS NULL
"""
_IS_TAKEN = """
SELECT EXISTS (SELECT 1 FROM app_user WHERE organization_id = $1 AND lower(email) = lower($2)
  AND erased_at IS NULL AND id <> $3)
"""
_RECEIVE = """
INSERT INTO webhook_receipt (source, message_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id
"""


class SqlExternalPeople:
    """The domain's ExternalStore, for one organization."""

    def __init__(self, database: Database, organization_id: OrganizationId) -> None:
        self._database = database
        self._organization_id = organization_id
        self._sessions = SqlSessions(database)

    async def find(self, session_key: str) -> Found | None:
        """Return the open session of that name with its account."""
        return await self._sessions.find_external(session_key)

    async def see(self, session_id: SessionId, now: datetime, address: str | None) -> None:
        """Note that the session was used."""
        await self._sessions.see(session_id, now, address)

    async def admit(self, claims: ExternalClaims, device: Device, now: datetime) -> Found:
        """Return account and session, made if need be, the role brought up to date."""
        async with self._database.writes(self._organization_id) as connection:
            account = await self._account(connection, claims, device, now)
            if not account.is_active:
                raise BadTokenError("the account is not active")
            session_id = await connection.fetchval(
                "SELECT id FROM user_session WHERE external_key = $1", claims.session_key
            )
            if session_id is None:
                session = await open_session(
                    connection,
                    actor_of(account, device.address),
                    NewSession(
                        account=account,
                        kind="EXTERNAL",
                        device=device,
                        now=now,
                        expires_at=now + LONGEST,
                        external_key=claims.session_key,
                    ),
                )
                return account, session
        found = await self.find(claims.session_key)
        if found is None:
            raise BadTokenError("this session was ended; sign in again")
        return found

    async def account(self, claims: ExternalClaims, device: Device, now: datetime) -> Account:
        """Return whose claims these are, made if need be. Raises BadTokenError."""
        async with self._database.writes(self._organization_id) as connection:
            account = await self._account(connection, claims, device, now)
        if not account.is_active:
            raise BadTokenError("the account is not active")
        return account

    async def apply(self, profile: ExternalProfile, receipt: tuple[str, str] | None) -> bool:
        """Take over what the issuer tells, unless it is older than what is known."""
        async with self._database.writes(self._organization_id) as connection:
            if receipt is not None and await connection.fetchval(_RECEIVE, *receipt) is None:
                return False
            await connection.execute(_LOCK, profile.issuer, profile.subject)
            row = await connection.fetchrow(_IDENTITY, profile.issuer, profile.subject)
            actor = self._issuer(profile.issuer)
            if row is None:
                await self._first_seen(connection, actor, profile)
            elif profile.is_deleted:
                await self._delete(connection, actor, row, profile.as_of)
            elif row["deleted_at"] is None and _is_news(row["profile_as_of"], profile.as_of):
                await self._update(connection, actor, row, profile)
        return True

    async def end_session(self, session_key: str, now: datetime, receipt: tuple[str, str]) -> bool:
        """End a session that the issuer ended; one not seen yet leaves nothing to end."""
        async with self._database.writes(self._organization_id) as connection:
            if await connection.fetchval(_RECEIVE, *receipt) is None:
                return False
            await connection.execute(
                "UPDATE user_session SET ended_at = $2, end_reason = 'issuer' "
                "WHERE external_key = $1 AND ended_at IS NULL",
                session_key,
                now,
            )
        return True

    async def _account(
        self, connection: asyncpg.Connection, claims: ExternalClaims, device: Device, now: datetime
    ) -> Account:
        await connection.execute(_LOCK, claims.issuer, claims.subject)
        row = await connection.fetchrow(_IDENTITY, claims.issuer, claims.subject)
        actor = replace(self._issuer(claims.issuer), remote_address=device.address)
        if row is None:
            return await self._make(connection, actor, claims, claims.issued_at, None)
        if row["deleted_at"] is not None or row["user_id"] is None:
            raise BadTokenError("whoever signs people in has deleted this person")
        account = await _locked(connection, row["user_id"])
        if claims.role != account.role and _is_news(row["role_as_of"], claims.issued_at):
            account = await _with_role(connection, actor, account, claims.role)
            await connection.execute(
                "UPDATE external_identity SET role_as_of = $2 WHERE id = $1",
                row["id"],
                claims.issued_at,
            )
        return account

    async def _first_seen(
        self, connection: asyncpg.Connection, actor: Actor, profile: ExternalProfile
    ) -> None:
        if not profile.is_deleted:
            await self._make(connection, actor, profile, profile.as_of, profile.as_of)
            return
        await connection.execute(
            _ADD,
            self._organization_id,
            profile.issuer,
            profile.subject,
            None,
            profile.as_of,
            None,
            profile.as_of,
        )

    async def _make(
        self,
        connection: asyncpg.Connection,
        actor: Actor,
        person: ExternalClaims | ExternalProfile,
        role_as_of: datetime,
        profile_as_of: datetime | None,
    ) -> Account:
        email = _usable_email(person.email)
        account = await self._namesake(connection, email)
        if account is not None and person.is_email_verified:
            account = await _with_role(connection, actor, account, person.role)
        else:
            is_free = email is not None and account is None
            account = await add_account(
                connection,
                actor,
                NewAccount(
                    organization_id=self._organization_id,
                    email=email if email is not None and is_free else _stand_in(person),
                    full_name=person.full_name or email or person.subject,
                    role=person.role,
                    password_hash=None,
                    app_id_tag=new_app_tag(),
                    email_verified_at=role_as_of if is_free and person.is_email_verified else None,
                ),
            )
        await connection.execute(
            _ADD,
            self._organization_id,
            person.issuer,
            person.subject,
            account.id,
            profile_as_of,
            role_as_of,
            None,
        )
        return account

    async def _namesake(self, connection: asyncpg.Connection, email: str | None) -> Account | None:
        if email is None:
            return None
        row = await connection.fetchrow(
            " ".join((SELECT_ACCOUNT, _NAMESAKE)), self._organization_id, email
        )
        return None if row is None else account_of_row(row)

    async def _delete(
        self, connection: asyncpg.Connection, actor: Actor, row: Any, as_of: datetime
    ) -> None:
        await connection.execute(
            "UPDATE external_identity SET deleted_at = coalesce(deleted_at, $2) WHERE id = $1",
            row["id"],
            as_of,
        )
        if row["user_id"] is None:
            return
        account = await _locked(connection, row["user_id"])
        if account.is_active:
            after = replace(account, is_active=False, token_version=account.token_version + 1)
            await _store(connection, actor, "user.deactivated", account, after)

    async def _update(
        self, connection: asyncpg.Connection, actor: Actor, row: Any, profile: ExternalProfile
    ) -> None:
        before = account = await _locked(connection, row["user_id"])
        email = _usable_email(profile.email)
        if email is not None and not await connection.fetchval(
            _IS_TAKEN, self._organization_id, email, account.id
        ):
            verified_at = profile.as_of if profile.is_email_verified else None
            account = replace(account, email=email, email_verified_at=verified_at)
        account = replace(account, full_name=profile.full_name or account.full_name)
        if profile.role != account.role and _is_news(row["role_as_of"], profile.as_of):
            account = replace(account, role=profile.role, token_version=account.token_version + 1)
        await _store(connection, actor, "user.updated", before, account)
        await connection.execute(
            "UPDATE external_identity SET profile_as_of = $2, "
            "role_as_of = greatest(role_as_of, $2) WHERE id = $1",
            row["id"],
            profile.as_of,
        )

    def _issuer(self, issuer: str) -> Actor:
        return Actor(None, "ADMIN", self._organization_id, name=f"issuer {issuer}")


def _is_news(known: datetime | None, told: datetime) -> bool:
    return known is None or told > known


def _usable_email(email: str | None) -> str | None:
    try:
        return None if email is None else storable(checked_email(email))
    except BadEmailError:
        return None


def _stand_in(person: ExternalClaims | ExternalProfile) -> str:
    """Return an address that is nobody's, until the issuer tells a free one."""
    named = hashlib.sha256(f"{person.issuer}|{person.subject}".encode()).hexdigest()[:24]
    return f"{named}@unknown.invalid"


async def _locked(connection: asyncpg.Connection, user_id: int) -> Account:
    row = await connection.fetchrow(
        " ".join((SELECT_ACCOUNT, "FROM app_user u WHERE u.id = $1 FOR UPDATE OF u")), user_id
    )
    return account_of_row(row)


async def _with_role(
    connection: asyncpg.Connection, actor: Actor, account: Account, role: Role
) -> Account:
    """The issuer's word counts, also for the last operator: it can be given back there."""
    if role == account.role:
        return account
    after = replace(account, role=role, token_version=account.token_version + 1)
    await _store(connection, actor, "user.updated", account, after)
    return after


async def _store(
    connection: asyncpg.Connection, actor: Actor, action: str, before: Account, after: Account
) -> None:
    if before == after:
        return
    await store_account(connection, after)
    await record_change(
        connection,
        actor,
        action,
        ("user", after.id),
        before={"role": before.role, "is_active": before.is_active},
        after={"role": after.role, "is_active": after.is_active},
    )
