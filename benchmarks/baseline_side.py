"""The baseline as a side: the product's embedded PostgreSQL, another server on top of it."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from benchmarks.baseline.seed import seed
from benchmarks.chargers import make_accounts
from benchmarks.load.fleet import REPOSITORY
from benchmarks.load.http import HttpRequest
from benchmarks.side import RunningSide, free_port, server_process, until_ready
from csms.bootstrap.embedded_postgres import start_embedded_postgres


@asynccontextmanager
async def baseline_side(directory: Path, chargers: int) -> AsyncIterator[RunningSide]:
    """Start PostgreSQL, seed it, and start the baseline's server."""
    accounts = make_accounts(chargers)
    postgres = await start_embedded_postgres(directory / "postgres")
    try:
        dsn = postgres.dsn("csms_owner")
        await seed(dsn, accounts)
        port, log = free_port(), directory / "server.log"
        argv = [sys.executable, "-m", "benchmarks.baseline.server"]
        argv += ["--dsn", dsn, "--port", str(port)]
        async with server_process(argv, log, dict(os.environ), REPOSITORY) as process:
            http_url = f"http://127.0.0.1:{port}"
            await until_ready(process, http_url, "/healthz", log)
            yield RunningSide(
                name="baseline",
                ws_url=f"ws://127.0.0.1:{port}/ocpp",
                http_url=http_url,
                server_pid=process.pid,
                postmaster_pid=postgres.pid,
                postgres=await postgres_version(dsn),
                accounts=accounts,
                list_request=HttpRequest("GET", "/api/admin/chargers?page=3&limit=100"),
                operation_request=_get_configuration,
            )
    finally:
        await postgres.stop()


async def postgres_version(dsn: str) -> str:
    """Return the version of a PostgreSQL server and whether it waits for the disk."""
    connection = await asyncpg.connect(dsn)
    try:
        version = await connection.fetchval("SHOW server_version")
        fsync = await connection.fetchval("SHOW fsync")
        commit = await connection.fetchval("SHOW synchronous_commit")
    finally:
        await connection.close()
    return f"{version} (fsync {fsync}, synchronous_commit {commit})"


def _get_configuration(charge_point_id: str) -> HttpRequest:
    return HttpRequest("POST", f"/api/admin/chargers/{charge_point_id}/get-configuration")
