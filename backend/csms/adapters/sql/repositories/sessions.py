"""Sign-ins of people, and the refresh tokens of programs."""

from datetime import datetime
from typing import Any

import asyncpg

from csms.adapters.sql.engine import Database
from csms.adapters.sql.repositories.accounts import SELECT_ACCOUNT, account_of
from csms.adapters.sql.repositories.audit_entries import record_change
from csms.adapters.sql.texts import storable
from csms.domain.identity.actor import Actor
from csms.domain.identity.session_ports import Found, RefreshUse
from csms.domain.identity.sessions import Device, EndReason, NewSession, Session
from csms.domain.identity.sign_in import actor_of
from csms.kernel.ids import OrganizationId, SessionId, UserId


def _joined(*parts: str) -> str:
    """Return one statement out of constant parts."""
    return " ".join(parts)


_COLUMNS = """
  s.id AS session_id, s.kind, s.token_version AS session_version, s.user_agent, s.address,
  s.created_at AS session_created_at, s.last_seen_at, s.expires_at
"""
_FIND = _joined(
    SELECT_ACCOUNT,
    ",",
    _COLUMNS,
    "FROM user_session s JOIN app_user u ON u.id = s.user_id WHERE s.ended_at IS NULL AND",
)
_OPEN = """
INSERT INTO user_session AS s (organization_id, user_id, kind, token_version, secret_hash,
  external_key, user_agent, address, created_at, last_seen_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)
"""
_ADD_REFRESH = """
INSERT INTO refresh_token (organization_id, session_id, hash, created_at) VALUES ($1, $2, $3, $4)
"""
_LISTED = _joined(
    "SELECT s.user_id, s.organization_id,",
    _COLUMNS,
    "FROM user_session s",
    "JOIN app_user u ON u.id = s.user_id",
    "AND (u.token_version = s.token_version OR s.kind = 'EXTERNAL')",
    "WHERE s.user_id = $1 AND s.ended_at IS NULL AND s.expires_at > $2",
    "ORDER BY s.last_seen_at DESC, s.id DESC LIMIT 100",
)
_END = """
UPDATE user_session SET ended_at = $3, end_reason = $4
 WHERE user_id = $1 AND id = $2 AND ended_at IS NULL RETURNING id
"""
_END_ALL = """
UPDATE user_session SET ended_at = $2, end_reason = $3
 WHERE user_id = $1 AND ended_at IS NULL AND id IS DISTINCT FROM $4 RETURNING id
"""
_CARRY_OVER = """
UPDATE user_session s SET token_version = u.token_version
  FROM app_user u WHERE u.id = s.user_id AND s.id = $1 AND s.ended_at IS NULL
"""
_TAKE = "SELECT * FROM refresh_token WHERE hash = $1 FOR UPDATE"


