"""Random interleavings of chargers, links and two server processes, against what really happened.

Two chargers share one id tag; two servers share one database and come and go; deadlines pass. In
the end every session is there once, with its readings, its energy and one bill.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from random import Random
from typing import Any

import asyncpg
import pytest

from csms.adapters.sql.engine import Database
from csms.adapters.sql.ledger import SqlLedger
from csms.adapters.sql.upkeep import SqlUpkeep
from csms.domain.ledger.wallet import Wallet
from csms.kernel.ids import OrganizationId, UserId
from csms.kernel.money import Money, round_amount
from tests.properties.charger_model import ModelCharger
from tests.properties.server_nodes import ServerNode

pytestmark = pytest.mark.integration

PRICE_PER_KWH = Decimal("0.45")
STEPS = 60
SOON_S = 60

_names = count(1)


@pytest.fixture
async def nodes(owner_dsn: str) -> AsyncIterator[list[ServerNode]]:
    """Two servers on one database."""
    both = [ServerNode(owner_dsn, name) for name in ("north", "south")]
    for node in both:
        await node.start()
    yield both
    for node in both:
        await node.stop()


async def lay_price(owner: asyncpg.Connection) -> int:
    """Lay a station and a price; return the station's id."""
    await owner.execute(
        "INSERT INTO tariff (organization_id, name, currency, price_per_kwh, is_default) "
        "VALUES (1, 'Standard', 'EUR', $1, true)",
        PRICE_PER_KWH,
    )
    return int(
        await owner.fetchval(
            "INSERT INTO station (organization_id, name, latitude, longitude) "
            "VALUES (1, 'Yard', 52.5, 13.4) RETURNING id"
        )
    )


async def lay_person(owner: asyncpg.Connection, database: Database, tag: str) -> int:
    """Lay a person with a tag and much money; return the id."""
    user_id = int(
        await owner.fetchval(
            "INSERT INTO app_user (organization_id, email, full_name, role) "
            "VALUES (1, $1, 'D', 'USER') RETURNING id",
            f"{tag}@example.org",
        )
    )
    await owner.execute(
        "INSERT INTO id_tag (organization_id, id_tag, folded, user_id) VALUES (1, $1, $2, $3)",
        tag,
        tag.casefold(),
        user_id,
    )
    wallet = Wallet(OrganizationId(1), UserId(user_id), "EUR")
    paid = Money(Decimal(10_000), "EUR")
    await SqlLedger(database).post(wallet.top_up(paid, key=f"top-up:{tag}", note="cash", by=None))
    return user_id


async def lay_charger(owner: asyncpg.Connection, station_id: int) -> str:
    """Lay an open charger; return its name."""
    name = f"MODEL{next(_names):05d}"
    await owner.execute(
        "INSERT INTO charger (organization_id, station_id, charge_point_id, name, security_profile)"
        " VALUES (1, $1, $2, $2, 0)",
        station_id,
        name,
    )
    return name


class World:
    """What disturbs: servers that come and go, deadlines that pass."""

    def __init__(
        self,
        owner: asyncpg.Connection,
        database: Database,
        nodes: Sequence[ServerNode],
        random: Random,
    ) -> None:
        self._owner, self._nodes, self._random = owner, nodes, random
        self._upkeep = SqlUpkeep(database)

    async def disturb(self, chargers: Sequence[ModelCharger], steps: int) -> None:
        """Disturb now and then until every charger has done its steps."""
        restart_at = {self._random.randrange(5, steps), self._random.randrange(5, steps)}
        done = 0
        while any(charger.steps < steps for charger in chargers):
            at = min(charger.steps for charger in chargers)
            if at > done:
                done = at
                if at in restart_at:
                    node = self._random.choice(self._nodes)
                    await node.stop()
                    await node.start()
                elif self._random.random() < 0.2:
                    await self._pass_deadlines(chargers)
            await asyncio.sleep(0.002)

    async def _pass_deadlines(self, chargers: Sequence[ModelCharger]) -> None:
        for charger in chargers:
            charger.deadlines_pass()
        await self._owner.execute(
            "UPDATE transaction SET reconcile_by = now() - interval '1 second' "
            "WHERE status = 'PENDING_RECONCILIATION'"
        )
        await self._upkeep.queue_overdue_sessions()


async def play(
    seed: int,
    owner: asyncpg.Connection,
    database: Database,
    nodes: Sequence[ServerNode],
    station_id: int,
) -> None:
    """Play one interleaving and compare what stands with what happened."""
    random = Random(seed)
    tag = f"SHARED{next(_names)}"
    user_id = await lay_person(owner, database, tag)
    began = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=12)
    ports = [node.port for node in nodes]
    chargers = [
        ModelCharger(
            await lay_charger(owner, station_id), tag, ports, Random(random.random()), began
        )
        for _ in range(2)
    ]
    async with asyncio.TaskGroup() as group:
        for charger in chargers:
            group.create_task(charger.live(STEPS))
        group.create_task(World(owner, database, nodes, random).disturb(chargers, STEPS))
    for charger in chargers:
        await charger.come_to_rest()
    await until_billed(owner)
    spent = Decimal(0)
    for charger in chargers:
        spent += await check_charger(owner, charger)
    await check_books(owner, user_id, spent)


