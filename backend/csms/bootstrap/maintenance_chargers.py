"""What `csms chargers` does, the bulk import aside."""

from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import quote, urlsplit

from csms.adapters.memory.presence import MemoryPresence
from csms.bootstrap.maintenance import Maintenance
from csms.bootstrap.settings import Settings
from csms.domain.stations.credentials import generate_key
from csms.domain.stations.errors import ChargerNotFoundError, StationNotFoundError
from csms.domain.stations.presence import OnlineCharger
from csms.domain.stations.registry_chargers import (
    ChargerPlan,
    ConnectorPlan,
    MadeCharger,
    RegisteredCharger,
)
from csms.kernel.errors import ConflictError
from csms.kernel.ids import ChargerId, ConnectorNumber, StationId
from csms.reads.chargers import ChargerFilter, ChargerView, list_chargers
from csms.reads.page import PageRequest

ROWS_PER_READ = 500
SHOWN_NAMES = 8
CCS_FROM_KW = 50
_OPEN_LINKS = """
SELECT e.charger_id, c.charge_point_id, c.organization_id, e.node, e.epoch, e.protocol,
       e.connected_at, greatest(e.connected_at, c.last_seen_at) AS last_seen_at
  FROM charger_epoch e JOIN charger c ON c.id = e.charger_id
 WHERE c.organization_id = $1 AND e.disconnected_at IS NULL
"""
_STATIONS = """
SELECT id, name FROM station
 WHERE organization_id = $1 AND archived_at IS NULL ORDER BY name, id
"""


class AmbiguousStationError(ConflictError):
    """Several stations have that name; their ids tell them apart."""


class KeylessChargerError(ConflictError):
    """The charger can have no new key: it is archived, or its profile has none."""


@dataclass(frozen=True, slots=True)
class StationChoice:
    """The stations at which something can be put, found by id or name."""

    by_id: dict[int, str]

    def find(self, name_or_id: str) -> StationId:
        """Return the station. Raises StationNotFoundError, AmbiguousStationError."""
        wanted = name_or_id.strip()
        named = [i for i, name in self.by_id.items() if name.casefold() == wanted.casefold()]
        if len(named) == 1:
            return StationId(named[0])
        if len(named) > 1:
            ids = ", ".join(map(str, named))
            raise AmbiguousStationError(f"{len(named)} stations are named {wanted!r}: ids {ids}")
        if wanted.isdecimal() and wanted.isascii() and int(wanted) in self.by_id:
            return StationId(int(wanted))
        raise StationNotFoundError(f"there is no station {wanted!r}; {self._known()}")

    def _known(self) -> str:
        if not self.by_id:
            return "there is none at all yet: add one in the web app, or run `csms seed`"
        shown = [f"{name} ({i})" for i, name in list(self.by_id.items())[:SHOWN_NAMES]]
        more = len(self.by_id) - len(shown)
        return "there are " + ", ".join(shown) + (f" and {more} more" if more else "")


async def station_choice(desk: Maintenance) -> StationChoice:
    """Return all stations that are not archived."""
    rows = await desk.database.pool.fetch(_STATIONS, desk.organization_id)
    return StationChoice({row["id"]: row["name"] for row in rows})


async def all_chargers(
    desk: Maintenance, *, search: str | None = None, is_connected: bool | None = None
) -> list[ChargerView]:
    """Return the chargers by charge point id; connected is what the server last recorded."""
    presence = await recorded_presence(desk)
    wanted = ChargerFilter(is_connected=is_connected)
    found: list[ChargerView] = []
    while True:
        request = PageRequest(
            page=len(found) // ROWS_PER_READ + 1,
            limit=ROWS_PER_READ,
            search=search,
            sort="charge_point_id",
        )
        page = await list_chargers(desk.database, presence, desk.organization_id, request, wanted)
        found += page.data
        if len(page.data) < ROWS_PER_READ:
            return found


