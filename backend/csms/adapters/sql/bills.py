"""Bills: one session under its row lock, settled in one transaction."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import asyncpg

from csms.adapters.sql.availability import answering
from csms.adapters.sql.engine import Database
from csms.adapters.sql.postings import post_all
from csms.adapters.sql.status_spans import status_spans
from csms.adapters.sql.texts import storable
from csms.adapters.sql.transaction_reads import SESSION, stored_transaction
from csms.domain.billing.idle_wait import IDLE_BOUND
from csms.domain.billing.ports import BillableTransaction, IdleSight, Settlement, StatusSpan
from csms.kernel.errors import ConflictError, NotFoundError
from csms.kernel.ids import OrganizationId, TransactionId

_LOCK = """
SELECT x.organization_id, x.charger_id, x.connector_id, x.user_id, x.status, x.started_at,
       x.stopped_at, x.tariff_terms, coalesce(x.currency, o.currency) AS currency,
       x.bill_revision, x.remote_start_operation_id, x.bill_explanation,
       x.explanation AS energy_explanation, now() AS now,
       coalesce(x.stop_received_at, x.stopped_at) AS stop_received_at
  FROM transaction x JOIN organization o ON o.id = x.organization_id
 WHERE x.id = $1 FOR UPDATE OF x
"""

# What a session moved: its own transfers, and those of the remote start that it came from.
_MOVED = """
SELECT coalesce(-sum(e.amount), 0) AS charged,
       coalesce(sum(e.amount) FILTER (WHERE a.kind = 'hold'), 0) AS held
  FROM ledger_transfer t
  JOIN ledger_entry e ON e.transfer_id = t.id
  JOIN ledger_account a ON a.id = e.account_id AND a.kind IN ('wallet', 'hold')
 WHERE t.organization_id = $1
   AND (t.transaction_id = $2 OR t.idempotency_key IN ('hold:operation:' || $3::bigint,
                                                       'release:operation:' || $3::bigint))
"""

_AVAILABLE = """
SELECT coalesce(sum(e.amount), 0) FROM ledger_account a JOIN ledger_entry e ON e.account_id = a.id
 WHERE a.organization_id = $1 AND a.user_id = $2 AND a.currency = $3 AND a.kind = 'wallet'
"""

_NEXT_START = """
SELECT min(started_at) FROM transaction
 WHERE charger_id = $1 AND connector_id = $2 AND started_at >= $3 AND id <> $4
"""

_REPORTS = """
(SELECT reported_at, status FROM connector_status_event
  WHERE charger_id = $1 AND connector_id = $2 AND reported_at <= $3
  ORDER BY reported_at DESC, received_at DESC LIMIT 1)
UNION ALL
(SELECT reported_at, status FROM connector_status_event
  WHERE charger_id = $1 AND connector_id = $2 AND reported_at > $3 AND reported_at < $4)
ORDER BY 1
"""

_ONLINE = """
SELECT connected_at, coalesce(disconnected_at, now()) AS disconnected_at FROM connection
 WHERE charger_id = $1 AND connected_at < $3 AND coalesce(disconnected_at, now()) > $2
"""

_SETTLE = """
UPDATE transaction SET billing_status = $2, cost_amount = $3, currency = $4,
       bill_explanation = $5, billing_error = $6, bill_revision = bill_revision + $7,
       billed_at = CASE WHEN $2 = 'BILLED' THEN now() ELSE billed_at END
 WHERE id = $1
