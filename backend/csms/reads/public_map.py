"""What anybody may see: stations on the map, free connectors, power and price."""

from collections.abc import Iterable

import msgspec

from csms.domain.stations.errors import ChargerNotFoundError, StationNotFoundError
from csms.domain.stations.presence import Presence
from csms.kernel.ids import OrganizationId, StationId
from csms.reads.amounts import MoneyView, optional_price, price_text
from csms.reads.database import ReadConnection, ReadDatabase, Row
from csms.reads.page import Conditions, Page, PageRequest, joined
from csms.reads.session_policy import POLICY, SessionPolicy, session_policy
from csms.reads.stations import online_ids

SORTS = {"name": "s.name", "id": "s.id"}
STATION_COLUMNS = "SELECT s.id, s.name, s.latitude, s.longitude, s.address, s.time_zone"
STATIONS = "FROM station s"
HAS_CHARGER = """EXISTS (SELECT 1 FROM charger c
  WHERE c.station_id = s.id AND c.archived_at IS NULL AND NOT c.is_disabled)"""
CONNECTORS = """
SELECT c.station_id, c.id AS charger_id, c.charge_point_id, c.name, k.connector_id,
  k.connector_type, k.max_power_kw, k.status, c.id = ANY($2) AS is_connected,
  CASE WHEN whole.wanted_at > k.wanted_at OR k.wanted_at IS NULL THEN whole.wanted_type
       ELSE k.wanted_type END AS wanted_type,
  whole.status AS charger_status
FROM charger c LEFT JOIN connector k ON k.charger_id = c.id AND k.connector_id > 0
LEFT JOIN connector whole ON whole.charger_id = c.id AND whole.connector_id = 0
WHERE c.station_id = ANY($1) AND c.archived_at IS NULL AND NOT c.is_disabled
ORDER BY c.station_id, c.name, c.id, k.connector_id
"""
PRICE = "SELECT * FROM tariff WHERE organization_id = $1 AND is_default AND archived_at IS NULL"


class PublicPrice(msgspec.Struct, frozen=True):
    """The price of a session that starts now: decimal strings, tax included."""

    name: str
    currency: str
    price_per_kwh: str
    price_per_minute: str | None
    price_per_session: str | None
    idle_price_per_minute: str | None
    idle_grace_minutes: int | None
    tax_percent: str | None


class PublicConnector(msgspec.Struct, frozen=True):
    """A connector; `status` is `Offline` while its charger is not connected.

    `is_free`: a session can begin here now, which neither the charger's report nor the operator's
    word speaks against. `is_out_of_service`: the operator has taken it out of service.
    """

    connector_id: int
    connector_type: str | None
    max_power_kw: float | None
    status: str
    is_free: bool
    is_out_of_service: bool


class PublicCharger(msgspec.Struct, frozen=True):
    """A charger at its station."""

    charge_point_id: str
    name: str
    is_connected: bool
    connectors: list[PublicConnector]


class PublicStation(msgspec.Struct, frozen=True):
    """A station on the map; `price` is null where no tariff is set and charging is not for sale."""

    id: int
    name: str
    latitude: float
    longitude: float
    address: str
    time_zone: str
    connectors_total: int
    connectors_free: int
    max_power_kw: float | None
    price: PublicPrice | None
    policy: SessionPolicy
    chargers: list[PublicCharger]


class CreditPolicy(msgspec.Struct, frozen=True):
    """What a wallet must have before a session, and how much of it a session puts aside.

    A session that has used up what was put aside is asked to stop; what it takes until it does is
    charged too.
    """

    minimum_balance: MoneyView
    hold: MoneyView


class ScannedCharger(msgspec.Struct, frozen=True):
    """What a charger's QR code leads to."""

    charge_point_id: str
    name: str
    is_connected: bool
    connectors: list[PublicConnector]
    station: PublicStation
    price: PublicPrice | None
    credit: CreditPolicy
    policy: SessionPolicy


async def list_public_stations(
    database: ReadDatabase,
    presence: Presence,
    organization_id: OrganizationId,
    request: PageRequest,
) -> Page[PublicStation]:
    """Return a page of stations that have a charger in service."""
    online = await online_ids(presence, organization_id)
    conditions = Conditions()
    conditions.add("s.organization_id = ?", organization_id)
    conditions.add("s.archived_at IS NULL")
    conditions.add(HAS_CHARGER)
    conditions.add_search(request.search, "s.name", "s.address")
    order = request.order_by(SORTS, default="name", key="s.id")
    async with database.reads(organization_id) as connection:
        total = await connection.fetchval(
            joined("SELECT count(*)", STATIONS, conditions.where), *conditions.values
        )
        limits = (
            f"LIMIT {conditions.place(request.limit)} OFFSET {conditions.place(request.offset)}"
        )
        rows = await connection.fetch(
            joined(STATION_COLUMNS, STATIONS, conditions.where, order, limits), *conditions.values
        )
        views = await _stations(connection, organization_id, rows, online)
    return Page(views, total, request.page, request.limit)


