"""The demo network: three stations, seven chargers, four drivers with cards and money, a price.

What is there already stays; nothing here runs a charger.
"""

import hashlib
import hmac
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from csms.adapters.sql.engine import Database
from csms.adapters.sql.repositories.accounts import SqlAccountStore
from csms.domain.authorization.registry import IdTagRegistry, TagDetails
from csms.domain.identity.actor import Actor
from csms.domain.identity.registry import Accounts
from csms.domain.ledger.ports import Ledger
from csms.domain.ledger.transfer import NewTransfer, Posting
from csms.domain.stations.credentials import KEY_LENGTH
from csms.domain.stations.registry import StationDetails, StationRegistry
from csms.domain.stations.registry_chargers import ChargerPlan, ChargerRegistry, ConnectorPlan
from csms.domain.tariffs.registry import TariffDetails, TariffRegistry
from csms.kernel.ids import ConnectorNumber, OrganizationId, StationId, UserId

OPEN_CHARGER = "CP001"
WALLET_AT_START = Decimal(100)
FAST_FROM_KW = 50


@dataclass(frozen=True, slots=True)
class DemoStation:
    """A place with its chargers: (charge point id, name, connectors, power in kW)."""

    details: StationDetails
    chargers: tuple[tuple[str, str, int, int], ...]


STATIONS = (
    DemoStation(
        StationDetails(
            "Harbour East",
            Decimal("53.5438"),
            Decimal("10.0099"),
            "Überseeallee 10, 20457 Hamburg",
            "Europe/Berlin",
        ),
        (
            (OPEN_CHARGER, "Quay 1 (open to everybody)", 1, 22),
            ("CP002", "Quay 2", 2, 22),
            ("CP003", "Quay 3", 2, 22),
        ),
    ),
    DemoStation(
        StationDetails(
            "Gare de Lyon P2",
            Decimal("48.8443"),
            Decimal("2.3744"),
            "20 Boulevard Diderot, 75012 Paris",
            "Europe/Paris",
        ),
        (("CP004", "Niveau -1 A", 1, 50), ("CP005", "Niveau -1 B", 2, 150)),
    ),
    DemoStation(
        StationDetails(
            "Mercado de la Cebada",
            Decimal("40.4109"),
            Decimal("-3.7097"),
            "Plaza de la Cebada 15, 28005 Madrid",
            "Europe/Madrid",
        ),
        (("CP006", "Planta 0", 2, 22), ("CP007", "Planta 1", 2, 22)),
    ),
)
DRIVERS = ("Ada", "Bruno", "Chiara", "Deniz")
TARIFF = TariffDetails(
    name="Standard",
    currency="EUR",
    price_per_kwh=Decimal("0.49"),
    tax_percent=Decimal(19),
    is_default=True,
)


class NetworkRegistries(Protocol):
    """The use cases that make a network."""

    @property
    def accounts(self) -> Accounts:
        """Accounts of people."""
        ...

    @property
    def stations(self) -> StationRegistry:
        """Stations."""
        ...

    @property
    def chargers(self) -> ChargerRegistry:
        """Chargers."""
        ...

    @property
    def id_tags(self) -> IdTagRegistry:
        """Cards."""
        ...

    @property
    def tariffs(self) -> TariffRegistry:
        """Prices."""
        ...

    @property
    def ledger(self) -> Ledger:
        """Money."""
        ...


@dataclass(frozen=True, slots=True)
class DemoPlace:
    """Where the demo network is laid, by whom, with the key that its chargers' keys derive from."""

    registries: NetworkRegistries
    database: Database
    actor: Actor
    server_key: bytes


async def lay_demo_network(place: DemoPlace, run_key: str) -> bool:
    """Make what is missing of the demo network and fill its wallets up; whether it was missing.

    `run_key` is another at each call that may fill the wallets again.
    """
    is_missing = not await has_demo_network(place.database)
    if is_missing:
        await _make(place)
    await _fill_wallets(place, run_key)
    return is_missing


