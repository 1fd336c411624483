"""Operations: recorded before they are sent, settled once, their holds given back."""

from datetime import datetime

import asyncpg
import msgspec

from csms.adapters.sql.availability import answering
from csms.adapters.sql.engine import Database
from csms.adapters.sql.journal_facts import releases_of_requests
from csms.adapters.sql.postings import post_all
from csms.adapters.sql.repositories.audit_entries import record_change
from csms.adapters.sql.texts import storable
from csms.domain.identity.actor import Actor
from csms.domain.ledger.transfer import NewTransfer, Posting
from csms.domain.operations.commands import OperationOutcome
from csms.domain.operations.ports import ChargerTarget
from csms.domain.stations.availability import Wanted
from csms.kernel.errors import NotFoundError
from csms.kernel.facts import OperationStatus
from csms.kernel.ids import (
    ChargePointId,
    ChargerId,
    ConnectorNumber,
    OperationId,
    OrganizationId,
    StationId,
    TransactionId,
    UserId,
)

_TARGET = """
SELECT c.id, c.charge_point_id, c.organization_id, c.station_id, c.registration, c.is_disabled, c.archived_at,
       c.free_id_tag, o.minimum_balance, o.currency
  FROM charger c JOIN organization o ON o.id = c.organization_id
 WHERE c.organization_id = $1 AND c.id = $2
"""
_CONNECTORS = """
SELECT connector_id, status, wanted_type, wanted_answer, wanted_at
  FROM connector WHERE charger_id = $1
"""
_OPEN = """
SELECT id, connector_id FROM transaction WHERE charger_id = $1 AND status <> 'ENDED'
 ORDER BY started_at, id
"""

_RECORD = """
INSERT INTO operation (organization_id, charger_id, charge_point_id, requested_by, action, request,
                       transaction_id, hold_for, hold_amount, hold_currency, warnings)
SELECT $1, $2, $3, $4::bigint, $5, $6, $7, held.person, held.amount, held.currency, $9
  FROM (SELECT 1) AS one_row
  LEFT JOIN (SELECT $8::bigint AS person, o.hold_amount AS amount, o.currency
               FROM organization o
              WHERE o.id = $1 AND $8::bigint IS NOT NULL AND o.hold_amount > 0) AS held ON true
RETURNING id, hold_amount, hold_currency
"""

# The charger's own answer, late or not, is never overwritten by a time-out.
_SETTLE = """
UPDATE operation SET
  status = $2, settled_at = CASE WHEN $2 IN ('REQUESTED', 'SENT') THEN NULL ELSE $3::timestamptz END,
  sent_at = CASE WHEN $2 = 'SENT' THEN $3::timestamptz ELSE sent_at END,
  message_id = coalesce($4, message_id), response = coalesce($5, response),
  error_code = $6, error_detail = $7
 WHERE id = $1 AND settled_at IS NULL
"""

_UNUSED = """
SELECT id FROM operation o
 WHERE hold_for IS NOT NULL AND transaction_id IS NULL AND requested_at < $1
   AND NOT EXISTS (SELECT 1 FROM ledger_transfer t WHERE t.organization_id = o.organization_id
                    AND t.idempotency_key = 'release:operation:' || o.id)
 ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED
"""

_EXPIRE = """
UPDATE operation SET status = 'EXPIRED', settled_at = coalesce(settled_at, now())
 WHERE id = ANY ($1::bigint[]) AND status IN ('REQUESTED', 'SENT', 'TIMED_OUT', 'ANSWERED')
"""


class ChargerUnknownError(NotFoundError):
    """The organization has no such charger."""


