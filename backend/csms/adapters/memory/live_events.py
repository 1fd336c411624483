"""Live events within one process: bounded memory, bounded readers."""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from csms.kernel.ids import OrganizationId
from csms.kernel.live import LiveEvent, NumberedEvent

REMEMBERED_MAX: Final = 1_000
READER_MAX: Final = 500
LINGER_S: Final = 60.0
"""How long a browser that lost its stream may take to come back without a gap."""


class _Reader:
    """The events that wait for one reader; a slow one loses the oldest and is told so."""

    def __init__(self, waiting_max: int) -> None:
        self._waiting: deque[NumberedEvent] = deque()
        self._waiting_max = waiting_max
        self._has_gap = False
        self._wake = asyncio.Event()

    def put(self, numbered: NumberedEvent) -> None:
        if len(self._waiting) >= self._waiting_max:
            self._waiting.popleft()
            self._has_gap = True
        self._waiting.append(numbered)
        self._wake.set()

    def lose(self) -> None:
        self._has_gap = True

    async def read(self) -> AsyncIterator[NumberedEvent]:
        while True:
            while self._waiting:
                numbered = self._waiting.popleft()
                if self._has_gap:
                    self._has_gap = False
                    numbered = NumberedEvent(numbered.sequence, numbered.event, has_gap=True)
                yield numbered
            self._wake.clear()
            await self._wake.wait()


class MemoryLiveEvents:
    """Fans events out to the readers of their organization, and remembers the latest."""

    def __init__(
        self,
        *,
        remembered_max: int = REMEMBERED_MAX,
        reader_max: int = READER_MAX,
        linger_s: float = LINGER_S,
    ) -> None:
        self._reader_max = reader_max
        self._linger_s = linger_s
        self._lingering: dict[OrganizationId, asyncio.TimerHandle] = {}
        self._passed_over: dict[OrganizationId, int] = {}
        self._sequence = 0
        self._remembered: defaultdict[OrganizationId, deque[NumberedEvent]] = defaultdict(
            lambda: deque(maxlen=remembered_max)
        )
        self._readers: defaultdict[OrganizationId, set[_Reader]] = defaultdict(set)

    def is_watched(self, organization_id: OrganizationId) -> bool:
        """Whether somebody reads, or has lost the stream a moment ago."""
        return bool(self._readers.get(organization_id)) or organization_id in self._lingering

    def pass_over(self, organization_id: OrganizationId) -> None:
        """Count what happened unseen, so that who resumes is told of a gap."""
        self._sequence += 1
        self._passed_over[organization_id] = self._sequence

    def publish(self, event: LiveEvent) -> None:
        """Hand an event to every present reader and to the short memory."""
        self._sequence += 1
        numbered = NumberedEvent(self._sequence, event)
        self._remembered[event.organization_id].append(numbered)
        for reader in self._readers.get(event.organization_id, ()):
            reader.put(numbered)

    @asynccontextmanager
    async def subscribe(
        self, organization_id: OrganizationId, *, after: int | None = None
    ) -> AsyncIterator[AsyncIterator[NumberedEvent]]:
        """Read an organization's events from now, or from `after` as far as memory reaches.

        The first event after a gap says so; `after` from another life of the process is a gap.
        """
        reader = _Reader(self._reader_max)
        if after is not None:
            self._replay(reader, organization_id, after)
        self._readers[organization_id].add(reader)
        events = reader.read()
        try:
            yield events
        finally:
            self._readers[organization_id].discard(reader)
            self._linger(organization_id)

    def _linger(self, organization_id: OrganizationId) -> None:
        standing = self._lingering.pop(organization_id, None)
        if standing is not None:
            standing.cancel()
        self._lingering[organization_id] = asyncio.get_running_loop().call_later(
            self._linger_s, self._lingering.pop, organization_id, None
        )

    def _replay(self, reader: _Reader, organization_id: OrganizationId, after: int) -> None:
        remembered = self._remembered[organization_id]
        is_full = len(remembered) == remembered.maxlen
        was_unseen = self._passed_over.get(organization_id, 0) > after
        if was_unseen or after > self._sequence or (is_full and remembered[0].sequence > after + 1):
            reader.lose()
        for numbered in remembered:
            if numbered.sequence > after or after > self._sequence:
                reader.put(numbered)
