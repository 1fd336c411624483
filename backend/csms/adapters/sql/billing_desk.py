"""What a person does about bills, cases, quarantined frames and dead jobs: stored whole, audited."""

from collections.abc import Callable
from datetime import timedelta

import asyncpg

from csms.adapters.sql.availability import answering
from csms.adapters.sql.bills import lock_billable, store_settlement
from csms.adapters.sql.engine import Database
from csms.adapters.sql.journal_facts import queue_jobs
from csms.adapters.sql.repositories.audit_entries import record_change
from csms.adapters.sql.texts import storable
from csms.domain.billing.desk import DeskBill
from csms.domain.billing.idle_wait import IDLE_BOUND
from csms.domain.billing.jobs import BILL
from csms.domain.billing.ports import BillableTransaction
from csms.domain.identity.actor import Actor
from csms.kernel.errors import NotFoundError
from csms.kernel.ids import TransactionId
from csms.kernel.jobs import JobRequest

_OWN = "SELECT 1 FROM transaction WHERE organization_id = $1 AND id = $2"
_BILL = """
SELECT billing_status, billing_error, energy_wh, energy_basis, cost_amount AS cost, currency
  FROM transaction WHERE id = $1
"""
_ENTER_ENERGY = """
UPDATE transaction SET energy_wh = $2, energy_basis = 'operator', explanation = $3 WHERE id = $1
"""
# A bill job's key begins with the session's id: bill:<session>:<what tells its end>.
_JOBS_ALIVE = """
SELECT EXISTS (SELECT 1 FROM job WHERE kind = $1 AND state IN ('READY', 'RUNNING')
                  AND unique_key LIKE $1 || ':' || $2::integer || ':%')
"""
_REVIVE_BILL = """
UPDATE job SET state = 'READY', attempts = 0, run_at = $3, finished_at = NULL
 WHERE id = (SELECT max(id) FROM job WHERE kind = $1 AND state = 'DEAD'
                AND unique_key LIKE $1 || ':' || $2::integer || ':%')
RETURNING id
"""
_END_JOBS = """
UPDATE job SET state = 'DONE', finished_at = now(), last_error = NULL
 WHERE kind = $1 AND state IN ('READY', 'DEAD') AND unique_key LIKE $1 || ':' || $2::integer || ':%'
"""
_CLOSE_ENERGY_CASES = """
UPDATE desk_case SET resolved_at = now(), resolved_by = $2, resolution = $3
 WHERE transaction_id = $1 AND kind = 'energy_not_reconciled' AND resolved_at IS NULL
"""


class SqlBillingDesk:
    """Implements csms.domain.billing.desk.BillingDeskStore."""

    def __init__(self, database: Database, *, idle_bound: timedelta = IDLE_BOUND) -> None:
        self._database = database
        self._idle_bound = idle_bound

    async def queue_again(
        self,
        actor: Actor,
        transaction_id: TransactionId,
        make: Callable[[BillableTransaction], JobRequest],
    ) -> None:
        """Give a pending bill a job where none is alive. Raises NotFoundError, SessionStillOpenError."""
        with answering():
            async with self._database.writes(actor.organization_id) as connection:
                billable = await _own_billable(connection, actor, transaction_id, self._idle_bound)
                job = make(billable)
                if billable.transaction.billing_status != "PENDING" or await connection.fetchval(
                    _JOBS_ALIVE, BILL, transaction_id
                ):
                    return
                revived = await connection.fetchval(_REVIVE_BILL, BILL, transaction_id, job.run_at)
                if revived is None:
                    await queue_jobs(connection, [job])
                await record_change(
                    connection,
                    actor,
                    "bill.queued_again",
                    ("transaction", transaction_id),
                    after={"job_id": revived, "unique_key": job.unique_key},
                )

    async def settle(
        self,
        actor: Actor,
        transaction_id: TransactionId,
        decide: Callable[[BillableTransaction], DeskBill | None],
    ) -> None:
        """Lock, decide, store; all or nothing. Raises NotFoundError, SessionStillOpenError."""
        with answering():
            async with self._database.writes(actor.organization_id) as connection:
                billable = await _own_billable(connection, actor, transaction_id, self._idle_bound)
                bill = decide(billable)
                if bill is None:
                    return
                before = await connection.fetchrow(_BILL, transaction_id)
                if bill.energy_wh is not None:
                    await connection.execute(
                        _ENTER_ENERGY,
                        transaction_id,
                        bill.energy_wh,
                        storable(bill.energy_explanation),
                    )
                await store_settlement(connection, billable, bill.settlement)
                await connection.execute(_END_JOBS, BILL, transaction_id)
                if bill.settlement.status != "FAILED":
                    await connection.execute(
                        _CLOSE_ENERGY_CASES,
                        transaction_id,
                        actor.user_id,
                        storable(bill.resolution),
                    )
                after = await connection.fetchrow(_BILL, transaction_id)
                await record_change(
                    connection,
                    actor,
                    bill.action,
                    ("transaction", transaction_id),
                    before=dict(before),
                    after=dict(after) | {"reason": bill.reason},
                )


async def _own_billable(
    connection: asyncpg.Connection,
    actor: Actor,
    transaction_id: TransactionId,
    idle_bound: timedelta,
) -> BillableTransaction:
    if not await connection.fetchval(_OWN, actor.organization_id, transaction_id):
        raise NotFoundError("no such session", code="transaction_not_found", id=transaction_id)
    return await lock_billable(connection, transaction_id, idle_bound)
