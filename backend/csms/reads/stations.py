"""The list of stations and one station, with charger counts and live status counts."""

from dataclasses import dataclass
from typing import Any

import msgspec

from csms.domain.stations.errors import StationNotFoundError
from csms.domain.stations.presence import Presence
from csms.kernel.ids import OrganizationId, StationId
from csms.reads.database import ReadConnection, ReadDatabase, Row
from csms.reads.moments import Moment
from csms.reads.page import Conditions, Page, PageRequest, joined

SORTS = {"name": "s.name", "id": "s.id", "created_at": "s.created_at", "updated_at": "s.updated_at"}


class StationView(msgspec.Struct, frozen=True):
    """A station; `connector_statuses` counts what connected chargers' connectors last reported."""

    id: int
    name: str
    latitude: float
    longitude: float
    address: str
    time_zone: str
    charger_count: int
    connected_count: int
    connector_statuses: dict[str, int]
    is_archived: bool
    created_at: Moment
    updated_at: Moment
    archived_at: Moment | None


@dataclass(frozen=True, slots=True)
class StationFilter:
    """Archived stations are left out unless asked for."""

    is_archived: bool = False


COLUMNS = """
SELECT s.*,
  (SELECT count(*) FROM charger c WHERE c.station_id = s.id AND c.archived_at IS NULL)
    AS charger_count,
  (SELECT count(*) FROM charger c WHERE c.station_id = s.id AND c.archived_at IS NULL
    AND c.id = ANY($2)) AS connected_count,
  (SELECT json_object_agg(status, n) FROM (
      SELECT k.status, count(*) AS n FROM charger c JOIN connector k ON k.charger_id = c.id
      WHERE c.station_id = s.id AND c.archived_at IS NULL AND c.id = ANY($2)
        AND k.connector_id > 0 AND k.status IS NOT NULL
      GROUP BY k.status) AS counted) AS connector_statuses
FROM station s
"""


async def online_ids(presence: Presence, organization_id: OrganizationId) -> list[int]:
    """Return the ids of all chargers that are online."""
    return [online.charger_id for online in await presence.online(organization_id)]


async def list_stations(
    database: ReadDatabase,
    presence: Presence,
    organization_id: OrganizationId,
    request: PageRequest,
    wanted: StationFilter,
) -> Page[StationView]:
    """Return a page of stations."""
    online = await online_ids(presence, organization_id)
    conditions = Conditions(organization_id, online)
    conditions.add("s.organization_id = $1")
    conditions.add("cardinality($2::bigint[]) >= 0")
    conditions.add("(s.archived_at IS NOT NULL) = ?", wanted.is_archived)
    conditions.add_search(request.search, "s.name", "s.address")
    order = request.order_by(SORTS, default="name", key="s.id")
    async with database.reads(organization_id) as connection:
        total = await connection.fetchval(
            joined("SELECT count(*) FROM station s", conditions.where), *conditions.values
        )
        limits = (
            f"LIMIT {conditions.place(request.limit)} OFFSET {conditions.place(request.offset)}"
        )
        rows = await connection.fetch(
            joined(COLUMNS, conditions.where, order, limits), *conditions.values
        )
    return Page([_view(row) for row in rows], total, request.page, request.limit)


async def get_station(
    database: ReadDatabase,
    presence: Presence,
    organization_id: OrganizationId,
    station_id: StationId,
) -> StationView:
    """Return one station, archived or not. Raises StationNotFoundError."""
    online = await online_ids(presence, organization_id)
    async with database.reads(organization_id) as connection:
        row = await _find(connection, organization_id, online, station_id)
    if row is None:
        raise StationNotFoundError(f"no station {station_id}", station_id=station_id)
    return _view(row)


async def _find(
    connection: ReadConnection,
    organization_id: OrganizationId,
    online: list[int],
    station_id: StationId,
) -> Row | None:
    return await connection.fetchrow(
        joined(COLUMNS, "WHERE s.organization_id = $1 AND s.id = $3"),
        organization_id,
        online,
        station_id,
    )


def _view(row: Row) -> StationView:
    counts: dict[str, Any] = msgspec.json.decode(row["connector_statuses"] or "{}")
    return StationView(
        id=row["id"],
        name=row["name"],
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        address=row["address"],
        time_zone=row["time_zone"],
        charger_count=row["charger_count"],
        connected_count=row["connected_count"],
        connector_statuses=counts,
        is_archived=row["archived_at"] is not None,
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        archived_at=row["archived_at"],
    )
