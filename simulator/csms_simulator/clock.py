"""A charger's own time: its wall clock, which may be wrong, and its possibly compressed pace."""

import asyncio
import time
from datetime import UTC, datetime, timedelta


def format_timestamp(moment: datetime) -> str:
    """Write an aware time as RFC 3339 in UTC with milliseconds and `Z` (OCPP 1.6 §3.15)."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_timestamp(text: str) -> datetime:
    """Read an RFC 3339 time; one without a zone counts as UTC.

    Raises ValueError for anything else.
    """
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Clock:
    """The time of one charger.

    `speed` shortens every pause by that factor. With `is_fast` false the wall clock and the
    meter keep real time, so that energy always fits the timestamps; with `is_fast` true both
    run ahead by the same factor, into the future. `offset` makes the wall clock wrong.
    """

    def __init__(
        self, *, speed: float = 1.0, is_fast: bool = False, offset: timedelta = timedelta()
    ) -> None:
        if speed <= 0:
            raise ValueError(f"speed must be above 0, not {speed:g}")
        self.speed = speed
        self.offset = offset
        self._pace = speed if is_fast else 1.0
        self._origin = datetime.now(UTC)
        self._origin_s = time.monotonic()

    def elapsed_s(self) -> float:
        """Seconds of the charger's own time since it was made; never falls."""
        return (time.monotonic() - self._origin_s) * self._pace

    def now(self) -> datetime:
        """The wall clock as the charger believes it, aware, in UTC."""
        return self._origin + timedelta(seconds=self.elapsed_s()) + self.offset

    def timestamp(self) -> str:
        """The wall clock as it goes on the wire."""
        return format_timestamp(self.now())

    async def sleep(self, duration_s: float) -> None:
        """Wait that many seconds of the charger's compressed time."""
        await asyncio.sleep(max(0.0, duration_s) / self.speed)

    async def sleep_until(self, moment: datetime) -> None:
        """Wait until the wall clock shows this time."""
        left_s = (moment - self.now()).total_seconds()
        await asyncio.sleep(max(0.0, left_s) / self._pace)
