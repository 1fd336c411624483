"""How long a failed job rests before its next attempt."""

from collections.abc import Callable
from datetime import timedelta

FIRST_PAUSE_S = 2.0
LONGEST_PAUSE_S = 3600.0


def rest_after(attempt: int, jitter: Callable[[], float]) -> timedelta:
    """Return the pause after the attempt of that number (from 1): doubled each time, up to an hour.

    `jitter` returns 0..1 and takes away up to half, so that jobs that failed together part.
    """
    pause_s = min(FIRST_PAUSE_S * 2.0 ** min(attempt - 1, 30), LONGEST_PAUSE_S)
    return timedelta(seconds=pause_s * (1 - jitter() / 2))
