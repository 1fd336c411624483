"""Where the call that is being served may look: all of its organization, or some stations only.

The gate of the API sets it once per call; the database's row-level security reads it in every
transaction, so that no query has to remember it.
"""

from collections.abc import Iterable
from contextvars import ContextVar

from csms.kernel.ids import StationId

_STATIONS: ContextVar[frozenset[StationId] | None] = ContextVar("csms_stations", default=None)


def limit_to(stations: Iterable[StationId] | None) -> None:
    """From here on this call sees only these stations; None: the whole organization."""
    _STATIONS.set(None if stations is None else frozenset(stations))


def stations_in_reach() -> frozenset[StationId] | None:
    """Return the stations of this call, None where it is not limited to any."""
    return _STATIONS.get()
