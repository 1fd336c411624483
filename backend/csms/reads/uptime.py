"""How long a charger was connected: the last day, week and month, and when it was not."""

from datetime import datetime, timedelta
from typing import Final

import msgspec

from csms.domain.stations.errors import ChargerNotFoundError
from csms.kernel.ids import ChargerId, OrganizationId
from csms.reads.database import ReadDatabase
from csms.reads.moments import Moment

WINDOWS: Final = (timedelta(hours=24), timedelta(days=7), timedelta(days=30))
MAX_SPANS: Final = 2000
"""Of a link that breaks more often in a month, the newest ones are shown."""

KNOWN_SINCE = """
SELECT least(c.created_at, (SELECT min(connected_at) FROM connection WHERE charger_id = c.id))
  AS since
FROM charger c WHERE c.organization_id = $1 AND c.id = $2
"""
SPANS = """
SELECT lower(span) AS since, upper(span) AS until
FROM (SELECT unnest(range_agg(
        tstzrange(greatest(connected_at, $2), least(coalesce(disconnected_at, $3), $3)))) AS span
      FROM connection
      WHERE charger_id = $1 AND connected_at < $3 AND coalesce(disconnected_at, $3) > $2) AS spans
ORDER BY since DESC LIMIT $4
"""
BREAKS = """
SELECT disconnected_at FROM connection
WHERE charger_id = $1 AND disconnected_at >= $2 AND disconnected_at < $3
ORDER BY disconnected_at DESC LIMIT $4
"""


class UptimeSpan(msgspec.Struct, frozen=True):
    """A time in which the charger was connected without a gap."""

    since: Moment
    until: Moment


class UptimeWindow(msgspec.Struct, frozen=True):
    """One window up to now. `known_s` leaves out what lies before the charger was registered.

    `percent` is null while nothing is known. `breaks` counts connections that ended.
    """

    window_s: int
    known_s: int
    online_s: int
    percent: float | None
    breaks: int


class Uptime(msgspec.Struct, frozen=True):
    """Connected times of the last 30 days, the newest first, and what they add up to."""

    at: Moment
    known_since: Moment
    windows: list[UptimeWindow]
    spans: list[UptimeSpan]


async def get_uptime(
    database: ReadDatabase, organization_id: OrganizationId, charger_id: ChargerId, now: datetime
) -> Uptime:
    """Return the uptime as of `now`, from connections. Raises ChargerNotFoundError."""
    oldest = now - max(WINDOWS)
    async with database.reads(organization_id) as connection:
        known = await connection.fetchrow(KNOWN_SINCE, organization_id, charger_id)
        if known is None:
            raise ChargerNotFoundError(f"no charger {charger_id}", charger_id=charger_id)
        spans = await connection.fetch(SPANS, charger_id, oldest, now, MAX_SPANS)
        breaks = await connection.fetch(BREAKS, charger_id, oldest, now, MAX_SPANS)
    found = [UptimeSpan(row["since"], row["until"]) for row in spans]
    ends = [row["disconnected_at"] for row in breaks]
    windows = [_window(now, window, known["since"], found, ends) for window in WINDOWS]
    return Uptime(now, known["since"], windows, found)


def _window(  # when, how long, since when, online when, broken when
    now: datetime,
    window: timedelta,
    known_since: datetime,
    spans: list[UptimeSpan],
    breaks: list[datetime],
) -> UptimeWindow:
    since = max(now - window, known_since)
    known = max(now - since, timedelta())
    online = sum(
        (max(span.until - max(span.since, since), timedelta()) for span in spans), timedelta()
    )
    return UptimeWindow(
        window_s=int(window.total_seconds()),
        known_s=int(known.total_seconds()),
        online_s=int(online.total_seconds()),
        percent=round(100 * (online / known), 2) if known else None,
        breaks=sum(1 for end in breaks if end >= since),
    )
