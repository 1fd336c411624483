"""How often leniency rules were needed: counted in memory, added up in storage now and then."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import date, datetime

from csms.domain.stations.leniency import RepairCount
from csms.gateway.errands import Errands
from csms.kernel.errors import UnavailableError
from csms.kernel.ids import ChargerId
from csms.ocpp.leniency import Repair

logger = logging.getLogger("csms.gateway")

Store = Callable[[list[RepairCount]], Awaitable[None]]


class RepairCounts:
    """Counts by charger, rule and day. The log keeps every repair itself, so a count that is lost
    with its process loses no evidence; at most `kept_max` different ones wait.
    """

    def __init__(self, store: Store, errands: Errands, *, interval_s: float, kept_max: int) -> None:
        self._store = store
        self._errands = errands
        self._interval_s = interval_s
        self._kept_max = kept_max
        self._counts: dict[tuple[ChargerId, str, date], RepairCount] = {}
        self._timer: asyncio.TimerHandle | None = None

    def note(self, charger_id: ChargerId, repairs: Iterable[Repair], at: datetime) -> None:
        """Count what was repaired in one message."""
        for repair in repairs:
            key = (charger_id, repair.rule, at.date())
            known = self._counts.get(key)
            if known is None and len(self._counts) >= self._kept_max:
                continue
            hits = 1 if known is None else known.hits + 1
            self._counts[key] = RepairCount(charger_id, repair.rule, hits, at)
        if self._counts and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._interval_s, self._due)

    async def flush(self) -> None:
        """Store what was counted; what cannot be stored is counted on."""
        self._stop()
        counts, self._counts = self._counts, {}
        if not counts:
            return
        try:
            await self._store(list(counts.values()))
        except UnavailableError as error:
            logger.warning("repairs could not be counted", extra={"detail": error.detail})

    def _due(self) -> None:
        self._errands.run(self.flush(), "the count of repairs")

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