class SqlOperationStore:
    """Implements csms.domain.operations.ports.OperationStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def target(self, organization_id: OrganizationId, charger_id: ChargerId) -> ChargerTarget:
        """Return what an operation is decided on. Raises ChargerUnknownError."""
        with answering():
            async with self._database.reads(organization_id) as connection:
                row = await connection.fetchrow(_TARGET, organization_id, charger_id)
                if row is None:
                    raise ChargerUnknownError("no such charger", charger_id=charger_id)
                connectors = await connection.fetch(_CONNECTORS, charger_id)
                sessions = await connection.fetch(_OPEN, charger_id)
        return ChargerTarget(
            charger_id=ChargerId(row["id"]),
            charge_point_id=ChargePointId(row["charge_point_id"]),
            organization_id=OrganizationId(row["organization_id"]),
            registration=row["registration"],
            is_disabled=row["is_disabled"],
            is_archived=row["archived_at"] is not None,
            connector_statuses={
                ConnectorNumber(one["connector_id"]): one["status"] for one in connectors
            },
            open_transactions={
                TransactionId(one["id"]): ConnectorNumber(one["connector_id"]) for one in sessions
            },
            minimum_balance=row["minimum_balance"],
            free_id_tag=row["free_id_tag"],
            currency=row["currency"],
            station_id=StationId(row["station_id"]),
            agreed={ConnectorNumber(one["connector_id"]): agreed_of(one) for one in connectors},
        )

    async def record(
        self,
        target: ChargerTarget,
        *,
        requested_by: UserId | None,
        action: str,
        request: str,
        transaction_id: TransactionId | None,
        hold_for: UserId | None = None,
        warnings: tuple[str, ...] = (),
    ) -> OperationId:
        """Store a REQUESTED operation with its audit entry and, for `hold_for`, a hold."""
        with answering():
            async with self._database.writes(target.organization_id) as connection:
                row = await connection.fetchrow(
                    _RECORD,
                    target.organization_id,
                    target.charger_id,
                    target.charge_point_id,
                    requested_by,
                    action,
                    storable(request),
                    transaction_id,
                    hold_for,
                    storable(msgspec.json.encode(warnings).decode()) if warnings else None,
                )
                operation_id = OperationId(row["id"])
                if row["hold_amount"] is not None and hold_for is not None:
                    await post_all(connection, [_hold(target, operation_id, hold_for, row)])
                await _audit(connection, target, operation_id, requested_by, action)
        return operation_id

    async def settle(
        self,
        operation_id: OperationId,
        status: OperationStatus,
        *,
        settled_at: datetime,
        outcome: OperationOutcome | None,
    ) -> None:
        """Store how the operation ended, unless that is known; a failed one gives its hold back."""
        known = outcome or OperationOutcome(operation_id, "FAILED")
        with answering():
            async with self._database.pool.acquire() as connection, connection.transaction():
                await connection.execute(
                    _SETTLE,
                    operation_id,
                    status,
                    settled_at,
                    storable(known.message_id),
                    storable(known.response),
                    storable(known.error_code),
                    storable(known.error_detail),
                )
                if status in {"FAILED", "EXPIRED"}:
                    await _release(connection, [operation_id])

    async def expire_unused(self, older_than: datetime, *, limit: int = 200) -> int:
        """Expire remote starts that no session came from, and give their holds back."""
        with answering():
            async with self._database.pool.acquire() as connection, connection.transaction():
                rows = await connection.fetch(_UNUSED, older_than, limit)
                unused = [OperationId(row["id"]) for row in rows]
                await connection.execute(_EXPIRE, unused)
                await _release(connection, unused)
        return len(unused)


def agreed_of(row: asyncpg.Record) -> Wanted | None:
    """Return what the charger agreed to of a connector's availability."""
    if row["wanted_type"] is None:
        return None
    return Wanted(row["wanted_type"], row["wanted_answer"], row["wanted_at"])


async def _release(connection: asyncpg.Connection, operation_ids: list[OperationId]) -> None:
    await post_all(connection, await releases_of_requests(connection, operation_ids))


async def _audit(
    connection: asyncpg.Connection,
    target: ChargerTarget,
    operation_id: OperationId,
    requested_by: UserId | None,
    action: str,
) -> None:
    name = "system" if requested_by is None else f"user {requested_by}"
    actor = Actor(requested_by, "USER", target.organization_id, name)
    await record_change(
        connection,
        actor,
        "operation.requested",
        ("operation", operation_id),
        after={"action": action, "charge_point_id": target.charge_point_id},
    )


def _hold(
    target: ChargerTarget, operation_id: OperationId, person: UserId, row: asyncpg.Record
) -> NewTransfer:
    return NewTransfer(
        organization_id=target.organization_id,
        kind="hold",
        idempotency_key=f"hold:operation:{operation_id}",
        currency=row["hold_currency"],
        postings=(
            Posting("wallet", -row["hold_amount"], person),
            Posting("hold", row["hold_amount"], person),
        ),
        note=f"hold for remote start {operation_id}",
    )
