"""One writer of the journal: stores a batch exactly once, whatever happens to its connection."""

import asyncio
import re
from collections.abc import Callable
from typing import Literal

import asyncpg
import msgspec
import structlog

from csms.adapters.sql import journal_statements
from csms.adapters.sql.availability import DRIVER_FAILURES
from csms.adapters.sql.engine import Database
from csms.adapters.sql.journal_batch import Waiting
from csms.adapters.sql.journal_facts import store_facts
from csms.adapters.sql.journal_rows import Batch, lay_out
from csms.adapters.sql.texts import storable
from csms.kernel.errors import CsmsError
from csms.kernel.journal import (
    EntryRefusedError,
    JournalEntry,
    StaleEpochError,
    StorageUnavailableError,
)
from csms.kernel.observing import JournalObserver

_log = structlog.get_logger(__name__)

ID_BLOCK = 1000
_PAUSE_S = (0.02, 1.0)

# SQLSTATE classes: the data itself is at fault, and the same entry will fail again.
_DATA_CLASSES = frozenset({"21", "22", "23", "54"})
_OWN_KEYS = re.compile(r"(message(_\w+)?|journal_marker)_pkey")


StorageState = Literal["available", "unavailable"]


class IdBlocks:
    """Message ids that rise with time, taken from the sequence a block at a time."""

    def __init__(self) -> None:
        self._next = 0
        self._end = 0
        self._taking = asyncio.Lock()

    async def give(self, connection: asyncpg.Connection, batch: list[Waiting]) -> None:
        """Set the id of every entry that has none."""
        for waiting in batch:
            if waiting.id:
                continue
            if self._next == self._end:
                async with self._taking:
                    if self._next == self._end:
                        first = await connection.fetchval("SELECT nextval('message_id_seq')")
                        self._next, self._end = first, first + ID_BLOCK
            waiting.id = self._next
            self._next += 1