async def has_demo_network(database: Database) -> bool:
    """Whether the demo's open charger is registered."""
    return bool(
        await database.pool.fetchval(
            "SELECT EXISTS (SELECT 1 FROM charger WHERE charge_point_id = $1)", OPEN_CHARGER
        )
    )


async def ensure_default_tariff(database: Database, tariffs: TariffRegistry, actor: Actor) -> None:
    """Make the demo's price unless the organization has a default one."""
    if not await _has_default_tariff(database, actor.organization_id):
        await tariffs.create(actor, TARIFF)


def demo_credentials(server_key: bytes) -> list[tuple[str, str]]:
    """Return charge point id and key of each demo charger that has one."""
    return [
        (charge_point_id, _key_of(charge_point_id, server_key))
        for station in STATIONS
        for charge_point_id, *_ in station.chargers
        if charge_point_id != OPEN_CHARGER
    ]


def card_of(driver: str) -> str:
    """Return the id tag on a demo driver's card."""
    return f"DEMO-{driver.upper()}"


async def _make(place: DemoPlace) -> None:
    registries, actor = place.registries, place.actor
    await ensure_default_tariff(place.database, registries.tariffs, actor)
    for name in DRIVERS:
        account = await registries.accounts.create(
            actor,
            email=_email_of(name),
            full_name=f"{name} (demo)",
            role="USER",
            password=None,
        )
        await registries.id_tags.create(actor, card_of(name), TagDetails(user_id=account.id))
    for station in STATIONS:
        station_id = await registries.stations.create(actor, station.details)
        for charger in station.chargers:
            await _add_charger(place, station_id, charger)


async def _add_charger(
    place: DemoPlace, station_id: StationId, charger: tuple[str, str, int, int]
) -> None:
    charge_point_id, name, connectors, power_kw = charger
    is_open = charge_point_id == OPEN_CHARGER
    kind = "CCS" if power_kw >= FAST_FROM_KW else "TYPE2"
    await place.registries.chargers.create(
        place.actor,
        ChargerPlan(
            station_id=station_id,
            name=name,
            security_profile=0 if is_open else 1,
            assumes_subprotocol=is_open,
            connectors=tuple(
                ConnectorPlan(ConnectorNumber(number), kind, Decimal(power_kw))
                for number in range(1, connectors + 1)
            ),
        ),
        charge_point_id=charge_point_id,
        key=None if is_open else _key_of(charge_point_id, place.server_key),
    )


async def _fill_wallets(place: DemoPlace, run_key: str) -> None:
    accounts, ledger = SqlAccountStore(place.database), place.registries.ledger
    for name in DRIVERS:
        account = await accounts.find_by_email(_email_of(name))
        if account is None:
            continue
        balance, _ = await ledger.balance(place.actor.organization_id, account.id, TARIFF.currency)
        missing = WALLET_AT_START - balance
        if missing > 0:
            await ledger.post(_top_up(place.actor, account.id, missing, run_key))


def _top_up(actor: Actor, user_id: UserId, amount: Decimal, run_key: str) -> NewTransfer:
    return NewTransfer(
        organization_id=actor.organization_id,
        kind="top_up",
        idempotency_key=f"demo:{user_id}:{run_key}",
        currency=TARIFF.currency,
        postings=(Posting("cash", -amount), Posting("wallet", amount, user_id)),
        note="demo money",
    )


async def _has_default_tariff(database: Database, organization_id: OrganizationId) -> bool:
    return bool(
        await database.pool.fetchval(
            "SELECT EXISTS (SELECT 1 FROM tariff WHERE organization_id = $1 AND is_default)",
            organization_id,
        )
    )


def _email_of(driver: str) -> str:
    return f"{driver.lower()}@demo.example"


def _key_of(charge_point_id: str, server_key: bytes) -> str:
    """The same key at every start, known to nobody without the server's own."""
    digest = hmac.digest(server_key, f"demo:{charge_point_id}".encode(), hashlib.sha256)
    return digest.hex()[:KEY_LENGTH]
