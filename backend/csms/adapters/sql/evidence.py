"""What the clock alone can tell: sessions that stall or are ghosts, remote starts that came to nothing.

Each becomes a case at the desk, once, with its evidence; a case whose reason is gone closes itself.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from csms.adapters.sql.availability import answering
from csms.adapters.sql.engine import Database

STALLED: Final = "stalled_session"
GHOST: Final = "ghost_session"
LOST_REMOTE_START: Final = "remote_start_without_session"


@dataclass(frozen=True, slots=True)
class EvidenceLimits:
    """When something is worth a person's look.

    `stalled_after`: a connected charger reports Charging and no energy has come for this long.
    `ghost_after`: a session is open on a connector that has reported Available for this long, or
    at a charger that has been archived for this long. `looked_back`: how old a remote start may be
    to become a new case. `batch`: how many cases one run opens of each kind.
    """

    stalled_after: timedelta = timedelta(minutes=30)
    ghost_after: timedelta = timedelta(minutes=15)
    looked_back: timedelta = timedelta(days=2)
    batch: int = 500


# Grown: the newest register is above every one from before the window. Readings without a register
# tell nothing of energy, so a session is then judged by their coming at all.
_STALLED_NOW = """
SELECT t.id, t.organization_id, t.charger_id, t.connector_id, t.started_at, t.meter_start_wh,
       k.status_at, last.received_at AS last_reading_at, last.register_wh AS last_register_wh,
       coalesce(grown.at, t.received_at) AS last_energy_at
  FROM transaction t
  JOIN connector k ON k.charger_id = t.charger_id AND k.connector_id = t.connector_id
  JOIN charger_epoch e ON e.charger_id = t.charger_id AND e.disconnected_at IS NULL
  LEFT JOIN LATERAL (SELECT m.received_at, m.register_wh FROM meter_value m
     WHERE m.transaction_id = t.id ORDER BY m.sampled_at DESC LIMIT 1) last ON true
  LEFT JOIN LATERAL (
     SELECT CASE WHEN bool_or(r.register_wh IS NOT NULL) THEN min(r.received_at)
       FILTER (WHERE r.register_wh = r.highest) ELSE max(r.received_at) END AS at
       FROM (SELECT m.received_at, m.register_wh,
                    max(m.register_wh) OVER () AS highest FROM meter_value m
              WHERE m.transaction_id = t.id ORDER BY m.sampled_at DESC LIMIT 2000) r) grown ON true
 WHERE t.status = 'ACTIVE' AND k.status = 'Charging' AND t.received_at < now() - $1::interval
   AND e.connected_at < now() - $1::interval
   AND coalesce(k.status_received_at, k.status_at) < now() - $1::interval
   AND coalesce(grown.at, t.received_at) < now() - $1::interval
"""
_GHOSTS_NOW = """
SELECT t.id, t.organization_id, t.charger_id, t.connector_id, t.started_at, t.status,
       k.status AS connector_status, k.status_at, c.archived_at, t.reconcile_by
  FROM transaction t JOIN charger c ON c.id = t.charger_id
  LEFT JOIN connector k ON k.charger_id = t.charger_id AND k.connector_id = t.connector_id
 WHERE t.status <> 'ENDED'
   AND ((k.status = 'Available' AND k.status_received_at < now() - $1::interval
         AND k.status_at >= t.started_at)
        OR c.archived_at < now() - $1::interval)
"""
_OPEN_STALLED = f"""
WITH found AS ({_STALLED_NOW} ORDER BY t.id LIMIT $3)
INSERT INTO desk_case (organization_id, kind, case_key, charger_id, transaction_id, summary,
                       evidence, opened_at)
SELECT organization_id, $2, $2 || ':' || id || ':' || extract(epoch FROM last_energy_at)::bigint,
       charger_id, id,
       'session ' || id || ' takes no energy although connector ' || connector_id
         || ' reports Charging',
       json_build_object('started_at', started_at, 'last_energy_at', last_energy_at,
         'last_reading_at', last_reading_at, 'last_register_wh', last_register_wh,
         'meter_start_wh', meter_start_wh, 'connector_id', connector_id,
         'charging_since', status_at)::text,
       now()
  FROM found
