"""How a handler says that another try is useless, or that it came too early."""

from datetime import datetime

from csms.kernel.errors import ConflictError, UnavailableError


class JobIsHopelessError(ConflictError):
    """The job cannot succeed as it is; it goes among the dead, where a person sees it."""


class JobNotDueError(UnavailableError):
    """The job waits for `run_at`; that was no attempt."""

    def __init__(self, run_at: datetime, reason: str) -> None:
        super().__init__(reason)
        self.run_at = run_at
