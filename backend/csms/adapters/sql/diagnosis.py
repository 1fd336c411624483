"""What the database knows about itself and about one charger, for `csms doctor`."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from csms.adapters.sql.availability import answering
from csms.adapters.sql.engine import Database
from csms.kernel.ids import OrganizationId

HANDSHAKES: Final = 8
MESSAGES_READ: Final = 5000
MOMENTS_READ: Final = 50
STUCK_AFTER_S: Final = 300
"""Every operation is settled by its answer or its time-out well before."""

_DATABASE = """
SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int
       AS version_number, current_user AS acting_as, session_user AS signed_in_as, now() AS now,
       (SELECT rolsuper FROM pg_roles WHERE rolname = session_user) AS is_superuser,
       (SELECT count(*) FROM pg_roles WHERE rolname = 'csms_app') = 1 AS has_app_role,
       pg_database_size(current_database()) AS size_bytes,
       current_setting('max_connections')::int AS connections_max,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections
"""
_WORK = """
SELECT (SELECT count(*) FROM job WHERE state = 'DEAD') AS dead_jobs,
       (SELECT count(*) FROM job WHERE state = 'READY' AND run_at < now() - interval '5 minutes')
         AS late_jobs,
       (SELECT count(*) FROM transaction WHERE status = 'ENDED' AND billing_status = 'FAILED')
         AS failed_bills,
       (SELECT count(*) FROM desk_case WHERE resolved_at IS NULL) AS desk_cases,
       (SELECT count(*) FROM quarantine WHERE resolved_at IS NULL) AS quarantined,
       (SELECT count(*) FROM charger_epoch WHERE disconnected_at IS NULL) AS links
"""
_CHARGER = """
SELECT c.id, c.name, s.name AS station, c.registration, c.is_disabled, c.is_strict, c.leniency,
       c.security_profile, c.assumes_subprotocol, c.vendor, c.model, c.firmware_version,
       c.heartbeat_interval_s, c.booted_at, c.last_seen_at, c.archived_at,
       (SELECT count(*) FROM charger_credential k
         WHERE k.charger_id = c.id AND k.retired_at IS NULL) AS active_keys,
       e.connected_at, e.disconnected_at, e.node, e.protocol
  FROM charger c JOIN station s ON s.id = c.station_id
  LEFT JOIN charger_epoch e ON e.charger_id = c.id
 WHERE c.organization_id = $1 AND c.charge_point_id = $2
"""
_LIKE_IT = """
SELECT charge_point_id FROM charger
 WHERE organization_id = $1 AND lower(charge_point_id) = lower($2) LIMIT 1
"""
_HANDSHAKES = """
SELECT at, outcome, http_status, reason, remote_address FROM handshake_attempt
 WHERE charge_point_id = $1 ORDER BY at DESC, id DESC LIMIT $2
"""
_LAST_CLOSE = """
SELECT disconnected_at, close_code, close_reason FROM connection
 WHERE charger_id = $1 AND disconnected_at IS NOT NULL ORDER BY disconnected_at DESC LIMIT 1
"""
_MOMENTS = """
SELECT extract(epoch FROM said - received_at)::float8 AS ahead_s FROM (
  (SELECT reported_at AS said, received_at FROM connector_status_event
    WHERE charger_id = $1 AND received_at > now() - interval '24 hours' AND clock_note IS NULL
    ORDER BY received_at DESC LIMIT $2)
  UNION ALL
  (SELECT sampled_at, received_at FROM meter_value
    WHERE charger_id = $1 AND received_at > now() - interval '24 hours' AND note IS NULL
    ORDER BY received_at DESC LIMIT $2)
) AS moments
"""
_ODD_CLOCKS = """
SELECT count(*) FROM connector_status_event
 WHERE charger_id = $1 AND received_at > now() - interval '24 hours' AND clock_note IS NOT NULL
"""
_MESSAGES = """
SELECT outcome, repairs FROM message
 WHERE charger_id = $1 AND received_at > now() - interval '24 hours'
 ORDER BY received_at DESC, id DESC LIMIT $2
