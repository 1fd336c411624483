"""The two loads: closed loop (as fast as answers come) and open loop (at an offered rate)."""

import asyncio
import time
from collections import deque

from benchmarks.histogram import Histogram
from benchmarks.load import frames
from benchmarks.load.charger import VirtualCharger
from benchmarks.load.contract import LoadSpec
from benchmarks.load.timing import sleep_until

_TICK_S = 0.001


class Window:
    """Latencies and counts of the measurement window, whose bounds are monotonic nanoseconds.

    The clock is asked at every answer: a timer is late by up to a second while more sockets are
    readable than the event loop takes at once.
    """

    __slots__ = (
        "by_action",
        "closes_ns",
        "latency",
        "lateness",
        "opens_ns",
        "seconds",
        "unserved",
    )

    def __init__(
        self, start_at_s: float = 0.0, warmup_s: float = 0.0, seconds: float = 0.0
    ) -> None:
        self.opens_ns = int((start_at_s + warmup_s) * 1e9)
        self.closes_ns = self.opens_ns + int(seconds * 1e9)
        self.seconds = seconds
        self.unserved = 0
        self.by_action = [0] * len(frames.ACTIONS)
        self.latency = Histogram()
        self.lateness = Histogram()

    def holds(self, moment_ns: int) -> bool:
        """Whether a moment lies in the window."""
        return self.opens_ns <= moment_ns < self.closes_ns

    @property
    def answered(self) -> int:
        """Answers that arrived in the window."""
        return sum(self.by_action)

    def counts(self) -> dict[str, int]:
        """Answers in the window per action."""
        return {frames.ACTIONS[i]: count for i, count in enumerate(self.by_action) if count}


async def closed_loop(chargers: list[VirtualCharger], spec: LoadSpec, start_at_s: float) -> Window:
    """Every charger sends its next call as soon as the last one was answered.

    Latency is from the send to the answer, of answers that arrive inside the window.
    """
    window = Window(start_at_s, spec.warmup_s, spec.duration_s)
    opens_ns, closes_ns = window.opens_ns, window.closes_ns
    latency = window.latency
    by_action = window.by_action
    now = time.monotonic_ns

    def answered(charger: VirtualCharger, _: bytes) -> None:
        now_ns = now()
        if now_ns >= closes_ns:
            return
        if now_ns >= opens_ns:
            by_action[charger.action] += 1
            latency.record((now_ns - charger.sent_ns) // 1000)
        charger.send_next(now_ns)

    await sleep_until(start_at_s)
    for charger in chargers:
        charger.on_answer = answered
        charger.send_next(now())
    await sleep_until(start_at_s + spec.warmup_s + spec.duration_s)
    return window


async def open_loop(chargers: list[VirtualCharger], spec: LoadSpec, start_at_s: float) -> Window:
    """Offer `rate_per_s` calls a second whether or not the server keeps up.

    Each call has its moment on a schedule, and its latency counts from that moment: a call
    that waits behind an unanswered one of its charger, or behind a late generator, pays for
    the wait. Calls that never went out are `unserved` and count with the time they waited in
    vain, so an overloaded server shows it. `lateness` says how late the generator itself was.
    """
    window = Window(start_at_s, spec.warmup_s, spec.duration_s)
    pacer = _Pacer(chargers, window, spec, start_at_s)
    for charger in chargers:
        charger.on_answer = pacer.answered
    await sleep_until(start_at_s)
    await pacer.run()
    pacer.give_up()
    return window


class _Pacer:
    """The schedule of the open loop, and the calls that wait for their charger."""

    def __init__(
        self, chargers: list[VirtualCharger], window: Window, spec: LoadSpec, start_at_s: float
    ) -> None:
        if spec.rate_per_s <= 0:
            raise ValueError("an open loop needs a rate above zero")
        self._chargers = chargers
        self._window = window
        self._waiting: dict[VirtualCharger, deque[int]] = {c: deque() for c in chargers}
        self._interval_ns = 1e9 / spec.rate_per_s
        self._start_ns = int(start_at_s * 1e9)
        self._total = int(spec.rate_per_s * (spec.warmup_s + spec.duration_s))

    async def run(self) -> None:
        """Send every scheduled call at its moment, or queue it behind its charger's open one."""
        sent = 0
        while sent < self._total:
            now_ns = time.monotonic_ns()
            due = min(self._total, int((now_ns - self._start_ns) / self._interval_ns) + 1)
            while sent < due:
                self._offer(sent, now_ns)
                sent += 1
            await asyncio.sleep(_TICK_S)

    def _offer(self, number: int, now_ns: int) -> None:
        scheduled_ns = self._start_ns + int(number * self._interval_ns)
        charger = self._chargers[number % len(self._chargers)]
        if self._window.holds(scheduled_ns):
            self._window.lateness.record(max(0, now_ns - scheduled_ns) // 1000)
        if charger.expected is None:
            charger.send_next(scheduled_ns)
        else:
            self._waiting[charger].append(scheduled_ns)

    def answered(self, charger: VirtualCharger, _: bytes) -> None:
        """Record the answer and send the charger's next waiting call, if one is due."""
        window = self._window
        now_ns = time.monotonic_ns()
        if window.holds(now_ns):
            window.by_action[charger.action] += 1
        if window.holds(charger.sent_ns):
            window.latency.record((now_ns - charger.sent_ns) // 1000)
        if waiting := self._waiting[charger]:
            charger.send_next(waiting.popleft())

    def give_up(self) -> None:
        """Count what still waits as unserved, with the time it waited so far."""
        now_ns = time.monotonic_ns()
        for waiting in self._waiting.values():
            for scheduled_ns in waiting:
                if self._window.holds(scheduled_ns):
                    self._window.unserved += 1
                    self._window.latency.record((now_ns - scheduled_ns) // 1000)
            waiting.clear()
