"""The local list of one charger: versions, entries, and what was sent."""

from typing import Any

import msgspec

from csms.kernel.ids import OrganizationId
from csms.reads.database import ReadDatabase
from csms.reads.moments import Moment
from csms.reads.transaction import parsed

LIST = """
SELECT sent_version, accepted_version, accepted_at, told_version, told_at, entries
  FROM local_list WHERE organization_id = $1 AND charger_id = $2
"""
UPDATES = """
SELECT version, update_type, jsonb_array_length(entries) AS entries, status, operation_id, sent_at,
       answered_at
  FROM local_list_update WHERE organization_id = $1 AND charger_id = $2 ORDER BY id DESC LIMIT 20
"""


class ListUpdateView(msgspec.Struct, frozen=True):
    """One list that was sent; `status` is the charger's word, null while there is none."""

    version: int
    update_type: str
    entries: int
    status: str | None
    operation_id: int
    sent_at: Moment
    answered_at: Moment | None


class LocalListView(msgspec.Struct, frozen=True):
    """A charger's list. `entries` are those of `accepted_version`, as on the wire."""

    sent_version: int | None
    accepted_version: int | None
    accepted_at: Moment | None
    told_version: int | None
    told_at: Moment | None
    entries: list[Any]
    updates: list[ListUpdateView]


async def get_local_list(
    database: ReadDatabase, organization_id: OrganizationId, charger_id: int
) -> LocalListView:
    """Return what we know of a charger's list; all null where it was never sent one."""
    async with database.reads(organization_id) as connection:
        row = await connection.fetchrow(LIST, organization_id, charger_id)
        updates = await connection.fetch(UPDATES, organization_id, charger_id)
    known = dict(row) if row is not None else {}
    entries = parsed(known.pop("entries", None)) or {}
    unknown = dict.fromkeys(
        ("sent_version", "accepted_version", "accepted_at", "told_version", "told_at")
    )
    return LocalListView(
        **(unknown | known),
        entries=list(entries.values()),
        updates=[ListUpdateView(**dict(one)) for one in updates],
    )
