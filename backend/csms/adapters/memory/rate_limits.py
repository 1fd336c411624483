"""Rate limits within one process: a moving window per key, a bounded number of keys."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Final

from csms.kernel.coordination import RateVerdict

KEYS_MAX: Final = 20_000


class MemoryRateLimits:
    """Counts events per key. `now` is a monotonic clock in seconds."""

    def __init__(
        self, now: Callable[[], float] = time.monotonic, *, keys_max: int = KEYS_MAX
    ) -> None:
        self._now = now
        self._keys_max = keys_max
        self._moments: OrderedDict[str, deque[float]] = OrderedDict()

    async def hit(self, key: str, *, limit: int, window_s: float) -> RateVerdict:
        """Count one event; refused once `limit` stand within `window_s`."""
        now = self._now()
        moments = self._moments.pop(key, None)
        if moments is None:
            moments = deque()
        self._moments[key] = moments
        if len(self._moments) > self._keys_max:
            self._moments.popitem(last=False)
        while moments and moments[0] <= now - window_s:
            moments.popleft()
        if len(moments) >= limit:
            retry_after_s = moments[0] + window_s - now if moments else window_s
            return RateVerdict(is_allowed=False, retry_after_s=retry_after_s)
        moments.append(now)
        return RateVerdict(is_allowed=True)

    async def forget(self, key: str) -> None:
        """Forget what was counted under `key`."""
        self._moments.pop(key, None)
