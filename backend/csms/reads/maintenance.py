"""Firmware updates, diagnostics and logs, with what chargers reported of them."""

from dataclasses import dataclass
from typing import Literal

import msgspec

from csms.kernel.errors import NotFoundError
from csms.kernel.ids import OrganizationId
from csms.reads.database import ReadDatabase
from csms.reads.moments import Moment
from csms.reads.page import Conditions, Page, PageRequest, joined

SORTS = {"id": "j.id", "asked_at": "j.asked_at", "status": "j.status", "kind": "j.kind"}
COLUMNS = """
SELECT j.id, j.charger_id, c.charge_point_id, j.kind, j.status, j.charger_status, j.location,
       j.file_name, j.request_id, j.version_before, j.version_after, j.operation_id, j.asked_at,
       j.status_at, j.ended_at, j.confirmed_at"""
FROM = "FROM maintenance_job j JOIN charger c ON c.id = j.charger_id"
EVENTS = """
SELECT status, request_id, received_at FROM maintenance_event WHERE job_id = $1 ORDER BY id
"""


class MaintenanceJobNotFoundError(NotFoundError):
    """No such job in this organization."""


class MaintenanceJobView(msgspec.Struct, frozen=True):
    """One firmware update or upload. `charger_status` is the charger's own last word.

    `confirmed_at`: the charger has booted with another version than it had; the proof of an update.
    """

    id: int
    charger_id: int
    charge_point_id: str
    kind: Literal["FIRMWARE", "SIGNED_FIRMWARE", "DIAGNOSTICS", "LOG"]
    status: Literal["ASKED", "RUNNING", "DONE", "FAILED", "REFUSED", "REPLACED"]
    charger_status: str | None
    location: str
    file_name: str | None
    request_id: int | None
    version_before: str | None
    version_after: str | None
    operation_id: int
    asked_at: Moment
    status_at: Moment
    ended_at: Moment | None
    confirmed_at: Moment | None


class MaintenanceEventView(msgspec.Struct, frozen=True):
    """One status that the charger reported, in its own word."""

    status: str
    request_id: int | None
    received_at: Moment


class MaintenanceJobDetail(MaintenanceJobView, frozen=True, kw_only=True):
    """A job with everything that was reported of it, the oldest first."""

    events: list[MaintenanceEventView]


@dataclass(frozen=True, slots=True)
class MaintenanceFilter:
    """Which jobs are wanted."""

    charge_point_id: str | None = None
    charger_id: int | None = None
    kind: str | None = None
    status: str | None = None


async def list_maintenance_jobs(
    database: ReadDatabase,
    organization_id: OrganizationId,
    request: PageRequest,
    wanted: MaintenanceFilter,
) -> Page[MaintenanceJobView]:
    """Return a page of jobs, the newest first."""
    conditions = Conditions()
    conditions.add("j.organization_id = ?", organization_id)
    conditions.add_if("c.charge_point_id = ?", wanted.charge_point_id)
    conditions.add_if("j.charger_id = ?", wanted.charger_id)
    conditions.add_if("j.kind = ?", wanted.kind)
    conditions.add_if("j.status = ?", wanted.status)
    conditions.add_search(request.search, "c.charge_point_id", "j.location", "j.file_name")
    order = request.order_by(SORTS, default="-id", key="j.id")
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
    data = [MaintenanceJobView(**dict(row)) for row in rows]
    return Page(data, total, request.page, request.limit)


async def get_maintenance_job(
    database: ReadDatabase, organization_id: OrganizationId, job_id: int
) -> MaintenanceJobDetail:
    """Return one job with its history. Raises MaintenanceJobNotFoundError."""
    async with database.reads(organization_id) as connection:
        row = await connection.fetchrow(
            joined(COLUMNS, FROM, "WHERE j.organization_id = $1 AND j.id = $2"),
            organization_id,
            job_id,
        )
        if row is None:
            raise MaintenanceJobNotFoundError(f"no maintenance job {job_id}", job_id=job_id)
        events = await connection.fetch(EVENTS, job_id)
    return MaintenanceJobDetail(
        **dict(row), events=[MaintenanceEventView(**dict(event)) for event in events]
    )
