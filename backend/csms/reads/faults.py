"""Faults of connectors, of all chargers or one, the newest first."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from csms.kernel.ids import OrganizationId
from csms.reads.database import ReadDatabase
from csms.reads.moments import Moment
from csms.reads.page import Conditions, Page, PageRequest, joined

SORTS = {
    "opened_at": "f.opened_at",
    "resolved_at": "f.resolved_at",
    "error_code": "f.error_code",
    "charge_point_id": "c.charge_point_id",
}
COLUMNS = """
SELECT f.id, f.charger_id, c.charge_point_id, c.name AS charger_name, s.name AS station_name,
  c.vendor, c.model, f.connector_id, f.status, f.error_code, f.vendor_id, f.vendor_error_code,
  f.info, f.opened_at, f.received_at, f.resolved_at, f.resolution, f.is_history
"""
FROM = """
FROM fault f JOIN charger c ON c.id = f.charger_id JOIN station s ON s.id = c.station_id
"""


class FaultView(msgspec.Struct, frozen=True):
    """A fault as its connector reported it (OCPP 1.6 §4.9); connector 0 is the charger itself.

    It resolves itself: with the next report without an error, whose status `resolution` names, or
    when another error takes its place. `is_history`: told only when it was over, from a queue.
    """

    id: int
    charger_id: int
    charge_point_id: str
    charger_name: str
    station_name: str
    vendor: str | None
    model: str | None
    connector_id: int
    status: str
    error_code: str
    vendor_id: str | None
    vendor_error_code: str | None
    info: str | None
    opened_at: Moment
    received_at: Moment
    resolved_at: Moment | None
    resolution: str | None
    is_history: bool


@dataclass(frozen=True, slots=True)
class FaultFilter:
    """Which faults; None: all."""

    charger_id: int | None = None
    charge_point_id: str | None = None
    error_code: str | None = None
    is_open: bool | None = None
    is_history: bool | None = None
    since: datetime | None = None
    until: datetime | None = None


async def list_faults(
    database: ReadDatabase,
    organization_id: OrganizationId,
    request: PageRequest,
    wanted: FaultFilter,
) -> Page[FaultView]:
    """Return a page of faults."""
    conditions = Conditions()
    conditions.add("f.organization_id = ?", organization_id)
    conditions.add_if("f.charger_id = ?", wanted.charger_id)
    conditions.add_if("c.charge_point_id = ?", wanted.charge_point_id)
    conditions.add_if("f.error_code = ?", wanted.error_code)
    conditions.add_if("(f.resolved_at IS NULL) = ?", wanted.is_open)
    conditions.add_if("f.is_history = ?", wanted.is_history)
    conditions.add_if("f.opened_at >= ?", wanted.since)
    conditions.add_if("f.opened_at < ?", wanted.until)
    conditions.add_search(
        request.search,
        "f.error_code",
        "f.vendor_error_code",
        "f.info",
        "c.charge_point_id",
        "c.name",
    )
    order = request.order_by(SORTS, default="-opened_at", key="f.id")
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
    return Page([FaultView(**dict(row)) for row in rows], total, request.page, request.limit)
