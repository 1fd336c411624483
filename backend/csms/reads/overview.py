"""The figures of an operator's first screen, in one query."""

from datetime import datetime, timedelta
from typing import Final

import msgspec

from csms.domain.stations.presence import Presence
from csms.kernel.ids import OrganizationId
from csms.reads.amounts import MoneyView, money_view, optional_number
from csms.reads.database import ReadDatabase
from csms.reads.moments import Moment
from csms.reads.stations import online_ids

WINDOW: Final = timedelta(hours=24)

FIGURES = """
SELECT o.currency,
  (SELECT count(*) FROM station WHERE organization_id = $1 AND archived_at IS NULL) AS stations,
  (SELECT count(*) FROM charger WHERE organization_id = $1 AND archived_at IS NULL) AS chargers,
  (SELECT count(*) FROM charger WHERE organization_id = $1 AND archived_at IS NULL
    AND id = ANY($3)) AS connected,
  (SELECT json_object_agg(status, n) FROM (
    SELECT k.status, count(*) AS n FROM connector k JOIN charger c ON c.id = k.charger_id
    WHERE c.organization_id = $1 AND c.archived_at IS NULL AND c.id = ANY($3)
      AND k.connector_id > 0 AND k.status IS NOT NULL GROUP BY k.status) AS s) AS statuses,
  (SELECT count(*) FROM transaction WHERE organization_id = $1 AND status = 'ACTIVE') AS active,
  (SELECT count(*) FROM transaction WHERE organization_id = $1
    AND status = 'PENDING_RECONCILIATION') AS pending,
  (SELECT count(*) FROM transaction WHERE organization_id = $1 AND started_at >= $2) AS started,
  (SELECT coalesce(sum(energy_wh), 0) FROM transaction
    WHERE organization_id = $1 AND stopped_at >= $2) AS energy_wh,
  (SELECT coalesce(sum(cost_amount), 0) FROM transaction
    WHERE organization_id = $1 AND stopped_at >= $2 AND currency = o.currency) AS revenue,
  (SELECT count(*) FROM transaction WHERE organization_id = $1
    AND billing_status = 'FAILED') AS failed_bills,
  (SELECT count(*) FROM desk_case WHERE organization_id = $1 AND resolved_at IS NULL) AS cases,
  (SELECT count(*) FROM quarantine WHERE organization_id = $1 AND resolved_at IS NULL)
    AS quarantined,
  (SELECT count(*) FROM job WHERE organization_id = $1 AND state = 'DEAD') AS dead_jobs
FROM organization o WHERE o.id = $1
"""


class DeskFigures(msgspec.Struct, frozen=True):
    """What waits for a person."""

    cases: int
    quarantined_messages: int
    failed_bills: int
    dead_jobs: int


class Overview(msgspec.Struct, frozen=True):
    """The network at a glance; energy, revenue and starts are of the last 24 hours."""

    at: Moment
    stations: int
    chargers: int
    chargers_connected: int
    connector_statuses: dict[str, int]
    transactions_active: int
    transactions_pending: int
    transactions_started: int
    energy_wh: float
    revenue: MoneyView
    desk: DeskFigures


async def get_overview(
    database: ReadDatabase, presence: Presence, organization_id: OrganizationId, now: datetime
) -> Overview:
    """Return the figures as of `now`."""
    online = await online_ids(presence, organization_id)
    async with database.reads(organization_id) as connection:
        (row,) = await connection.fetch(FIGURES, organization_id, now - WINDOW, online)
    return Overview(
        at=now,
        stations=row["stations"],
        chargers=row["chargers"],
        chargers_connected=row["connected"],
        connector_statuses=msgspec.json.decode(row["statuses"] or "{}", type=dict[str, int]),
        transactions_active=row["active"],
        transactions_pending=row["pending"],
        transactions_started=row["started"],
        energy_wh=optional_number(row["energy_wh"]) or 0,
        revenue=money_view(row["revenue"], row["currency"]),
        desk=DeskFigures(
            cases=row["cases"],
            quarantined_messages=row["quarantined"],
            failed_bills=row["failed_bills"],
            dead_jobs=row["dead_jobs"],
        ),
    )
