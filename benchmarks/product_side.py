"""The product as a side: `csms serve` with its own PostgreSQL, seeded through its REST API."""

import asyncio
import json
import os
import secrets
import sys
import urllib.parse
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks.baseline_side import postgres_version
from benchmarks.chargers import ChargerAccount, make_accounts
from benchmarks.load.http import HttpConnection, HttpRequest
from benchmarks.side import RunningSide, SideError, free_port, server_process, until_ready
from csms.bootstrap.database_place import OWNER_ROLE
from csms.bootstrap.postgres.cluster import DATABASE
from csms.bootstrap.postgres.layout import PORT, DataLayout

_SEED_CONNECTIONS = 16
_CHARGERS_PER_STATION = 10
_ADMIN_EMAIL = "admin@example.com"

Send = Callable[[HttpRequest], Awaitable[dict[str, object]]]


@asynccontextmanager
async def product_side(directory: Path, chargers: int) -> AsyncIterator[RunningSide]:
    """Start `csms serve` as a user would on a bare machine, then register chargers and id tags."""
    csms = Path(sys.executable).with_name("csms")
    if not csms.exists():
        raise SideError(f"the command `csms` is not installed beside {sys.executable}")
    port, log, data_dir = free_port(), directory / "server.log", directory / "data"
    password = secrets.token_urlsafe(24)
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "CSMS_ADMIN_EMAIL": _ADMIN_EMAIL,
        "CSMS_ADMIN_PASSWORD": password,
        "CSMS_LOG_LEVEL": "warning",
    }
    argv = [str(csms), "serve", "--host", "127.0.0.1", "--port", str(port)]
    argv += ["--data-dir", str(data_dir)]
    async with server_process(argv, log, environment, directory) as process:
        http_url = f"http://127.0.0.1:{port}"
        await until_ready(process, http_url, "/readyz", log)
        token = await _sign_in(http_url, password)
        headers = {"Authorization": f"Bearer {token}"}
        postmaster_pid, dsn = _own_postgres(data_dir)
        yield RunningSide(
            name="product",
            ws_url=f"ws://127.0.0.1:{port}/ocpp",
            http_url=http_url,
            server_pid=process.pid,
            postmaster_pid=postmaster_pid,
            postgres=await postgres_version(dsn),
            accounts=await _seed(http_url, headers, chargers),
            list_request=HttpRequest("GET", "/api/admin/chargers?page=3&limit=100"),
            operation_request=_get_configuration,
            headers=headers,
        )


def _own_postgres(data_dir: Path) -> tuple[int, str]:
    """Return the postmaster's process id and the owner's connection string.

    PostgreSQL's own file knows its socket's folder only as seen by itself, so the layout is asked.
    """
    layout = DataLayout.of(data_dir)
    try:
        postmaster_pid = int((layout.cluster / "postmaster.pid").read_text().split(maxsplit=1)[0])
    except FileNotFoundError as error:
        raise SideError(f"no PostgreSQL runs in {layout.cluster}") from error
    try:
        socket_dir = layout.socket_record.read_text().strip()
    except FileNotFoundError:
        socket_dir = str(layout.cluster)
    host = urllib.parse.quote(socket_dir)
    return postmaster_pid, f"postgresql://{OWNER_ROLE}@/{DATABASE}?host={host}&port={PORT}"


async def _sign_in(http_url: str, password: str) -> str:
    form = urllib.parse.urlencode({"username": _ADMIN_EMAIL, "password": password})
    request = HttpRequest("POST", "/auth/token", form, "application/x-www-form-urlencoded")
    async with HttpConnection(http_url) as connection:
        return str((await _send(connection, request))["access_token"])


async def _seed(http_url: str, headers: dict[str, str], count: int) -> list[ChargerAccount]:
    """Register stations, chargers with two connectors each, and id tags, as an operator would."""
    accounts = make_accounts(count)
    stations: list[int] = []
    async with HttpConnection(http_url, headers) as connection:
        for number in range(-(-count // _CHARGERS_PER_STATION)):
            station = await _send(connection, _new_station(number))
            stations.append(_id_of(station))
    queue = list(enumerate(accounts))
    seeded: list[ChargerAccount] = []

    async def work() -> None:
        async with HttpConnection(http_url, headers) as connection:
            while queue:
                number, account = queue.pop()
                station_id = stations[number // _CHARGERS_PER_STATION]
                answer = await _send(connection, _new_charger(account, station_id))
                tag = json.dumps({"id_tag": account.id_tag})
                await _send(connection, HttpRequest("POST", "/api/admin/id-tags", tag))
                password = str(answer["password"])
                seeded.append(ChargerAccount(account.charge_point_id, password, account.id_tag))

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(_SEED_CONNECTIONS):
                group.create_task(work())
    except ExceptionGroup as errors:
        raise SideError(f"seeding failed: {errors.exceptions[0]}") from errors
    return sorted(seeded, key=lambda account: account.charge_point_id)


async def _send(connection: HttpConnection, request: HttpRequest) -> dict[str, object]:
    status, body = await connection.send(request)
    if not 200 <= status < 300:
        raise SideError(f"{request.method} {request.path} answered {status}: {body[:500]!r}")
    answer: dict[str, object] = json.loads(body)
    return answer


def _id_of(answer: dict[str, object]) -> int:
    station_id = answer["id"]
    if not isinstance(station_id, int):
        raise SideError(f"a station's id is an integer: {answer}")
    return station_id


def _new_station(number: int) -> HttpRequest:
    body = {"name": f"Station {number}", "latitude": 48.0, "longitude": 11.0, "address": "1 Road"}
    return HttpRequest("POST", "/api/admin/stations", json.dumps(body))


def _new_charger(account: ChargerAccount, station_id: int) -> HttpRequest:
    # No password of ours: the server generates one, as it does for an operator by default.
    body = {
        "station_id": station_id,
        "name": account.charge_point_id,
        "charge_point_id": account.charge_point_id,
        "connectors": [
            {"connector_id": number, "connector_type": "TYPE2", "max_power_kw": 22}
            for number in (1, 2)
        ],
    }
    return HttpRequest("POST", "/api/admin/chargers", json.dumps(body))


def _get_configuration(charge_point_id: str) -> HttpRequest:
    body = {"action": "GetConfiguration", "payload": {"key": ["HeartbeatInterval"]}}
    path = f"/api/charge-points/{charge_point_id}/request"
    return HttpRequest("POST", path, json.dumps(body))