"""
_SESSIONS = """
SELECT id, connector_id, status, status_reason, started_at, reconcile_by FROM transaction
 WHERE charger_id = $1 AND status <> 'ENDED' ORDER BY started_at, id
"""
_STUCK = """
SELECT id, action, status, requested_at FROM operation
 WHERE charger_id = $1 AND settled_at IS NULL
   AND requested_at < now() - $2 * interval '1 second'
 ORDER BY requested_at LIMIT 20
"""
_TIMED_OUT = """
SELECT count(*) FROM operation
 WHERE charger_id = $1 AND status = 'TIMED_OUT' AND requested_at > now() - interval '24 hours'
"""
_CASES = "SELECT count(*) FROM desk_case WHERE charger_id = $1 AND resolved_at IS NULL"


@dataclass(frozen=True, slots=True)
class MessageCounts:
    """The last day's messages, the newest 5000 at most: how they ended, what was repaired."""

    read: int
    by_outcome: Mapping[str, int]
    by_rule: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ChargerFacts:
    """What is on record about a charger; rows have the names of their columns."""

    charger: asyncpg.Record
    last_close: asyncpg.Record | None
    messages: MessageCounts
    ahead_s: tuple[float, ...]
    odd_clocks: int
    sessions: list[asyncpg.Record]
    stuck: list[asyncpg.Record]
    timed_out: int
    desk_cases: int


class Diagnosis:
    """Reads for the doctor; nothing is changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_database(self) -> asyncpg.Record:
        """Return version, roles, time, size and connections."""
        with answering():
            return await self._database.pool.fetchrow(_DATABASE)

    async def of_work(self) -> Mapping[str, Any]:
        """Return how much waits: jobs, bills, cases."""
        with answering():
            return dict(await self._database.pool.fetchrow(_WORK))

    async def handshakes(self, charge_point_id: str) -> list[asyncpg.Record]:
        """Return the last attempts under that id, registered or not, the newest first."""
        with answering():
            rows: list[asyncpg.Record] = await self._database.pool.fetch(
                _HANDSHAKES, charge_point_id, HANDSHAKES
            )
        return rows

    async def spelled_otherwise(
        self, organization_id: OrganizationId, charge_point_id: str
    ) -> str | None:
        """Return the registered id that differs in upper and lower case alone."""
        with answering():
            found = await self._database.pool.fetchval(_LIKE_IT, organization_id, charge_point_id)
        return None if found is None else str(found)

    async def of_charger(
        self, organization_id: OrganizationId, charge_point_id: str
    ) -> ChargerFacts | None:
        """Return what is on record, or None when no such charger is registered."""
        with answering():
            async with self._database.reads(organization_id) as connection:
                charger = await connection.fetchrow(_CHARGER, organization_id, charge_point_id)
                return None if charger is None else await _facts(connection, charger)


async def _facts(connection: asyncpg.Connection, charger: asyncpg.Record) -> ChargerFacts:
    charger_id = charger["id"]
    messages = await connection.fetch(_MESSAGES, charger_id, MESSAGES_READ)
    moments = await connection.fetch(_MOMENTS, charger_id, MOMENTS_READ)
    return ChargerFacts(
        charger=charger,
        last_close=await connection.fetchrow(_LAST_CLOSE, charger_id),
        messages=_counted(messages),
        ahead_s=tuple(row["ahead_s"] for row in moments),
        odd_clocks=await connection.fetchval(_ODD_CLOCKS, charger_id),
        sessions=await connection.fetch(_SESSIONS, charger_id),
        stuck=await connection.fetch(_STUCK, charger_id, STUCK_AFTER_S),
        timed_out=await connection.fetchval(_TIMED_OUT, charger_id),
        desk_cases=await connection.fetchval(_CASES, charger_id),
    )


def _counted(rows: list[asyncpg.Record]) -> MessageCounts:
    outcomes = Counter(row["outcome"] for row in rows)
    rules: Counter[str] = Counter()
    for row in rows:
        if row["repairs"] is not None:
            rules.update({one["rule"] for one in json.loads(row["repairs"])})
    return MessageCounts(len(rows), dict(outcomes.most_common()), dict(rules.most_common()))
