"""A worker that is closed while jobs are on their way to it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from csms.kernel.clock import SystemClock
from csms.kernel.ids import JobId
from csms.kernel.jobs import ClaimedJob, JobRequest
from csms.worker.runner import Worker

pytestmark = pytest.mark.unit


class SlowQueue:
    """A queue whose claim takes until it is let go."""

    def __init__(self) -> None:
        self.is_asked = asyncio.Event()
        self.let_go = asyncio.Event()
        self.completed: list[JobId] = []

    async def enqueue(self, job: JobRequest) -> bool:
        return False

    async def claim(self, kinds: tuple[str, ...], limit: int, lease: timedelta) -> list[ClaimedJob]:
        self.is_asked.set()
        await self.let_go.wait()
        until = datetime.now(UTC) + lease
        return [ClaimedJob(JobId(1), "bill", "bill:1", "{}", None, 1, 5, until)]

    async def renew(self, job: ClaimedJob, lease: timedelta) -> bool:
        return True

    async def complete(self, job: ClaimedJob) -> bool:
        self.completed.append(job.id)
        return True

    async def fail(self, job: ClaimedJob, error: str, *, retry_in: timedelta | None) -> bool:
        return True

    async def wait_for_work(self, timeout_s: float) -> None:
        await asyncio.sleep(timeout_s)


async def test_a_job_whose_claim_was_on_its_way_at_the_close_is_done_before_it_returns() -> None:
    queue = SlowQueue()

    async def bill(job: ClaimedJob) -> None:
        for _ in range(10):
            await asyncio.sleep(0)

    worker = Worker(queue, {"bill": bill}, (), SystemClock())
    running = asyncio.create_task(worker.run())
    await queue.is_asked.wait()
    closing = asyncio.create_task(worker.close())
    await asyncio.sleep(0)
    queue.let_go.set()
    await closing
    completed = list(queue.completed)
    await running

    assert completed == [JobId(1)]