class BatchWriter:
    """Owns one connection and stores batches over it.

    `report` is told whether storage works. A batch whose commit has an unknown outcome is looked up
    by its message ids before it is sent again; the ids' primary key is the second guard.
    """

    def __init__(
        self,
        database: Database,
        ids: IdBlocks,
        *,
        commit_timeout_s: float,
        report: Callable[[StorageState], None],
        observer: JournalObserver | None = None,
    ) -> None:
        self._database = database
        self._ids = ids
        self._commit_timeout_s = commit_timeout_s
        self._report = report
        self._observer = observer
        self._connection: asyncpg.Connection | None = None

    async def connect(self) -> asyncpg.Connection:
        """Return a live connection. Raises StorageUnavailableError."""
        if self._connection is None or self._connection.is_closed():
            try:
                async with asyncio.timeout(self._commit_timeout_s):
                    self._connection = await self._database.open_connection(
                        server_settings={
                            "application_name": "csms-journal",
                            # The arguments' values never change the hot statement's plan.
                            "plan_cache_mode": "force_generic_plan",
                        }
                    )
            except (asyncpg.PostgresError, *DRIVER_FAILURES) as error:
                raise StorageUnavailableError(f"the database does not answer: {error}") from error
        return self._connection

    async def close(self) -> None:
        """Close the connection."""
        if self._connection is not None and not self._connection.is_closed():
            await self._connection.close(timeout=self._commit_timeout_s)
        self._connection = None

    async def store(self, batch: list[Waiting]) -> None:
        """Store the batch and tell every entry's caller how it ended. Raises nothing."""
        try:
            await self._store(batch)
        except Exception as error:  # a fault of ours must not end the writer
            _log.exception("journal batch failed", entries=len(batch))
            self._drop_connection()
            unknown = StorageUnavailableError(f"not stored: {type(error).__name__}")
            for waiting in batch:
                waiting.fail(unknown)

    async def _store(self, batch: list[Waiting]) -> None:
        pause_s, may_be_there = _PAUSE_S[0], False
        while True:
            try:
                connection = await self.connect()
                async with asyncio.timeout(self._commit_timeout_s):
                    if may_be_there and await self._settle_stored(connection, batch):
                        break
                    await self._ids.give(connection, batch)
                    began = asyncio.get_running_loop().time()
                    stale = await _write(connection, lay_out(batch))
                _settle(batch, stale)
                self._tell_observer(batch, began)
                break
            except (asyncpg.PostgresError, CsmsError, ValueError) as error:
                if _is_of_data(error):
                    if may_be_there and _is_of_ids(error):
                        continue  # the first sending did commit: look it up
                    await self._store_apart(batch, error)
                    break
                failure: Exception = error
            except DRIVER_FAILURES as error:
                failure = error
            may_be_there = True
            self._report("unavailable")
            self._drop_connection()
            if asyncio.get_running_loop().time() >= max(w.deadline for w in batch):
                _log.warning("journal batch not stored", entries=len(batch), error=str(failure))
                for waiting in batch:
                    waiting.fail(StorageUnavailableError(f"nothing can be stored: {failure}"))
                await self._probe()
                return
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, _PAUSE_S[1])
        self._report("available")

    def _tell_observer(self, batch: list[Waiting], began: float) -> None:
        if self._observer is not None:
            seconds = asyncio.get_running_loop().time() - began
            self._observer.committed([waiting.entry for waiting in batch], seconds)

    async def _settle_stored(self, connection: asyncpg.Connection, batch: list[Waiting]) -> bool:
        """Look the batch up by its ids; when it is there, settle its entries."""
        logged = [w for w in batch if w.id and w.entry.message is not None]
        rows = await connection.fetch(
            journal_statements.WHAT_IS_THERE,
            [w.id for w in logged],
            [w.entry.message.received_at for w in logged if w.entry.message is not None],
            [w.id for w in batch if w.id],
        )
        there = {row["id"] for row in rows}
        if not there:
            return False
        _settle(batch, [w.entry.charger_id for w in logged if w.id not in there])
        return True

    async def _store_apart(self, batch: list[Waiting], error: Exception) -> None:
        """Store each entry alone, so that the one at fault harms only itself."""
        if len(batch) > 1:
            for waiting in batch:
                await self._store([waiting])
            return
        waiting = batch[0]
        connection = await self.connect()
        await connection.execute(
            journal_statements.QUARANTINE, *_quarantine_row(waiting.entry, error)
        )
        _log.warning(
            "entry quarantined", charge_point_id=waiting.entry.charge_point_id, error=str(error)
        )
        waiting.fail(EntryRefusedError(f"this message cannot be stored: {error}"))

    async def _probe(self) -> None:
        """Write until a write succeeds, more and more rarely."""
        pause_s = _PAUSE_S[0]
        while True:
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, _PAUSE_S[1])
            try:
                connection = await self.connect()
                async with asyncio.timeout(self._commit_timeout_s):
                    await connection.execute(
                        journal_statements.MARK,
                        await connection.fetchval("SELECT nextval('message_id_seq')"),
                    )
            except (asyncpg.PostgresError, CsmsError, *DRIVER_FAILURES) as error:
                _log.debug("storage still unavailable", error=str(error))
                self._drop_connection()
                continue
            self._report("available")
            return

    def _drop_connection(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None


async def _write(connection: asyncpg.Connection, batch: Batch) -> list[int]:
    """Commit the batch; return the chargers whose epoch is over, of which nothing was stored."""
    if batch.is_hot:
        return list(await connection.fetchval(journal_statements.HOT, *batch.hot))
    async with connection.transaction():
        stale = list(await connection.fetchval(journal_statements.HOT, *batch.hot))
        if batch.marker is not None:
            await connection.execute(journal_statements.MARK, batch.marker)
        rare = batch.rare
        if stale:
            over = set(stale)
            rare = [waiting for waiting in rare if waiting.entry.charger_id not in over]
        await store_facts(connection, rare)
    return stale


def _settle(batch: list[Waiting], stale: list[int]) -> None:
    if not stale:
        for waiting in batch:
            waiting.settle()
        return
    over = set(stale)
    for waiting in batch:
        if waiting.entry.charger_id in over:
            waiting.fail(
                StaleEpochError(
                    "a newer connection of this charger exists",
                    charger_id=waiting.entry.charger_id,
                    epoch=waiting.entry.epoch,
                )
            )
        else:
            waiting.settle()


def _is_of_data(error: Exception) -> bool:
    if isinstance(error, StorageUnavailableError):
        return False
    if isinstance(error, asyncpg.PostgresError):
        sqlstate = getattr(error, "sqlstate", None) or ""
        # Without a SQLSTATE it is the driver that could not encode a value.
        return sqlstate[:2] in _DATA_CLASSES
    return True


def _is_of_ids(error: Exception) -> bool:
    """Whether the batch's own ids are there: of a partition of the log, or of the marker."""
    return isinstance(error, asyncpg.UniqueViolationError) and bool(
        _OWN_KEYS.fullmatch(error.constraint_name or "")
    )


def _quarantine_row(entry: JournalEntry, error: Exception) -> tuple[object, ...]:
    message = entry.message
    raw = message.request if message is not None and message.request is not None else None
    return (
        entry.organization_id,
        entry.charger_id,
        entry.epoch,
        storable(message.message_id) if message is not None else None,
        storable(message.action) if message is not None else None,
        raw.encode("utf-8", "surrogatepass") if raw is not None else msgspec.json.encode(entry),
        storable(str(error)),
        message.received_at if message is not None else None,
    )