class SqlSessions:
    """The domain's SessionStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, actor: Actor, new: NewSession) -> Session:
        """Store a session, its refresh token with it, and an audit entry."""
        async with self._database.writes(actor.organization_id) as connection:
            session = await open_session(connection, actor, new)
            if new.refresh_hash is not None:
                await connection.execute(
                    _ADD_REFRESH, actor.organization_id, session.id, new.refresh_hash, new.now
                )
        return session

    async def find(self, session_id: SessionId) -> Found | None:
        """Return an open session with its account."""
        return _found(await self._database.pool.fetchrow(_joined(_FIND, "s.id = $1"), session_id))

    async def find_by_secret(self, secret_hash: bytes) -> Found | None:
        """Return the browser session of that secret."""
        return _found(
            await self._database.pool.fetchrow(_joined(_FIND, "s.secret_hash = $1"), secret_hash)
        )

    async def find_external(self, external_key: str) -> Found | None:
        """Return the session of another issuer, by the issuer's name and its session id."""
        return _found(
            await self._database.pool.fetchrow(_joined(_FIND, "s.external_key = $1"), external_key)
        )

    async def see(self, session_id: SessionId, now: datetime, address: str | None) -> None:
        """Note that the session was used."""
        await self._database.pool.execute(
            "UPDATE user_session SET last_seen_at = greatest(last_seen_at, $2), "
            "address = coalesce($3, address) WHERE id = $1",
            session_id,
            now,
            address,
        )

    async def listed(self, user_id: UserId, now: datetime) -> list[Session]:
        """Return a person's open sessions, the last used first."""
        rows = await self._database.pool.fetch(_LISTED, user_id, now)
        return [_session(row, row["user_id"]) for row in rows]

    async def end(
        self, actor: Actor, user_id: UserId, session_id: SessionId, reason: EndReason, now: datetime
    ) -> bool:
        """End one session of that person, with an audit entry; False when there is none."""
        async with self._database.writes(actor.organization_id) as connection:
            ended = await connection.fetchval(_END, user_id, session_id, now, reason)
            if ended is None:
                return False
            await record_change(
                connection,
                actor,
                "session.ended",
                ("user", user_id),
                after={"session_id": session_id, "reason": reason},
            )
        return True

    async def end_all(
        self,
        actor: Actor,
        user_id: UserId,
        reason: EndReason,
        now: datetime,
        *,
        but: SessionId | None = None,
    ) -> int:
        """End a person's sessions, all `but` one, which survives a change of the password."""
        async with self._database.writes(actor.organization_id) as connection:
            if but is not None:
                await connection.execute(_CARRY_OVER, but)
            ended = await connection.fetch(_END_ALL, user_id, now, reason, but)
            if ended:
                await record_change(
                    connection,
                    actor,
                    "session.ended",
                    ("user", user_id),
                    after={"sessions": len(ended), "reason": reason},
                )
        return len(ended)

    async def rotate(self, old_hash: bytes, new_hash: bytes, now: datetime) -> RefreshUse | None:
        """Take a refresh token for its one use; the second use ends its session."""
        async with self._database.pool.acquire() as connection, connection.transaction():
            token = await connection.fetchrow(_TAKE, old_hash)
            if token is None:
                return None
            found = _found(
                await connection.fetchrow(_joined(_FIND, "s.id = $1"), token["session_id"])
            )
            if found is None:
                return None
            account, session = found
            if token["used_at"] is not None:
                await connection.fetchval(_END, account.id, session.id, now, "refresh_reused")
                await record_change(
                    connection,
                    actor_of(account, session.device.address),
                    "session.ended",
                    ("user", account.id),
                    after={"session_id": session.id, "reason": "refresh_reused"},
                )
                return RefreshUse(found, is_reused=True)
            await connection.execute(
                "UPDATE refresh_token SET used_at = $2 WHERE id = $1", token["id"], now
            )
            await connection.execute(
                _ADD_REFRESH, account.organization_id, session.id, new_hash, now
            )
        return RefreshUse(found, is_reused=False)


async def open_session(connection: asyncpg.Connection, actor: Actor, new: NewSession) -> Session:
    """Store a session in the caller's transaction, with its audit entry."""
    row = await connection.fetchrow(
        _joined(_OPEN, "RETURNING", _COLUMNS),
        new.account.organization_id,
        new.account.id,
        new.kind,
        new.account.token_version,
        new.secret_hash,
        new.external_key,
        None if new.device.user_agent is None else storable(new.device.user_agent),
        new.device.address,
        new.now,
        new.expires_at,
    )
    await record_change(
        connection,
        actor,
        "session.opened",
        ("user", new.account.id),
        after={"session_id": row["session_id"], "kind": new.kind},
    )
    return _session(row, new.account.id, new.account.organization_id)


def _found(row: Any) -> Found | None:
    if row is None:
        return None
    return account_of(row), _session(row, row["id"])


def _session(row: Any, user_id: int, organization_id: int | None = None) -> Session:
    return Session(
        id=SessionId(row["session_id"]),
        user_id=UserId(user_id),
        organization_id=OrganizationId(organization_id or row["organization_id"]),
        kind=row["kind"],
        token_version=row["session_version"],
        device=Device(row["user_agent"], row["address"]),
        created_at=row["session_created_at"],
        last_seen_at=row["last_seen_at"],
        expires_at=row["expires_at"],
    )
