"""The list of chargers, one of the hot lists: two queries and the presence of the page."""

from dataclasses import dataclass
from typing import Literal

import msgspec

from csms.domain.stations.availability import Wanted, difference, wanted_of
from csms.domain.stations.presence import OnlineCharger, Presence
from csms.kernel.ids import ChargerId, ConnectorNumber, OrganizationId
from csms.reads.database import ReadDatabase, Row
from csms.reads.moments import Moment
from csms.reads.page import Conditions, Page, PageRequest, joined
from csms.reads.stations import online_ids

SORTS = {
    "id": "c.id",
    "name": "c.name",
    "charge_point_id": "c.charge_point_id",
    "vendor": "c.vendor",
    "model": "c.model",
    "station": "s.name",
    "created_at": "c.created_at",
    "last_seen": "c.last_seen_at",
}

COLUMNS = """
SELECT c.*, s.name AS station_name, e.protocol AS last_protocol,
  (SELECT coalesce(json_agg(json_build_object(
      'connector_id', k.connector_id, 'connector_type', k.connector_type,
      'max_power_kw', k.max_power_kw, 'status', k.status, 'error_code', k.error_code,
      'info', k.info, 'vendor_id', k.vendor_id, 'vendor_error_code', k.vendor_error_code,
      'status_at', k.status_at, 'status_received_at', k.status_received_at,
      'wanted', k.wanted_type, 'wanted_answer', k.wanted_answer, 'wanted_at', k.wanted_at
    ) ORDER BY k.connector_id), '[]') FROM connector k WHERE k.charger_id = c.id) AS connectors
FROM charger c
JOIN station s ON s.id = c.station_id
LEFT JOIN charger_epoch e ON e.charger_id = c.id
"""
COUNT = "SELECT count(*) FROM charger c JOIN station s ON s.id = c.station_id"


class ConnectorView(msgspec.Struct, frozen=True):
    """A connector as registered and as last reported; 0 is the charger as a whole (OCPP 1.6 §2.2).

    `wanted` is what the charger last agreed to be on an operator's request, for itself or for this
    connector; `availability_warning` says how its report contradicts that.
    """

    connector_id: int
    connector_type: str | None = None
    max_power_kw: float | None = None
    status: str | None = None
    error_code: str | None = None
    info: str | None = None
    vendor_id: str | None = None
    vendor_error_code: str | None = None
    status_at: Moment | None = None
    status_received_at: Moment | None = None
    wanted: Literal["Operative", "Inoperative"] | None = None
    wanted_answer: Literal["Accepted", "Scheduled"] | None = None
    wanted_at: Moment | None = None
    availability_warning: str | None = None


class ChargerView(msgspec.Struct, frozen=True, kw_only=True):
    """A charger. `last_seen`: any frame, ping or pong counts."""

    id: int
    charge_point_id: str
    station_id: int
    station_name: str
    name: str
    vendor: str | None
    model: str | None
    serial_number: str | None
    firmware_version: str | None
    security_profile: int
    pending_security_profile: int | None
    registration: str
    is_disabled: bool
    is_strict: bool
    leniency_off: list[str]
    heartbeat_interval_s: int
    ping_interval_s: int
    free_id_tag: str | None
    assumes_subprotocol: bool
    pushes_authorizations: bool
    resends_availability: bool
    is_connected: bool
    connected_at: Moment | None
    protocol: str | None
    last_seen: Moment | None
    booted_at: Moment | None
    is_archived: bool
    created_at: Moment
    updated_at: Moment
    archived_at: Moment | None
    connectors: list[ConnectorView]


@dataclass(frozen=True, slots=True)
class ChargerFilter:
    """`status` is what any of its connectors reports. Archived ones only when asked for."""

    status: str | None = None
    station_id: int | None = None
    is_connected: bool | None = None
    vendor: str | None = None
    charge_point_id: str | None = None
    is_archived: bool = False


async def list_chargers(
    database: ReadDatabase,
    presence: Presence,
    organization_id: OrganizationId,
    request: PageRequest,
    wanted: ChargerFilter,
) -> Page[ChargerView]:
    """Return a page of chargers with station and live status."""
    conditions = Conditions()
    conditions.add("c.organization_id = ?", organization_id)
    conditions.add("(c.archived_at IS NOT NULL) = ?", wanted.is_archived)
    conditions.add_if("c.station_id = ?", wanted.station_id)
    conditions.add_if("lower(c.vendor) = lower(?)", wanted.vendor)
    conditions.add_if("c.charge_point_id = ?", wanted.charge_point_id)
    conditions.add_if(
        "EXISTS (SELECT 1 FROM connector k WHERE k.charger_id = c.id AND k.status = ?)",
        wanted.status,
    )
    if wanted.is_connected is not None:
        online = await online_ids(presence, organization_id)
        conditions.add("(c.id = ANY(?)) = ?", online, wanted.is_connected)
    conditions.add_search(
        request.search, "c.name", "c.charge_point_id", "c.serial_number", "c.model", "s.name"
    )
    order = request.order_by(SORTS, default="name", key="c.id")
    async with database.reads(organization_id) as connection:
        total = await connection.fetchval(joined(COUNT, conditions.where), *conditions.values)
        limits = (
            f"LIMIT {conditions.place(request.limit)} OFFSET {conditions.place(request.offset)}"
        )
        rows = await connection.fetch(
            joined(COLUMNS, conditions.where, order, limits), *conditions.values
        )
    return Page(await charger_views(presence, rows), total, request.page, request.limit)


