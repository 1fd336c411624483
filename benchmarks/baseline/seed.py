"""Creates the baseline's tables and rows."""

import hashlib

from tortoise import Tortoise, connections

from benchmarks.baseline.database import tortoise_config
from benchmarks.baseline.models import Charger, Connector, IdTag, Station
from benchmarks.chargers import ChargerAccount

CONNECTORS_PER_CHARGER = 2
CHARGERS_PER_STATION = 10
_BATCH = 1000


async def seed(dsn: str, accounts: list[ChargerAccount]) -> None:
    """Build the schema and insert stations, chargers with two connectors each, and id tags."""
    await Tortoise.init(config=tortoise_config(dsn, pool_size=1))
    try:
        await Tortoise.generate_schemas()
        await _insert(accounts)
        await connections.get("default").execute_script("VACUUM ANALYZE")
    finally:
        await Tortoise.close_connections()


async def _insert(accounts: list[ChargerAccount]) -> None:
    stations = -(-len(accounts) // CHARGERS_PER_STATION)
    await Station.bulk_create(
        [
            Station(
                id=number + 1, name=f"Station {number}", latitude=48.0, longitude=11.0, address=""
            )
            for number in range(stations)
        ],
        batch_size=_BATCH,
    )
    await Charger.bulk_create(
        [
            Charger(
                id=number + 1,
                station_id=number // CHARGERS_PER_STATION + 1,
                charge_point_id=account.charge_point_id,
                name=f"Charger {number}",
                password_sha256=hashlib.sha256(account.password.encode()).hexdigest(),
            )
            for number, account in enumerate(accounts)
        ],
        batch_size=_BATCH,
    )
    await Connector.bulk_create(
        [
            Connector(charger_id=number + 1, number=connector)
            for number in range(len(accounts))
            for connector in range(1, CONNECTORS_PER_CHARGER + 1)
        ],
        batch_size=_BATCH,
    )
    await IdTag.bulk_create(
        [IdTag(id_tag=account.id_tag) for account in accounts], batch_size=_BATCH
    )
