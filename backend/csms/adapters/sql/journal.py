"""The journal: many connections' entries in one commit, each acknowledged only after it."""

import asyncio
from collections.abc import Mapping

import structlog

from csms.adapters.sql.engine import Database
from csms.adapters.sql.journal_batch import OrderedQueue, Waiting
from csms.adapters.sql.journal_writer import BatchWriter, IdBlocks, StorageState
from csms.kernel.facts import Fact
from csms.kernel.jobs import JobOfFact, JobRequest
from csms.kernel.journal import JournalEntry, StorageUnavailableError, Stored
from csms.kernel.observing import JournalObserver

_log = structlog.get_logger(__name__)

WRITERS = 2
BATCH_ENTRIES = 200
WINDOW_S = 0.002
STORE_TIMEOUT_S = 2.0
COMMIT_TIMEOUT_S = 5.0
CAPACITY = 20_000
# Below this size of the last batch the load is low, and waiting for company only costs time.
QUIET_BATCH = 8
PROBE_PAUSE_S = (0.05, 1.0)
_SWEEP_S = 0.1


class SqlJournal:
    """Stores entries with group commit.

    `jobs_for` says which facts cause a job. `store_timeout_s` bounds how long an entry waits in an
    outage, `commit_timeout_s` how long one commit may take, `capacity` how many entries may wait.
    `observer` is told of every commit.
    """

    def __init__(  # noqa: PLR0913 - every bound is a setting
        self,
        database: Database,
        jobs_for: Mapping[type[Fact], JobOfFact],
        *,
        writers: int = WRITERS,
        batch_entries: int = BATCH_ENTRIES,
        window_s: float = WINDOW_S,
        store_timeout_s: float = STORE_TIMEOUT_S,
        commit_timeout_s: float = COMMIT_TIMEOUT_S,
        capacity: int = CAPACITY,
        observer: JournalObserver | None = None,
    ) -> None:
        self._jobs_for = dict(jobs_for)
        self._batch_entries = batch_entries
        self._window_s = window_s
        self._store_timeout_s = store_timeout_s
        self._capacity = capacity
        self._queue = OrderedQueue()
        self._ids = IdBlocks()
        self._writers = [
            BatchWriter(
                database,
                self._ids,
                commit_timeout_s=commit_timeout_s,
                report=self._report,
                observer=observer,
            )
            for _ in range(writers)
        ]
        self._tasks: list[asyncio.Task[None]] = []
        self._arrived = asyncio.Event()
        self._full = asyncio.Event()
        self._collecting = asyncio.Lock()
        self._last_size = 0
        self._in_flight = 0
        self._is_available = True
        self._is_closing = False
        self._clock = asyncio.get_running_loop().time

    @property
    def is_available(self) -> bool:
        """False from the first failed commit until a write succeeds."""
        return self._is_available

    @property
    def capacity(self) -> int:
        """How many entries may wait."""
        return self._capacity

    @property
    def backlog(self) -> int:
        """Entries that wait for a commit, those in a commit under way included."""
        return len(self._queue) + self._in_flight

    async def start(self) -> None:
        """Open the writers' connections and begin to store. Raises StorageUnavailableError."""
        for writer in self._writers:
            await writer.connect()
        self._tasks = [
            asyncio.create_task(self._write(writer), name=f"journal-writer-{number}")
            for number, writer in enumerate(self._writers)
        ]
        self._tasks.append(asyncio.create_task(self._sweep(), name="journal-sweep"))

    async def close(self) -> None:
        """Store what waits, as long as that is possible, then end the writers."""
        self._is_closing = True
        self._arrived.set()
        self._full.set()
        if self._tasks:
            writers, sweep = self._tasks[:-1], self._tasks[-1]
            await asyncio.gather(*writers)
            sweep.cancel()
            await asyncio.gather(sweep, return_exceptions=True)
            self._tasks = []
        for writer in self._writers:
            await writer.close()

    def submit(self, entry: JournalEntry, stored: Stored) -> None:
        """Tell `stored` when `entry` is committed; see csms.kernel.journal.Journal.submit."""
        refusal = self._refusal()
        if refusal is not None:
            asyncio.get_running_loop().call_soon(stored, refusal)
            return
        deadline = self._clock() + self._store_timeout_s
        self._queue.put(Waiting(entry, self._jobs_of(entry), stored, deadline))
        self._wake()

    async def append(self, entry: JournalEntry) -> None:
        """Return when `entry` is committed; see csms.kernel.journal.Journal.append."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def stored(error: Exception | None) -> None:
            if future.done():
                return
            if error is None:
                future.set_result(None)
            else:
                future.set_exception(error)

        self.submit(entry, stored)
        await future

    def _refusal(self) -> StorageUnavailableError | None:
        if self._is_closing or not self._tasks:
            return StorageUnavailableError("the journal is closed", code="journal_closed")
        if self.backlog >= self._capacity:
            return StorageUnavailableError(
                "too many entries wait to be stored", code="journal_full"
            )
        return None

    def _jobs_of(self, entry: JournalEntry) -> tuple[JobRequest, ...]:
        if not entry.facts:
            return ()
        table = self._jobs_for
        made = [table[type(f)](entry, f) for f in entry.facts if type(f) in table]
        return tuple(job for job in made if job is not None)

    def _wake(self) -> None:
        ready = self._queue.ready
        if ready:
            self._arrived.set()
            if ready >= self._batch_entries:
                self._full.set()

    async def _write(self, writer: BatchWriter) -> None:
        while True:
            async with self._collecting:
                batch = await self._collect()
            if not batch:
                return
            self._in_flight += len(batch)
            try:
                await writer.store(batch)
            finally:
                self._in_flight -= len(batch)
                self._queue.release(batch)
                self._wake()
                if self._is_closing:
                    self._arrived.set()

    async def _collect(self) -> list[Waiting]:
        """Return the next batch: at once when the load is low, else after the window or when full."""
        while not self._queue.ready:
            if self._is_closing and not len(self._queue):
                return []
            self._arrived.clear()
            await self._arrived.wait()
        if self._last_size >= QUIET_BATCH and self._queue.ready < self._batch_entries:
            self._full.clear()
            if not self._is_closing:
                try:
                    async with asyncio.timeout(self._window_s):
                        await self._full.wait()
                except TimeoutError:
                    pass
        batch = self._queue.take(self._batch_entries)
        self._last_size = len(batch)
        return batch

    async def _sweep(self) -> None:
        """Fail, in time, the entries that no writer could take during an outage."""
        while True:
            await asyncio.sleep(_SWEEP_S)
            # While storage works a late entry is only late: a stalled process must not refuse it.
            if self._is_available:
                continue
            for late in self._queue.take_expired(self._clock()):
                late.fail(StorageUnavailableError("nothing can be stored at present"))

    def _report(self, state: StorageState) -> None:
        is_available = state == "available"
        if is_available != self._is_available:
            self._is_available = is_available
            _log.warning("storage", state=state)