"""


class SessionStillOpenError(ConflictError):
    """A session without a Stop has no bill."""


class SqlBills:
    """Implements csms.domain.billing.ports.Bills.

    `idle_bound` is how long after a Stop idle minutes count at most.
    """

    def __init__(self, database: Database, *, idle_bound: timedelta = IDLE_BOUND) -> None:
        self._database = database
        self._idle_bound = idle_bound

    async def settle(
        self,
        transaction_id: TransactionId,
        decide: Callable[[BillableTransaction], Settlement],
    ) -> Settlement:
        """Lock, decide, store; all or nothing.

        Raises NotFoundError, SessionStillOpenError, StorageUnavailableError, or what `decide` does.
        """
        with answering():
            async with self._database.pool.acquire() as connection, connection.transaction():
                billable = await lock_billable(connection, transaction_id, self._idle_bound)
                settlement = decide(billable)
                await store_settlement(connection, billable, settlement)
        return settlement


async def store_settlement(
    connection: asyncpg.Connection, billable: BillableTransaction, settlement: Settlement
) -> None:
    """Post the transfers and write what the session then says, in the caller's transaction."""
    await post_all(connection, settlement.transfers)
    await connection.execute(
        _SETTLE,
        billable.transaction.transaction_id,
        settlement.status,
        settlement.cost,
        billable.currency,
        storable(settlement.explanation),
        storable(settlement.failure),
        1 if settlement.transfers else 0,
    )


async def lock_billable(
    connection: asyncpg.Connection, transaction_id: TransactionId, idle_bound: timedelta
) -> BillableTransaction:
    """Lock a stopped session's row and read all that its bill is computed from.

    Raises NotFoundError, SessionStillOpenError.
    """
    locked = await connection.fetchrow(_LOCK, transaction_id)
    if locked is None:
        raise NotFoundError("no such session", code="transaction_not_found", id=transaction_id)
    if locked["stopped_at"] is None:
        raise SessionStillOpenError("this session has not ended", id=transaction_id)
    session = await connection.fetchrow(f"{SESSION} WHERE x.id = $1", transaction_id)
    moved = await connection.fetchrow(
        _MOVED, locked["organization_id"], transaction_id, locked["remote_start_operation_id"]
    )
    available: Decimal | None = None
    if locked["user_id"] is not None:
        available = await connection.fetchval(
            _AVAILABLE, locked["organization_id"], locked["user_id"], locked["currency"]
        )
    length = locked["stopped_at"] - locked["started_at"]
    spans, idle = await _idle(connection, transaction_id, locked, idle_bound)
    return BillableTransaction(
        organization_id=OrganizationId(locked["organization_id"]),
        transaction=stored_transaction(session),
        tariff_terms=locked["tariff_terms"],
        currency=locked["currency"],
        duration_s=max(Decimal(0), Decimal(length.total_seconds()).quantize(Decimal("0.001"))),
        spans=spans,
        charged=moved["charged"],
        held=moved["held"],
        revision=locked["bill_revision"],
        available=available,
        bill_explanation=locked["bill_explanation"],
        energy_explanation=locked["energy_explanation"],
        idle=idle,
    )


async def _idle(
    connection: asyncpg.Connection,
    transaction_id: TransactionId,
    locked: asyncpg.Record,
    idle_bound: timedelta,
) -> tuple[tuple[StatusSpan, ...], IdleSight]:
    charger_id, connector_id = locked["charger_id"], locked["connector_id"]
    started_at, stopped_at = locked["started_at"], locked["stopped_at"]
    next_start: datetime | None = await connection.fetchval(
        _NEXT_START, charger_id, connector_id, stopped_at, transaction_id
    )
    until = min(locked["now"], next_start or locked["now"], stopped_at + idle_bound)
    until = max(stopped_at, until)
    reports = await connection.fetch(_REPORTS, charger_id, connector_id, started_at, until)
    online = await connection.fetch(_ONLINE, charger_id, started_at, until)
    last = reports[-1] if reports else None
    sight = IdleSight(
        now=locked["now"],
        stop_received_at=locked["stop_received_at"],
        last_report=None if last is None else (last["status"], last["reported_at"]),
        has_next_session=next_start is not None,
    )
    spans = status_spans(
        [(row["reported_at"], row["status"]) for row in reports],
        [(row["connected_at"], row["disconnected_at"]) for row in online],
        started_at=started_at,
        stopped_at=stopped_at,
        until=until,
    )
    return spans, sight
