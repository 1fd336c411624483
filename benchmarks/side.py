"""A side of the comparison: a server that runs, with its PostgreSQL and its chargers."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import msgspec

from benchmarks.chargers import ChargerAccount
from benchmarks.load.http import HttpConnection, HttpRequest

_READY_TIMEOUT_S = 60.0
_READY_STEP_S = 0.05
_STOP_TIMEOUT_S = 20.0
_LOG_TAIL_BYTES = 3000


class SideError(Exception):
    """A server could not be started or prepared; the message says which and why."""


class RunningSide(msgspec.Struct, frozen=True):
    """What the suites need to know of a server that is up and seeded.

    `ws_url` is the address before the charge point id; `list_request` asks for 100 chargers,
    `operation_request` makes the request that has one charger read one configuration key.
    """

    name: str
    ws_url: str
    http_url: str
    server_pid: int
    postmaster_pid: int | None
    postgres: str
    accounts: list[ChargerAccount]
    list_request: HttpRequest
    operation_request: Callable[[str], HttpRequest]
    headers: dict[str, str] = {}


# A side is opened for one measurement: an empty directory and a number of chargers to seed.
OpenSide = Callable[[Path, int], AbstractAsyncContextManager[RunningSide]]


def free_port() -> int:
    """Return a port of the loopback address that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def server_process(
    argv: list[str], log: Path, environment: dict[str, str], cwd: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a server with its output in `log`; on leaving it gets SIGTERM, and SIGKILL after 20 s."""
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *argv,
            cwd=cwd,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), _STOP_TIMEOUT_S)
            except TimeoutError:
                process.kill()
                await process.wait()


async def until_ready(
    process: asyncio.subprocess.Process, http_url: str, path: str, log: Path
) -> None:
    """Wait until `path` answers 200; raises SideError with the end of the log otherwise."""
    deadline_s = time.monotonic() + _READY_TIMEOUT_S
    while time.monotonic() < deadline_s:
        if process.returncode is not None:
            raise SideError(f"the server ended with {process.returncode}:\n{log_tail(log)}")
        with contextlib.suppress(OSError):
            async with HttpConnection(http_url) as connection:
                status, _ = await connection.send(HttpRequest("GET", path))
                if status == 200:
                    return
        await asyncio.sleep(_READY_STEP_S)
    raise SideError(f"not ready after {_READY_TIMEOUT_S:.0f} s:\n{log_tail(log)}")


def log_tail(log: Path) -> str:
    """Return the end of a server's log."""
    return log.read_bytes()[-_LOG_TAIL_BYTES:].decode(errors="replace")
