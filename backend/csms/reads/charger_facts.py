"""What is on record about one charger, for its doctor. Nothing is changed, nothing is sent."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from csms.kernel.ids import ChargerId, OrganizationId
from csms.reads.database import ReadConnection, ReadDatabase, Row

HANDSHAKES: Final = 8
MESSAGES_READ: Final = 5000
MOMENTS_READ: Final = 50
STUCK_AFTER_S: Final = 300
"""Every operation is settled by its answer or its time-out well before."""

_CHARGER = """
SELECT c.id, c.charge_point_id, c.name, s.name AS station, c.registration, c.is_disabled,
       c.is_strict, c.leniency, c.security_profile, c.assumes_subprotocol, c.vendor, c.model,
       c.firmware_version, c.heartbeat_interval_s, c.booted_at, c.last_seen_at, c.archived_at,
       (SELECT count(*) FROM charger_credential k
         WHERE k.charger_id = c.id AND k.retired_at IS NULL) AS active_keys,
       e.connected_at, e.disconnected_at, e.node, e.protocol,
       (SELECT count(*) FROM connection n WHERE n.charger_id = c.id
         AND n.connected_at > now() - interval '24 hours') AS connections,
       (SELECT count(*) FROM message m WHERE m.charger_id = c.id AND m.direction = 'IN'
         AND m.action = 'BootNotification'
         AND m.received_at > now() - interval '24 hours') AS boots
  FROM charger c JOIN station s ON s.id = c.station_id
  LEFT JOIN charger_epoch e ON e.charger_id = c.id
"""
_BY_NAME = _CHARGER + " WHERE c.organization_id = $1 AND c.charge_point_id = $2"
_BY_ID = _CHARGER + " WHERE c.organization_id = $1 AND c.id = $2"
_LIKE_IT = """
SELECT charge_point_id FROM charger
 WHERE organization_id = $1 AND lower(charge_point_id) = lower($2) LIMIT 1
"""
_HANDSHAKES = """
SELECT at, outcome, http_status, reason, remote_address, subprotocols FROM handshake_attempt
 WHERE charge_point_id = $1 ORDER BY at DESC, id DESC LIMIT $2
"""
_NEARLY = """
SELECT charge_point_id, max(at) AS at, count(*) AS attempts FROM handshake_attempt
 WHERE charger_id IS NULL AND at > now() - interval '24 hours' AND outcome = 'unknown_charger'
   AND charge_point_id <> $1 AND lower(btrim(charge_point_id)) = lower($1)
 GROUP BY charge_point_id ORDER BY 2 DESC LIMIT 3
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
_ERRORS = """
SELECT received_at, direction, action, answer FROM message
 WHERE charger_id = $1 AND received_at > now() - interval '24 hours' AND outcome = 'error'
 ORDER BY received_at DESC, id DESC LIMIT 3
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
_CONNECTORS = """
SELECT connector_id, status, error_code, info, vendor_id, vendor_error_code, status_at
  FROM connector WHERE charger_id = $1 ORDER BY connector_id
"""
_CONFIGURATION = """
SELECT key, value, is_readonly, pending_value, learned_at FROM configuration_key
 WHERE charger_id = $1 ORDER BY key
"""
_ASKED_FOR_ALL = """
SELECT EXISTS (SELECT 1 FROM operation WHERE charger_id = $1 AND action = 'GetConfiguration'
  AND status = 'ANSWERED' AND request NOT LIKE '%"keys"%')
"""


@dataclass(frozen=True, slots=True)
class MessageCounts:
    """The last day's messages, the newest 5000 at most: how they ended, what was repaired."""

    read: int
    by_outcome: Mapping[str, int]
    by_rule: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ChargerFacts:
    """What is on record about a charger; rows have the names of their columns."""

    charger: Row
    handshakes: list[Row]
    nearly: list[Row]
    last_close: Row | None
    messages: MessageCounts
    errors: list[Row]
    ahead_s: tuple[float, ...]
    odd_clocks: int
    connectors: list[Row]
    configuration: list[Row]
    asked_for_all: bool
    sessions: list[Row]
    stuck: list[Row]
    timed_out: int
    desk_cases: int


@dataclass(frozen=True, slots=True)
class StrangerFacts:
    """What is on record of an id that is nobody's; `alike` differs in upper and lower case alone."""

    charge_point_id: str
    handshakes: list[Row]
    alike: str | None


async def facts_of_charger(
    database: ReadDatabase, organization_id: OrganizationId, wanted: ChargerId | str
) -> ChargerFacts | StrangerFacts | None:
    """Return what is on record of a charger, by our key or by the id under which it connects.

    None: no charger has that key.
    """
    async with database.reads(organization_id) as connection:
        statement = _BY_NAME if isinstance(wanted, str) else _BY_ID
        charger = await connection.fetchrow(statement, organization_id, wanted)
        if charger is not None:
            return await _facts(connection, charger)
        if not isinstance(wanted, str):
            return None
        return StrangerFacts(
            wanted,
            await connection.fetch(_HANDSHAKES, wanted, HANDSHAKES),
            await connection.fetchval(_LIKE_IT, organization_id, wanted),
        )


async def _facts(connection: ReadConnection, charger: Row) -> ChargerFacts:
    charger_id, name = charger["id"], charger["charge_point_id"]
    messages = await connection.fetch(_MESSAGES, charger_id, MESSAGES_READ)
    moments = await connection.fetch(_MOMENTS, charger_id, MOMENTS_READ)
    return ChargerFacts(
        charger=charger,
        handshakes=await connection.fetch(_HANDSHAKES, name, HANDSHAKES),
        nearly=await connection.fetch(_NEARLY, name),
        last_close=await connection.fetchrow(_LAST_CLOSE, charger_id),
        messages=_counted(messages),
        errors=await connection.fetch(_ERRORS, charger_id),
        ahead_s=tuple(row["ahead_s"] for row in moments),
        odd_clocks=await connection.fetchval(_ODD_CLOCKS, charger_id),
        connectors=await connection.fetch(_CONNECTORS, charger_id),
        configuration=await connection.fetch(_CONFIGURATION, charger_id),
        asked_for_all=await connection.fetchval(_ASKED_FOR_ALL, charger_id),
        sessions=await connection.fetch(_SESSIONS, charger_id),
        stuck=await connection.fetch(_STUCK, charger_id, STUCK_AFTER_S),
        timed_out=await connection.fetchval(_TIMED_OUT, charger_id),
        desk_cases=await connection.fetchval(_CASES, charger_id),
    )


def _counted(rows: list[Row]) -> MessageCounts:
    outcomes = Counter(row["outcome"] for row in rows)
    rules: Counter[str] = Counter()
    for row in rows:
        if row["repairs"] is not None:
            rules.update({one["rule"] for one in json.loads(row["repairs"])})
    return MessageCounts(len(rows), dict(outcomes.most_common()), dict(rules.most_common()))
