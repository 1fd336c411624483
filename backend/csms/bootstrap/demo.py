"""The demo of `csms serve --demo`: the demo network with virtual chargers on it.

The chargers are the product's own simulator, a process of its own that speaks plain OCPP.
"""

import asyncio
import contextlib
import csv
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import structlog

from csms.bootstrap.database_place import Say
from csms.bootstrap.demo_network import (
    DRIVERS,
    DemoPlace,
    card_of,
    demo_credentials,
    has_demo_network,
    lay_demo_network,
)
from csms.bootstrap.wiring import House
from csms.domain.identity.actor import Actor

SPEED = "4"
END_SESSIONS_S = "5"
"""How long the chargers may take to end their sessions: none is left open for the next start."""
SIMULATOR_STOP_TIMEOUT_S = 12

_log = structlog.get_logger(__name__)


@contextlib.asynccontextmanager
async def running_demo(house: House, port: int, say: Say) -> AsyncIterator[None]:
    """Make what is missing of the demo network, and run its virtual chargers meanwhile."""
    actor = Actor(user_id=None, role="ADMIN", organization_id=house.organization_id, name="demo")
    if not await has_demo_network(house.database):
        say("making the demo network: stations, chargers, drivers with cards and money")
    place = DemoPlace(house.services, house.database, actor, house.server_key)
    await lay_demo_network(place, house.started_key)
    with tempfile.TemporaryDirectory(prefix="csms-demo-") as folder:
        credentials = Path(folder) / "chargers.csv"
        _write_credentials(credentials, house.server_key)
        simulator = await _start_simulator(port, credentials)
        watching = asyncio.create_task(_report_end(simulator))
        try:
            yield
        finally:
            watching.cancel()
            await _stop(simulator)


def _write_credentials(path: Path, server_key: bytes) -> None:
    path.touch(mode=0o600)
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(demo_credentials(server_key))


async def _start_simulator(port: int, credentials: Path) -> asyncio.subprocess.Process:
    cards = [part for name in DRIVERS for part in ("--id-tag", card_of(name))]
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "csms_simulator",
        "--url",
        f"ws://127.0.0.1:{port}/ocpp",
        "--credentials",
        str(credentials),
        "--scenario",
        "demo",
        "--connectors",
        "2",
        "--speed",
        SPEED,
        "--wait-server-s",
        "30",
        "--end-sessions-s",
        END_SESSIONS_S,
        "--quiet",
        *cards,
        stdout=asyncio.subprocess.DEVNULL,
    )


async def _report_end(simulator: asyncio.subprocess.Process) -> None:
    code = await simulator.wait()
    _log.warning("demo_chargers_ended", exit_code=code)


async def _stop(simulator: asyncio.subprocess.Process) -> None:
    if simulator.returncode is None:
        simulator.terminate()
        try:
            async with asyncio.timeout(SIMULATOR_STOP_TIMEOUT_S):
                await simulator.wait()
        except TimeoutError:
            simulator.kill()
            await simulator.wait()
