"""A person's decisions about bills: one transaction, audited, and the database lets them be."""

import asyncio
import json
from datetime import timedelta
from decimal import Decimal

import asyncpg
import msgspec
import pytest

from csms.adapters.sql.billing_desk import SqlBillingDesk
from csms.adapters.sql.bills import SessionStillOpenError, SqlBills
from csms.adapters.sql.engine import Database
from csms.adapters.sql.jobs import JobQueue
from csms.adapters.sql.journal import SqlJournal
from csms.adapters.sql.ledger import SqlLedger
from csms.domain.billing.desk import BillingDesk, BillSettledError
from csms.domain.billing.jobs import BILL
from csms.domain.billing.settlement import decide_bill
from csms.domain.identity.actor import Actor
from csms.domain.tariffs.terms import TariffTerms
from csms.kernel.clock import SystemClock
from csms.kernel.errors import NotFoundError
from csms.kernel.facts import DeskCaseOpened, TransactionStopped
from csms.kernel.ids import OrganizationId, TariffId, TransactionId, UserId
from csms.kernel.jobs import JobRequest
from tests.sql.rows import NOW, ORGANIZATION, LaidCharger, started

pytestmark = pytest.mark.integration

NUMBER = TransactionId(1)
TERMS = msgspec.json.encode(TariffTerms(TariffId(1), "Standard", "EUR", Decimal("0.45"))).decode()


@pytest.fixture
async def actor(owner: asyncpg.Connection) -> Actor:
    """An operator."""
    user_id = await owner.fetchval(
        "INSERT INTO app_user (organization_id, email, full_name, role) "
        "VALUES (1, 'olga@example.org', 'Olga', 'ADMIN') RETURNING id"
    )
    return Actor(UserId(user_id), "ADMIN", ORGANIZATION, f"user {user_id}")


@pytest.fixture
def desk(database: Database) -> BillingDesk:
    """The desk over the real database."""
    return BillingDesk(SqlBillingDesk(database), SystemClock())


def stopped(energy_wh: str | None, **changes: object) -> TransactionStopped:
    """The end of a session; without an energy nobody could reconcile it."""
    fact = TransactionStopped(
        transaction_id=NUMBER,
        stopped_at=NOW,
        received_at=NOW,
        stop_reason="Local",
        meter_stop_wh=Decimal(10),
        energy_wh=None if energy_wh is None else Decimal(energy_wh),
        energy_basis="meter_stop" if energy_wh else "unreconciled",
        explanation='{"basis":"unreconciled"}',
        billing_status="FAILED" if energy_wh is None else "PENDING",
        stop_source="charger",
        note="the energy cannot be reconciled",
    )
    return msgspec.structs.replace(fact, **changes)


async def lay(
    journal: SqlJournal, charger: LaidCharger, user_id: int, stop: TransactionStopped | None
) -> None:
    """A session of an hour with a hold of twenty, and how it ended."""
    start = started(
        1, user_id=user_id, hold_amount=Decimal(20), currency="EUR", tariff_terms=TERMS,
        started_at=NOW - timedelta(hours=1),
    )  # fmt: skip
    await journal.append(charger.entry(start))
    if stop is not None:
        case = DeskCaseOpened(
            kind="energy_not_reconciled", case_key="energy_not_reconciled:1", summary="open",
            evidence="{}", opened_at=NOW, transaction_id=NUMBER,
        )  # fmt: skip
        await journal.append(charger.entry(stop, case))


async def balance(database: Database, user_id: int) -> tuple[Decimal, Decimal]:
    return await SqlLedger(database).balance(ORGANIZATION, UserId(user_id), "EUR")


async def test_an_entered_energy_bills_closes_the_case_and_is_audited(
    database: Database,
    journal: SqlJournal,
    charger: LaidCharger,
    owner: asyncpg.Connection,
    user_id: int,
    desk: BillingDesk,
    actor: Actor,
) -> None:
    await lay(journal, charger, user_id, stopped(None))
    for _ in range(2):
        await desk.resolve(actor, NUMBER, reason="read on site", energy_wh=Decimal(4000))
    row = await owner.fetchrow("SELECT * FROM transaction")
    assert (row["billing_status"], row["cost_amount"]) == ("BILLED", Decimal("1.80"))
    assert (row["energy_wh"], row["energy_basis"], row["billing_error"]) == (4000, "operator", None)
    assert row["meter_stop_wh"] == 10
    assert json.loads(row["explanation"])["before"] == {"basis": "unreconciled"}
    assert await balance(database, user_id) == (Decimal("-1.80"), Decimal(0))
    case = await owner.fetchrow("SELECT * FROM desk_case")
    assert (case["resolution"], case["resolved_by"]) == ("read on site", actor.user_id)
    (entry,) = await owner.fetch("SELECT * FROM audit_entry")
    assert entry["action"] == "bill.decided"
    before, after = json.loads(entry["before"]), json.loads(entry["after"])
    assert (before["billing_status"], after["billing_status"]) == ("FAILED", "BILLED")
    assert (before["energy_wh"], after["energy_wh"]) == (None, "4000")
    assert after["reason"] == "read on site"


