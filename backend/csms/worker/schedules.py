"""What runs by the clock: one table, and the loop that follows it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from csms.kernel.clock import Clock
from csms.kernel.errors import UnavailableError

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Schedule:
    """`run` at the start and then every so often; it may run on several nodes at once."""

    name: str
    every: timedelta
    run: Callable[[], Awaitable[object]]


class Upkeep(Protocol):
    """The chores of storage; each is safe to repeat."""

    async def make_partitions(self) -> int:
        """Make the log partitions of the days to come."""
        ...

    async def drop_old_partitions(self) -> int:
        """Drop log partitions past their retention."""
        ...

    async def forget(self) -> int:
        """Delete what is kept for a time only."""
        ...

    async def queue_overdue_sessions(self) -> int:
        """Queue a job for each session whose deadline has passed."""
        ...

    async def expire_reservations(self) -> int:
        """End the reservations whose time is over."""
        ...

    async def expire_remote_starts(self) -> int:
        """Expire remote starts that no session came from."""
        ...


class Evidence(Protocol):
    """What follows from time passing."""

    async def gather(self) -> int:
        """Open the cases that time alone tells of, and close those whose reason is gone."""
        ...


def evidence_schedules(evidence: Evidence) -> tuple[Schedule, ...]:
    """Return how often sessions are looked at that stall or that nothing speaks of any more."""
    return (Schedule("gather_evidence", timedelta(minutes=1), evidence.gather),)


class Seals(Protocol):
    """Puts audit entries into the chain of their organization."""

    async def seal(self) -> int:
        """Seal what waits; return how many."""
        ...


def audit_schedules(seals: Seals) -> tuple[Schedule, ...]:
    """Return how often the audit is sealed: what is younger could be changed unnoticed."""
    return (Schedule("seal_audit", timedelta(seconds=5), seals.seal),)


def upkeep_schedules(upkeep: Upkeep) -> tuple[Schedule, ...]:
    """Return the table of what storage needs."""
    return (
        Schedule("queue_overdue_sessions", timedelta(seconds=15), upkeep.queue_overdue_sessions),
        Schedule("expire_remote_starts", timedelta(seconds=30), upkeep.expire_remote_starts),
        Schedule("expire_reservations", timedelta(seconds=15), upkeep.expire_reservations),
        Schedule("forget", timedelta(minutes=10), upkeep.forget),
        Schedule("make_partitions", timedelta(hours=1), upkeep.make_partitions),
        Schedule("drop_old_partitions", timedelta(hours=6), upkeep.drop_old_partitions),
    )


class Steps(Protocol):
    """Finds chargers that lag behind what they should know."""

    async def queue_steps(self) -> int:
        """Queue a job for each charger that lags behind the id tags."""
        ...

    async def queue_availability(self) -> int:
        """Queue a job for each charger that came back and may have forgotten its availability."""
        ...


def step_schedules(steps: Steps, every: timedelta) -> tuple[Schedule, ...]:
    """Return the table of what keeps chargers in step."""
    return (
        Schedule("keep_authorizations", every, steps.queue_steps),
        Schedule("resend_availability", every, steps.queue_availability),
    )


class Timetable:
    """Knows which schedules are due."""

    def __init__(self, schedules: Sequence[Schedule], clock: Clock) -> None:
        self._clock = clock
        now = clock.now()
        self._due: list[tuple[Schedule, datetime]] = [(one, now) for one in schedules]

    async def run_due(self) -> float | None:
        """Run what is due; return the seconds to the next, None when nothing is scheduled.

        A failure is logged and the schedule goes on: nothing here may end the worker.
        """
        for place, (schedule, due) in enumerate(self._due):
            if due > self._clock.now():
                continue
            await _run(schedule)
            self._due[place] = (schedule, self._clock.now() + schedule.every)
        if not self._due:
            return None
        return max(0.0, (min(due for _, due in self._due) - self._clock.now()).total_seconds())


async def _run(schedule: Schedule) -> None:
    try:
        await schedule.run()
    except UnavailableError as error:
        _log.warning("schedule postponed", schedule=schedule.name, error=error.detail)
    except Exception:  # the edge of the worker: it goes on
        _log.exception("schedule failed", schedule=schedule.name)
