"""The record of every raw frame that a charger sent and received, with times."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from csms_simulator.errors import InvalidFrameError
from csms_simulator.ocpp16 import DecodedFrame, Payload, decode


@dataclass(frozen=True)
class Frame:
    """One raw frame; `at` is aware UTC, `monotonic_s` serves for measuring distances."""

    text: str
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    monotonic_s: float = field(default_factory=time.monotonic)

    @cached_property
    def decoded(self) -> DecodedFrame | None:
        """The frame taken apart, or None when it is no OCPP-J frame."""
        try:
            return decode(self.text)
        except InvalidFrameError:
            return None

    @property
    def kind(self) -> str:
        """`CALL`, `CALLRESULT`, `CALLERROR`, or empty."""
        return self.decoded.kind if self.decoded else ""

    @property
    def action(self) -> str:
        """The action of a CALL, otherwise empty."""
        return self.decoded.action if self.decoded else ""

    @property
    def message_id(self) -> str:
        """The message id, or empty."""
        return self.decoded.message_id if self.decoded else ""

    @property
    def payload(self) -> Payload:
        """The payload (error details for a CALLERROR), or empty."""
        return self.decoded.payload if self.decoded else {}


Predicate = Callable[[Frame], Any]


class FrameRecord:
    """Frames in one direction, oldest first; `limit` bounds memory in long runs."""

    def __init__(self, limit: int | None = None) -> None:
        self._frames: deque[Frame] = deque(maxlen=limit)
        self.count = 0
        self.watcher: Callable[[Frame], None] | None = None
        self._waiting: list[tuple[Predicate, asyncio.Future[Frame]]] = []

    @property
    def frames(self) -> list[Frame]:
        """A copy of what is kept."""
        return list(self._frames)

    def add(self, text: str) -> Frame:
        """Record one frame and wake whoever waits for it."""
        frame = Frame(text)
        self._frames.append(frame)
        self.count += 1
        if self.watcher is not None:
            self.watcher(frame)
        for predicate, waiter in self._waiting:
            if not waiter.done() and predicate(frame):
                waiter.set_result(frame)
        return frame

    async def wait(self, predicate: Predicate, *, after: int, timeout_s: float) -> Frame:
        """Return the first frame that fits, now or later, past the first `after` ever recorded.

        Raises TimeoutError when none comes in time.
        """
        forgotten = self.count - len(self._frames)
        for frame in self.frames[max(0, after - forgotten) :]:
            if predicate(frame):
                return frame
        waiter: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        entry = (predicate, waiter)
        self._waiting.append(entry)
        try:
            async with asyncio.timeout(timeout_s):
                return await waiter
        finally:
            self._waiting.remove(entry)
