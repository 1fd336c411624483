"""What chargers hold of local lists, and which tags they should hold."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from csms.adapters.sql.availability import answering
from csms.adapters.sql.engine import Database
from csms.domain.local_lists.service import HeldList
from csms.domain.operations.commands import ListedTag
from csms.kernel.ids import ChargerId, OrganizationId

_HELD = """
SELECT l.accepted_version, l.accepted_at, l.told_version, l.told_at, l.entries,
       (SELECT k.value FROM configuration_key k
         WHERE k.charger_id = c.id AND lower(k.key) = 'sendlocallistmaxlength') AS part_max
  FROM charger c LEFT JOIN local_list l ON l.charger_id = c.id
 WHERE c.id = $1
"""
_REGISTERED = """
SELECT t.id_tag, t.parent_id_tag,
       date_trunc('milliseconds', t.expires_at) AS expires_at,
       CASE WHEN t.is_blocked THEN 'Blocked'
            WHEN t.expires_at <= now() THEN 'Expired'
            WHEN u.id IS NOT NULL AND NOT u.is_active THEN 'Blocked'
            ELSE 'Accepted' END AS status
  FROM id_tag t LEFT JOIN app_user u ON u.id = t.user_id
 WHERE t.organization_id = $1 AND length(t.id_tag) <= 20
 ORDER BY t.folded
"""


class SqlLocalListStore:
    """Implements csms.domain.local_lists.service.LocalListStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def held(self, charger_id: ChargerId) -> HeldList:
        """Return what the charger holds as far as we know."""
        with answering():
            row = await self._database.pool.fetchrow(_HELD, charger_id)
        if row is None:
            return HeldList(None, {})
        limit = row["part_max"]
        part_max = (
            int(limit) if limit is not None and limit.isdecimal() and int(limit) > 0 else None
        )
        version = row["accepted_version"]
        has_told_later = row["told_at"] is not None and (
            row["accepted_at"] is None or row["told_at"] > row["accepted_at"]
        )
        if has_told_later and row["told_version"] != version:
            version = None
        entries = msgspec.json.decode(row["entries"] or "{}")
        return HeldList(version, {tag: _entry(one) for tag, one in entries.items()}, part_max)

    async def registered(self, organization_id: OrganizationId) -> Sequence[ListedTag]:
        """Return the organization's id tags as entries of a list."""
        with answering():
            rows = await self._database.pool.fetch(_REGISTERED, organization_id)
        return [
            ListedTag(
                id_tag=row["id_tag"],
                status=row["status"],
                parent_id_tag=row["parent_id_tag"],
                expires_at=row["expires_at"],
            )
            for row in rows
        ]


def _entry(wire: dict[str, Any]) -> ListedTag:
    info = wire.get("idTagInfo", {})
    expires_at = info.get("expiryDate")
    return ListedTag(
        id_tag=wire["idTag"],
        status=info.get("status"),
        parent_id_tag=info.get("parentIdTag"),
        expires_at=None if expires_at is None else datetime.fromisoformat(expires_at),
    )