async def charger_views(presence: Presence, rows: list[Row]) -> list[ChargerView]:
    """Return rows of `COLUMNS` as chargers, with the presence of all of them at once."""
    online = await presence.find([ChargerId(row["id"]) for row in rows]) if rows else {}
    return [charger_view(row, online.get(ChargerId(row["id"]))) for row in rows]


def charger_view(row: Row, online: OnlineCharger | None) -> ChargerView:
    """Return one row of `COLUMNS` as a charger."""
    last_seen = row["last_seen_at"]
    if online is not None and (last_seen is None or online.last_seen_at > last_seen):
        last_seen = online.last_seen_at
    return ChargerView(
        id=row["id"],
        charge_point_id=row["charge_point_id"],
        station_id=row["station_id"],
        station_name=row["station_name"],
        name=row["name"],
        vendor=row["vendor"],
        model=row["model"],
        serial_number=row["serial_number"],
        firmware_version=row["firmware_version"],
        security_profile=row["security_profile"],
        pending_security_profile=row["pending_security_profile"],
        registration=row["registration"],
        is_disabled=row["is_disabled"],
        is_strict=row["is_strict"],
        leniency_off=msgspec.json.decode(row["leniency"], type=list[str]),
        heartbeat_interval_s=row["heartbeat_interval_s"],
        ping_interval_s=row["ping_interval_s"],
        free_id_tag=row["free_id_tag"],
        assumes_subprotocol=row["assumes_subprotocol"],
        pushes_authorizations=row["pushes_authorizations"],
        resends_availability=row["resends_availability"],
        is_connected=online is not None,
        connected_at=None if online is None else online.connected_at,
        protocol=row["last_protocol"] if online is None else online.protocol,
        last_seen=last_seen,
        booted_at=row["booted_at"],
        is_archived=row["archived_at"] is not None,
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        archived_at=row["archived_at"],
        connectors=_with_wanted(msgspec.json.decode(row["connectors"], type=list[ConnectorView])),
    )


def _with_wanted(connectors: list[ConnectorView]) -> list[ConnectorView]:
    """Return the connectors with what is wanted of each, be it said to the whole charger."""
    agreed = {ConnectorNumber(c.connector_id): _agreed(c) for c in connectors}
    if not any(agreed.values()):
        return connectors
    found = []
    for connector in connectors:
        wanted = wanted_of(ConnectorNumber(connector.connector_id), agreed)
        if wanted is not None:
            connector = msgspec.structs.replace(  # noqa: PLW2901 - the same connector, completed
                connector,
                wanted=wanted.type,
                wanted_answer=wanted.answer,
                wanted_at=wanted.since,
                availability_warning=difference(wanted, connector.status),
            )
        found.append(connector)
    return found


def _agreed(connector: ConnectorView) -> Wanted | None:
    if connector.wanted is None or connector.wanted_answer is None or connector.wanted_at is None:
        return None
    return Wanted(connector.wanted, connector.wanted_answer, connector.wanted_at)


class ConnectedView(msgspec.Struct, frozen=True):
    """A connected charger, as integrators list them."""

    charge_point_id: str
    charger_id: int
    connected: bool
    connected_at: Moment
    last_seen: Moment
    protocol: str
    remote_address: str


async def list_connected(
    presence: Presence,
    organization_id: OrganizationId,
    request: PageRequest,
    *,
    within: frozenset[int] | None = None,
) -> Page[ConnectedView]:
    """Return a page of the chargers that are connected now, by charge point id.

    `within` are the ids of the chargers that the caller may see, None all.
    """
    online = await presence.online(organization_id)
    if within is not None:
        online = [o for o in online if o.charger_id in within]
    if request.search:
        wanted = request.search.casefold()
        online = [o for o in online if wanted in o.charge_point_id.casefold()]
    page = online[request.offset : request.offset + request.limit]
    views = [
        ConnectedView(
            charge_point_id=o.charge_point_id,
            charger_id=o.charger_id,
            connected=True,
            connected_at=o.connected_at,
            last_seen=o.last_seen_at,
            protocol=o.protocol,
            remote_address=o.remote_address,
        )
        for o in page
    ]
    return Page(views, len(online), request.page, request.limit)
