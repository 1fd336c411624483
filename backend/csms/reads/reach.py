"""Which chargers a call that is limited to some stations may see."""

from csms.kernel.ids import OrganizationId, StationId
from csms.reads.database import ReadDatabase

CHARGERS = "SELECT id FROM charger WHERE organization_id = $1 AND station_id = ANY ($2::bigint[])"


async def chargers_at(
    database: ReadDatabase,
    organization_id: OrganizationId,
    stations: frozenset[StationId] | None,
) -> frozenset[int] | None:
    """Return the ids of the chargers at these stations; None: no station is out of reach."""
    if stations is None:
        return None
    async with database.reads(organization_id) as connection:
        rows = await connection.fetch(CHARGERS, organization_id, sorted(stations))
    return frozenset(row["id"] for row in rows)
