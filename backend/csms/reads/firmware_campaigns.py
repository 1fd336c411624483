"""Firmware campaigns: what is to be installed, and how far each charger is."""

from typing import Literal

import msgspec

from csms.domain.maintenance.campaign_service import CampaignNotFoundError
from csms.kernel.ids import OrganizationId
from csms.reads.database import ReadDatabase, Row
from csms.reads.moments import Moment
from csms.reads.page import Conditions, Page, PageRequest, joined

SORTS = {"id": "f.id", "name": "f.name", "status": "f.status", "created_at": "f.created_at"}
COLUMNS = """
SELECT f.id, f.name, f.kind, f.version, f.location, f.status, f.status_reason, f.wave, f.parallel_max,
  f.attempts_max, f.boot_timeout_s, f.failures_max, f.retrieve_at, f.created_at, f.ended_at,
  u.full_name AS created_by_name, n.*"""
FROM = """
FROM firmware_campaign f LEFT JOIN app_user u ON u.id = f.created_by
CROSS JOIN LATERAL (
  SELECT count(*) AS chargers, coalesce(max(m.wave), 1) AS waves,
    count(*) FILTER (WHERE m.status = 'WAITING') AS waiting,
    count(*) FILTER (WHERE m.status = 'ASKED') AS asked,
    count(*) FILTER (WHERE m.status = 'DONE') AS done,
    count(*) FILTER (WHERE m.status = 'FAILED') AS failed,
    count(*) FILTER (WHERE m.status = 'CANCELLED') AS cancelled
  FROM campaign_charger m WHERE m.campaign_id = f.id
) AS n"""
COUNT = "FROM firmware_campaign f"
MEMBERS = """
SELECT m.charger_id, c.charge_point_id, c.name, m.wave, m.status, m.attempts, m.reason,
  m.version_before, m.version_after, m.asked_at, m.not_before, m.ended_at, m.operation_id,
  j.id AS maintenance_job_id, j.charger_status, c.firmware_version,
  e.charger_id IS NOT NULL AND e.disconnected_at IS NULL AS is_connected
FROM campaign_charger m JOIN charger c ON c.id = m.charger_id
LEFT JOIN charger_epoch e ON e.charger_id = m.charger_id
LEFT JOIN maintenance_job j ON j.operation_id = m.operation_id
WHERE m.campaign_id = $1
ORDER BY (m.status = 'FAILED') DESC, (m.status = 'ASKED') DESC, m.wave, m.id LIMIT $2
"""
MEMBERS_SHOWN = 1_000


class CampaignView(msgspec.Struct, frozen=True):
    """A campaign with its counts. DONE: no charger has anything left to do; some may have failed."""

    id: int
    name: str
    kind: Literal["FIRMWARE", "SIGNED_FIRMWARE"]
    version: str
    location: str
    status: Literal["RUNNING", "PAUSED", "CANCELLED", "DONE"]
    status_reason: str | None
    wave: int
    waves: int
    parallel_max: int
    attempts_max: int
    boot_timeout_s: int
    failures_max: int | None
    retrieve_at: Moment | None
    created_at: Moment
    ended_at: Moment | None
    created_by_name: str | None
    chargers: int
    waiting: int
    asked: int
    done: int
    failed: int
    cancelled: int


class CampaignChargerView(msgspec.Struct, frozen=True):
    """One charger of a campaign. DONE: it has booted with the campaign's version, or had it."""

    charger_id: int
    charge_point_id: str
    name: str
    wave: int
    status: Literal["WAITING", "ASKED", "DONE", "FAILED", "CANCELLED"]
    attempts: int
    reason: str | None
    version_before: str | None
    version_after: str | None
    asked_at: Moment | None
    not_before: Moment | None
    ended_at: Moment | None
    operation_id: int | None
    maintenance_job_id: int | None
    charger_status: str | None
    firmware_version: str | None
    is_connected: bool


class CampaignDetail(CampaignView, frozen=True, kw_only=True):
    """A campaign with its chargers, those that failed first; at most a thousand are listed."""

    members: list[CampaignChargerView]


async def list_campaigns(
    database: ReadDatabase,
    organization_id: OrganizationId,
    request: PageRequest,
    status: str | None,
) -> Page[CampaignView]:
    """Return a page of campaigns, the newest first."""
    conditions = Conditions()
    conditions.add("f.organization_id = ?", organization_id)
    conditions.add_if("f.status = ?", status)
    conditions.add_search(request.search, "f.name", "f.version", "f.location")
    order = request.order_by(SORTS, default="-id", key="f.id")
    async with database.reads(organization_id) as connection:
        total = await connection.fetchval(
            joined("SELECT count(*)", COUNT, conditions.where), *conditions.values
        )
        limits = (
            f"LIMIT {conditions.place(request.limit)} OFFSET {conditions.place(request.offset)}"
        )
        rows = await connection.fetch(
            joined(COLUMNS, FROM, conditions.where, order, limits), *conditions.values
        )
    return Page([_view(row) for row in rows], total, request.page, request.limit)


async def get_campaign(
    database: ReadDatabase, organization_id: OrganizationId, campaign_id: int
) -> CampaignDetail:
    """Return one campaign with its chargers. Raises CampaignNotFoundError."""
    async with database.reads(organization_id) as connection:
        row = await connection.fetchrow(
            joined(COLUMNS, FROM, "WHERE f.organization_id = $1 AND f.id = $2"),
            organization_id,
            campaign_id,
        )
        if row is None:
            raise CampaignNotFoundError(f"no firmware campaign {campaign_id}", id=campaign_id)
        members = await connection.fetch(MEMBERS, campaign_id, MEMBERS_SHOWN)
    return CampaignDetail(
        **dict(row), members=[CampaignChargerView(**dict(one)) for one in members]
    )


def _view(row: Row) -> CampaignView:
    return CampaignView(**dict(row))
