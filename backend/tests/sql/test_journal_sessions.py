"""Sessions, holds, jobs and desk cases in the journal's transaction."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from csms.adapters.sql.engine import Database
from csms.adapters.sql.jobs import JobQueue
from csms.adapters.sql.journal import SqlJournal
from csms.kernel.facts import (
    ChargerBooted,
    ConfigurationLearned,
    DeskCaseOpened,
    Fact,
    RegistrationChanged,
    TransactionRestamped,
    TransactionStatusChanged,
    TransactionStopped,
)
from csms.kernel.ids import TransactionId
from csms.kernel.jobs import JobRequest
from csms.kernel.journal import EntryRefusedError, JournalEntry
from tests.sql.rows import NOW, ORGANIZATION, LaidCharger, started

pytestmark = pytest.mark.integration


def billing_job(entry: JournalEntry, fact: Fact) -> JobRequest | None:
    """The job of a stop, as bootstrap's table makes it."""
    assert isinstance(fact, TransactionStopped)
    return JobRequest(
        kind="bill",
        unique_key=f"bill:{fact.transaction_id}",
        payload=f'{{"transaction_id":{fact.transaction_id}}}',
        organization_id=entry.organization_id,
    )


@pytest.fixture
async def billing_journal(database: Database) -> AsyncIterator[SqlJournal]:
    """A journal that queues a job for each stop."""
    journal = SqlJournal(database, {TransactionStopped: billing_job})
    await journal.start()
    yield journal
    await journal.close()


def stopped(transaction_id: int, **fields: Any) -> TransactionStopped:
    """A session's stop by its charger."""
    return TransactionStopped(
        transaction_id=TransactionId(transaction_id),
        stopped_at=fields.pop("stopped_at", NOW),
        received_at=NOW,
        stop_reason=fields.pop("stop_reason", "Local"),
        meter_stop_wh=Decimal(fields.pop("wh", 3000)),
        energy_wh=Decimal(2000),
        energy_basis="meter",
        explanation="{}",
        billing_status="PENDING",
        stop_source=fields.pop("stop_source", "charger"),
        **fields,
    )


async def test_a_stop_and_its_job_are_one_commit(
    billing_journal: SqlJournal, database: Database, charger: LaidCharger, owner: asyncpg.Connection
) -> None:
    queue = JobQueue(database)
    await queue.start()
    await queue.wait_for_work(0)  # forget that listening began
    await billing_journal.append(charger.entry(started(1)))
    await billing_journal.append(charger.entry(stopped(1)))
    await queue.wait_for_work(10)
    row = await owner.fetchrow("SELECT * FROM transaction WHERE id = 1")
    assert (row["status"], row["stop_source"], row["has_charger_stop"]) == (
        "ENDED",
        "charger",
        True,
    )
    assert row["billing_status"] == "NOT_BILLABLE"
    jobs = await queue.claim(("bill",), 10, timedelta(seconds=30))
    assert [(j.unique_key, j.payload) for j in jobs] == [("bill:1", '{"transaction_id":1}')]
    await queue.close()


async def test_a_repeated_stop_queues_no_second_job_and_goes_to_the_desk(
    billing_journal: SqlJournal, charger: LaidCharger, owner: asyncpg.Connection
) -> None:
    await billing_journal.append(charger.entry(started(1)))
    await billing_journal.append(charger.entry(stopped(1, wh=3000)))
    await billing_journal.append(charger.entry(stopped(1, wh=9000, is_correction=True)))
    assert await owner.fetchval("SELECT meter_stop_wh FROM transaction") == Decimal(3000)
    assert await owner.fetchval("SELECT count(*) FROM job") == 1
    case = await owner.fetchrow("SELECT * FROM desk_case")
    assert (case["kind"], case["transaction_id"]) == ("stop_not_applied", 1)
    assert "9000" in case["evidence"]


async def test_a_real_stop_replaces_an_inferred_end(
    journal: SqlJournal, charger: LaidCharger, owner: asyncpg.Connection
) -> None:
    await journal.append(charger.entry(started(1)))
    await journal.append(
        charger.entry(stopped(1, wh=2500, stop_source="deadline"), epoch=0, is_silent=True)
    )
    assert not await owner.fetchval("SELECT has_charger_stop FROM transaction")
    await journal.append(
        charger.entry(stopped(1, wh=2600, stop_source="operator"), epoch=0, is_silent=True)
    )
    assert await owner.fetchval("SELECT meter_stop_wh FROM transaction") == Decimal(2500)
    await journal.append(charger.entry(stopped(1, wh=3000, is_correction=True)))
    row = await owner.fetchrow("SELECT * FROM transaction")
    assert (row["meter_stop_wh"], row["has_charger_stop"]) == (Decimal(3000), True)


