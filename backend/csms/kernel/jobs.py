"""Durable jobs: what a fact causes later, and the queue that keeps it until it is done."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from csms.kernel.facts import Fact
from csms.kernel.ids import JobId, OrganizationId
from csms.kernel.journal import JournalEntry


class JobRequest(msgspec.Struct, frozen=True):
    """A job to be queued. `unique_key` names its effect: a second request with it is a no-op.

    `payload` is JSON. `run_at` None: as soon as possible.
    """

    kind: str
    unique_key: str
    payload: str
    organization_id: OrganizationId | None = None
    run_at: datetime | None = None
    max_attempts: int = 25


class ClaimedJob(msgspec.Struct, frozen=True):
    """A job that one worker holds until `leased_until`; `attempt` counts from 1."""

    id: JobId
    kind: str
    unique_key: str
    payload: str
    organization_id: OrganizationId | None
    attempt: int
    max_attempts: int
    leased_until: datetime


JobOfFact = Callable[[JournalEntry, Fact], JobRequest | None]
"""Says which job a committed fact causes; the journal stores it in the fact's own commit."""


class JobQueue(Protocol):
    """Keeps jobs, hands each to one worker at a time, and tries again until it is done or dead."""

    async def enqueue(self, job: JobRequest) -> bool:
        """Store the job; False when its key is there already."""
        ...

    async def claim(self, kinds: tuple[str, ...], limit: int, lease: timedelta) -> list[ClaimedJob]:
        """Take up to `limit` due jobs of these kinds, also such whose lease ran out."""
        ...

    async def renew(self, job: ClaimedJob, lease: timedelta) -> bool:
        """Hold the job longer; False when another worker has taken it over."""
        ...

    async def complete(self, job: ClaimedJob) -> bool:
        """Mark the job as done; False when the lease was lost."""
        ...

    async def postpone(self, job: ClaimedJob, run_at: datetime, reason: str) -> bool:
        """Put the job back until `run_at`; it was too early, which counts as no attempt."""
        ...

    async def fail(self, job: ClaimedJob, error: str, *, retry_in: timedelta | None) -> bool:
        """Put the job back for later, or among the dead when `retry_in` is None."""
        ...

    async def wait_for_work(self, timeout_s: float) -> None:
        """Return when a job may have become due, at the latest after `timeout_s`."""
        ...
