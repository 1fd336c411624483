"""The worker: claims jobs, runs their handlers, and keeps what failed for another try."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta

import structlog

from csms.kernel.clock import Clock
from csms.kernel.errors import UnavailableError
from csms.kernel.jobs import ClaimedJob, JobQueue
from csms.worker.backoff import rest_after
from csms.worker.errors import JobIsHopelessError, JobNotDueError
from csms.worker.schedules import Schedule, Timetable

_log = structlog.get_logger(__name__)

Handler = Callable[[ClaimedJob], Awaitable[object]]

CONCURRENCY = 8
LEASE_S = 60.0
POLL_S = 2.0
STOP_TIMEOUT_S = 20.0


class Worker:
    """Runs the jobs whose kind has a handler, and the schedules.

    At most `concurrency` jobs at once, each under a lease of `lease_s` that is renewed while its
    handler runs; a handler that loses its lease is cancelled, since another worker has the job.
    """

    def __init__(  # noqa: PLR0913 - every bound is a setting
        self,
        job_queue: JobQueue,
        handlers: Mapping[str, Handler],
        schedules: Sequence[Schedule],
        clock: Clock,
        *,
        concurrency: int = CONCURRENCY,
        lease_s: float = LEASE_S,
        poll_s: float = POLL_S,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._queue = job_queue
        self._handlers = dict(handlers)
        self._timetable = Timetable(schedules, clock)
        self._concurrency = concurrency
        self._lease = timedelta(seconds=lease_s)
        self._poll_s = poll_s
        self._jitter = jitter
        self._running: set[asyncio.Task[None]] = set()
        self._loops: list[asyncio.Task[None]] = []
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Work until `close`."""
        self._loops = [
            asyncio.create_task(self._keep_time(), name="worker-schedules"),
            asyncio.create_task(self._work(), name="worker-jobs"),
        ]
        try:
            await asyncio.gather(*self._loops)
        finally:
            for loop in self._loops:
                loop.cancel()
            await asyncio.gather(*self._loops, return_exceptions=True)

    async def close(self, *, timeout_s: float = STOP_TIMEOUT_S) -> None:
        """Claim nothing more; let running jobs end, or cancel them: their leases then run out."""
        self._stopping.set()
        now = asyncio.get_running_loop().time
        until = now() + timeout_s
        if self._loops:
            # A claim on its way may still bring jobs: they run to their end like the others.
            await asyncio.wait(self._loops, timeout=timeout_s)
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=max(0.0, until - now()))
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await asyncio.gather(*self._loops, return_exceptions=True)

    async def _keep_time(self) -> None:
        while not self._stopping.is_set():
            pause_s = await self._timetable.run_due()
            await self._stopped_within(pause_s)

    async def _work(self) -> None:
        if not self._handlers:
            await self._stopping.wait()
            return
        kinds = tuple(sorted(self._handlers))
        while not self._stopping.is_set():
            free = self._concurrency - len(self._running)
            if free == 0:
                await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
                continue
            try:
                claimed = await self._queue.claim(kinds, free, self._lease)
            except UnavailableError as error:
                _log.warning("no jobs can be claimed", error=error.detail)
                await self._stopped_within(self._poll_s)
                continue
            for job in claimed:
                task = asyncio.create_task(self._run(job), name=f"job-{job.id}")
                self._running.add(task)
                task.add_done_callback(self._running.discard)
            if not claimed:
                await self._wait_for_work()

    async def _wait_for_work(self) -> None:
        waiting = asyncio.ensure_future(self._queue.wait_for_work(self._poll_s))
        stopped = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({waiting, stopped}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for future in (waiting, stopped):
                future.cancel()
            await asyncio.gather(waiting, stopped, return_exceptions=True)

    async def _stopped_within(self, pause_s: float | None) -> None:
        try:
            async with asyncio.timeout(pause_s):
                await self._stopping.wait()
        except TimeoutError:
            return

    async def _run(self, job: ClaimedJob) -> None:
        log = _log.bind(job_id=job.id, kind=job.kind, attempt=job.attempt)
        work = asyncio.ensure_future(self._handlers[job.kind](job))
        renewing = asyncio.create_task(self._renew(job, work))
        try:
            await work
            if not await self._queue.complete(job):
                log.warning("job done under a lost lease")
        except asyncio.CancelledError:
            if not work.cancelled() or self._stopping.is_set():
                work.cancel()
                raise
            log.warning("job taken over by another worker")
        except JobNotDueError as early:
            await self._postpone(job, early)
        except Exception as error:  # the edge: whatever a handler raises, the job is kept
            await self._put_back(job, error)
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)

    async def _renew(self, job: ClaimedJob, work: asyncio.Future[object]) -> None:
        while True:
            await asyncio.sleep(self._lease.total_seconds() / 3)
            try:
                if not await self._queue.renew(job, self._lease):
                    work.cancel()
                    return
            except UnavailableError as error:
                _log.warning("lease not renewed", job_id=job.id, error=error.detail)

    async def _postpone(self, job: ClaimedJob, early: JobNotDueError) -> None:
        try:
            await self._queue.postpone(job, early.run_at, early.detail)
        except UnavailableError as unavailable:
            _log.warning("job left to its lease", job_id=job.id, error=unavailable.detail)

    async def _put_back(self, job: ClaimedJob, error: Exception) -> None:
        is_hopeless = isinstance(error, JobIsHopelessError) or job.attempt >= job.max_attempts
        retry_in = None if is_hopeless else rest_after(job.attempt, self._jitter)
        _log.warning(
            "job failed",
            job_id=job.id,
            kind=job.kind,
            attempt=job.attempt,
            is_dead=is_hopeless,
            exc_info=error,
        )
        try:
            await self._queue.fail(job, f"{type(error).__name__}: {error}", retry_in=retry_in)
        except UnavailableError as unavailable:
            _log.warning("job left to its lease", job_id=job.id, error=unavailable.detail)
