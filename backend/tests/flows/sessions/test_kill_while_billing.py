"""The server is killed inside a bill, at each point where its work could be torn: one debit remains.

A trigger of the test holds the worker's database session at the point; then the process gets SIGKILL
and its database session is ended, so that nothing goes on by itself.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import asyncpg
import pytest

from tests.flows.sessions.stage import Stage, in_thread
from tests.flows.sessions.test_kill_between_messages import (
    COST,
    SOON_S,
    StubbornUnit,
    billed,
)

pytestmark = pytest.mark.integration

POLL_S = 0.05
GATE = 0x6B696C6C
"""The advisory lock behind which the worker waits for its end."""


@dataclass(frozen=True)
class Point:
    """A place in a bill: `event` is the statement that the worker is held before."""

    name: str
    table: str
    event: str
    condition: str


POINTS = (
    Point("while it is claimed", "job", "UPDATE", "NEW.state = 'RUNNING'"),
    Point("before the transfer", "ledger_transfer", "INSERT", "NEW.kind = 'charge'"),
    Point("between transfer and its lines", "ledger_entry", "INSERT", "NEW.amount <> 0"),
    Point("between transfer and receipt", "transaction", "UPDATE", "NEW.billing_status = 'BILLED'"),
    Point("billed and not yet done", "job", "UPDATE", "NEW.state = 'DONE'"),
)


class Gate:
    """Holds whoever comes to the point, for as long as the test's session keeps the lock."""

    def __init__(self, connection: asyncpg.Connection, point: Point) -> None:
        self._connection = connection
        self._point = point

    async def close(self) -> None:
        """Let nobody past the point any more."""
        point = self._point
        await self._connection.execute(f"SELECT pg_advisory_lock({GATE})")
        await self._connection.execute(f"""
            CREATE FUNCTION test_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              IF {point.condition} THEN PERFORM pg_advisory_xact_lock_shared({GATE}); END IF;
              RETURN NEW;
            END $$;
            CREATE TRIGGER test_gate BEFORE {point.event} ON {point.table}
              FOR EACH ROW EXECUTE FUNCTION test_gate();
        """)

    async def waiting(self) -> list[int]:
        """Return the database sessions that are held."""
        rows = await self._connection.fetch(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted",
            GATE,
        )
        return [row["pid"] for row in rows]

    async def end_held(self) -> None:
        """End the held sessions of the dead server, and let the next one pass."""
        for pid in await self.waiting():
            await self._connection.execute("SELECT pg_terminate_backend($1, 10000)", pid)
        await self._connection.execute(
            f"DROP TRIGGER test_gate ON {self._point.table}; DROP FUNCTION test_gate();"
        )
        await self._connection.execute(f"SELECT pg_advisory_unlock({GATE})")


async def until(is_so: Callable[[], Awaitable[object]]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(SOON_S):
        while not await is_so():  # noqa: ASYNC110 - another process sets no event
            await asyncio.sleep(POLL_S)


async def unit_with_session(stage: Stage) -> tuple[StubbornUnit, int]:
    """Return a charger whose session lacks nothing but its Stop, and the driver's id."""
    user_id = await in_thread(stage.add_driver, "50.00")
    tag = f"TORN{user_id}"
    await in_thread(stage.rest.post, "/api/admin/id-tags", {"id_tag": tag, "user_id": user_id})
    charger, password = await in_thread(stage.add_charger)
    unit = StubbornUnit(stage, charger, password, tag)
    for action, payload in unit.messages()[:6]:
        await unit.deliver(action, payload)
    return unit, user_id


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.name)
async def test_a_bill_that_was_torn_is_made_once(stage: Stage, point: Point) -> None:
    unit, user_id = await unit_with_session(stage)
    await until(stage.is_work_done)
    owner = await asyncpg.connect(stage.dsn)
    try:
        gate = Gate(owner, point)
        await gate.close()
        await unit.deliver(*unit.messages()[6])
        await until(gate.waiting)
        await in_thread(stage.product.kill)
        await unit.drop()
        await gate.end_held()
        # What the dead worker had claimed is free when its lease has run out.
        await owner.execute("UPDATE job SET leased_until = now() WHERE state = 'RUNNING'")
    finally:
        await owner.close()
    await in_thread(stage.product.start)

    found = await billed(stage, unit)
    await until(stage.is_work_done)
    found = await billed(stage, unit)
    charges = [one for one in found["transfers"] if one["kind"] in {"charge", "correction"}]
    assert len(charges) == 1
    assert Decimal(found["cost"]["amount"]) == COST
    user = await in_thread(stage.rest.get, f"/users/{user_id}")
    assert Decimal(user["wallet"]["balance"]["amount"]) == Decimal(50) - COST
    assert Decimal(user["wallet"]["held"]["amount"]) == 0
    await stage.check_books()
    await in_thread(check_ledger, stage.dsn)


def check_ledger(dsn: str) -> None:
    """Run `csms ledger check` on the product's database."""
    command = Path(sys.executable).with_name("csms")
    done = subprocess.run(
        [command, "ledger", "check"],
        env={"DATABASE_URL": dsn, "PATH": os.environ.get("PATH", "")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
