"""Counters with a bound: failed handshakes per address, garbage per connection."""

from collections import OrderedDict
from collections.abc import Callable


class FailedHandshakes:
    """Counts failed handshakes per address in a window; remembers a bounded number of addresses.

    `now` is a monotonic clock in seconds. A success does not clear an address: many chargers,
    good and bad, may stand behind one.
    """

    def __init__(
        self, *, limit: int, window_s: float, addresses_max: int, now: Callable[[], float]
    ) -> None:
        self._limit = limit
        self._window_s = window_s
        self._addresses_max = addresses_max
        self._now = now
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def retry_after_s(self, address: str) -> float:
        """Return 0 while the address may fail once more, else the seconds until it may."""
        since, count = self._counts.get(address, (0.0, 0))
        if count < self._limit:
            return 0.0
        return max(0.0, since + self._window_s - self._now())

    def count(self, address: str) -> int:
        """Count a failure; return how many there are in the present window."""
        now = self._now()
        since, count = self._counts.pop(address, (now, 0))
        if now - since >= self._window_s:
            since, count = now, 0
        self._counts[address] = (since, count + 1)
        if len(self._counts) > self._addresses_max:
            self._counts.popitem(last=False)
        return count + 1


class BurstCounter:
    """Counts events in a window that starts anew after `window_s`."""

    __slots__ = ("_count", "_since")

    def __init__(self) -> None:
        self._count = 0
        self._since = 0.0

    def hit(self, now: float, window_s: float) -> int:
        """Count one event at `now` and return how many the window holds."""
        if now - self._since >= window_s:
            self._count, self._since = 0, now
        self._count += 1
        return self._count
