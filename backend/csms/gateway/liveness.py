"""One timer for all connections: pings, silence, idleness. No task and no timer per connection."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable
from typing import Protocol


class Living(Protocol):
    """What the wheel turns."""

    @property
    def is_over(self) -> bool:
        """Whether it needs no more beats."""
        ...

    @property
    def beat_interval_s(self) -> float:
        """Seconds between two beats."""
        ...

    def beat(self, now: float) -> None:
        """Send a ping or close for silence."""
        ...


class Liveness:
    """A wheel of slots of `tick_s`; each connection stands in the slot of its next beat.

    `now` is a monotonic clock in seconds; tests turn it by hand and call `run_due`.
    """

    def __init__(self, *, now: Callable[[], float], tick_s: float) -> None:
        self._now = now
        self._tick_s = tick_s
        self._slots: defaultdict[int, list[Living]] = defaultdict(list)
        self._next_slot = int(now() / tick_s)
        self._timer: asyncio.TimerHandle | None = None

    def watch(self, living: Living) -> None:
        """Beat `living` every interval from now on, the first time anywhere within one interval.

        The spread keeps ten thousand chargers that came at once from being pinged at once.
        """
        self._place(living, living.beat_interval_s * random.uniform(0.5, 1.0))  # noqa: S311

    def run_due(self) -> None:
        """Beat everything whose time has come."""
        now = self._now()
        last = int(now / self._tick_s)
        while self._next_slot <= last:
            for living in self._slots.pop(self._next_slot, ()):
                if living.is_over:
                    continue
                living.beat(now)
                if not living.is_over:
                    self._place(living, living.beat_interval_s)
            self._next_slot += 1

    def start(self) -> None:
        """Turn the wheel by the event loop's timer."""
        self.run_due()
        self._timer = asyncio.get_running_loop().call_later(self._tick_s, self.start)

    def stop(self) -> None:
        """Stop turning."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _place(self, living: Living, after_s: float) -> None:
        slot = int((self._now() + after_s) / self._tick_s)
        self._slots[max(slot, self._next_slot + 1)].append(living)
