"""The desk: everything that waits for a person, and the bills that are not settled."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import msgspec

from csms.kernel.ids import JobId, OrganizationId
from csms.reads.database import ReadDatabase, Row
from csms.reads.moments import Moment
from csms.reads.page import Conditions, Page, PageRequest, joined
from csms.reads.transaction import parsed

_SessionAction = Literal["close_session", "stop_session"]

SORTS = {"at": "w.at", "kind": "w.kind"}
JOB = """
SELECT id::text, kind, state, attempts, run_at, last_error FROM job
WHERE organization_id = $1 AND id = $2
"""

WAITING = """
FROM (
  SELECT 'case' AS source, d.id::text AS id, d.kind, d.summary, d.evidence, d.charger_id,
    d.transaction_id, d.opened_at AS at, d.organization_id, NULL::integer AS attempts
  FROM desk_case d WHERE d.resolved_at IS NULL
  UNION ALL
  SELECT 'quarantine', q.id::text, 'message_not_storable', q.error,
    json_build_object('action', q.action, 'message_id', q.message_id,
                      'raw_frame', encode(substring(q.raw FOR 4000), 'escape'))::text,
    q.charger_id, NULL, q.received_at, q.organization_id, NULL
  FROM quarantine q WHERE q.resolved_at IS NULL
  UNION ALL
  SELECT 'bill', t.id::text, 'bill_failed', coalesce(t.billing_error, 'the bill failed'),
    t.explanation, t.charger_id, t.id, t.stopped_at, t.organization_id, NULL
  FROM transaction t WHERE t.status = 'ENDED' AND t.billing_status = 'FAILED'
  UNION ALL
  SELECT 'bill', t.id::text, 'bill_lost', 'the bill waits, and there is no job to make it',
    t.explanation, t.charger_id, t.id, t.stopped_at, t.organization_id, NULL
  FROM transaction t
  WHERE t.status = 'ENDED' AND t.billing_status = 'PENDING'
    AND NOT EXISTS (SELECT 1 FROM job j WHERE j.kind = 'bill' AND j.state <> 'DONE'
                      AND split_part(j.unique_key, ':', 2) = t.id::text)
  UNION ALL
  SELECT 'job', j.id::text, j.kind, coalesce(j.last_error, 'gave up'), j.payload, t.charger_id,
    t.id, coalesce(j.finished_at, j.created_at), j.organization_id, j.attempts
  FROM job j LEFT JOIN transaction t ON t.organization_id = j.organization_id
    AND t.id = CASE WHEN j.payload::json ->> 'transaction_id' ~ '^[0-9]{1,10}$'
                    THEN (j.payload::json ->> 'transaction_id')::bigint END
  WHERE j.state = 'DEAD'
) AS w LEFT JOIN charger c ON c.id = w.charger_id
"""


class DeskAction(msgspec.Struct, frozen=True):
    """What a person can do about it: POST to `path`.

    `close_session` ends the session without its charger, `stop_session` asks the charger to.
    """

    name: Literal["resolve", "retry", "close_session", "stop_session"]
    path: str


class ClosedItem(msgspec.Struct, frozen=True):
    """A case or a quarantined frame that a person has closed: who, when and what."""

    source: Literal["case", "quarantine"]
    id: str
    resolved_at: Moment
    resolved_by: int | None
    resolution: str


class RetriedJob(msgspec.Struct, frozen=True):
    """A job as it stands once it may try again."""

    id: str
    kind: str
    state: Literal["READY", "RUNNING", "DONE", "DEAD"]
    attempts: int
    run_at: Moment
    last_error: str | None


class DeskItem(msgspec.Struct, frozen=True):
    """Something that a machine must not decide. `attempts` counts those of a job that gave up."""

    source: Literal["case", "quarantine", "bill", "job"]
    id: str
    kind: str
    summary: str
    evidence: Any
    charger_id: int | None
    charge_point_id: str | None
    transaction_id: int | None
    at: Moment
    attempts: int | None
    actions: list[DeskAction]


@dataclass(frozen=True, slots=True)
class DeskFilter:
    """Which sources; None: all."""

    source: str | None = None
    kind: str | None = None
    charger_id: int | None = None
    transaction_id: int | None = None


async def list_desk(
    database: ReadDatabase,
    organization_id: OrganizationId,
    request: PageRequest,
    wanted: DeskFilter,
) -> Page[DeskItem]:
    """Return a page of what waits, the newest first."""
    conditions = Conditions()
    conditions.add("w.organization_id = ?", organization_id)
    conditions.add_if("w.source = ?", wanted.source)
    conditions.add_if("w.kind = ?", wanted.kind)
    conditions.add_if("w.charger_id = ?", wanted.charger_id)
    conditions.add_if("w.transaction_id = ?", wanted.transaction_id)
    conditions.add_search(request.search, "w.summary", "w.kind", "c.charge_point_id")
    order = request.order_by(SORTS, default="-at", key="w.id")
    async with database.reads(organization_id) as connection:
        total = await connection.fetchval(
            joined("SELECT count(*)", WAITING, conditions.where), *conditions.values
        )
        limits = (
            f"LIMIT {conditions.place(request.limit)} OFFSET {conditions.place(request.offset)}"
        )
        rows = await connection.fetch(
            joined("SELECT w.*, c.charge_point_id", WAITING, conditions.where, order, limits),
            *conditions.values,
        )
    return Page([_item(row) for row in rows], total, request.page, request.limit)


def _item(row: Row) -> DeskItem:
    return DeskItem(
        source=row["source"],
        id=row["id"],
        kind=row["kind"],
        summary=row["summary"],
        evidence=parsed(row["evidence"]),
        charger_id=row["charger_id"],
        charge_point_id=row["charge_point_id"],
        transaction_id=row["transaction_id"],
        at=row["at"],
        attempts=row["attempts"],
        actions=_actions(row),
    )


_OF_SESSIONS: Final[Mapping[str, tuple[tuple[_SessionAction, str], ...]]] = {
    "stalled_session": (("stop_session", "stop"), ("close_session", "close")),
    "ghost_session": (("close_session", "close"),),
}
"""What ends the session that a case is about; such a case then closes itself."""


async def get_job(
    database: ReadDatabase, organization_id: OrganizationId, job_id: JobId
) -> RetriedJob:
    """Return a job that was just revived; a worker may have it already."""
    async with database.reads(organization_id) as connection:
        (row,) = await connection.fetch(JOB, organization_id, job_id)
    return RetriedJob(
        id=row["id"],
        kind=row["kind"],
        state=row["state"],
        attempts=row["attempts"],
        run_at=row["run_at"],
        last_error=row["last_error"],
    )


def _actions(row: Row) -> list[DeskAction]:
    kind, item_id = row["kind"], row["id"]
    match row["source"]:
        case "case":
            session = f"/api/admin/transactions/{row['transaction_id']}"
            of_session = [
                DeskAction(name, f"{session}/{word}") for name, word in _OF_SESSIONS.get(kind, ())
            ]
            return [*of_session, DeskAction("resolve", f"/api/admin/desk/{item_id}/resolve")]
        case "quarantine":
            return [DeskAction("resolve", f"/api/admin/desk/quarantine/{item_id}/resolve")]
        case "job":
            return [DeskAction("retry", f"/api/admin/desk/jobs/{item_id}/retry")]
        case _:
            retry = DeskAction("retry", f"/api/admin/billing/{item_id}/retry")
            resolve = DeskAction("resolve", f"/api/admin/billing/{item_id}/resolve")
            return [retry] if kind == "bill_lost" else [retry, resolve]
