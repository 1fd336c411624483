"""The durable queue: each job is claimed by one worker at a time, until it is done or dead."""

import asyncio
import os
import secrets
import socket
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import structlog

from csms.adapters.sql import job_statements as statements
from csms.adapters.sql.availability import answering
from csms.adapters.sql.engine import Database
from csms.adapters.sql.journal_facts import queue_jobs
from csms.adapters.sql.texts import storable
from csms.kernel.ids import JobId, OrganizationId
from csms.kernel.jobs import ClaimedJob, JobRequest
from csms.kernel.journal import StorageUnavailableError

_log = structlog.get_logger(__name__)

CHANNEL = "csms_jobs"
ERROR_KEPT = 4000


class JobQueue:
    """Implements csms.kernel.jobs.JobQueue on the table `job`.

    `owner` names this worker in leases. `start` listens for new jobs; without it, or while the
    listening connection is down, `wait_for_work` falls back on its time-out.
    """

    def __init__(self, database: Database, *, owner: str | None = None) -> None:
        self._database = database
        self._owner = owner or f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._listener: asyncpg.Connection | None = None
        self._woken = asyncio.Event()

    async def start(self) -> None:
        """Listen for new jobs. Raises StorageUnavailableError."""
        with answering():
            await self._listen()

    async def close(self) -> None:
        """Stop listening."""
        if self._listener is not None and not self._listener.is_closed():
            await self._listener.close(timeout=5)
        self._listener = None

    async def enqueue(self, job: JobRequest) -> bool:
        """Store the job; False when its key is there already. Raises StorageUnavailableError."""
        with answering():
            async with self._database.pool.acquire() as connection:
                return await queue_jobs(connection, [job]) == 1

    async def claim(self, kinds: tuple[str, ...], limit: int, lease: timedelta) -> list[ClaimedJob]:
        """Take due jobs of these kinds, and first free those whose worker died."""
        with answering():
            async with self._database.pool.acquire() as connection:
                await connection.execute(statements.FREE_EXPIRED)
                rows = await connection.fetch(
                    statements.CLAIM, self._owner, lease, list(kinds), limit
                )
        return [_claimed(row) for row in rows]

    async def renew(self, job: ClaimedJob, lease: timedelta) -> bool:
        """Hold the job longer; False when another worker has taken it over."""
        return await self._change(statements.RENEW, job.id, self._owner, lease, job.attempt)

    async def complete(self, job: ClaimedJob) -> bool:
        """Mark the job as done; False when the lease was lost."""
        return await self._change(statements.COMPLETE, job.id, self._owner, job.attempt)

    async def postpone(self, job: ClaimedJob, run_at: datetime, reason: str) -> bool:
        """Put the job back until `run_at`; False when the lease was lost."""
        told = storable(reason[:ERROR_KEPT])
        return await self._change(
            statements.POSTPONE, job.id, self._owner, job.attempt, run_at, told
        )

    async def fail(self, job: ClaimedJob, error: str, *, retry_in: timedelta | None) -> bool:
        """Put the job back for later, or among the dead when `retry_in` is None."""
        told = storable(error[:ERROR_KEPT])
        if retry_in is None:
            return await self._change(statements.BURY, job.id, self._owner, job.attempt, told)
        return await self._change(
            statements.RETRY, job.id, self._owner, job.attempt, retry_in, told
        )

    async def revive(self, job_id: JobId) -> bool:
        """Give a dead job all its attempts again; False when it is not dead."""
        return await self._change(statements.REVIVE, job_id)

    async def forget_done(self, older_than: timedelta) -> int:
        """Delete jobs that were done longer ago than that; return how many."""
        with answering():
            status = await self._database.pool.execute(statements.FORGET_DONE, older_than)
        return _count(status)

    async def wait_for_work(self, timeout_s: float) -> None:
        """Return when a job may have become due, at the latest after `timeout_s`."""
        if self._listener is not None and self._listener.is_closed():
            try:
                with answering():
                    await self._listen()
            except StorageUnavailableError as error:
                _log.debug("not listening for jobs", error=error.detail)
        try:
            async with asyncio.timeout(timeout_s):
                await self._woken.wait()
        except TimeoutError:
            pass
        self._woken.clear()

    async def _listen(self) -> None:
        self._listener = await self._database.open_connection(
            server_settings={"application_name": "csms-jobs"}
        )
        await self._listener.add_listener(CHANNEL, self._wake)
        self._woken.set()  # something may have come while nobody listened

    def _wake(self, *_: object) -> None:
        self._woken.set()

    async def _change(self, statement: str, *arguments: Any) -> bool:
        with answering():
            return _count(await self._database.pool.execute(statement, *arguments)) == 1


def _count(status: str) -> int:
    return int(status.rpartition(" ")[2])


def _claimed(row: asyncpg.Record) -> ClaimedJob:
    organization_id = row["organization_id"]
    return ClaimedJob(
        id=JobId(row["id"]),
        kind=row["kind"],
        unique_key=row["unique_key"],
        payload=row["payload"],
        organization_id=None if organization_id is None else OrganizationId(organization_id),
        attempt=row["attempts"],
        max_attempts=row["max_attempts"],
        leased_until=row["leased_until"],
    )
