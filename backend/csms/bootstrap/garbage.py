"""Python's collector of reference cycles, set for a process that holds thousands of sockets."""

import gc
from typing import Final

YOUNG_OBJECTS: Final = 20_000
"""Cycles are looked for once this many more objects were made than freed."""
MIDDLE_EVERY: Final = 20
OLD_EVERY: Final = 50


def spare_the_collector() -> None:
    """Keep what the start has made out of every later collection, and collect less often.

    By default every 700 messages in flight cause a search, and now and then one of the whole
    house: half of the CPU of a loaded server. Cycles are rare here; they wait a little longer.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, MIDDLE_EVERY, OLD_EVERY)