async def test_a_start_that_takes_a_connector_over_finds_it_free(
    journal: SqlJournal, charger: LaidCharger, owner: asyncpg.Connection
) -> None:
    await journal.append(charger.entry(started(1)))
    superseded = TransactionStatusChanged(
        transaction_id=TransactionId(1),
        status="PENDING_RECONCILIATION",
        reason="superseded",
        changed_at=NOW,
        reconcile_by=NOW + timedelta(minutes=30),
    )
    await journal.append(charger.entry(superseded, started(2)))
    rows = await owner.fetch("SELECT id, status, status_reason FROM transaction ORDER BY id")
    assert [tuple(r) for r in rows] == [
        (1, "PENDING_RECONCILIATION", "superseded"),
        (2, "ACTIVE", None),
    ]


async def test_a_second_active_session_on_a_connector_is_refused(
    journal: SqlJournal, charger: LaidCharger, owner: asyncpg.Connection
) -> None:
    await journal.append(charger.entry(started(1)))
    with pytest.raises(EntryRefusedError):
        await journal.append(charger.entry(started(2)))
    assert await owner.fetchval("SELECT count(*) FROM transaction") == 1
    assert await owner.fetchval("SELECT count(*) FROM quarantine") == 1


async def test_a_start_with_a_hold_posts_it_once(
    journal: SqlJournal, charger: LaidCharger, owner: asyncpg.Connection, user_id: int
) -> None:
    await journal.append(
        charger.entry(started(1, user_id=user_id, hold_amount=Decimal(20), currency="EUR"))
    )
    rows = await owner.fetch(
        "SELECT a.kind, e.amount, t.idempotency_key, t.transaction_id FROM ledger_entry e "
        "JOIN ledger_account a ON a.id = e.account_id "
        "JOIN ledger_transfer t ON t.id = e.transfer_id ORDER BY a.kind"
    )
    assert [tuple(r) for r in rows] == [
        ("hold", Decimal(20), "hold:1", 1),
        ("wallet", Decimal(-20), "hold:1", 1),
    ]


async def test_holds_of_many_people_at_once_all_balance(
    journal: SqlJournal, charger: LaidCharger, owner: asyncpg.Connection, user_id: int
) -> None:
    await asyncio.gather(
        *(
            journal.append(
                charger.entry(
                    started(n, connector=n, user_id=user_id, hold_amount=Decimal(5), currency="EUR")
                )
            )
            for n in range(1, 11)
        )
    )
    assert await owner.fetchval("SELECT sum(amount) FROM ledger_entry") == 0
    assert await owner.fetchval("SELECT count(*) FROM ledger_account") == 2


async def test_a_restamp_moves_the_start(
    journal: SqlJournal, charger: LaidCharger, owner: asyncpg.Connection
) -> None:
    await journal.append(charger.entry(started(1, start_key="old")))
    restamp = TransactionRestamped(
        transaction_id=TransactionId(1),
        started_at=NOW - timedelta(minutes=5),
        charger_started_at="later",
        start_key="new",
    )
    await journal.append(charger.entry(restamp))
    row = await owner.fetchrow("SELECT started_at, start_key FROM transaction")
    assert tuple(row) == (NOW - timedelta(minutes=5), "new")


async def test_another_chargers_session_is_not_touched(
    journal: SqlJournal, lay_charger: Any, owner: asyncpg.Connection
) -> None:
    mine, other = await lay_charger(), await lay_charger()
    await journal.append(mine.entry(started(1)))
    await journal.append(other.entry(stopped(1)))
    assert await owner.fetchval("SELECT status FROM transaction") == "ACTIVE"
    assert await owner.fetchval("SELECT count(*) FROM desk_case") == 1


async def test_boot_registration_configuration_and_desk_cases(
    journal: SqlJournal, charger: LaidCharger, owner: asyncpg.Connection
) -> None:
    boot = ChargerBooted(
        received_at=NOW, registration="Accepted", vendor="V\0", model="M", serial_number="S"
    )
    silent = ChargerBooted(received_at=NOW, registration="Accepted", vendor="V", model="M")
    case = DeskCaseOpened(
        kind="odd", case_key="k", summary="s", evidence="{}", opened_at=NOW,
        transaction_id=TransactionId(77),
    )  # fmt: skip
    learned = ConfigurationLearned(
        values='[{"key":"A","value":"1","readonly":true},{"key":"B","readonly":false}]',
        learned_at=NOW,
    )
    await journal.append(charger.entry(boot))
    await journal.append(charger.entry(silent, case, learned))
    await journal.append(
        charger.entry(case, learned, RegistrationChanged(registration="Pending", changed_at=NOW))
    )
    row = await owner.fetchrow("SELECT * FROM charger")
    assert (row["vendor"], row["serial_number"], row["booted_at"]) == ("V", "S", NOW)
    assert row["registration"] == "Pending"
    keys = await owner.fetch("SELECT key, value, is_readonly FROM configuration_key ORDER BY key")
    assert [tuple(k) for k in keys] == [("A", "1", True), ("B", None, False)]
    assert await owner.fetchval("SELECT count(*) FROM desk_case") == 1
    assert ORGANIZATION == 1