async def until_billed(owner: asyncpg.Connection) -> None:
    """Wait until no job waits or runs."""
    waiting = "SELECT count(*) FROM job WHERE state IN ('READY', 'RUNNING')"
    async with asyncio.timeout(SOON_S):
        while await owner.fetchval(waiting):  # noqa: ASYNC110 - the database sets no event
            await asyncio.sleep(0.01)
    assert await owner.fetchval("SELECT count(*) FROM job WHERE state = 'DEAD'") == 0


async def check_charger(owner: asyncpg.Connection, charger: ModelCharger) -> Decimal:
    """Check every session of a charger; return what they cost."""
    rows = await owner.fetch(
        "SELECT t.* FROM transaction t JOIN charger c ON c.id = t.charger_id "
        "WHERE c.charge_point_id = $1",
        charger.charge_point_id,
    )
    by_id = {row["id"]: row for row in rows}
    told = [session.transaction_id or 0 for session in charger.sessions]
    odd = [dict(row) for row in rows if row["id"] not in told]
    assert sorted(by_id) == sorted(told), f"lost, doubled, or another charger's: {odd}"
    readings = await readings_of(owner, charger)
    spent = Decimal(0)
    for session in charger.sessions:
        row = by_id[session.transaction_id or 0]
        energy_wh = session.register - session.meter_start
        assert (row["status"], row["stop_source"]) == ("ENDED", "charger"), dict(row)
        may_stand = {session.started_at}
        if session.may_keep_former_stamp:
            may_stand |= session.former_stamps
        assert row["started_at"] in may_stand, dict(row)
        assert row["stopped_at"] == session.stopped_at, dict(row)
        assert row["energy_wh"] == energy_wh, dict(row)
        cost = round_amount(energy_wh * PRICE_PER_KWH / 1000, "EUR")
        assert (row["billing_status"], row["cost_amount"]) == ("BILLED", cost), dict(row)
        for moment, register in session.readings.items():
            found = readings[session.connector, moment]
            owners = {one["transaction_id"] for one in found}
            assert {one["register_wh"] for one in found} == {Decimal(register)}
            if moment in session.inferred:
                # After a deadline's end it may belong to nobody, and is kept all the same.
                assert owners <= {session.transaction_id, None}
            else:
                assert owners == {session.transaction_id}
            assert len([one for one in found if one["transaction_id"]]) <= 1, "a reading is doubled"
        spent += cost
    return spent


async def readings_of(
    owner: asyncpg.Connection, charger: ModelCharger
) -> dict[tuple[int, datetime], list[Any]]:
    """Return what is stored of a charger's readings, by connector and moment."""
    found: dict[tuple[int, datetime], list[Any]] = {}
    for row in await owner.fetch(
        "SELECT v.* FROM meter_value v JOIN charger c ON c.id = v.charger_id "
        "WHERE c.charge_point_id = $1",
        charger.charge_point_id,
    ):
        found.setdefault((row["connector_id"], row["sampled_at"]), []).append(row)
    return found


async def check_books(owner: asyncpg.Connection, user_id: int, spent: Decimal) -> None:
    """Check that money moved once per session, and nothing waits for a person."""
    unbalanced = await owner.fetch(
        "SELECT transfer_id FROM ledger_entry GROUP BY transfer_id HAVING sum(amount) <> 0"
    )
    assert unbalanced == []
    sums = dict(
        await owner.fetch(
            "SELECT a.kind, sum(e.amount) FROM ledger_account a "
            "JOIN ledger_entry e ON e.account_id = a.id WHERE a.user_id = $1 GROUP BY a.kind",
            user_id,
        )
    )
    assert sums.get("hold", 0) == 0
    assert Decimal(10_000) - sums["wallet"] == spent
    charges = await owner.fetch(
        "SELECT transaction_id FROM ledger_transfer WHERE kind = 'charge' "
        "GROUP BY transaction_id HAVING count(*) > 1"
    )
    assert charges == []
    desk = await owner.fetch("SELECT kind, summary FROM desk_case")
    assert [tuple(row) for row in desk] == []
    assert await owner.fetchval("SELECT count(*) FROM quarantine") == 0


async def play_all(
    seeds: Sequence[int],
    owner: asyncpg.Connection,
    database: Database,
    nodes: Sequence[ServerNode],
) -> None:
    """Play many interleavings; the first that goes wrong is named by its seed."""
    station_id = await lay_price(owner)
    for seed in seeds:
        try:
            await play(seed, owner, database, nodes, station_id)
        except BaseException as error:
            error.add_note(f"seed {seed}")
            raise


async def test_no_interleaving_loses_or_doubles_anything(
    owner: asyncpg.Connection, database: Database, nodes: list[ServerNode]
) -> None:
    await play_all(range(12), owner, database, nodes)


@pytest.mark.long
@pytest.mark.timeout(3600)
async def test_no_interleaving_of_many_loses_or_doubles_anything(
    owner: asyncpg.Connection, database: Database, nodes: list[ServerNode]
) -> None:
    await play_all(range(1000, 1400), owner, database, nodes)