async def recorded_presence(desk: Maintenance) -> MemoryPresence:
    """Return who is connected as the database has it: nobody, when no server runs on it."""
    presence = MemoryPresence()
    if desk.place.embedded is not None:
        return presence
    for row in await desk.database.pool.fetch(_OPEN_LINKS, desk.organization_id):
        await presence.arrived(OnlineCharger(**(dict(row) | {"remote_address": ""})))
    return presence


@dataclass(frozen=True, slots=True)
class NewCharger:
    """What `csms chargers add` is told."""

    charge_point_id: str
    station: str
    connectors: int
    profile: int
    power_kw: Decimal
    name: str | None = None
    connector_type: str | None = None
    serial: str | None = None


async def add_charger(desk: Maintenance, new: NewCharger) -> MadeCharger:
    """Register a charger. Raises the errors of the stations feature."""
    station_id = (await station_choice(desk)).find(new.station)
    plan = ChargerPlan(
        station_id=station_id,
        name=new.name or new.charge_point_id,
        serial_number=new.serial,
        security_profile=new.profile,
        connectors=planned_connectors(new.connectors, new.power_kw, new.connector_type),
    )
    return await desk.chargers.create(desk.actor, plan, charge_point_id=new.charge_point_id)


def planned_connectors(
    count: int, power_kw: Decimal, connector_type: str | None = None
) -> tuple[ConnectorPlan, ...]:
    """Return alike connectors 1 to `count`; without a type the one usual for the power."""
    kind = connector_type or ("CCS" if power_kw >= CCS_FROM_KW else "TYPE2")
    return tuple(
        ConnectorPlan(ConnectorNumber(number), kind, power_kw) for number in range(1, count + 1)
    )


async def renew_key(desk: Maintenance, charge_point_id: str) -> str:
    """Make a new key, end the present ones at once, and return it.

    Raises ChargerNotFoundError, KeylessChargerError.
    """
    charger_id = await find_charger(desk, charge_point_id)
    key = generate_key()
    await desk.charger_store.change(
        desk.actor,
        charger_id,
        "charger.key_renewed",
        _with_key,
        await desk.charger_keys.generated(key),
    )
    return key


async def archive_charger(desk: Maintenance, charge_point_id: str) -> None:
    """Take a charger out of the lists for good. Raises ChargerNotFoundError."""
    await desk.chargers.archive(desk.actor, await find_charger(desk, charge_point_id))


async def find_charger(desk: Maintenance, charge_point_id: str) -> ChargerId:
    """Return the charger of that charge point id. Raises ChargerNotFoundError."""
    found = await desk.database.pool.fetchval(
        "SELECT id FROM charger WHERE organization_id = $1 AND charge_point_id = $2",
        desk.organization_id,
        charge_point_id,
    )
    if found is None:
        raise ChargerNotFoundError(f"no charger connects as {charge_point_id!r}")
    return ChargerId(found)


def ocpp_url_of(settings: Settings, charge_point_id: str, security_profile: int = 1) -> str:
    """Return the address that the charger is set to."""
    web = settings.public_url or f"http://{settings.host}:{settings.port}"
    base = f"ws{web.removeprefix('http')}"
    if security_profile >= 2:
        if settings.ocpp_tls_url is not None:
            base = settings.ocpp_tls_url
        elif settings.ocpp_tls_port is not None:
            base = f"wss://{urlsplit(web).hostname}:{settings.ocpp_tls_port}"
    return f"{base}/ocpp/{quote(charge_point_id, safe='')}"


def _with_key(charger: RegisteredCharger) -> RegisteredCharger:
    if charger.archived_at is not None:
        raise KeylessChargerError(f"{charger.charge_point_id} is archived")
    profile = charger.plan.security_profile
    if profile not in {1, 2}:
        raise KeylessChargerError(
            f"{charger.charge_point_id} has security profile {profile} and connects without a key"
        )
    return replace(charger)
