"""More rows never mean more queries."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import pytest

from csms.adapters.sql.engine import Database
from tests.api.caller import Caller
from tests.api.network import Network

pytestmark = pytest.mark.integration

LISTS = (
    "/api/admin/stations",
    "/api/admin/chargers",
    "/api/admin/operations",
    "/api/admin/transactions",
    "/api/admin/id-tags",
    "/api/admin/tariffs",
    "/api/admin/messages",
    "/api/admin/desk",
    "/api/admin/billing",
    "/api/admin/audit",
    "/api/stations",
    "/api/sessions",
    "/api/wallet/transfers",
    "/users",
    "/api/admin/overview",
)
BUDGET = 9
"""Queries of one list: who asks, begin, count, rows, what hangs on the rows, commit."""


class Counter:
    def __init__(self) -> None:
        self.queries: list[str] = []

    def __call__(self, record: Any) -> None:
        self.queries.append(record.query)

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        self.queries = []
        yield self.queries
        self.queries = []


@pytest.fixture
async def counter(database: Database) -> AsyncIterator[Counter]:
    """Counts what the pool's connections are asked."""
    counter = Counter()
    held: list[asyncpg.Connection] = [
        await database.pool.acquire() for _ in range(database.pool.get_max_size())
    ]
    loggers = [connection._con for connection in held]
    for connection in loggers:
        connection.add_query_logger(counter)
    for connection in held:
        await database.pool.release(connection)
    yield counter
    for connection in loggers:
        connection.remove_query_logger(counter)


async def add_rows(network: Network, number: int) -> None:
    await network.add_charger(f"CP1{number:02d}")
    transaction = await network.add_transaction(connector_id=number + 2, user_id=1)
    await network.add_reading(transaction, 2000)
    await network.add_message()
    await network.add_operation()
    await network.top_up(1, "1.00")
    person = {"email": f"p{number}@example.org", "full_name": "P"}
    await network.operator.post("/users", person, expect=201)
    tariff = {"name": f"T{number}", "currency": "EUR", "price_per_kwh": "0.45"}
    await network.operator.post("/api/admin/tariffs", tariff, expect=201)


async def test_rows_do_not_add_queries(
    operator: Caller, network: Network, counter: Counter
) -> None:
    async def spent() -> dict[str, int]:
        found = {}
        for path in LISTS:
            with counter.counting() as queries:
                await operator.get(path)
                found[path] = len(queries)
        return found

    await add_rows(network, 0)
    few = await spent()
    for number in range(1, 6):
        await add_rows(network, number)
    assert await spent() == few
    assert min(few.values()) > 1
    assert max(few.values()) <= BUDGET, few
