"""A charger, a person and a journal in the test's database."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from csms.adapters.sql.engine import Database
from csms.adapters.sql.journal import SqlJournal
from csms.kernel.ids import ChargePointId, ChargerId
from tests.sql.rows import LaidCharger, LayCharger, numbers


@pytest.fixture
async def station_id(owner: asyncpg.Connection) -> int:
    """A station."""
    return int(
        await owner.fetchval(
            "INSERT INTO station (organization_id, name, latitude, longitude) "
            "VALUES (1, 'Yard', 52.5, 13.4) RETURNING id"
        )
    )


@pytest.fixture
def lay_charger(owner: asyncpg.Connection, station_id: int) -> LayCharger:
    """Lay a charger with an epoch of 1."""

    async def lay(*, epoch: int | None = 1) -> LaidCharger:
        name = ChargePointId(f"CP{next(numbers):05d}")
        charger_id = await owner.fetchval(
            "INSERT INTO charger (organization_id, station_id, charge_point_id, name) "
            "VALUES (1, $1, $2, $2) RETURNING id",
            station_id,
            name,
        )
        if epoch is not None:
            await owner.execute(
                "INSERT INTO charger_epoch (charger_id, epoch, node, connected_at) "
                "VALUES ($1, $2, 'node', now())",
                charger_id,
                epoch,
            )
        return LaidCharger(ChargerId(charger_id), name)

    return lay


@pytest.fixture
async def charger(lay_charger: LayCharger) -> LaidCharger:
    """One charger at epoch 1."""
    return await lay_charger()


@pytest.fixture
async def user_id(owner: asyncpg.Connection) -> int:
    """A person."""
    return int(
        await owner.fetchval(
            "INSERT INTO app_user (organization_id, email, full_name, role) "
            "VALUES (1, 'driver@example.org', 'A Driver', 'USER') RETURNING id"
        )
    )


@pytest.fixture
async def journal(database: Database) -> AsyncIterator[SqlJournal]:
    """A started journal without jobs."""
    journal = SqlJournal(database, {})
    await journal.start()
    yield journal
    await journal.close()
