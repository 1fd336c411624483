"""The journal stores entries whole, once, in order, and says so only then."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from csms.adapters.sql.journal import SqlJournal
from csms.kernel.journal import EntryRefusedError, StaleEpochError, StorageUnavailableError
from tests.sql.rows import NOW, LaidCharger, LayCharger, readings, report, started

pytestmark = pytest.mark.integration


async def test_a_message_is_one_row_with_its_answer(
    journal: SqlJournal, charger: LaidCharger, owner: asyncpg.Connection
) -> None:
    await journal.append(charger.entry(message_id="abc", request='{"x":"ü"}'))
    row = await owner.fetchrow("SELECT * FROM message")
    assert row["message_id"] == "abc"
    assert row["request"] == '{"x":"ü"}'
    assert row["answer"] == "{}"
    assert row["charge_point_id"] == charger.charge_point_id
    assert row["received_at"] == NOW
    assert row["epoch"] == 1


async def test_readings_and_reports_are_stored_with_their_message(
    journal: SqlJournal, charger: LaidCharger, owner: asyncpg.Connection
) -> None:
    await journal.append(charger.entry(readings(7, wh=1234), readings(None, wh=5)))
    await journal.append(charger.entry(report("Charging")))
    values = await owner.fetch("SELECT * FROM meter_value ORDER BY register_wh")
    assert [(v["transaction_id"], int(v["register_wh"])) for v in values] == [(None, 5), (7, 1234)]
    assert await owner.fetchval("SELECT status FROM connector") == "Charging"
    assert await owner.fetchval("SELECT count(*) FROM connector_status_event") == 1


async def test_the_last_report_of_a_message_stands(
    journal: SqlJournal, charger: LaidCharger, owner: asyncpg.Connection
) -> None:
    await journal.append(charger.entry(report("Preparing"), report("Charging")))
    await journal.append(
        charger.entry(report("Faulted", at=NOW - timedelta(hours=1), is_current=False))
    )
    assert await owner.fetchval("SELECT status FROM connector") == "Charging"
    assert await owner.fetchval("SELECT count(*) FROM connector_status_event") == 3


async def test_an_older_report_never_replaces_a_newer_one(
    journal: SqlJournal, charger: LaidCharger, owner: asyncpg.Connection
) -> None:
    await journal.append(charger.entry(report("Charging", at=NOW)))
    await journal.append(charger.entry(report("Available", at=NOW - timedelta(minutes=1))))
    assert await owner.fetchval("SELECT status FROM connector") == "Charging"


async def test_entries_of_many_chargers_are_all_there_once(
    journal: SqlJournal, lay_charger: LayCharger, owner: asyncpg.Connection
) -> None:
    chargers = [await lay_charger() for _ in range(30)]
    await asyncio.gather(
        *(journal.append(c.entry(readings())) for _ in range(20) for c in chargers)
    )
    assert await owner.fetchval("SELECT count(*) FROM message") == 600
    assert await owner.fetchval("SELECT count(DISTINCT message_id) FROM message") == 600
    assert await owner.fetchval("SELECT count(*) FROM meter_value") == 600
    assert journal.backlog == 0


async def test_entries_of_one_charger_commit_in_the_order_of_their_appends(
    journal: SqlJournal, lay_charger: LayCharger, owner: asyncpg.Connection
) -> None:
    chargers = [await lay_charger() for _ in range(5)]
    done: dict[int, list[int]] = {c.id: [] for c in chargers}

    async def append(c: LaidCharger, number: int) -> None:
        await journal.append(c.entry(report(f"S{number:03d}"), message_id=f"{number:03d}"))
        done[c.id].append(number)

    await asyncio.gather(*(append(c, n) for n in range(60) for c in chargers))
    for c in chargers:
        assert done[c.id] == list(range(60))
        rows = await owner.fetch(
            "SELECT message_id FROM message WHERE charger_id=$1 ORDER BY id", c.id
        )
        assert [r["message_id"] for r in rows] == [f"{n:03d}" for n in range(60)]
    assert {r["status"] for r in await owner.fetch("SELECT status FROM connector")} == {"S059"}


async def test_an_older_epoch_stores_nothing(
    journal: SqlJournal, lay_charger: LayCharger, owner: asyncpg.Connection
) -> None:
    old, live = await lay_charger(epoch=5), await lay_charger(epoch=1)
    results = await asyncio.gather(
        journal.append(old.entry(readings(), started(11), report("Charging"), epoch=4)),
        journal.append(live.entry(readings())),
        return_exceptions=True,
    )
    assert isinstance(results[0], StaleEpochError)
    assert results[1] is None
    for table in ("message", "meter_value"):
        ids = await owner.fetch(f"SELECT charger_id FROM {table}")
        assert [r["charger_id"] for r in ids] == [live.id]
    assert await owner.fetchval("SELECT count(*) FROM transaction") == 0
    assert await owner.fetchval("SELECT count(*) FROM connector") == 0


async def test_a_charger_that_was_never_admitted_is_stale(
    journal: SqlJournal, lay_charger: LayCharger
) -> None:
    with pytest.raises(StaleEpochError):
        await journal.append((await lay_charger(epoch=None)).entry())


async def test_facts_of_ours_need_no_connection(
    journal: SqlJournal, lay_charger: LayCharger, owner: asyncpg.Connection
) -> None:
    charger = await lay_charger(epoch=None)
    await journal.append(charger.entry(started(12), epoch=0, is_silent=True))
    assert await owner.fetchval("SELECT status FROM transaction WHERE id = 12") == "ACTIVE"


async def test_nul_and_lone_surrogates_do_not_fail_a_batch(
    journal: SqlJournal, lay_charger: LayCharger, owner: asyncpg.Connection
) -> None:
    odd, plain = await lay_charger(), await lay_charger()
    await asyncio.gather(
        journal.append(odd.entry(request='{"a":"\0","b":"\ud800","c":"ü"}')),
        journal.append(plain.entry()),
    )
    stored = await owner.fetchval("SELECT request FROM message WHERE charger_id = $1", odd.id)
    assert stored == '{"a":"\u2400","b":"\ufffd","c":"ü"}'


async def test_a_callback_that_fails_keeps_no_other_entry_from_its_acknowledgement(
    journal: SqlJournal, lay_charger: LayCharger, owner: asyncpg.Connection
) -> None:
    told: asyncio.Queue[Exception | None] = asyncio.Queue()

    def stored(error: Exception | None) -> None:
        told.put_nowait(error)
        raise RuntimeError("a fault in what follows a commit")

    faulty, others = await lay_charger(), [await lay_charger() for _ in range(5)]
    journal.submit(faulty.entry(), stored)
    await asyncio.gather(*(journal.append(other.entry()) for other in others))
    assert await told.get() is None
    assert await owner.fetchval("SELECT count(*) FROM message") == 6


async def test_a_submission_to_a_closed_journal_is_told_later_that_it_is_not_stored(
    journal: SqlJournal, charger: LaidCharger
) -> None:
    await journal.close()
    told: list[Exception | None] = []
    journal.submit(charger.entry(), told.append)
    assert told == []
    await asyncio.sleep(0)
    assert isinstance(told[0], StorageUnavailableError)


async def test_a_poison_entry_harms_only_itself(
    journal: SqlJournal, lay_charger: LayCharger, owner: asyncpg.Connection
) -> None:
    bad, good = await lay_charger(), [await lay_charger() for _ in range(5)]
    poison = started(13, tariff_id=999_999)  # no such tariff
    results = await asyncio.gather(
        journal.append(bad.entry(poison, request='{"raw":"\0frame"}', message_id="poison")),
        *(journal.append(c.entry(readings())) for c in good),
        return_exceptions=True,
    )
    assert isinstance(results[0], EntryRefusedError)
    assert results[1:] == [None] * 5
    kept = await owner.fetchrow("SELECT * FROM quarantine")
    assert bytes(kept["raw"]) == b'{"raw":"\0frame"}'
    assert (kept["charger_id"], kept["message_id"]) == (bad.id, "poison")
    assert await owner.fetchval("SELECT count(*) FROM message") == 5
    assert await owner.fetchval("SELECT count(*) FROM transaction") == 0
    await journal.append(bad.entry(readings()))


async def test_a_cancelled_caller_does_not_stop_the_entry(
    journal: SqlJournal, charger: LaidCharger, owner: asyncpg.Connection
) -> None:
    task = asyncio.create_task(journal.append(charger.entry(message_id="left")))
    await asyncio.sleep(0)
    task.cancel()
    await journal.append(charger.entry(message_id="next"))
    rows = await owner.fetch("SELECT message_id FROM message ORDER BY id")
    assert [r["message_id"] for r in rows] == ["left", "next"]