async def get_public_station(
    database: ReadDatabase,
    presence: Presence,
    organization_id: OrganizationId,
    station_id: StationId,
) -> PublicStation:
    """Return one station that is in service. Raises StationNotFoundError."""
    online = await online_ids(presence, organization_id)
    async with database.reads(organization_id) as connection:
        rows = await connection.fetch(
            joined(
                STATION_COLUMNS,
                STATIONS,
                "WHERE s.organization_id = $1 AND s.id = $2 AND s.archived_at IS NULL",
            ),
            organization_id,
            station_id,
        )
        views = await _stations(connection, organization_id, rows, online)
    if not views:
        raise StationNotFoundError(f"no station {station_id}", station_id=station_id)
    return views[0]


async def get_scanned_charger(
    database: ReadDatabase,
    presence: Presence,
    organization_id: OrganizationId,
    charge_point_id: str,
) -> ScannedCharger:
    """Return a charger in service with station and price. Raises ChargerNotFoundError."""
    online = await online_ids(presence, organization_id)
    async with database.reads(organization_id) as connection:
        rows = await connection.fetch(
            joined(
                STATION_COLUMNS,
                STATIONS,
                "JOIN charger c ON c.station_id = s.id",
                "WHERE s.organization_id = $1 AND c.charge_point_id = $2",
                "AND c.archived_at IS NULL AND NOT c.is_disabled",
            ),
            organization_id,
            charge_point_id,
        )
        stations = await _stations(connection, organization_id, rows, online)
    for station in stations:
        for charger in station.chargers:
            if charger.charge_point_id == charge_point_id:
                return ScannedCharger(
                    charge_point_id=charge_point_id,
                    name=charger.name,
                    is_connected=charger.is_connected,
                    connectors=charger.connectors,
                    station=station,
                    price=station.price,
                    credit=CreditPolicy(station.policy.minimum_balance, station.policy.hold),
                    policy=station.policy,
                )
    raise ChargerNotFoundError(f"no charger {charge_point_id!r}", charge_point_id=charge_point_id)


async def _stations(
    connection: ReadConnection, organization_id: OrganizationId, rows: list[Row], online: list[int]
) -> list[PublicStation]:
    found = await connection.fetch(CONNECTORS, [row["id"] for row in rows], online)
    price_row = await connection.fetchrow(PRICE, organization_id)
    price = None if price_row is None else _price(price_row)
    (policy_row,) = await connection.fetch(POLICY, organization_id)
    policy = session_policy(policy_row)
    chargers = _chargers(found)
    return [_station(row, chargers.get(row["id"], []), price, policy) for row in rows]


def _chargers(rows: Iterable[Row]) -> dict[int, list[PublicCharger]]:
    by_station: dict[int, dict[int, PublicCharger]] = {}
    for row in rows:
        of_station = by_station.setdefault(row["station_id"], {})
        charger = of_station.setdefault(
            row["charger_id"],
            PublicCharger(row["charge_point_id"], row["name"], row["is_connected"], []),
        )
        if row["connector_id"] is not None:
            charger.connectors.append(_connector(row))
    return {station_id: list(found.values()) for station_id, found in by_station.items()}


def _connector(row: Row) -> PublicConnector:
    status = (row["status"] or "Unknown") if row["is_connected"] else "Offline"
    power = row["max_power_kw"]
    is_out_of_service = row["wanted_type"] == "Inoperative"
    is_charger_ready = row["charger_status"] not in {"Unavailable", "Faulted"}
    return PublicConnector(
        connector_id=row["connector_id"],
        connector_type=row["connector_type"],
        max_power_kw=None if power is None else float(power),
        status=status,
        is_free=status == "Available" and is_charger_ready and not is_out_of_service,
        is_out_of_service=is_out_of_service,
    )


def _station(
    row: Row, chargers: list[PublicCharger], price: PublicPrice | None, policy: SessionPolicy
) -> PublicStation:
    connectors = [connector for charger in chargers for connector in charger.connectors]
    powers = [c.max_power_kw for c in connectors if c.max_power_kw is not None]
    return PublicStation(
        id=row["id"],
        name=row["name"],
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        address=row["address"],
        time_zone=row["time_zone"],
        connectors_total=len(connectors),
        connectors_free=sum(c.is_free for c in connectors),
        max_power_kw=max(powers, default=None),
        price=price,
        policy=policy,
        chargers=chargers,
    )


def _price(row: Row) -> PublicPrice:
    return PublicPrice(
        name=row["name"],
        currency=row["currency"],
        price_per_kwh=price_text(row["price_per_kwh"]),
        price_per_minute=optional_price(row["price_per_minute"]),
        price_per_session=optional_price(row["price_per_session"]),
        idle_price_per_minute=optional_price(row["idle_price_per_minute"]),
        idle_grace_minutes=row["idle_grace_minutes"],
        tax_percent=optional_price(row["tax_percent"]),
    )
