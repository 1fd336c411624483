"""The stand-in as a side: what the generator reaches when the server costs next to nothing."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks.chargers import make_accounts
from benchmarks.load.fleet import REPOSITORY
from benchmarks.load.http import HttpRequest
from benchmarks.side import RunningSide, SideError


@asynccontextmanager
async def standin_side(directory: Path, chargers: int) -> AsyncIterator[RunningSide]:
    """Start the stand-in; it has no database and no REST API."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.standin",
        cwd=REPOSITORY,
        env=dict(os.environ),
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        if process.stdout is None or not (line := await process.stdout.readline()):
            raise SideError("the stand-in did not say its port")
        port = int(line)
        yield RunningSide(
            name="stand-in",
            ws_url=f"ws://127.0.0.1:{port}/ocpp",
            http_url=f"http://127.0.0.1:{port}",
            server_pid=process.pid,
            postmaster_pid=None,
            postgres="none",
            accounts=make_accounts(chargers),
            list_request=HttpRequest("GET", "/"),
            operation_request=lambda _: HttpRequest("GET", "/"),
        )
    finally:
        process.kill()
        await process.wait()
