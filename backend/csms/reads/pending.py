"""Sessions that wait to be reconciled: why, until when, and what is known of each."""

from dataclasses import dataclass
from typing import Final

import msgspec

from csms.kernel.ids import OrganizationId
from csms.reads.database import ReadDatabase, Row
from csms.reads.moments import Moment
from csms.reads.page import Conditions, Page, PageRequest, joined

SORTS = {
    "reconcile_by": "t.reconcile_by",
    "started_at": "t.started_at",
    "since": "t.status_changed_at",
}
FROM = """
FROM transaction t JOIN charger c ON c.id = t.charger_id
LEFT JOIN charger_epoch e ON e.charger_id = t.charger_id
LEFT JOIN connector k ON k.charger_id = t.charger_id AND k.connector_id = t.connector_id
"""
COLUMNS = """
SELECT t.id, t.charger_id, c.charge_point_id, c.name AS charger_name, t.connector_id, t.id_tag,
  t.user_id, t.started_at, t.meter_start_wh, t.status_reason, t.status_changed_at, t.reconcile_by,
  (e.charger_id IS NOT NULL AND e.disconnected_at IS NULL) AS is_connected,
  coalesce(e.disconnected_at, e.connected_at) AS link_since, c.booted_at, c.archived_at,
  k.status AS connector_status, k.status_at AS connector_status_at,
  last.sampled_at AS last_reading_at, last.register_wh AS last_register_wh, last.readings
"""
LAST = """
LEFT JOIN LATERAL (SELECT max(m.sampled_at) AS sampled_at, max(m.register_wh) AS register_wh,
  count(*) AS readings FROM meter_value m WHERE m.transaction_id = t.id) last ON true
"""
REASONS: Final = {
    "connection_lost": "the link to the charger was lost",
    "server_ended": "this server ended while the session ran",
    "reconnected": "the charger is back and has not spoken of the session yet",
    "booted": "the charger has booted and has not spoken of the session yet",
    "superseded": "a later session began on its connector",
}


class PendingEvidence(msgspec.Struct, frozen=True):
    """What is known: the link, the connector as last reported, the readings received."""

    is_connected: bool
    link_since: Moment | None
    booted_at: Moment | None
    is_charger_archived: bool
    connector_status: str | None
    connector_status_at: Moment | None
    last_reading_at: Moment | None
    last_register_wh: float | None
    readings: int


class PendingSession(msgspec.Struct, frozen=True):
    """A session that waits. It resumes with the next evidence, or ends with its queued Stop.

    At `reconcile_by` it is closed with its last good register; while the charger is offline that
    deadline is a cap. `close_path` ends it now: a POST with the reason, audited.
    """

    id: int
    charger_id: int
    charge_point_id: str
    charger_name: str
    connector_id: int
    id_tag: str
    user_id: int | None
    started_at: Moment
    since: Moment | None
    reason: str | None
    explanation: str
    reconcile_by: Moment | None
    meter_start_wh: float
    evidence: PendingEvidence
    close_path: str


@dataclass(frozen=True, slots=True)
class PendingFilter:
    """Which sessions; None: all."""

    charger_id: int | None = None
    reason: str | None = None


async def list_pending(
    database: ReadDatabase,
    organization_id: OrganizationId,
    request: PageRequest,
    wanted: PendingFilter,
) -> Page[PendingSession]:
    """Return a page of the sessions that wait, the nearest deadline first."""
    conditions = Conditions()
    conditions.add("t.organization_id = ?", organization_id)
    conditions.add("t.status = 'PENDING_RECONCILIATION'")
    conditions.add_if("t.charger_id = ?", wanted.charger_id)
    conditions.add_if("t.status_reason = ?", wanted.reason)
    conditions.add_search(request.search, "c.charge_point_id", "c.name", "t.id_tag")
    order = request.order_by(SORTS, default="reconcile_by", key="t.id")
    async with database.reads(organization_id) as connection:
        total = await connection.fetchval(
            joined("SELECT count(*)", FROM, conditions.where), *conditions.values
        )
        limits = (
            f"LIMIT {conditions.place(request.limit)} OFFSET {conditions.place(request.offset)}"
        )
        rows = await connection.fetch(
            joined(COLUMNS, FROM, LAST, conditions.where, order, limits), *conditions.values
        )
    return Page([_session(row) for row in rows], total, request.page, request.limit)


def _session(row: Row) -> PendingSession:
    reason = row["status_reason"]
    register_wh = row["last_register_wh"]
    return PendingSession(
        id=row["id"],
        charger_id=row["charger_id"],
        charge_point_id=row["charge_point_id"],
        charger_name=row["charger_name"],
        connector_id=row["connector_id"],
        id_tag=row["id_tag"],
        user_id=row["user_id"],
        started_at=row["started_at"],
        since=row["status_changed_at"],
        reason=reason,
        explanation=REASONS.get(reason or "", "it waits for evidence"),
        reconcile_by=row["reconcile_by"],
        meter_start_wh=float(row["meter_start_wh"]),
        evidence=PendingEvidence(
            is_connected=row["is_connected"],
            link_since=row["link_since"],
            booted_at=row["booted_at"],
            is_charger_archived=row["archived_at"] is not None,
            connector_status=row["connector_status"],
            connector_status_at=row["connector_status_at"],
            last_reading_at=row["last_reading_at"],
            last_register_wh=None if register_wh is None else float(register_wh),
            readings=row["readings"],
        ),
        close_path=f"/api/admin/transactions/{row['id']}/close",
    )
