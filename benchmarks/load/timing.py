"""Waiting for a moment of the monotonic clock, which all processes of a machine share."""

import asyncio
import time


async def sleep_until(at_s: float) -> None:
    """Sleep until the monotonic clock, in seconds, reads `at_s`."""
    # A busy event loop's own clock lags, so its timers may also fire early.
    while (remaining_s := at_s - time.monotonic()) > 0:  # noqa: ASYNC110 - a clock, not an event
        await asyncio.sleep(remaining_s)