ON CONFLICT (organization_id, case_key) DO NOTHING
"""  # noqa: S608 - joined from constants
_CLOSE_STALLED = f"""
UPDATE desk_case d SET resolved_at = now(),
       resolution = 'the session goes on, or has ended: nothing is left to decide'
 WHERE d.kind = $2 AND d.resolved_at IS NULL
   AND NOT EXISTS (SELECT 1 FROM ({_STALLED_NOW}) s WHERE s.id = d.transaction_id)
"""  # noqa: S608 - joined from constants
_OPEN_GHOSTS = f"""
WITH found AS ({_GHOSTS_NOW} ORDER BY t.id LIMIT $3)
INSERT INTO desk_case (organization_id, kind, case_key, charger_id, transaction_id, summary,
                       evidence, opened_at)
SELECT organization_id, $2, $2 || ':' || id, charger_id, id,
       CASE WHEN archived_at IS NOT NULL
            THEN 'session ' || id || ' is open at an archived charger'
            ELSE 'session ' || id || ' is open although connector ' || connector_id
                 || ' reports Available' END,
       json_build_object('started_at', started_at, 'status', status, 'connector_id', connector_id,
         'connector_status', connector_status, 'connector_status_at', status_at,
         'charger_archived_at', archived_at, 'reconcile_by', reconcile_by)::text,
       now()
  FROM found
ON CONFLICT (organization_id, case_key) DO NOTHING
"""  # noqa: S608 - joined from constants
_CLOSE_GHOSTS = f"""
UPDATE desk_case d SET resolved_at = now(),
       resolution = 'the session has ended, or its connector is in use again'
 WHERE d.kind = $2 AND d.resolved_at IS NULL
   AND NOT EXISTS (SELECT 1 FROM ({_GHOSTS_NOW}) g WHERE g.id = d.transaction_id)
"""  # noqa: S608 - joined from constants
_OPEN_LOST = """
INSERT INTO desk_case (organization_id, kind, case_key, charger_id, summary, evidence, opened_at)
SELECT o.organization_id, $1, $1 || ':' || o.id, o.charger_id,
       o.charge_point_id || ' accepted a remote start, and no session came of it',
       json_build_object('operation_id', o.id, 'requested_at', o.requested_at,
         'requested_by', o.requested_by, 'request', o.request, 'response', o.response,
         'hold_amount', o.hold_amount, 'hold_currency', o.hold_currency)::text,
       now()
  FROM operation o
 WHERE o.action IN ('RemoteStartTransaction', 'RemoteStart') AND o.status = 'EXPIRED'
   AND o.transaction_id IS NULL AND o.requested_at > now() - $2::interval
   AND o.response LIKE '%"Accepted"%'
   AND NOT EXISTS (SELECT 1 FROM transaction t WHERE t.remote_start_operation_id = o.id)
 ORDER BY o.id DESC LIMIT $3
ON CONFLICT (organization_id, case_key) DO NOTHING
"""
_CLOSE_LOST = """
UPDATE desk_case d SET resolved_at = now(), resolution = 'its session came after all'
 WHERE d.kind = $1 AND d.resolved_at IS NULL
   AND EXISTS (SELECT 1 FROM transaction t
                WHERE 'remote_start_without_session:' || t.remote_start_operation_id = d.case_key
                  AND t.charger_id = d.charger_id)
"""


class SqlEvidence:
    """Opens and closes the cases that follow from time passing; safe to run on several nodes."""

    def __init__(self, database: Database, limits: EvidenceLimits | None = None) -> None:
        self._database = database
        self._limits = limits or EvidenceLimits()

    async def gather(self) -> int:
        """Open new cases and close those whose reason is gone; return how many changed."""
        limits = self._limits
        changed = 0
        with answering():
            async with self._database.pool.acquire() as connection:
                for statement, values in (
                    (_CLOSE_STALLED, (limits.stalled_after, STALLED)),
                    (_OPEN_STALLED, (limits.stalled_after, STALLED, limits.batch)),
                    (_CLOSE_GHOSTS, (limits.ghost_after, GHOST)),
                    (_OPEN_GHOSTS, (limits.ghost_after, GHOST, limits.batch)),
                    (_CLOSE_LOST, (LOST_REMOTE_START,)),
                    (_OPEN_LOST, (LOST_REMOTE_START, limits.looked_back, limits.batch)),
                ):
                    status = await connection.execute(statement, *values)
                    changed += int(status.rpartition(" ")[2])
        return changed
