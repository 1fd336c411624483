"""What composite schedules are computed from: accepted profiles, running sessions, outlets."""

from dataclasses import dataclass
from typing import Literal

import msgspec

from csms.domain.smart_charging.composite import CompositeSchedule, Outlets
from csms.domain.smart_charging.installed import (
    InstalledProfile,
    ProfileUnreadableError,
    read_profile,
)
from csms.domain.smart_charging.prevailing import RunningSession
from csms.kernel.ids import ConnectorNumber, OrganizationId, TransactionId
from csms.reads.database import ReadDatabase
from csms.reads.moments import Moment
from csms.reads.transaction import parsed

PROFILES_READ = 200
"""More than any charger says that it can hold; the latest count."""
PROFILES = """
SELECT connector_id, transaction_id, charging_profile FROM charger_profile
 WHERE organization_id = $1 AND charger_id = $2 AND status = 'ACCEPTED'
   AND (purpose <> 'TxProfile' OR transaction_id IS NOT NULL)
 ORDER BY id DESC LIMIT $3
"""
SESSIONS = """
SELECT connector_id, id, started_at FROM transaction
 WHERE organization_id = $1 AND charger_id = $2 AND status IN ('ACTIVE', 'PENDING_RECONCILIATION')
 ORDER BY status = 'ACTIVE', id
"""
POWERS = """
SELECT connector_id, (max_power_kw * 1000)::integer AS power_max_w FROM connector
 WHERE organization_id = $1 AND charger_id = $2 AND connector_id > 0
"""


class CompositePeriodView(msgspec.Struct, frozen=True):
    """A step of the schedule. `limit` null: nothing limits it. `charging_profile_ids` rule in it."""

    start_period_s: int
    limit: float | None
    number_phases: int | None
    minimum_rate: float | None
    charging_profile_ids: list[int]


class CompositeScheduleView(msgspec.Struct, frozen=True):
    """What the profiles that a charger accepted allow, computed by us (OCPP 1.6 §3.13).

    `duration_s` is how far it was computed. `unreadable` names profiles that could not be counted.
    """

    connector_id: int
    starts_at: Moment
    duration_s: int
    rate_unit: Literal["A", "W"]
    periods: list[CompositePeriodView]
    profiles_counted: int
    unreadable: list[str]


@dataclass(frozen=True, slots=True)
class Basis:
    """What a charger's composite schedule is computed from."""

    profiles: tuple[InstalledProfile, ...]
    outlets: Outlets
    unreadable: tuple[str, ...] = ()


async def composite_basis(
    database: ReadDatabase, organization_id: OrganizationId, charger_id: int
) -> Basis:
    """Return the accepted profiles, the running sessions and what the outlets can give."""
    async with database.reads(organization_id) as connection:
        told = await connection.fetch(PROFILES, organization_id, charger_id, PROFILES_READ)
        running = await connection.fetch(SESSIONS, organization_id, charger_id)
        powers = await connection.fetch(POWERS, organization_id, charger_id)
    profiles, unreadable = [], []
    for row in told:
        number = row["transaction_id"]
        try:
            profiles.append(
                read_profile(
                    parsed(row["charging_profile"]),
                    ConnectorNumber(row["connector_id"]),
                    None if number is None else TransactionId(number),
                )
            )
        except ProfileUnreadableError as error:
            unreadable.append(error.detail)
    return Basis(
        tuple(profiles),
        Outlets(
            {
                ConnectorNumber(row["connector_id"]): RunningSession(
                    TransactionId(row["id"]), row["started_at"]
                )
                for row in running
            },
            {ConnectorNumber(row["connector_id"]): row["power_max_w"] for row in powers},
        ),
        tuple(unreadable),
    )


def composite_view(schedule: CompositeSchedule, basis: Basis) -> CompositeScheduleView:
    """Return the schedule as the API shows it."""
    return CompositeScheduleView(
        connector_id=schedule.connector,
        starts_at=schedule.starts_at,
        duration_s=schedule.duration_s,
        rate_unit=schedule.unit,
        periods=[
            CompositePeriodView(
                step.start_s,
                None if step.limit is None else float(step.limit),
                step.phases,
                None if step.minimum_rate is None else float(step.minimum_rate),
                list(step.profile_ids),
            )
            for step in schedule.steps
        ],
        profiles_counted=len(basis.profiles),
        unreadable=list(basis.unreadable),
    )
