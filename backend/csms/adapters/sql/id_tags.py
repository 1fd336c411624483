"""Reads what is on record about an id tag and its person."""

from typing import Any

import asyncpg

from csms.adapters.sql.availability import answering
from csms.adapters.sql.engine import Database
from csms.adapters.sql.texts import storable
from csms.domain.authorization.verdict import IdTagRecord
from csms.kernel.ids import IdTag, OrganizationId, UserId, fold_id_tag

TAG = """
SELECT t.id_tag AS tag, t.parent_id_tag AS tag_parent, t.expires_at AS tag_expires_at,
       t.is_blocked AS tag_is_blocked, t.forbids_concurrent AS tag_forbids_concurrent,
       t.user_id AS tag_user_id,
       t.is_app_tag AND coalesce(u.role = 'ADMIN', false) AS tag_is_staff,
       coalesce(u.is_active, false) AS tag_is_user_active,
       CASE WHEN t.user_id IS NOT NULL THEN coalesce((
         SELECT sum(e.amount) FROM ledger_account a JOIN ledger_entry e ON e.account_id = a.id
          WHERE a.organization_id = t.organization_id AND a.user_id = t.user_id
            AND a.kind = 'wallet' AND a.currency = o.currency), 0) END AS tag_available,
       (SELECT count(*) FROM transaction open_one
         WHERE open_one.organization_id = t.organization_id
           AND open_one.id_tag_folded = t.folded AND open_one.status <> 'ENDED') AS tag_open
  FROM id_tag t
  JOIN organization o ON o.id = t.organization_id
  LEFT JOIN app_user u ON u.id = t.user_id
 WHERE t.organization_id = $1 AND t.folded = $2
"""


class SqlIdTagRecords:
    """Implements csms.domain.authorization.ports.IdTagRecords."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, organization_id: OrganizationId, id_tag: str) -> IdTagRecord | None:
        """Return the record of `id_tag`, compared without case. Raises StorageUnavailableError."""
        with answering():
            row = await self._database.pool.fetchrow(TAG, organization_id, folded(id_tag))
        return None if row is None else record_of(row)


def folded(id_tag: str) -> str:
    """Return the tag as the table compares it."""
    return fold_id_tag(storable(id_tag) or "")


def record_of(row: asyncpg.Record | dict[str, Any]) -> IdTagRecord | None:
    """Make the record of a row with the columns of TAG; None where they are all NULL."""
    if row["tag"] is None:
        return None
    user_id = row["tag_user_id"]
    return IdTagRecord(
        id_tag=IdTag(row["tag"]),
        parent_id_tag=None if row["tag_parent"] is None else IdTag(row["tag_parent"]),
        expires_at=row["tag_expires_at"],
        is_blocked=row["tag_is_blocked"],
        forbids_concurrent=row["tag_forbids_concurrent"],
        user_id=None if user_id is None else UserId(user_id),
        is_user_active=row["tag_is_user_active"],
        available=row["tag_available"],
        is_staff=row["tag_is_staff"],
        open_elsewhere=row["tag_open"],
    )
