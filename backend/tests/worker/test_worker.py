"""The worker runs what is queued, keeps what fails, and ends cleanly."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from csms.kernel.ids import JobId
from csms.kernel.jobs import ClaimedJob, JobRequest
from csms.kernel.journal import StorageUnavailableError
from csms.worker.backoff import LONGEST_PAUSE_S, rest_after
from csms.worker.errors import JobIsHopelessError, JobNotDueError
from csms.worker.runner import Handler, Worker
from csms.worker.schedules import Schedule, Timetable

pytestmark = pytest.mark.unit

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class FixedClock:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.moment = NOW

    def now(self) -> datetime:
        return self.moment


class MemoryQueue:
    """A queue in memory that notes how each job ended."""

    def __init__(self, *kinds: str, attempt: int = 1, claim_failures: int = 0) -> None:
        numbers = count(1)
        self.ready = [
            ClaimedJob(
                id=JobId(next(numbers)), kind=kind, unique_key=f"{kind}", payload="{}",
                organization_id=None, attempt=attempt, max_attempts=3, leased_until=NOW,
            )
            for kind in kinds
        ]  # fmt: skip
        self.ended: dict[str, object] = {}
        self.claim_failures = claim_failures
        self.changed = asyncio.Event()
        self.holds_leases = True
        self.renewed = asyncio.Event()

    async def enqueue(self, job: JobRequest) -> bool:
        raise NotImplementedError

    async def claim(self, kinds: tuple[str, ...], limit: int, lease: timedelta) -> list[ClaimedJob]:
        if self.claim_failures:
            self.claim_failures -= 1
            raise StorageUnavailableError("down")
        taken = [job for job in self.ready if job.kind in kinds][:limit]
        self.ready = [job for job in self.ready if job not in taken]
        return taken

    async def renew(self, job: ClaimedJob, lease: timedelta) -> bool:
        self.renewed.set()
        return self.holds_leases

    async def complete(self, job: ClaimedJob) -> bool:
        self._end(job, "done")
        return True

    async def fail(self, job: ClaimedJob, error: str, *, retry_in: timedelta | None) -> bool:
        self._end(job, (error, retry_in))
        return True

    async def postpone(self, job: ClaimedJob, run_at: datetime, reason: str) -> bool:
        self._end(job, (run_at, reason))
        return True

    async def wait_for_work(self, timeout_s: float) -> None:
        await asyncio.Event().wait()

    def _end(self, job: ClaimedJob, how: object) -> None:
        self.ended[job.unique_key] = how
        self.changed.set()

    async def until_ended(self, number: int) -> None:
        async with asyncio.timeout(10):
            while len(self.ended) < number:
                self.changed.clear()
                await self.changed.wait()


async def working(
    queue: MemoryQueue,
    handlers: dict[str, Handler],
    then: Callable[[], Awaitable[None]],
    **bounds: float,
) -> None:
    """Run a worker on the queue until `then` returns, and close it."""
    worker = Worker(queue, handlers, (), FixedClock(), jitter=lambda: 0.0, **bounds)  # type: ignore[arg-type]
    running = asyncio.create_task(worker.run())
    await then()
    await worker.close(timeout_s=1)
    await running


async def fine(_: ClaimedJob) -> None:
    """Succeed."""


async def broken(_: ClaimedJob) -> None:
    """Fail."""
    raise ValueError("broken")


async def hopeless(_: ClaimedJob) -> None:
    """Fail for good."""
    raise JobIsHopelessError("no use")


async def test_a_handled_job_is_completed_and_a_failed_one_rests() -> None:
    queue = MemoryQueue("fine", "broken", "hopeless", "unknown")
    handlers: dict[str, Handler] = {"fine": fine, "broken": broken, "hopeless": hopeless}
    await working(queue, handlers, lambda: queue.until_ended(3))
    assert queue.ended == {
        "fine": "done",
        "broken": ("ValueError: broken", timedelta(seconds=2)),
        "hopeless": ("JobIsHopelessError: no use", None),
    }
    assert [job.kind for job in queue.ready] == ["unknown"]


async def test_a_job_that_came_too_early_waits_however_often_it_was_tried() -> None:
    due_at = NOW + timedelta(hours=1)

    async def early(_: ClaimedJob) -> None:
        raise JobNotDueError(due_at, "the connector is not free")

    queue = MemoryQueue("early", attempt=3)
    await working(queue, {"early": early}, lambda: queue.until_ended(1))
    assert queue.ended == {"early": (due_at, "the connector is not free")}


async def test_the_last_attempt_is_followed_by_no_other() -> None:
    queue = MemoryQueue("broken", attempt=3)
    await working(queue, {"broken": broken}, lambda: queue.until_ended(1))
    assert queue.ended == {"broken": ("ValueError: broken", None)}


async def test_storage_that_comes_back_is_worked_on() -> None:
    queue = MemoryQueue("fine", claim_failures=2)
    await working(queue, {"fine": fine}, lambda: queue.until_ended(1), poll_s=0.001)
    assert queue.ended == {"fine": "done"}


async def test_no_more_jobs_run_at_once_than_allowed() -> None:
    queue = MemoryQueue(*(f"k{n}" for n in range(6)))
    at_once: list[int] = []
    running = 0

    async def counted(_: ClaimedJob) -> None:
        nonlocal running
        running += 1
        at_once.append(running)
        for _turn in range(3):
            await asyncio.sleep(0)
        running -= 1

    await working(
        queue, {f"k{n}": counted for n in range(6)}, lambda: queue.until_ended(6), concurrency=2
    )
    assert max(at_once) == 2


async def test_a_handler_whose_lease_is_lost_is_cancelled_and_says_nothing() -> None:
    queue = MemoryQueue("slow")
    queue.holds_leases = False
    cancelled = asyncio.Event()

    async def slow(_: ClaimedJob) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    async def until_cancelled() -> None:
        async with asyncio.timeout(10):
            await cancelled.wait()

    await working(queue, {"slow": slow}, until_cancelled, lease_s=0.01)
    assert queue.ended == {}


async def test_closing_lets_a_running_job_end() -> None:
    queue = MemoryQueue("slow")
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def slow(_: ClaimedJob) -> None:
        begun.set()
        await may_end.wait()

    worker = Worker(queue, {"slow": slow}, (), FixedClock())
    running = asyncio.create_task(worker.run())
    await begun.wait()
    closing = asyncio.create_task(worker.close(timeout_s=10))
    await asyncio.sleep(0)
    assert not closing.done()
    may_end.set()
    await closing
    await running
    assert queue.ended == {"slow": "done"}


async def test_closing_cancels_what_does_not_end_in_time() -> None:
    queue = MemoryQueue("stuck")
    begun = asyncio.Event()

    async def stuck(_: ClaimedJob) -> None:
        begun.set()
        await asyncio.Event().wait()

    worker = Worker(queue, {"stuck": stuck}, (), FixedClock())
    running = asyncio.create_task(worker.run())
    await begun.wait()
    await worker.close(timeout_s=0.01)
    await running
    assert queue.ended == {}


async def test_schedules_run_at_first_and_then_when_due() -> None:
    clock, ran = FixedClock(), []

    async def often() -> None:
        ran.append("often")

    async def rarely() -> None:
        ran.append("rarely")
        raise ValueError("the others go on")

    table = Timetable(
        (
            Schedule("rarely", timedelta(hours=1), rarely),
            Schedule("often", timedelta(seconds=10), often),
        ),
        clock,
    )
    assert await table.run_due() == 10
    clock.moment += timedelta(seconds=4)
    assert await table.run_due() == 6
    clock.moment += timedelta(seconds=6)
    await table.run_due()
    assert ran == ["rarely", "often", "often"]
    assert await Timetable((), clock).run_due() is None


def test_pauses_double_up_to_a_bound_and_jitter_only_shortens() -> None:
    pauses = [rest_after(attempt, lambda: 0.0).total_seconds() for attempt in (1, 2, 3, 40)]
    assert pauses == [2, 4, 8, LONGEST_PAUSE_S]
    assert rest_after(2, lambda: 1.0).total_seconds() == 2
