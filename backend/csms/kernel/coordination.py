"""Ports by which processes agree: leases on names, and limits on how often."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class RateVerdict:
    """Whether one more is allowed, and otherwise in how many seconds."""

    is_allowed: bool
    retry_after_s: float = 0.0


class RateLimits(Protocol):
    """Counts events per key in a window that moves."""

    async def hit(self, key: str, *, limit: int, window_s: float) -> RateVerdict:
        """Count one event; refused once `limit` stand within `window_s`. A refusal is not counted."""
        ...

    async def forget(self, key: str) -> None:
        """Forget what was counted under `key`."""
        ...


class Leases(Protocol):
    """Gives a name to one holder for a time."""

    async def acquire(self, name: str, holder: str, *, ttl_s: float) -> bool:
        """Take the lease, or extend one's own; False while somebody else holds it."""
        ...

    async def release(self, name: str, holder: str) -> None:
        """Give the lease back; nothing happens when somebody else holds it."""
        ...
