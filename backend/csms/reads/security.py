"""Security events: what chargers reported, and what we refused."""

from dataclasses import dataclass

import msgspec

from csms.kernel.ids import OrganizationId
from csms.reads.database import ReadDatabase
from csms.reads.moments import Moment
from csms.reads.page import Conditions, Page, PageRequest, joined

SORTS = {"id": "e.id", "occurred_at": "e.occurred_at", "type": "e.type"}
COLUMNS = """
SELECT e.id, e.charger_id, c.charge_point_id, e.source, e.remote_address, e.type, e.tech_info,
       e.occurred_at, e.received_at"""
FROM = "FROM security_event e LEFT JOIN charger c ON c.id = e.charger_id"


class SecurityEventView(msgspec.Struct, frozen=True):
    """A security event: reported by a charger (whitepaper §5.15), or ours about one.

    `source` is CHARGER or SERVER. A failed TLS handshake names no charger.
    """

    id: int
    charger_id: int | None
    charge_point_id: str | None
    source: str
    remote_address: str | None
    type: str
    tech_info: str | None
    occurred_at: Moment
    received_at: Moment


@dataclass(frozen=True, slots=True)
class SecurityEventFilter:
    """Which events are wanted."""

    charge_point_id: str | None = None
    charger_id: int | None = None
    type: str | None = None
    source: str | None = None


async def list_security_events(
    database: ReadDatabase,
    organization_id: OrganizationId,
    request: PageRequest,
    wanted: SecurityEventFilter,
) -> Page[SecurityEventView]:
    """Return a page of events, the newest first."""
    conditions = Conditions()
    conditions.add("e.organization_id = ?", organization_id)
    conditions.add_if("c.charge_point_id = ?", wanted.charge_point_id)
    conditions.add_if("e.charger_id = ?", wanted.charger_id)
    conditions.add_if("e.type = ?", wanted.type)
    conditions.add_if("e.source = ?", wanted.source)
    conditions.add_search(
        request.search, "c.charge_point_id", "e.type", "e.tech_info", "e.remote_address"
    )
    order = request.order_by(SORTS, default="-id", key="e.id")
    async with database.reads(organization_id) as connection:
        total = await connection.fetchval(
            joined("SELECT count(*)", FROM, conditions.where), *conditions.values
        )
        limits = (
            f"LIMIT {conditions.place(request.limit)} OFFSET {conditions.place(request.offset)}"
        )
        rows = await connection.fetch(
            joined(COLUMNS, FROM, conditions.where, order, limits), *conditions.values
        )
    data = [SecurityEventView(**dict(row)) for row in rows]
    return Page(data, total, request.page, request.limit)
