"""Where stories play: the product, its REST API, and its database for what has no address."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg

from csms.adapters.sql.engine import Database
from csms.adapters.sql.upkeep import SqlUpkeep
from tests.flows.product import Product, Rest

PRICE_PER_KWH = "0.45"

_PASS_DEADLINE = """
UPDATE transaction SET reconcile_by = now() - interval '1 second'
 WHERE id = $1 AND status = 'PENDING_RECONCILIATION'
"""

# What must hold whatever happened: transfers balance, and money is moved once per effect.
_UNBALANCED = """
SELECT transfer_id, sum(amount) FROM ledger_entry GROUP BY transfer_id HAVING sum(amount) <> 0
"""
_CHARGED = """
SELECT x.id, x.billing_status, x.cost_amount, x.is_billable,
       coalesce((SELECT -sum(e.amount) FROM ledger_transfer t
                   JOIN ledger_entry e ON e.transfer_id = t.id
                   JOIN ledger_account a ON a.id = e.account_id
                  WHERE t.transaction_id = x.id AND a.kind IN ('wallet', 'hold')), 0) AS taken,
       coalesce((SELECT sum(e.amount) FROM ledger_transfer t
                   JOIN ledger_entry e ON e.transfer_id = t.id
                   JOIN ledger_account a ON a.id = e.account_id
                  WHERE t.transaction_id = x.id AND a.kind = 'hold'), 0) AS held
  FROM transaction x
"""
_WAITING = "SELECT count(*) FROM job WHERE state IN ('READY', 'RUNNING')"
_PUT_OFF = """
SELECT EXISTS (SELECT 1 FROM job WHERE starts_with(unique_key, $1) AND state = 'READY'
                AND run_at > now() AND last_error LIKE '%idle minutes%')
"""
_DOUBLED_ACTIVE = """
SELECT charger_id, connector_id FROM transaction WHERE status = 'ACTIVE'
 GROUP BY 1, 2 HAVING count(*) > 1
"""


class Stage:
    """A product with one station and one price."""

    def __init__(self, product: Product, dsn: str) -> None:
        self.product = product
        self.dsn = dsn
        self.rest: Rest
        self.station_id: int
        self.tariff_id: int

    def open(self) -> None:
        """Start the product and lay what every story needs."""
        self.product.start()
        self.rest = self.product.operator()
        self.station_id = self.rest.post(
            "/api/admin/stations",
            {"name": "Quay", "latitude": 53.54, "longitude": 9.98, "address": "Kai 1, Hamburg"},
        )["id"]
        self.tariff_id = self.rest.post(
            "/api/admin/tariffs",
            {
                "name": "Standard",
                "currency": "EUR",
                "price_per_kwh": PRICE_PER_KWH,
                "is_default": True,
            },
        )["id"]

    def restart(self, *, kill: bool = False) -> None:
        """End the product, gently or with SIGKILL, and start it again."""
        if kill:
            self.product.kill()
        else:
            assert self.product.stop() == 0
        self.product.start()

    def add_charger(self, **fields: Any) -> tuple[dict[str, Any], str]:
        """Register a charger with two outlets of 22 kW; return it with its password."""
        made = self.rest.post(
            "/api/admin/chargers",
            {
                "station_id": self.station_id,
                "name": "Pole",
                "connectors": [
                    {"connector_id": n, "connector_type": "TYPE2", "max_power_kw": 22}
                    for n in (1, 2)
                ],
                **fields,
            },
        )
        return made["charger"], made["password"]

    def add_driver(self, top_up: str) -> int:
        """Make a person with that much money; return the id."""
        driver = self.rest.post(
            "/users",
            {"email": f"{secrets.token_hex(6)}@example.org", "full_name": "D", "role": "USER"},
        )
        if top_up != "0":
            self.rest.post(
                f"/users/{driver['id']}/wallet/top-ups",
                {"amount": {"amount": top_up, "currency": "EUR"}, "note": "cash"},
            )
        return int(driver["id"])

    async def on_database(self, work: Callable[[asyncpg.Connection], Awaitable[Any]]) -> Any:
        """Run `work` as the database's owner."""
        connection = await asyncpg.connect(self.dsn)
        try:
            return await work(connection)
        finally:
            await connection.close()

    async def run_sql(self, statement: str, *values: Any) -> None:
        """Change what has no address in the REST API."""
        await self.on_database(lambda connection: connection.execute(statement, *values))

    async def pass_deadline(self, transaction_id: int) -> None:
        """Let a session's deadline be past, and have the schedule look for such."""
        await self.run_sql(_PASS_DEADLINE, transaction_id)
        await self.queue_overdue()

    async def queue_overdue(self) -> None:
        """Run the schedule that looks for sessions whose deadline has passed, now."""
        database = await Database.connect(self.dsn)
        try:
            await SqlUpkeep(database).queue_overdue_sessions()
        finally:
            await database.close()

    async def is_work_done(self) -> bool:
        """Whether no job waits or runs."""
        waiting = await self.on_database(lambda connection: connection.fetchval(_WAITING))
        return bool(waiting == 0)

    async def is_bill_put_off(self, transaction_id: int) -> bool:
        """Whether the bill was looked at while idle minutes ran."""
        found = await self.on_database(
            lambda connection: connection.fetchval(_PUT_OFF, f"bill:{transaction_id}:")
        )
        return bool(found)

    async def check_books(self) -> None:
        """Check what must hold for every session and every transfer there is."""
        unbalanced, charged, doubled = await self.on_database(_look)
        assert unbalanced == []
        assert doubled == []
        for row in charged:
            if row["billing_status"] == "BILLED":
                assert row["taken"] == row["cost_amount"], dict(row)
                assert row["held"] == 0, dict(row)
            else:
                # What is held for a session is still the person's.
                assert row["taken"] == 0 or row["cost_amount"] is not None, dict(row)
            if not row["is_billable"]:
                assert (row["taken"], row["held"]) == (0, 0), dict(row)


async def _look(connection: asyncpg.Connection) -> tuple[list[Any], list[Any], list[Any]]:
    return (
        await connection.fetch(_UNBALANCED),
        await connection.fetch(_CHARGED),
        await connection.fetch(_DOUBLED_ACTIVE),
    )


async def in_thread(call: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """Run a blocking REST call beside the event loop."""
    return await asyncio.to_thread(call, *arguments, **named)
