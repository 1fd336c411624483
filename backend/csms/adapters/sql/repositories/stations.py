"""Stations."""

from collections.abc import Callable
from typing import Any

from csms.adapters.sql.engine import Database
from csms.adapters.sql.repositories.audit_entries import record_change
from csms.adapters.sql.texts import storable
from csms.domain.identity.actor import Actor
from csms.domain.stations.errors import StationNotFoundError
from csms.domain.stations.registry import Station, StationDetails
from csms.kernel.ids import OrganizationId, StationId

_ADD = """
INSERT INTO station (organization_id, name, latitude, longitude, address, time_zone)
VALUES ($1, $2, $3, $4, $5, $6) RETURNING id
"""
_UPDATE = """
UPDATE station SET name = $2, latitude = $3, longitude = $4, address = $5, time_zone = $6,
  archived_at = $7, updated_at = now()
WHERE id = $1
"""
_LOCK = "SELECT * FROM station WHERE organization_id = $1 AND id = $2 FOR UPDATE"
_ARCHIVE_CHARGERS = """
UPDATE charger SET archived_at = $2, updated_at = now()
WHERE station_id = $1 AND archived_at IS NULL RETURNING charge_point_id
"""


class SqlStationStore:
    """The domain's StationStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, actor: Actor, details: StationDetails) -> StationId:
        """Store a station."""
        async with self._database.writes(actor.organization_id) as connection:
            station_id = await connection.fetchval(_ADD, actor.organization_id, *_columns(details))
            await record_change(
                connection,
                actor,
                "station.created",
                ("station", station_id),
                after=_audited(details),
            )
        return StationId(station_id)

    async def change(
        self,
        actor: Actor,
        station_id: StationId,
        action: str,
        decide: Callable[[Station], Station],
    ) -> Station:
        """Lock, decide, store; an archived station takes its chargers along."""
        async with self._database.writes(actor.organization_id) as connection:
            row = await connection.fetchrow(_LOCK, actor.organization_id, station_id)
            if row is None:
                raise StationNotFoundError(f"no station {station_id}", station_id=station_id)
            before = _station(row)
            after = decide(before)
            if after == before:
                return before
            await connection.execute(
                _UPDATE, station_id, *_columns(after.details), after.archived_at
            )
            state = _audited(after.details)
            if after.archived_at is not None:
                taken = await connection.fetch(_ARCHIVE_CHARGERS, station_id, after.archived_at)
                state |= {
                    "archived_at": after.archived_at,
                    "archived_chargers": sorted(row["charge_point_id"] for row in taken),
                }
            await record_change(
                connection,
                actor,
                action,
                ("station", station_id),
                before=_audited(before.details),
                after=state,
            )
        return after

    async def remove(
        self, actor: Actor, station_id: StationId, check: Callable[[int], None]
    ) -> None:
        """Delete the station if `check`, told how many chargers ever stood there, lets it."""
        async with self._database.writes(actor.organization_id) as connection:
            row = await connection.fetchrow(_LOCK, actor.organization_id, station_id)
            if row is None:
                raise StationNotFoundError(f"no station {station_id}", station_id=station_id)
            check(
                await connection.fetchval(
                    "SELECT count(*) FROM charger WHERE station_id = $1", station_id
                )
            )
            await connection.execute("DELETE FROM station WHERE id = $1", station_id)
            await record_change(
                connection,
                actor,
                "station.deleted",
                ("station", station_id),
                before=_audited(_station(row).details),
            )


def _columns(details: StationDetails) -> tuple[object, ...]:
    return (
        storable(details.name),
        details.latitude,
        details.longitude,
        storable(details.address),
        details.time_zone,
    )


def _station(row: Any) -> Station:
    return Station(
        id=StationId(row["id"]),
        organization_id=OrganizationId(row["organization_id"]),
        details=StationDetails(
            name=row["name"],
            latitude=row["latitude"],
            longitude=row["longitude"],
            address=row["address"],
            time_zone=row["time_zone"],
        ),
        archived_at=row["archived_at"],
    )


def _audited(details: StationDetails) -> dict[str, object]:
    return {
        "name": details.name,
        "latitude": details.latitude,
        "longitude": details.longitude,
        "address": details.address,
        "time_zone": details.time_zone,
    }
