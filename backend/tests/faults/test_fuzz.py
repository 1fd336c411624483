"""Chargers that send anything at all: no crash, no leak, and no effect on another charger.

`CSMS_FUZZ_SEED` repeats a run; `CSMS_FUZZ_ROUNDS` makes the long one longer.
"""

import asyncio
import base64
import json
import os
import time
from collections import Counter
from typing import Any

import psutil
import pytest
import websockets

from tests.faults.fuzzer import Fuzzer
from tests.flows.product import Network, Product, Rest

pytestmark = pytest.mark.integration

SEED = int(os.environ.get("CSMS_FUZZ_SEED", "20261123"))
LONG_ROUNDS = int(os.environ.get("CSMS_FUZZ_ROUNDS", "200"))
GROWTH_MAX_BYTES = 250 * 1024**2
"""What the server may take more than before: the frames of all fuzzers at once, and its caches."""
FILES_SPARE = 40
ANSWER_TIMEOUT_S = 60


class GoodCharger:
    """Runs one session while the others misbehave, and wants each of its answers."""

    def __init__(self, url: str, charger: dict[str, Any], password: str, id_tag: str) -> None:
        self.url = f"{url}/{charger['charge_point_id']}"
        basic = base64.b64encode(f"{charger['charge_point_id']}:{password}".encode()).decode()
        self.headers = {"Authorization": f"Basic {basic}"}
        self.id_tag = id_tag
        self.answered = 0
        self.slowest_s = 0.0
        self.transaction_id = 0
        self.is_done = asyncio.Event()

    async def run(self) -> None:
        async with websockets.connect(
            self.url,
            subprotocols=[websockets.Subprotocol("ocpp1.6")],
            additional_headers=self.headers,
            ping_interval=None,
            open_timeout=ANSWER_TIMEOUT_S,
            proxy=None,
        ) as link:
            now = "2026-03-14T09:26:53Z"
            start = {
                "connectorId": 1,
                "idTag": self.id_tag,
                "meterStart": 1000,
                "timestamp": now,
            }
            self.transaction_id = (await self._call(link, "StartTransaction", start))[
                "transactionId"
            ]
            register_wh = 1000
            while not self.is_done.is_set():
                register_wh += 1
                sample = {"value": str(register_wh), "unit": "Wh"}
                reading = {"timestamp": now, "sampledValue": [sample]}
                await self._call(
                    link,
                    "MeterValues",
                    {
                        "connectorId": 1,
                        "transactionId": self.transaction_id,
                        "meterValue": [reading],
                    },
                )
                await self._call(link, "Heartbeat", {})

    async def _call(self, link: Any, action: str, payload: Any) -> Any:
        message_id = f"g{self.answered}"
        began = time.monotonic()
        await link.send(json.dumps([2, message_id, action, payload]))
        answer = json.loads(await asyncio.wait_for(link.recv(), ANSWER_TIMEOUT_S))
        self.slowest_s = max(self.slowest_s, time.monotonic() - began)
        assert answer[:2] == [3, message_id], answer
        self.answered += 1
        return answer[2]


async def misbehave(
    product: Product, network: Network, *, fuzzers: int, rounds: int, flood_size: int
) -> None:
    server = psutil.Process(product.process.pid)
    good_one, password = network.add_charger()
    good = GoodCharger(product.ocpp_url, good_one, password, network.id_tag)
    bad_ones = [
        Fuzzer(
            product.ocpp_url,
            network.add_charger(security_profile=0)[0]["charge_point_id"],
            SEED + number,
            flood_size=flood_size,
        )
        for number in range(fuzzers)
    ]
    rss_before, files_before = server.memory_info().rss, server.num_fds()
    running = asyncio.create_task(good.run())
    began = time.monotonic()
    await asyncio.gather(*(bad.run(rounds) for bad in bad_ones), bad_ones[0].two_sockets(5))
    seconds = time.monotonic() - began
    good.is_done.set()
    await asyncio.wait_for(running, 2 * ANSWER_TIMEOUT_S)
    await until_closed(server, files_before)
    rss_after = server.memory_info().rss
    sent = sum((bad.sent for bad in bad_ones), Counter[str]())
    print(
        f"\nseed {SEED}: {sum(sent.values())} messages in {seconds:.0f} s {dict(sent)}; the good "
        f"charger got {good.answered} answers, the slowest after {good.slowest_s:.2f} s; memory "
        f"{rss_before / 2**20:.0f} -> {rss_after / 2**20:.0f} MiB, "
        f"files {files_before} -> {server.num_fds()}"
    )
    assert sum(sent.values()) > rounds * fuzzers
    assert good.answered > 10
    assert rss_after - rss_before < GROWTH_MAX_BYTES
    await asyncio.to_thread(assert_unharmed, product, network.rest, good, good_one)


def assert_unharmed(
    product: Product, rest: Rest, good: GoodCharger, good_one: dict[str, Any]
) -> None:
    assert product.process.poll() is None, product.log[-4000:]
    assert "Traceback" not in product.log, product.log[product.log.index("Traceback") - 500 :][
        :3000
    ]
    session = rest.get(f"/api/admin/transactions/{good.transaction_id}")
    assert session["status"] in {"ACTIVE", "PENDING_RECONCILIATION"}
    logged = rest.get(f"/api/admin/chargers/{good_one['id']}/logs", kind="CALLERROR")
    assert logged["data"] == []
    assert rest.get("/readyz")["is_ready"] is True


async def until_closed(server: psutil.Process, files_before: int) -> None:
    """Wait until what the fuzzers opened is closed again."""
    async with asyncio.timeout(ANSWER_TIMEOUT_S):
        while server.num_fds() > files_before + FILES_SPARE:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.2)


async def test_a_short_run_of_misbehaving_chargers_harms_nobody(
    product: Product, network: Network
) -> None:
    await misbehave(product, network, fuzzers=4, rounds=10, flood_size=300)


@pytest.mark.long
@pytest.mark.timeout(3600)
async def test_a_long_run_of_misbehaving_chargers_harms_nobody(
    product: Product, network: Network
) -> None:
    await misbehave(product, network, fuzzers=8, rounds=LONG_ROUNDS, flood_size=2_000)
