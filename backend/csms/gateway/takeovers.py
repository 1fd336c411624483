"""Two units with one id evict each other: seen by their many takeovers, slowed down, shown."""

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from csms.kernel.ids import ChargerId


@dataclass(slots=True)
class TakeoverHistory:
    """The latest takeovers of one charger, and what was seen at its ends."""

    moments: deque[float] = field(default_factory=deque)
    addresses: set[str] = field(default_factory=set)
    serials: set[str] = field(default_factory=set)
    is_reported: bool = False


class TakeoverWatch:
    """Counts how often a live connection of a charger was replaced within a window.

    A charger whose link drops replaces its own dead connection now and then; that is no war.
    `now` is a monotonic clock in seconds.
    """

    def __init__(
        self, *, limit: int, window_s: float, delay_s: float, now: Callable[[], float]
    ) -> None:
        self._limit = limit
        self._window_s = window_s
        self._delay_s = delay_s
        self._now = now
        self._histories: OrderedDict[ChargerId, TakeoverHistory] = OrderedDict()

    def note(self, charger_id: ChargerId, *, addresses: set[str], serials: set[str]) -> None:
        """Count one takeover, with what both ends called themselves."""
        history = self._histories.pop(charger_id, None) or TakeoverHistory()
        self._histories[charger_id] = history
        history.moments.append(self._now())
        history.addresses |= addresses
        history.serials |= serials
        self._forget_old(history)
        # Chargers without a recent takeover are forgotten here, so memory follows the wars.
        oldest_id, oldest = next(iter(self._histories.items()))
        self._forget_old(oldest)
        if not oldest.moments:
            del self._histories[oldest_id]

    def delay_s(self, charger_id: ChargerId) -> float:
        """Return how long the next takeover of this charger has to wait; 0 in peace."""
        return self._delay_s if self.is_contested(charger_id) else 0.0

    def is_contested(self, charger_id: ChargerId) -> bool:
        """Whether units evict each other under this id at present."""
        history = self._histories.get(charger_id)
        if history is None:
            return False
        self._forget_old(history)
        return len(history.moments) >= self._limit

    def take_report(self, charger_id: ChargerId) -> TakeoverHistory | None:
        """Return the evidence once per war, when there is one that was not yet reported."""
        history = self._histories.get(charger_id)
        if history is None or history.is_reported or not self.is_contested(charger_id):
            return None
        history.is_reported = True
        return history

    def _forget_old(self, history: TakeoverHistory) -> None:
        horizon = self._now() - self._window_s
        while history.moments and history.moments[0] < horizon:
            history.moments.popleft()
        if not history.moments:
            history.addresses.clear()
            history.serials.clear()
            history.is_reported = False
