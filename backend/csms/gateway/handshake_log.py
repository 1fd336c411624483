"""Keeps every handshake without making a charger wait for it; bounded, counts what it drops."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable

from csms.domain.stations.handshakes import HandshakeAttempt, Handshakes
from csms.kernel.errors import UnavailableError

logger = logging.getLogger("csms.gateway")

_BATCH = 200


class HandshakeLog:
    """Writes attempts in batches by one task that lives only while there is something to write.

    While nothing can be stored the newest `waiting_max` attempts wait for the next call of
    `record` or `flush`; older ones are dropped and counted in `dropped`. `kept` is told of each
    attempt once it is stored.
    """

    def __init__(
        self,
        handshakes: Handshakes,
        *,
        waiting_max: int,
        kept: Callable[[HandshakeAttempt], None] = lambda _: None,
    ) -> None:
        self._handshakes = handshakes
        self._kept = kept
        self._waiting: deque[HandshakeAttempt] = deque(maxlen=waiting_max)
        self._task: asyncio.Task[None] | None = None
        self.dropped = 0

    def record(self, attempt: HandshakeAttempt) -> None:
        """Queue an attempt; returns at once."""
        if len(self._waiting) == self._waiting.maxlen:
            self.dropped += 1
        self._waiting.append(attempt)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write(), name="handshake-log")

    async def flush(self) -> None:
        """Wait until what is queued is written, as far as it can be."""
        if self._waiting and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._write(), name="handshake-log")
        if self._task is not None:
            await self._task

    async def _write(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(_BATCH, len(self._waiting)))]
            try:
                await self._handshakes.record_handshakes(batch)
            except UnavailableError:
                room = (self._waiting.maxlen or 0) - len(self._waiting)
                self.dropped += max(0, len(batch) - room)
                self._waiting.extendleft(reversed(batch[-room:] if room else []))
                return
            except Exception:
                logger.exception("handshakes could not be recorded", extra={"count": len(batch)})
                self.dropped += len(batch)
            else:
                for attempt in batch:
                    self._kept(attempt)
