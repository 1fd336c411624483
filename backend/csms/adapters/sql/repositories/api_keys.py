"""API keys."""

import json
from datetime import datetime

from csms.adapters.sql.engine import Database
from csms.adapters.sql.repositories.accounts import SELECT_ACCOUNT, account_of
from csms.adapters.sql.repositories.audit_entries import record_change
from csms.adapters.sql.repositories.grants import require_stations
from csms.adapters.sql.texts import storable
from csms.domain.identity.actor import Actor
from csms.domain.identity.api_keys import (
    ApiKeyNotFoundError,
    NewApiKey,
    StoredApiKey,
    TooManyApiKeysError,
)
from csms.domain.identity.permissions import KeyLimits
from csms.kernel.ids import UserId

_COUNT = """
SELECT count(*) FROM api_key WHERE organization_id = $1 AND revoked_at IS NULL AND expires_at > now()
"""
_ADD = """
INSERT INTO api_key (organization_id, user_id, name, prefix, secret_hash, permissions, station_ids,
  expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id
"""
_REVOKE = """
UPDATE api_key SET revoked_at = $3 WHERE organization_id = $1 AND id = $2 AND revoked_at IS NULL
RETURNING prefix
"""
_EXISTS = "SELECT EXISTS (SELECT 1 FROM api_key WHERE organization_id = $1 AND id = $2)"
_FIND = f"""{SELECT_ACCOUNT},
       k.id AS key_id, k.prefix, k.secret_hash, k.permissions, k.station_ids, k.expires_at,
       k.last_used_at, k.revoked_at
  FROM api_key k JOIN app_user u ON u.id = k.user_id WHERE k.prefix = $1
"""
_NOTE_USE = "UPDATE api_key SET last_used_at = $2, last_used_from = $3 WHERE id = $1"


class SqlApiKeyStore:
    """The domain's ApiKeyStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, actor: Actor, owner_id: UserId, new: NewApiKey, *, at_most: int) -> int:
        """Store a key, unless there are too many or a station is not ours."""
        stations = new.limits.stations
        async with self._database.writes(actor.organization_id) as connection:
            if await connection.fetchval(_COUNT, actor.organization_id) >= at_most:
                raise TooManyApiKeysError(f"there are {at_most} valid keys already; revoke some")
            await require_stations(connection, actor, stations or frozenset())
            key_id: int = await connection.fetchval(
                _ADD,
                actor.organization_id,
                owner_id,
                storable(new.name),
                new.prefix,
                new.secret_hash,
                json.dumps(sorted(new.limits.permissions)),
                None if stations is None else json.dumps(sorted(stations)),
                new.expires_at,
            )
            await record_change(
                connection,
                actor,
                "api_key.created",
                ("api_key", key_id),
                after={
                    "name": new.name,
                    "prefix": new.prefix,
                    "permissions": sorted(new.limits.permissions),
                    "station_ids": None if stations is None else sorted(stations),
                    "expires_at": new.expires_at,
                },
            )
        return key_id

    async def revoke(self, actor: Actor, key_id: int, at: datetime) -> None:
        """End a key."""
        async with self._database.writes(actor.organization_id) as connection:
            prefix = await connection.fetchval(_REVOKE, actor.organization_id, key_id, at)
            if prefix is not None:
                await record_change(
                    connection,
                    actor,
                    "api_key.revoked",
                    ("api_key", key_id),
                    before={"prefix": prefix},
                )
            elif not await connection.fetchval(_EXISTS, actor.organization_id, key_id):
                raise ApiKeyNotFoundError(f"no API key {key_id}", key_id=key_id)

    async def find(self, prefix: str) -> StoredApiKey | None:
        """Return the key with its owner; of any organization, since it says which."""
        row = await self._database.pool.fetchrow(_FIND, storable(prefix))
        if row is None:
            return None
        stations = row["station_ids"]
        return StoredApiKey(
            id=row["key_id"],
            owner=account_of(row),
            prefix=row["prefix"],
            secret_hash=bytes(row["secret_hash"]),
            limits=KeyLimits(
                frozenset(json.loads(row["permissions"])),
                None if stations is None else frozenset(json.loads(stations)),
            ),
            expires_at=row["expires_at"],
            last_used_at=row["last_used_at"],
            revoked_at=row["revoked_at"],
        )

    async def note_use(self, key_id: int, at: datetime, address: str | None) -> None:
        """Keep when and from where the key was used last."""
        await self._database.pool.execute(_NOTE_USE, key_id, at, address)
