"""What else waits at the desk: cases and quarantined frames to be closed, dead jobs to be revived."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from csms.domain.identity.actor import Actor
from csms.kernel.clock import Clock
from csms.kernel.errors import ConflictError, InvalidError, NotFoundError
from csms.kernel.ids import JobId

Closable = Literal["case", "quarantine"]


class DeskItemNotFoundError(NotFoundError):
    """Nothing of that kind and number is in this organization."""


class DeskItemClosedError(ConflictError):
    """Somebody has decided already."""


class JobNotDeadError(ConflictError):
    """The job waits, runs or is done: only what gave up is revived."""


class BadResolutionError(InvalidError):
    """A case is closed only with what was decided."""


@dataclass(frozen=True, slots=True)
class Closing:
    """Who closed it when, and what they decided."""

    resolved_at: datetime
    resolution: str


class DeskStore(Protocol):
    """Changes what waits, audited in the same transaction."""

    async def close(self, actor: Actor, source: Closable, item_id: int, closing: Closing) -> None:
        """Close it. Raises DeskItemNotFoundError, DeskItemClosedError."""
        ...

    async def revive_job(self, actor: Actor, job_id: JobId) -> None:
        """Give a dead job its attempts again. Raises DeskItemNotFoundError, JobNotDeadError."""
        ...


class Desk:
    """Decisions of operators about what a machine must not decide, bills aside."""

    def __init__(self, store: DeskStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def close(
        self, actor: Actor, source: Closable, item_id: int, *, resolution: str
    ) -> Closing:
        """Close a case or a quarantined frame with what was decided.

        Raises PermissionMissingError, BadResolutionError, DeskItemNotFoundError,
        DeskItemClosedError.
        """
        actor.require("desk.write")
        if not resolution.strip():
            raise BadResolutionError("say what was decided", field="resolution")
        closing = Closing(self._clock.now(), resolution.strip())
        await self._store.close(actor, source, item_id, closing)
        return closing

    async def retry_job(self, actor: Actor, job_id: JobId) -> None:
        """Let a job that gave up try again, from its first attempt.

        Raises PermissionMissingError, DeskItemNotFoundError, JobNotDeadError.
        """
        actor.require("desk.write")
        await self._store.revive_job(actor, job_id)
