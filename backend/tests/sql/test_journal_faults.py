"""Whatever happens to connections and storage: what was acknowledged is there, once."""

import asyncio
import os
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from csms.adapters.sql import journal_writer
from csms.adapters.sql.engine import Database
from csms.adapters.sql.journal import SqlJournal
from csms.adapters.sql.journal_batch import Waiting
from csms.adapters.sql.migrate import migrate
from csms.bootstrap.embedded_postgres import EmbeddedPostgres, start_embedded_postgres
from csms.kernel.journal import StorageUnavailableError
from tests.sql.rows import LaidCharger, LayCharger, readings, started

pytestmark = pytest.mark.integration

_KILL = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
 WHERE application_name = 'csms-journal' AND datname = current_database()
"""


async def test_every_acknowledged_entry_is_there_once_while_connections_die(
    journal: SqlJournal, lay_charger: LayCharger, owner: asyncpg.Connection
) -> None:
    chargers = [await lay_charger() for _ in range(20)]
    acknowledged: list[str] = []
    unknown: list[str] = []
    killed: list[int] = []
    killing = asyncio.Lock()

    async def talk(charger: LaidCharger) -> None:
        for number in range(40):
            name = f"{charger.id}-{number}"
            # Every eighth entry has a rarer fact, so that both ways of committing are hit.
            facts = [readings()]
            if number % 8 == 0:
                facts.append(started(charger.id * 100 + number, connector=number + 1))
            try:
                await journal.append(charger.entry(*facts, message_id=name))
            except StorageUnavailableError:
                unknown.append(name)
                continue
            acknowledged.append(name)
            if len(acknowledged) % 50 == 0:
                async with killing:
                    killed.append(await owner.fetchval(_KILL))

    await asyncio.gather(*(talk(charger) for charger in chargers))
    rows = await owner.fetch("SELECT message_id FROM message")
    stored = [row["message_id"] for row in rows]
    assert sum(killed) > 10
    assert len(stored) == len(set(stored))
    assert set(acknowledged) <= set(stored) <= set(acknowledged) | set(unknown)
    assert await owner.fetchval("SELECT count(*) FROM meter_value") == len(stored)
    assert len(acknowledged) > len(unknown)


async def test_a_commit_whose_acknowledgement_was_lost_is_not_repeated(
    database: Database,
    lay_charger: LayCharger,
    owner: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The connection breaks after the server has committed and before we hear of it."""
    really = journal_writer._write
    lost = 0

    async def lose_the_first(connection: asyncpg.Connection, batch: journal_writer.Batch) -> object:
        nonlocal lost
        stale = await really(connection, batch)
        if lost < 1:
            lost += 1
            raise ConnectionResetError("the answer never came")
        return stale

    monkeypatch.setattr(journal_writer, "_write", lose_the_first)
    journal = SqlJournal(database, {})
    await journal.start()
    live, old = await lay_charger(), await lay_charger(epoch=9)
    silent = await lay_charger()
    results = await asyncio.gather(
        journal.append(live.entry(readings(), message_id="once")),
        journal.append(old.entry(readings(), epoch=8)),
        journal.append(silent.entry(started(5), epoch=0, is_silent=True)),
        return_exceptions=True,
    )
    assert [type(result).__name__ for result in results] == [
        "NoneType",
        "StaleEpochError",
        "NoneType",
    ]
    assert lost == 1
    assert await owner.fetchval("SELECT count(*) FROM message") == 1
    assert await owner.fetchval("SELECT count(*) FROM meter_value") == 1
    assert journal.is_available
    await journal.close()


@asynccontextmanager
async def own_storage() -> AsyncIterator[tuple[EmbeddedPostgres, str]]:
    """A PostgreSQL that this test alone may stop."""
    with tempfile.TemporaryDirectory(prefix="csms-pg-", ignore_cleanup_errors=True) as folder:
        postgres = await start_embedded_postgres(Path(folder) / "data")
        try:
            await migrate(postgres.dsn("csms_owner"))
            yield postgres, postgres.dsn("csms_owner")
        finally:
            await postgres.stop()


async def crash(postgres: EmbeddedPostgres) -> None:
    """Kill the whole of PostgreSQL at once."""
    os.kill(postgres.pid, signal.SIGKILL)
    await postgres.wait()


async def becomes_available(journal: SqlJournal, *, is_available: bool) -> None:
    """Wait until the journal says so; bounded, so that a failure is a failure."""
    async with asyncio.timeout(20):
        while journal.is_available is not is_available:  # noqa: ASYNC110 - a port has no event
            await asyncio.sleep(0.01)


