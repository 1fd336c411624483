"""Transfers are posted once; sessions are settled in one transaction."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import asyncpg
import pytest

from csms.adapters.sql.bills import SessionStillOpenError, SqlBills
from csms.adapters.sql.engine import Database
from csms.adapters.sql.journal import SqlJournal
from csms.adapters.sql.ledger import SqlLedger
from csms.adapters.sql.operations import ChargerUnknownError, SqlOperationStore
from csms.domain.billing.ports import BillableTransaction, Settlement
from csms.domain.ledger.transfer import NewTransfer, Posting, TransferKeyReusedError
from csms.domain.operations.commands import OperationOutcome
from csms.kernel.errors import NotFoundError
from csms.kernel.facts import OperationAnswered, TransactionStopped
from csms.kernel.ids import ChargerId, OperationId, TransactionId, UserId
from tests.sql.rows import NOW, ORGANIZATION, LaidCharger, report, started

pytestmark = pytest.mark.integration


def top_up(user_id: int, amount: str, key: str) -> NewTransfer:
    """Money that came in."""
    return NewTransfer(
        organization_id=ORGANIZATION,
        kind="top_up",
        idempotency_key=key,
        currency="EUR",
        postings=(
            Posting("cash", -Decimal(amount)),
            Posting("wallet", Decimal(amount), UserId(user_id)),
        ),
        note="cash",
    )


async def test_a_repeated_transfer_is_posted_once(database: Database, user_id: int) -> None:
    ledger = SqlLedger(database)
    posted = await asyncio.gather(*(ledger.post(top_up(user_id, "50", "k")) for _ in range(8)))
    assert [p.is_new for p in posted].count(True) == 1
    assert len({p.transfer_id for p in posted}) == 1
    assert await ledger.balance(ORGANIZATION, UserId(user_id), "EUR") == (Decimal(50), Decimal(0))


async def test_a_key_with_other_content_is_refused(database: Database, user_id: int) -> None:
    ledger = SqlLedger(database)
    await ledger.post(top_up(user_id, "50", "k"))
    with pytest.raises(TransferKeyReusedError):
        await ledger.post(top_up(user_id, "51", "k"))
    assert (await ledger.balance(ORGANIZATION, UserId(user_id), "EUR"))[0] == 50


async def test_a_wallet_nobody_used_is_empty(database: Database, user_id: int) -> None:
    assert await SqlLedger(database).balance(ORGANIZATION, UserId(user_id), "EUR") == (0, 0)


async def lay_ended(journal: SqlJournal, charger: LaidCharger, user_id: int) -> None:
    """A session of an hour, with a hold, charging for its first half, then suspended by the car."""
    begin, end = NOW - timedelta(hours=1), NOW
    await journal.append(charger.entry(report("Charging", at=begin - timedelta(minutes=1))))
    await journal.append(
        charger.entry(
            started(1, user_id=user_id, hold_amount=Decimal(20), currency="EUR", started_at=begin)
        )
    )
    await journal.append(charger.entry(report("SuspendedEV", at=begin + timedelta(minutes=30))))
    await journal.append(
        charger.entry(
            TransactionStopped(
                transaction_id=TransactionId(1), stopped_at=end, received_at=end,
                stop_reason="Local", meter_stop_wh=Decimal(3000), energy_wh=Decimal(2000),
                energy_basis="meter", explanation="{}", billing_status="PENDING",
                stop_source="charger",
            )
        )
    )  # fmt: skip


def charge_two(billable: BillableTransaction) -> Settlement:
    """Two euros, once, and the hold back."""
    cost, person = Decimal("2.00"), billable.transaction.user_id
    due = cost - billable.charged
    transfers = []
    if due:
        transfers.append(
            NewTransfer(
                billable.organization_id, "charge", f"charge:1:{billable.revision}", "EUR",
                (Posting("wallet", -due, person), Posting("revenue", due)), "session",
                TransactionId(1),
            )
        )  # fmt: skip
    if billable.held:
        transfers.append(
            NewTransfer(
                billable.organization_id, "release", f"release:1:{billable.revision}", "EUR",
                (Posting("hold", -billable.held, person), Posting("wallet", billable.held, person)),
                "session", TransactionId(1),
            )
        )  # fmt: skip
    return Settlement("BILLED", cost, '{"why":"two"}', tuple(transfers))


async def test_a_session_is_settled_once_however_often_it_is_asked(
    database: Database,
    journal: SqlJournal,
    charger: LaidCharger,
    owner: asyncpg.Connection,
    user_id: int,
) -> None:
    await owner.execute(
        "INSERT INTO connection (organization_id, charger_id, epoch, node, protocol, "
        "security_profile, connected_at, disconnected_at) VALUES (1, $1, 1, 'n', 'ocpp1.6', 1, $2, $3)",
        charger.id,
        NOW - timedelta(hours=2),
        NOW - timedelta(minutes=10),
    )
    await lay_ended(journal, charger, user_id)
    bills, seen = SqlBills(database), []

    def decide(billable: BillableTransaction) -> Settlement:
        seen.append(billable)
        return charge_two(billable)

    await asyncio.gather(*(bills.settle(TransactionId(1), decide) for _ in range(4)))
    assert (seen[0].held, seen[0].charged, seen[0].available) == (20, 0, Decimal(-20))
    assert (seen[-1].held, seen[-1].charged, seen[-1].revision) == (0, 2, 1)
    assert seen[0].duration_s == 3600
    spans = [(s.status, s.seconds, s.is_after_stop) for s in seen[0].spans]
    assert spans == [("Charging", 1800, False), ("SuspendedEV", 1200, False)]
    row = await owner.fetchrow("SELECT * FROM transaction")
    assert (row["billing_status"], row["cost_amount"], row["bill_revision"]) == ("BILLED", 2, 1)
    assert await SqlLedger(database).balance(ORGANIZATION, UserId(user_id), "EUR") == (-2, 0)


async def test_a_failing_decision_changes_nothing(
    database: Database,
    journal: SqlJournal,
    charger: LaidCharger,
    owner: asyncpg.Connection,
    user_id: int,
) -> None:
    await lay_ended(journal, charger, user_id)

    def decide(_: BillableTransaction) -> Settlement:
        raise ValueError("no price")

    with pytest.raises(ValueError, match="no price"):
        await SqlBills(database).settle(TransactionId(1), decide)
    assert await owner.fetchval("SELECT billing_status FROM transaction") == "PENDING"


async def test_what_has_no_stop_has_no_bill(
    database: Database, journal: SqlJournal, charger: LaidCharger
) -> None:
    bills = SqlBills(database)
    with pytest.raises(NotFoundError):
        await bills.settle(TransactionId(404), charge_two)
    await journal.append(charger.entry(started(1)))
    with pytest.raises(SessionStillOpenError):
        await bills.settle(TransactionId(1), charge_two)


@pytest.fixture
async def remote_start(database: Database, charger: LaidCharger, user_id: int) -> OperationId:
    """A remote start that holds money for a person."""
    store = SqlOperationStore(database)
    target = await store.target(ORGANIZATION, charger.id)
    return await store.record(
        target,
        requested_by=UserId(user_id),
        action="RemoteStart",
        request='{"id_tag":"TAG-1"}',
        transaction_id=None,
        hold_for=UserId(user_id),
    )


async def test_an_operation_is_recorded_with_audit_and_hold(
    database: Database, remote_start: OperationId, owner: asyncpg.Connection, user_id: int
) -> None:
    assert await SqlLedger(database).balance(ORGANIZATION, UserId(user_id), "EUR") == (0, 20)
    entry = await owner.fetchrow("SELECT * FROM audit_entry")
    assert (entry["action"], entry["target_id"]) == ("operation.requested", str(remote_start))
    with pytest.raises(ChargerUnknownError):
        await SqlOperationStore(database).target(ORGANIZATION, ChargerId(404))


async def test_a_failed_operation_gives_its_hold_back(
    database: Database, remote_start: OperationId, owner: asyncpg.Connection, user_id: int
) -> None:
    store = SqlOperationStore(database)
    outcome = OperationOutcome(remote_start, "FAILED", error_code="not_connected")
    await store.settle(remote_start, "FAILED", settled_at=NOW, outcome=outcome)
    await store.settle(remote_start, "TIMED_OUT", settled_at=NOW, outcome=None)
    row = await owner.fetchrow("SELECT status, error_code FROM operation")
    assert tuple(row) == ("FAILED", "not_connected")
    assert await SqlLedger(database).balance(ORGANIZATION, UserId(user_id), "EUR") == (0, 0)


async def test_a_session_takes_the_hold_of_its_request_over(
    database: Database,
    journal: SqlJournal,
    charger: LaidCharger,
    remote_start: OperationId,
    owner: asyncpg.Connection,
    user_id: int,
) -> None:
    start = started(
        1, user_id=user_id, hold_amount=Decimal(20), currency="EUR",
        remote_start_operation_id=remote_start,
    )  # fmt: skip
    await journal.append(charger.entry(start))
    store = SqlOperationStore(database)
    assert await store.expire_unused(datetime.now(UTC) + timedelta(hours=1)) == 0
    assert await SqlLedger(database).balance(ORGANIZATION, UserId(user_id), "EUR") == (0, 20)
    assert await owner.fetchval("SELECT transaction_id FROM operation") == 1


async def test_a_remote_start_that_no_session_followed_expires(
    database: Database, remote_start: OperationId, owner: asyncpg.Connection, user_id: int
) -> None:
    store = SqlOperationStore(database)
    assert await store.expire_unused(datetime.now(UTC) - timedelta(hours=1)) == 0
    later = datetime.now(UTC) + timedelta(hours=1)
    assert [await store.expire_unused(later), await store.expire_unused(later)] == [1, 0]
    assert await owner.fetchval("SELECT status FROM operation") == "EXPIRED"
    assert await SqlLedger(database).balance(ORGANIZATION, UserId(user_id), "EUR") == (0, 0)
    assert remote_start


async def test_a_late_answer_replaces_the_time_out(
    database: Database,
    journal: SqlJournal,
    charger: LaidCharger,
    remote_start: OperationId,
    owner: asyncpg.Connection,
) -> None:
    store = SqlOperationStore(database)
    await store.settle(remote_start, "TIMED_OUT", settled_at=NOW, outcome=None)
    answer = OperationAnswered(
        operation_id=remote_start,
        status="ANSWERED",
        settled_at=NOW,
        response='{"status":"Accepted"}',
    )
    await journal.append(charger.entry(answer, direction="OUT", message_id="out-1"))
    await store.settle(remote_start, "TIMED_OUT", settled_at=NOW, outcome=None)
    row = await owner.fetchrow("SELECT status, response, message_id FROM operation")
    assert tuple(row) == ("ANSWERED", '{"status":"Accepted"}', "out-1")
