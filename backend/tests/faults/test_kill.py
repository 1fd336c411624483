"""kill -9 at random moments under load: whatever was acknowledged is in the database.

Chargers here speak raw frames, so that each acknowledged exchange is known exactly.
"""

import asyncio
import base64
import contextlib
import json
import random
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
import websockets

from tests.flows.product import Network, Product

pytestmark = pytest.mark.integration

ANSWER_TIMEOUT_S = 30
RECONNECT_PAUSE_S = 0.1


@dataclass
class Told:
    """What the Central System has acknowledged to one charger."""

    message_ids: list[str] = field(default_factory=list)
    starts: dict[tuple[str, int], set[int]] = field(default_factory=dict)
    readings: list[tuple[int, int]] = field(default_factory=list)
    stops: dict[int, int] = field(default_factory=dict)


class RestlessCharger:
    """Runs session after session, and repeats after each lost link what was not answered."""

    def __init__(self, url: str, charge_point_id: str, password: str, id_tag: str) -> None:
        self.url = f"{url}/{charge_point_id}"
        self.charge_point_id = charge_point_id
        self.id_tag = id_tag
        basic = base64.b64encode(f"{charge_point_id}:{password}".encode()).decode()
        self.headers = {"Authorization": f"Basic {basic}"}
        self.told = Told()
        self.register_wh = random.randrange(10_000)
        self.clock = datetime.now(UTC) - timedelta(days=2)
        self._link: websockets.ClientConnection | None = None

    async def run(self) -> None:
        try:
            while True:
                await self._one_session()
        finally:
            if self._link is not None:
                self._link.transport.abort()

    async def _one_session(self) -> None:
        started_at, meter_start = self._tick(), self.register_wh
        start = {
            "connectorId": 1,
            "idTag": self.id_tag,
            "meterStart": meter_start,
            "timestamp": started_at,
        }
        answer = await self._deliver("StartTransaction", start)
        transaction_id = answer["transactionId"]
        self.told.starts.setdefault((started_at, meter_start), set()).add(transaction_id)
        for _ in range(random.randrange(1, 5)):
            self.register_wh += random.randrange(10, 100)
            reading = self.register_wh
            await self._deliver(
                "MeterValues",
                {
                    "connectorId": 1,
                    "transactionId": transaction_id,
                    "meterValue": [
                        {"timestamp": self._tick(), "sampledValue": [{"value": str(reading)}]}
                    ],
                },
            )
            self.told.readings.append((transaction_id, reading))
        stop = {
            "transactionId": transaction_id,
            "meterStop": self.register_wh,
            "timestamp": self._tick(),
        }
        await self._deliver("StopTransaction", stop)
        self.told.stops[transaction_id] = self.register_wh

    def _tick(self) -> str:
        self.clock += timedelta(seconds=31)
        return self.clock.strftime("%Y-%m-%dT%H:%M:%SZ")

    async def _deliver(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        message_id = str(uuid.uuid4())
        frame = json.dumps([2, message_id, action, payload])
        while True:
            try:
                if self._link is None:
                    self._link = await websockets.connect(
                        self.url,
                        subprotocols=[websockets.Subprotocol("ocpp1.6")],
                        additional_headers=self.headers,
                        open_timeout=ANSWER_TIMEOUT_S,
                    )
                await self._link.send(frame)
                async with asyncio.timeout(ANSWER_TIMEOUT_S):
                    answer = json.loads(await self._link.recv())
            except (OSError, TimeoutError, websockets.WebSocketException, EOFError):
                if self._link is not None:
                    with contextlib.suppress(Exception):
                        self._link.transport.abort()
                self._link = None
                await asyncio.sleep(RECONNECT_PAUSE_S)
                continue
            assert answer[:2] == [3, message_id], answer
            self.told.message_ids.append(message_id)
            return dict(answer[2])


async def wreak_havoc(
    product: Product, network: Network, *, chargers: int, kills: int, seconds_between: float
) -> list[RestlessCharger]:
    """Run chargers while server, PostgreSQL and both are killed in turn; return the chargers."""
    units = []
    for _ in range(chargers):
        charger, password = await asyncio.to_thread(network.add_charger)
        units.append(
            RestlessCharger(product.ocpp_url, charger["charge_point_id"], password, network.id_tag)
        )
    async with asyncio.TaskGroup() as group:
        running = [group.create_task(unit.run()) for unit in units]
        for number in range(kills):
            await asyncio.sleep(random.uniform(0.3, 1.7) * seconds_between)
            await asyncio.to_thread(kill_and_recover, product, number)
        await asyncio.sleep(seconds_between)
        for task in running:
            task.cancel()
    return units


def kill_and_recover(product: Product, number: int) -> None:
    """Kill the server, PostgreSQL or both; what is dead and does not come back alone is started."""
    victim = ("server", "postgres", "both")[number % 3]
    if victim in {"postgres", "both"}:
        product.kill_postgres()
    if victim in {"server", "both"}:
        product.kill()
        product.start()
    else:
        product.wait_until_ready()


async def check_that_nothing_is_lost(product: Product, units: list[RestlessCharger]) -> int:
    """Compare what chargers were told with what the database holds; return how much was compared."""
    stored = await read_database(product)
    compared = 0
    for unit in units:
        told, name = unit.told, unit.charge_point_id
        lost = set(told.message_ids) - stored.message_ids[name]
        assert not lost, f"{name}: acknowledged and not in the log: {lost}"
        for start, ids in told.starts.items():
            assert len(ids) == 1, f"{name}: one start got the ids {ids}"
            assert stored.starts[name][next(iter(ids))] == start
        starts = list(stored.starts[name].values())
        assert len(starts) == len(set(starts)), f"{name}: a session is doubled"
        for transaction_id, meter_stop in told.stops.items():
            assert stored.stops[transaction_id] == ("ENDED", meter_stop)
        compared += len(told.message_ids)
    wanted = Counter(reading for unit in units for reading in unit.told.readings)
    missing = wanted - stored.readings
    assert not missing, f"acknowledged readings are lost: {missing}"
    doubled = [reading for reading, count in stored.readings.items() if count > 1]
    assert not doubled, f"readings are doubled: {doubled}"
    return compared


@dataclass
class Stored:
    """What the database holds, by charge point id and by session."""

    message_ids: dict[str, set[str]]
    starts: dict[str, dict[int, tuple[str, int]]]
    stops: dict[int, tuple[str, int | None]]
    readings: Counter[tuple[int, int]]


async def read_database(product: Product) -> Stored:
    connection = await asyncpg.connect(
        host=str(product.data_dir / "postgres"), user="csms_app", database="csms"
    )
    try:
        stored = Stored(defaultdict(set), defaultdict(dict), {}, Counter())
        for row in await connection.fetch("SELECT charge_point_id, message_id FROM message"):
            stored.message_ids[row["charge_point_id"]].add(row["message_id"])
        for row in await connection.fetch(
            "SELECT t.*, c.charge_point_id FROM transaction t JOIN charger c ON c.id = t.charger_id"
        ):
            start = (row["charger_started_at"], int(row["meter_start_wh"]))
            stored.starts[row["charge_point_id"]][row["id"]] = start
            end = row["meter_stop_wh"]
            stored.stops[row["id"]] = (row["status"], None if end is None else int(end))
        stored.readings = Counter(
            (row["transaction_id"], int(row["register_wh"]))
            for row in await connection.fetch("SELECT transaction_id, register_wh FROM meter_value")
        )
        return stored
    finally:
        await connection.close()


async def test_nothing_acknowledged_is_lost_when_server_and_database_are_killed(
    product: Product, network: Network
) -> None:
    units = await wreak_havoc(product, network, chargers=20, kills=3, seconds_between=2)
    assert await check_that_nothing_is_lost(product, units) > 0


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_nothing_acknowledged_is_lost_in_twenty_kills_under_200_chargers(
    product: Product, network: Network
) -> None:
    units = await wreak_havoc(product, network, chargers=200, kills=20, seconds_between=4)
    compared = await check_that_nothing_is_lost(product, units)
    print(f"{compared} acknowledged exchanges compared")
    assert compared > 10_000
