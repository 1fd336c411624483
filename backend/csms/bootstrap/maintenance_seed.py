"""What `csms seed` does: the demo network, or a large made-up one that says that it is one."""

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

from csms.adapters.sql.charger_import import ImportedCharger, store_chargers
from csms.adapters.sql.seeding import Row, SeedStore
from csms.bootstrap.demo_network import OPEN_CHARGER as DEMO_OPEN_CHARGER
from csms.bootstrap.demo_network import (
    DemoPlace,
    demo_credentials,
    ensure_default_tariff,
    lay_demo_network,
)
from csms.bootstrap.maintenance import Maintenance
from csms.bootstrap.maintenance_chargers import planned_connectors
from csms.bootstrap.seed_sessions import FREE_TAG, Driver, SeedPlan, SessionMaker, require_fit
from csms.domain.identity.accounts import new_app_tag
from csms.domain.stations.errors import OpenChargersRefusedError
from csms.domain.stations.registry_chargers import ChargerPlan
from csms.kernel.errors import ConflictError, ForbiddenError, InvalidError
from csms.kernel.ids import StationId, UserId

PREFIX: Final = "SEED-"
CHARGERS_PER_STATION: Final = 8
CONNECTORS: Final = 2
POWERS_KW: Final = (22, 22, 22, 150)
SESSIONS_PER_DRIVER: Final = 20
MIN_DRIVERS: Final = 10
BATCH_CHARGERS: Final = 500
BATCH_PEOPLE: Final = 2000
BATCH_SESSIONS: Final = 1000
MAX_CHARGERS: Final = 200_000
MAX_SESSIONS: Final = 20_000_000
MAX_DAYS: Final = 3650
MAX_READINGS: Final = 100
_REGIONS: Final = (
    ("Hamburg", 53.55, 10.0, "Europe/Berlin"),
    ("Lyon", 45.76, 4.84, "Europe/Paris"),
    ("Madrid", 40.42, -3.7, "Europe/Madrid"),
    ("Gdansk", 54.35, 18.65, "Europe/Warsaw"),
    ("Torino", 45.07, 7.69, "Europe/Rome"),
)

Progress = Callable[[str], None]


class ProductionRefusedError(ForbiddenError):
    """Made-up data does not go into a database that real chargers use, unless asked for."""


class SeedOrderError(InvalidError):
    """The numbers asked for do not go together."""


class OtherCurrencyError(ConflictError):
    """The default price is in another currency than the organization's wallets."""


@dataclass(frozen=True, slots=True)
class SeedOrder:
    """What a large seeding makes. `random_seed`: the same one makes the same figures again."""

    chargers: int
    transactions: int
    days: int
    readings: int
    random_seed: int


@dataclass(frozen=True, slots=True)
class SeedReport:
    """What was made."""

    stations: int
    chargers: int
    drivers: int
    transactions: int
    first: str
    last: str


async def require_no_production(desk: Maintenance, *, is_sure: bool) -> None:
    """Raise ProductionRefusedError unless this is clearly a trial, or the operator is sure."""
    if is_sure:
        return
    if desk.settings.is_production:
        raise ProductionRefusedError(
            "ENVIRONMENT=production: made-up chargers, people and money are refused; "
            "--yes does it all the same"
        )
    demo = [DEMO_OPEN_CHARGER, *(name for name, _ in demo_credentials(desk.server_key))]
    if await SeedStore(desk.database, desk.actor).has_real_chargers(PREFIX, demo):
        raise ProductionRefusedError(
            f"{desk.place.description} is in use: chargers of your own have connected to it; "
            "--yes adds made-up data all the same"
        )


async def seed_demo(desk: Maintenance) -> bool:
    """Lay the demo network without running its chargers; whether it was missing."""
    if not desk.settings.may_open_chargers:
        raise OpenChargersRefusedError(
            f"the demo network's {DEMO_OPEN_CHARGER} is open to everybody and open chargers are "
            "not allowed here; use --chargers N for made-up ones with keys"
        )
    place = DemoPlace(desk, desk.database, desk.actor, desk.server_key)
    return await lay_demo_network(place, secrets.token_hex(8))


