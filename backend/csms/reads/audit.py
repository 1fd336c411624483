"""The audit list: who changed what."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from csms.kernel.ids import OrganizationId
from csms.reads.database import ReadDatabase, Row
from csms.reads.moments import Moment
from csms.reads.page import Conditions, Page, PageRequest, joined
from csms.reads.transaction import parsed

SORTS = {"id": "a.id", "at": "a.at", "action": "a.action"}
COLUMNS = """
SELECT a.*, u.full_name AS actor_name
FROM audit_entry a LEFT JOIN app_user u ON u.id = a.actor_user_id
"""


class AuditView(msgspec.Struct, frozen=True):
    """One change, with what it changed."""

    id: int
    at: Moment
    actor_user_id: int | None
    actor: str
    actor_name: str | None
    action: str
    target_kind: str
    target_id: str
    before: Any
    after: Any
    remote_address: str | None


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """`since` and `until` bound the moment of the change."""

    actor_user_id: int | None = None
    action: str | None = None
    target_kind: str | None = None
    target_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def list_audit(
    database: ReadDatabase,
    organization_id: OrganizationId,
    request: PageRequest,
    wanted: AuditFilter,
) -> Page[AuditView]:
    """Return a page of changes, the newest first."""
    conditions = _conditions(organization_id, request.search, wanted)
    order = request.order_by(SORTS, default="-id", key="a.id")
    async with database.reads(organization_id) as connection:
        total = await connection.fetchval(
            joined("SELECT count(*) FROM audit_entry a", conditions.where), *conditions.values
        )
        limits = (
            f"LIMIT {conditions.place(request.limit)} OFFSET {conditions.place(request.offset)}"
        )
        rows = await connection.fetch(
            joined(COLUMNS, conditions.where, order, limits), *conditions.values
        )
    return Page([_view(row) for row in rows], total, request.page, request.limit)


async def export_audit(
    database: ReadDatabase, organization_id: OrganizationId, search: str | None, wanted: AuditFilter
) -> AsyncIterator[AuditView]:
    """Yield every change of the filter, the oldest first, one at a time."""
    conditions = _conditions(organization_id, search, wanted)
    async with database.reads(organization_id) as connection:
        statement = joined(COLUMNS, conditions.where, "ORDER BY a.id")
        async for row in connection.cursor(statement, *conditions.values, prefetch=200):
            yield _view(row)


def _conditions(
    organization_id: OrganizationId, search: str | None, wanted: AuditFilter
) -> Conditions:
    conditions = Conditions()
    conditions.add("a.organization_id = ?", organization_id)
    conditions.add_if("a.actor_user_id = ?", wanted.actor_user_id)
    conditions.add_if("a.action = ?", wanted.action)
    conditions.add_if("a.target_kind = ?", wanted.target_kind)
    conditions.add_if("a.target_id = ?", wanted.target_id)
    conditions.add_if("a.at >= ?", wanted.since)
    conditions.add_if("a.at < ?", wanted.until)
    conditions.add_search(search, "a.actor", "a.action", "a.target_id")
    return conditions


def _view(row: Row) -> AuditView:
    return AuditView(
        id=row["id"],
        at=row["at"],
        actor_user_id=row["actor_user_id"],
        actor=row["actor"],
        actor_name=row["actor_name"],
        action=row["action"],
        target_kind=row["target_kind"],
        target_id=row["target_id"],
        before=parsed(row["before"]),
        after=parsed(row["after"]),
        remote_address=row["remote_address"],
    )
