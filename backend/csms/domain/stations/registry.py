"""The registry of stations: what stands where, entered by operators."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from csms.domain.identity.actor import Actor
from csms.domain.stations.errors import StationArchivedError, StationInUseError
from csms.kernel.clock import Clock
from csms.kernel.ids import OrganizationId, StationId


@dataclass(frozen=True, slots=True)
class StationDetails:
    """What an operator enters. Degrees are WGS 84; `time_zone` is an IANA name."""

    name: str
    latitude: Decimal
    longitude: Decimal
    address: str
    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Station:
    """A site where chargers stand."""

    id: StationId
    organization_id: OrganizationId
    details: StationDetails
    archived_at: datetime | None = None


class StationStore(Protocol):
    """Keeps stations. Each change is one database transaction with one audit entry."""

    async def add(self, actor: Actor, details: StationDetails) -> StationId:
        """Store a station."""
        ...

    async def change(
        self,
        actor: Actor,
        station_id: StationId,
        action: str,
        decide: Callable[[Station], Station],
    ) -> Station:
        """Lock the station, let the pure `decide` say what it becomes, store that.

        Its chargers are archived with it. Raises StationNotFoundError and what `decide` raises.
        """
        ...

    async def remove(
        self, actor: Actor, station_id: StationId, check: Callable[[int], None]
    ) -> None:
        """Delete the station if `check`, told how many chargers ever stood there, lets it."""
        ...


class StationRegistry:
    """Changes to stations, for operators."""

    def __init__(self, store: StationStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def create(self, actor: Actor, details: StationDetails) -> StationId:
        """Register a station. Raises PermissionMissingError."""
        actor.require_everywhere("stations.write")
        return await self._store.add(actor, details)

    async def update(
        self,
        actor: Actor,
        station_id: StationId,
        change: Callable[[StationDetails], StationDetails],
    ) -> None:
        """Change a station's details. Raises StationNotFoundError, StationArchivedError."""
        actor.require("stations.write", station_id)
        await self._store.change(
            actor, station_id, "station.updated", lambda station: _changed(station, change)
        )

    async def archive(self, actor: Actor, station_id: StationId) -> None:
        """Take a station and its chargers out of the lists for good; history stays."""
        actor.require("stations.write", station_id)
        now = self._clock.now()
        await self._store.change(
            actor, station_id, "station.archived", lambda station: _archived(station, now)
        )

    async def delete(self, actor: Actor, station_id: StationId) -> None:
        """Delete a station on which nothing hangs. Raises StationInUseError otherwise."""
        actor.require("stations.write", station_id)
        await self._store.remove(actor, station_id, _require_unused)


def _changed(station: Station, change: Callable[[StationDetails], StationDetails]) -> Station:
    if station.archived_at is not None:
        raise StationArchivedError("an archived station cannot be changed")
    return replace(station, details=change(station.details))


def _archived(station: Station, now: datetime) -> Station:
    return station if station.archived_at is not None else replace(station, archived_at=now)


def _require_unused(chargers: int) -> None:
    if chargers:
        raise StationInUseError(
            "chargers hang on this station: archive it instead", chargers=chargers
        )
