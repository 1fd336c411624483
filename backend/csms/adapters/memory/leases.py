"""Leases within one process."""

import time
from collections.abc import Callable


class MemoryLeases:
    """Gives a name to one holder for a time. `now` is a monotonic clock in seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._held: dict[str, tuple[str, float]] = {}

    async def acquire(self, name: str, holder: str, *, ttl_s: float) -> bool:
        """Take the lease, or extend one's own; False while somebody else holds it."""
        now = self._now()
        standing = self._held.get(name)
        if standing is not None and standing[0] != holder and standing[1] > now:
            return False
        self._held[name] = (holder, now + ttl_s)
        return True

    async def release(self, name: str, holder: str) -> None:
        """Give the lease back; nothing happens when somebody else holds it."""
        if self._held.get(name, ("", 0.0))[0] == holder:
            del self._held[name]
