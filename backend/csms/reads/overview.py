"""The figures of an operator's first screen, in three queries."""

from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from csms.domain.stations.presence import Presence
from csms.kernel.ids import OrganizationId
from csms.reads.amounts import MoneyView, money_view, optional_number
from csms.reads.database import ReadDatabase, Row
from csms.reads.moments import Moment
from csms.reads.stations import online_ids

WINDOW: Final = timedelta(hours=24)
DAYS_BACK: Final = (0, 1, 7)
"""Today, yesterday and the same weekday of last week."""

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
RUNNING = """
SELECT coalesce(sum(last.power_w), 0) AS power_w,
  coalesce(sum(greatest(last.register_wh - t.meter_start_wh, 0)), 0) AS energy_wh
FROM transaction t
LEFT JOIN LATERAL (
  SELECT m.register_wh, m.power_w FROM meter_value m
  WHERE m.transaction_id = t.id AND m.register_wh IS NOT NULL AND NOT m.is_suspect
  ORDER BY m.sampled_at DESC LIMIT 1) AS last ON true
WHERE t.organization_id = $1 AND t.status = 'ACTIVE'
"""
PERIODS = """
SELECT w.since, w.until, count(t.id) AS sessions, coalesce(sum(t.energy_wh), 0) AS energy_wh,
  coalesce(sum(t.cost_amount) FILTER (WHERE t.currency = $2), 0) AS revenue
FROM (VALUES (1, $3::timestamptz, $4::timestamptz), (2, $5, $6), (3, $7, $8))
  AS w(place, since, until)
LEFT JOIN transaction t
  ON t.organization_id = $1 AND t.stopped_at >= w.since AND t.stopped_at < w.until
GROUP BY w.since, w.until, w.place ORDER BY w.place
"""


class DeskFigures(msgspec.Struct, frozen=True):
    """What waits for a person."""

    cases: int
    quarantined_messages: int
    failed_bills: int
    dead_jobs: int


class PeriodFigures(msgspec.Struct, frozen=True):
    """What the sessions that ended from `since` until before `until` came to."""

    since: Moment
    until: Moment
    sessions: int
    energy_wh: float
    revenue: MoneyView


class Overview(msgspec.Struct, frozen=True):
    """The network at a glance; `energy_wh`, `revenue` and starts are of the last 24 hours.

    `power_w` and `running_energy_wh` are what the last readings of active sessions say. `today` is
    since midnight of the asked time zone; `yesterday` and `last_week` end at the same time of day.
    """

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
    power_w: float
    running_energy_wh: float
    today: PeriodFigures
    yesterday: PeriodFigures
    last_week: PeriodFigures
    desk: DeskFigures


async def get_overview(
    database: ReadDatabase,
    presence: Presence,
    organization_id: OrganizationId,
    now: datetime,
    zone: ZoneInfo,
) -> Overview:
    """Return the figures as of `now`; days begin at midnight in `zone`."""
    online = await online_ids(presence, organization_id)
    moments = [moment for days in DAYS_BACK for moment in same_time_of_day(now, zone, days)]
    async with database.reads(organization_id) as connection:
        (row,) = await connection.fetch(FIGURES, organization_id, now - WINDOW, online)
        (running,) = await connection.fetch(RUNNING, organization_id)
        periods = await connection.fetch(PERIODS, organization_id, row["currency"], *moments)
    today, yesterday, last_week = (_period(period, row["currency"]) for period in periods)
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
        power_w=optional_number(running["power_w"]) or 0,
        running_energy_wh=optional_number(running["energy_wh"]) or 0,
        today=today,
        yesterday=yesterday,
        last_week=last_week,
        desk=DeskFigures(
            cases=row["cases"],
            quarantined_messages=row["quarantined"],
            failed_bills=row["failed_bills"],
            dead_jobs=row["dead_jobs"],
        ),
    )


def same_time_of_day(now: datetime, zone: ZoneInfo, days_back: int) -> tuple[datetime, datetime]:
    """Return midnight and the time of day of `now`, `days_back` days ago on the clocks of `zone`."""
    here = now.astimezone(zone)
    day = here.date() - timedelta(days=days_back)
    until = datetime.combine(day, here.time(), zone)
    return datetime.combine(day, time(), zone).astimezone(UTC), until.astimezone(UTC)


def _period(row: Row, currency: str) -> PeriodFigures:
    return PeriodFigures(
        since=row["since"],
        until=row["until"],
        sessions=row["sessions"],
        energy_wh=optional_number(row["energy_wh"]) or 0,
        revenue=money_view(row["revenue"], currency),
    )