async def seed_large(desk: Maintenance, order: SeedOrder, told: Progress) -> SeedReport:
    """Add a network of that size with sessions, bills and wallets, all marked as seeded.

    Raises SeedOrderError, TooManySessionsError, OtherCurrencyError.
    """
    _check(order)
    await ensure_default_tariff(desk.database, desk.tariffs, desk.actor)
    store = SeedStore(desk.database, desk.actor)
    policy = await store.policy()
    if policy.currency != policy.terms.currency:
        raise OtherCurrencyError(
            f"the default price is in {policy.terms.currency}, wallets are in {policy.currency}"
        )
    chance = random.Random(order.random_seed)  # noqa: S311 - made-up data, no secret
    first = await store.last_number(PREFIX) + 1
    names = [f"{PREFIX}{first + i:06d}" for i in range(order.chargers)]
    stations = await store.begin(_said(order, names), _stations(order, first, chance))
    await _add_chargers(desk, names, stations, told)
    drivers = await _add_drivers(store, order, first, told)
    made = 0
    if order.transactions:
        await store.add_free_tag(FREE_TAG)
        end = desk.clock.now().replace(microsecond=0) - timedelta(minutes=1)
        plan = SeedPlan(
            organization_id=desk.organization_id,
            policy=policy,
            outlets=await store.outlets(names),
            drivers=drivers,
            sessions=order.transactions,
            begin=end - timedelta(days=order.days),
            end=end,
            readings=order.readings,
        )
        accounts = await store.accounts(policy.currency, [d.user_id for d in drivers])
        maker = SessionMaker(plan, chance)
        while made < order.transactions:
            left = order.transactions - made
            ids = await store.transaction_ids(min(left, BATCH_SESSIONS))
            await store.add_sessions(maker.make(ids), accounts)
            made += len(ids)
            if made % (10 * BATCH_SESSIONS) == 0 or made == order.transactions:
                told(f"{made} of {order.transactions} sessions stored")
    return SeedReport(len(stations), len(names), len(drivers), made, names[0], names[-1])


def _check(order: SeedOrder) -> None:
    bounds = (
        ("--chargers", order.chargers, 1, MAX_CHARGERS),
        ("--transactions", order.transactions, 0, MAX_SESSIONS),
        ("--days", order.days, 1, MAX_DAYS),
        ("--readings", order.readings, 0, MAX_READINGS),
    )
    for option, value, least, most in bounds:
        if not least <= value <= most:
            raise SeedOrderError(f"{option} must be from {least} to {most}, not {value}")
    require_fit(order.transactions, order.chargers * CONNECTORS, timedelta(days=order.days))


def _said(order: SeedOrder, names: list[str]) -> dict[str, object]:
    return {
        "chargers": order.chargers,
        "first_charger": names[0],
        "last_charger": names[-1],
        "transactions": order.transactions,
        "days": order.days,
        "random_seed": order.random_seed,
    }


def _stations(order: SeedOrder, first: int, chance: random.Random) -> list[Row]:
    rows: list[Row] = []
    for number in range(-(-order.chargers // CHARGERS_PER_STATION)):
        city, latitude, longitude, zone = _REGIONS[number % len(_REGIONS)]
        rows.append(
            (
                f"Seeded {city} {first + number * CHARGERS_PER_STATION}",
                Decimal(f"{latitude + chance.uniform(-1, 1):.6f}"),
                Decimal(f"{longitude + chance.uniform(-1, 1):.6f}"),
                f"made up, around {city}",
                zone,
            )
        )
    return rows


async def _add_chargers(
    desk: Maintenance, names: list[str], stations: list[int], told: Progress
) -> None:
    """Register the chargers without keys: who wants one to connect makes it a key."""
    for start in range(0, len(names), BATCH_CHARGERS):
        batch: list[ImportedCharger] = []
        for at, name in enumerate(names[start : start + BATCH_CHARGERS], start):
            power_kw = Decimal(POWERS_KW[at % len(POWERS_KW)])
            plan = ChargerPlan(
                station_id=StationId(stations[at // CHARGERS_PER_STATION]),
                name=f"Seeded {name.removeprefix(PREFIX)}",
                connectors=planned_connectors(CONNECTORS, power_kw),
            )
            batch.append((name, plan, None))
        await store_chargers(desk.database, desk.actor, batch, None)
    told(f"{len(names)} chargers stored")


async def _add_drivers(
    store: SeedStore, order: SeedOrder, first: int, told: Progress
) -> list[Driver]:
    """Make the people. Those of another seeding have the numbers of its chargers."""
    count = max(MIN_DRIVERS, order.transactions // SESSIONS_PER_DRIVER)
    people = [
        (
            f"seeded-{first}-{number}@seed.example",
            f"Seeded driver {first}-{number}",
            str(new_app_tag()),
            f"SEED-{first}-{number}",
        )
        for number in range(1, count + 1)
    ]
    drivers: list[Driver] = []
    for start in range(0, count, BATCH_PEOPLE):
        batch = people[start : start + BATCH_PEOPLE]
        ids = await store.add_people(batch)
        drivers += [
            Driver(UserId(user_id), card)
            for user_id, (_, _, _, card) in zip(ids, batch, strict=True)
        ]
    told(f"{count} drivers stored")
    return drivers
