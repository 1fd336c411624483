"""Charging profiles: those that operators keep, and those that a charger was told."""

from typing import Any, Literal

import msgspec

from csms.domain.smart_charging.profiles import ProfileNotFoundError, with_id
from csms.kernel.ids import OrganizationId
from csms.reads.database import ReadDatabase, Row
from csms.reads.moments import Moment
from csms.reads.page import Conditions, Page, PageRequest, joined
from csms.reads.transaction import parsed

SORTS = {"id": "p.id", "description": "p.description", "updated_at": "p.updated_at"}
COLUMNS = "SELECT p.*"
FROM = "FROM charging_profile p"
TOLD = """
SELECT connector_id, profile_id AS charging_profile_id, purpose, stack_level, transaction_id,
       charging_profile, status, operation_id, asked_at, answered_at, ended_at
  FROM charger_profile
 WHERE organization_id = $1 AND charger_id = $2
 ORDER BY (status = 'ACCEPTED') DESC, id DESC LIMIT $3
"""
TOLD_SHOWN = 100


class ChargingProfileView(msgspec.Struct, frozen=True):
    """A kept profile. `id` is its chargingProfileId; `charging_profile` is as on the wire."""

    id: int
    description: str
    charging_profile: dict[str, Any]
    is_default: bool
    created_at: Moment
    updated_at: Moment


class ToldProfileView(msgspec.Struct, frozen=True):
    """A profile as the charger was told it. ACCEPTED is in force as far as we know."""

    connector_id: int
    charging_profile_id: int
    purpose: str
    stack_level: int
    transaction_id: int | None
    charging_profile: Any
    status: Literal[
        "ASKED", "ACCEPTED", "REJECTED", "NOT_SUPPORTED", "REPLACED", "CLEARED", "ENDED"
    ]
    operation_id: int
    asked_at: Moment
    answered_at: Moment | None
    ended_at: Moment | None


async def list_charging_profiles(
    database: ReadDatabase, organization_id: OrganizationId, request: PageRequest
) -> Page[ChargingProfileView]:
    """Return a page of kept profiles."""
    conditions = Conditions()
    conditions.add("p.organization_id = ?", organization_id)
    conditions.add_search(request.search, "p.description", "p.id::text")
    order = request.order_by(SORTS, default="-id", key="p.id")
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
    return Page([_view(row) for row in rows], total, request.page, request.limit)


async def get_charging_profile(
    database: ReadDatabase, organization_id: OrganizationId, profile_id: int
) -> ChargingProfileView:
    """Return one kept profile. Raises ProfileNotFoundError."""
    async with database.reads(organization_id) as connection:
        row = await connection.fetchrow(
            joined(COLUMNS, FROM, "WHERE p.organization_id = $1 AND p.id = $2"),
            organization_id,
            profile_id,
        )
    if row is None:
        raise ProfileNotFoundError(f"no charging profile {profile_id}", profile_id=profile_id)
    return _view(row)


async def list_told_profiles(
    database: ReadDatabase, organization_id: OrganizationId, charger_id: int
) -> list[ToldProfileView]:
    """Return what one charger was told, what is in force first."""
    async with database.reads(organization_id) as connection:
        rows = await connection.fetch(TOLD, organization_id, charger_id, TOLD_SHOWN)
    return [
        ToldProfileView(**(dict(row) | {"charging_profile": parsed(row["charging_profile"])}))
        for row in rows
    ]


def _view(row: Row) -> ChargingProfileView:
    return ChargingProfileView(
        id=row["id"],
        description=row["description"],
        charging_profile=with_id(parsed(row["charging_profile"]), row["id"]),
        is_default=row["is_default"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