async def test_a_waiver_gives_the_hold_back_and_later_ends_do_not_bill(
    database: Database,
    journal: SqlJournal,
    charger: LaidCharger,
    owner: asyncpg.Connection,
    user_id: int,
    desk: BillingDesk,
    actor: Actor,
) -> None:
    await lay(journal, charger, user_id, stopped(None, stop_source="deadline"))
    await desk.resolve(actor, NUMBER, reason="our meter broke", is_waived=True)
    assert await balance(database, user_id) == (Decimal(0), Decimal(0))
    assert await owner.fetchval("SELECT billing_status FROM transaction") == "NOT_BILLABLE"
    await journal.append(charger.entry(stopped("4000", is_correction=True)))
    assert await owner.fetchval("SELECT billing_status FROM transaction") == "PENDING"
    await SqlBills(database).settle(NUMBER, decide_bill)
    row = await owner.fetchrow("SELECT * FROM transaction")
    assert (row["billing_status"], row["cost_amount"]) == ("NOT_BILLABLE", None)
    assert await balance(database, user_id) == (Decimal(0), Decimal(0))


async def test_decisions_at_the_same_moment_bill_once(
    database: Database,
    journal: SqlJournal,
    charger: LaidCharger,
    user_id: int,
    desk: BillingDesk,
    actor: Actor,
) -> None:
    await lay(journal, charger, user_id, stopped(None))
    answers = await asyncio.gather(
        *(
            desk.resolve(actor, NUMBER, reason=f"reason {i}", energy_wh=Decimal(4000 + i))
            for i in range(4)
        ),
        return_exceptions=True,
    )
    assert [type(answer) for answer in answers].count(BillSettledError) == 3
    moved = await database.pool.fetch("SELECT kind FROM ledger_transfer ORDER BY id")
    assert [row["kind"] for row in moved] == ["hold", "release", "charge"]


@pytest.mark.parametrize("is_dead", [True, False])
async def test_a_bill_whose_job_is_dead_or_lost_is_made_again(
    database: Database,
    journal: SqlJournal,
    charger: LaidCharger,
    owner: asyncpg.Connection,
    user_id: int,
    desk: BillingDesk,
    actor: Actor,
    *,
    is_dead: bool,
) -> None:
    await lay(journal, charger, user_id, stopped("4000"))
    queue = JobQueue(database)
    if is_dead:
        await queue.enqueue(JobRequest(BILL, "bill:1:abc", '{"transaction_id":1}', ORGANIZATION))
        (job,) = await queue.claim((BILL,), 1, timedelta(minutes=1))
        await queue.fail(job, "no luck", retry_in=None)
    await queue.enqueue(JobRequest(BILL, "bill:11:abc", '{"transaction_id":11}', ORGANIZATION))
    await desk.retry(actor, NUMBER)
    assert await owner.fetchval("SELECT billing_status FROM transaction") == "BILLED"
    assert await balance(database, user_id) == (Decimal("-1.80"), Decimal(0))
    jobs = await owner.fetch("SELECT unique_key, state FROM job ORDER BY id")
    assert {row["unique_key"]: row["state"] for row in jobs}["bill:11:abc"] == "READY"
    assert [row["state"] for row in jobs if not row["unique_key"].startswith("bill:11")] == ["DONE"]
    actions = await owner.fetch("SELECT action FROM audit_entry ORDER BY id")
    assert [row["action"] for row in actions] == ["bill.queued_again", "bill.retried"]
    with pytest.raises(BillSettledError):
        await desk.retry(actor, NUMBER)


async def test_a_job_that_was_queued_anew_outlives_a_failing_attempt(
    database: Database,
    journal: SqlJournal,
    charger: LaidCharger,
    owner: asyncpg.Connection,
    user_id: int,
    actor: Actor,
) -> None:
    await lay(journal, charger, user_id, stopped("4000"))

    class Failing(SqlBillingDesk):
        async def settle(self, *_: object) -> None:
            raise OSError("the process died")

    with pytest.raises(OSError, match="died"):
        await BillingDesk(Failing(database), SystemClock()).retry(actor, NUMBER)
    row = await owner.fetchrow("SELECT kind, state, payload FROM job")
    assert tuple(row) == (BILL, "READY", '{"transaction_id":1}')


async def test_billing_again_without_an_energy_fails_again_and_keeps_the_hold(
    database: Database,
    journal: SqlJournal,
    charger: LaidCharger,
    owner: asyncpg.Connection,
    user_id: int,
    desk: BillingDesk,
    actor: Actor,
) -> None:
    await lay(journal, charger, user_id, stopped(None))
    await desk.retry(actor, NUMBER)
    assert await owner.fetchval("SELECT billing_status FROM transaction") == "FAILED"
    assert await owner.fetchval("SELECT resolved_at FROM desk_case") is None
    assert (await balance(database, user_id))[1] == 20


async def test_an_open_session_and_that_of_another_organization_are_refused(
    database: Database,
    journal: SqlJournal,
    charger: LaidCharger,
    user_id: int,
    desk: BillingDesk,
    actor: Actor,
) -> None:
    await lay(journal, charger, user_id, None)
    with pytest.raises(SessionStillOpenError):
        await desk.retry(actor, NUMBER)
    stranger = Actor(actor.user_id, "ADMIN", OrganizationId(2), "user 9")
    with pytest.raises(NotFoundError):
        await desk.resolve(stranger, NUMBER, reason="r", is_waived=True)
