"""Bills: one as it stands, and those not settled, failed or with a job that has not run yet."""

from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from csms.domain.billing.jobs import BILL
from csms.kernel.ids import OrganizationId, TransactionId
from csms.reads.amounts import MoneyView, optional_money, optional_number
from csms.reads.database import ReadConnection, ReadDatabase, Row
from csms.reads.moments import Moment
from csms.reads.page import Conditions, Page, PageRequest, joined
from csms.reads.transaction import TransactionNotFoundError, parsed

SORTS = {
    "id": "t.id",
    "stopped_at": "t.stopped_at",
    "energy_wh": "t.energy_wh",
    "billing_status": "t.billing_status",
}
COLUMNS = """
SELECT t.id, t.charger_id, t.connector_id, t.id_tag, t.user_id, t.started_at, t.stopped_at,
  t.energy_wh, t.energy_basis, t.billing_status, t.billing_error, c.charge_point_id,
  u.full_name AS user_name
"""
FROM = """
FROM transaction t JOIN charger c ON c.id = t.charger_id
LEFT JOIN app_user u ON u.id = t.user_id
"""
# The session's number is the second word of a bill job's key.
JOBS = """
SELECT DISTINCT ON (split_part(j.unique_key, ':', 2)) split_part(j.unique_key, ':', 2) AS session,
  j.id, j.state, j.attempts, j.run_at, j.last_error
FROM job j
WHERE j.kind = $1 AND j.state IN ('READY', 'RUNNING', 'DEAD')
  AND split_part(j.unique_key, ':', 2) = ANY($2::text[])
ORDER BY 1, j.state = 'DEAD', j.id DESC
"""
ONE = """
SELECT t.id, t.billing_status, t.billing_error, t.energy_wh, t.energy_basis, t.explanation,
  t.cost_amount, t.currency, t.bill_explanation, t.billed_at
FROM transaction t WHERE t.organization_id = $1 AND t.id = $2
"""


class BillJobView(msgspec.Struct, frozen=True):
    """The durable job behind a bill; a DEAD one gave up and waits for a person."""

    id: int
    state: Literal["READY", "RUNNING", "DEAD"]
    attempts: int
    next_try_at: Moment | None
    last_error: str | None


class BillState(msgspec.Struct, frozen=True):
    """What the money of a session waits for, or what it cost, with how both figures came about.

    `warnings` say what speaks against a figure that a person entered; it counts all the same.
    """

    transaction_id: int
    billing_status: Literal["NOT_BILLABLE", "PENDING", "BILLED", "FAILED"]
    billing_error: str | None
    energy_wh: float | None
    energy_basis: str | None
    energy_explained: Any
    cost: MoneyView | None
    cost_explained: Any
    billed_at: Moment | None
    job: BillJobView | None
    warnings: list[str]


class UnsettledBill(msgspec.Struct, frozen=True):
    """A stopped session whose bill is pending or failed; `id` is the session's.

    `job` is null for failed bills, and for a pending one whose job is lost: bill it again.
    """

    id: int
    charger_id: int
    charge_point_id: str
    connector_id: int
    id_tag: str
    user_id: int | None
    user_name: str | None
    started_at: Moment
    stopped_at: Moment
    energy_wh: float | None
    energy_basis: str | None
    billing_status: Literal["PENDING", "FAILED"]
    billing_error: str | None
    job: BillJobView | None


@dataclass(frozen=True, slots=True)
class BillFilter:
    """`billing_status` None: failed and pending."""

    billing_status: str | None = None
    user_id: int | None = None


async def list_unsettled_bills(
    database: ReadDatabase,
    organization_id: OrganizationId,
    request: PageRequest,
    wanted: BillFilter,
) -> Page[UnsettledBill]:
    """Return a page of unsettled bills, the oldest first."""
    conditions = Conditions()
    conditions.add("t.organization_id = ?", organization_id)
    conditions.add("t.status = 'ENDED'")
    conditions.add("t.billing_status IN ('PENDING', 'FAILED')")
    conditions.add_if("t.billing_status = ?", wanted.billing_status)
    conditions.add_if("t.user_id = ?", wanted.user_id)
    conditions.add_search(request.search, "t.id::text", "t.id_tag", "c.charge_point_id")
    order = request.order_by(SORTS, default="stopped_at", key="t.id")
    async with database.reads(organization_id) as connection:
        total = await connection.fetchval(
            joined("SELECT count(*)", FROM, conditions.where), *conditions.values
        )
        limits = (
            f"LIMIT {conditions.place(request.limit)} OFFSET {conditions.place(request.offset)}"
        )
        rows = await connection.fetch(
            joined(COLUMNS, FROM, conditions.where, order, limits), *conditions.values
        )
        jobs = await _jobs(connection, [row["id"] for row in rows])
    bills = [_bill(row, jobs.get(row["id"])) for row in rows]
    return Page(bills, total, request.page, request.limit)


async def get_bill(
    database: ReadDatabase,
    organization_id: OrganizationId,
    transaction_id: TransactionId,
    warnings: tuple[str, ...] = (),
) -> BillState:
    """Return how a session's bill stands. Raises TransactionNotFoundError."""
    async with database.reads(organization_id) as connection:
        row = await connection.fetchrow(ONE, organization_id, transaction_id)
        if row is None:
            raise TransactionNotFoundError(
                f"no transaction {transaction_id}", transaction_id=transaction_id
            )
        jobs = await _jobs(connection, [transaction_id])
    return BillState(
        transaction_id=row["id"],
        billing_status=row["billing_status"],
        billing_error=row["billing_error"],
        energy_wh=optional_number(row["energy_wh"]),
        energy_basis=row["energy_basis"],
        energy_explained=parsed(row["explanation"]),
        cost=optional_money(row["cost_amount"], row["currency"]),
        cost_explained=parsed(row["bill_explanation"]),
        billed_at=row["billed_at"],
        job=jobs.get(transaction_id),
        warnings=list(warnings),
    )


async def _jobs(
    connection: ReadConnection, transaction_ids: list[TransactionId]
) -> dict[int, BillJobView]:
    """Return the job of each session that has one; the living before the dead."""
    rows = await connection.fetch(JOBS, BILL, [str(number) for number in transaction_ids])
    return {
        int(row["session"]): BillJobView(
            id=row["id"],
            state=row["state"],
            attempts=row["attempts"],
            next_try_at=row["run_at"] if row["state"] == "READY" else None,
            last_error=row["last_error"],
        )
        for row in rows
    }


def _bill(row: Row, job: BillJobView | None) -> UnsettledBill:
    return UnsettledBill(
        id=row["id"],
        charger_id=row["charger_id"],
        charge_point_id=row["charge_point_id"],
        connector_id=row["connector_id"],
        id_tag=row["id_tag"],
        user_id=row["user_id"],
        user_name=row["user_name"],
        started_at=row["started_at"],
        stopped_at=row["stopped_at"],
        energy_wh=optional_number(row["energy_wh"]),
        energy_basis=row["energy_basis"],
        billing_status=row["billing_status"],
        billing_error=row["billing_error"],
        job=job,
    )