async def lay_one(dsn: str) -> LaidCharger:
    owner = await asyncpg.connect(dsn)
    charger_id = await owner.fetchval(
        "WITH s AS (INSERT INTO station (organization_id, name, latitude, longitude) "
        "VALUES (1, 'Yard', 1, 1) RETURNING id), "
        "c AS (INSERT INTO charger (organization_id, station_id, charge_point_id, name) "
        "SELECT 1, id, 'CP1', 'CP1' FROM s RETURNING id) SELECT id FROM c"
    )
    await owner.execute(
        "INSERT INTO charger_epoch (charger_id, epoch, node, connected_at) VALUES ($1, 1, 'n', now())",
        charger_id,
    )
    await owner.close()
    return LaidCharger(charger_id, "CP1")  # type: ignore[arg-type]


async def test_an_outage_is_said_in_time_and_ends_by_itself() -> None:
    async with own_storage() as (postgres, dsn):
        charger = await lay_one(dsn)
        database = await Database.connect(dsn)
        journal = SqlJournal(database, {}, store_timeout_s=0.3)
        await journal.start()
        await journal.append(charger.entry(message_id="before"))
        await crash(postgres)
        with pytest.raises(StorageUnavailableError):
            await journal.append(charger.entry(message_id="during"))
        assert not journal.is_available
        with pytest.raises(StorageUnavailableError):
            await journal.append(charger.entry(message_id="during too"))
        await postgres.restart()
        await becomes_available(journal, is_available=True)
        await journal.append(charger.entry(message_id="after"))
        owner = await asyncpg.connect(dsn)
        rows = await owner.fetch("SELECT message_id FROM message ORDER BY id")
        await owner.close()
        assert [row["message_id"] for row in rows] == ["before", "after"]
        assert journal.backlog == 0
        await journal.close()
        await database.close()


async def test_a_short_restart_is_bridged() -> None:
    async with own_storage() as (postgres, dsn):
        charger = await lay_one(dsn)
        database = await Database.connect(dsn)
        journal = SqlJournal(database, {}, store_timeout_s=30)
        await journal.start()
        await crash(postgres)
        append = asyncio.create_task(journal.append(charger.entry(message_id="patient")))
        await becomes_available(journal, is_available=False)
        await postgres.restart()
        await append
        assert journal.is_available
        await journal.close()
        await database.close()


async def test_a_full_journal_refuses_rather_than_grows(
    database: Database, charger: LaidCharger
) -> None:
    journal = SqlJournal(database, {}, capacity=2)
    await journal.start()
    results = await asyncio.gather(
        *(journal.append(charger.entry()) for _ in range(3)), return_exceptions=True
    )
    assert [type(result).__name__ for result in results] == [
        "NoneType",
        "NoneType",
        "StorageUnavailableError",
    ]
    await journal.close()


async def test_a_closed_journal_has_stored_what_it_took(
    database: Database, lay_charger: LayCharger, owner: asyncpg.Connection
) -> None:
    chargers = [await lay_charger() for _ in range(3)]
    journal = SqlJournal(database, {})
    await journal.start()
    waiting = [
        asyncio.create_task(journal.append(c.entry(readings())))
        for _ in range(10)
        for c in chargers
    ]
    await asyncio.sleep(0)
    await journal.close()
    await asyncio.gather(*waiting)
    assert await owner.fetchval("SELECT count(*) FROM message") == 30
    with pytest.raises(StorageUnavailableError):
        await journal.append(chargers[0].entry())


async def test_a_first_sending_that_commits_behind_our_back_is_found(
    database: Database,
    charger: LaidCharger,
    owner: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The look-up finds nothing, then the lost sending commits: the ids refuse the second one."""
    really_write, really_settle = journal_writer._write, journal_writer.BatchWriter._settle_stored
    sent: list[journal_writer.Batch] = []

    async def break_before_sending(
        connection: asyncpg.Connection, batch: journal_writer.Batch
    ) -> object:
        sent.append(batch)
        if len(sent) == 1:
            raise ConnectionResetError("nobody knows whether it arrived")
        return await really_write(connection, batch)

    async def commit_behind(
        self: journal_writer.BatchWriter, connection: asyncpg.Connection, batch: list[Waiting]
    ) -> bool:
        found = await really_settle(self, connection, batch)
        if len(sent) == 1:
            assert not found
            await really_write(connection, sent[0])
        return found

    monkeypatch.setattr(journal_writer, "_write", break_before_sending)
    monkeypatch.setattr(journal_writer.BatchWriter, "_settle_stored", commit_behind)
    journal = SqlJournal(database, {})
    await journal.start()
    await journal.append(charger.entry(readings(), started(3), message_id="once"))
    assert len(sent) == 2
    assert await owner.fetchval("SELECT count(*) FROM message") == 1
    assert await owner.fetchval("SELECT count(*) FROM meter_value") == 1
    assert await owner.fetchval("SELECT count(*) FROM quarantine") == 0
    await journal.close()
