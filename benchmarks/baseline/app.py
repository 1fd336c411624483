"""The baseline's FastAPI application: the charger's socket, one list, one operation."""

import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated

import ocpp.messages  # type: ignore[import-untyped]
from fastapi import APIRouter, FastAPI, HTTPException, Query, WebSocket, WebSocketDisconnect
from pydantic import BaseModel
from tortoise import Tortoise

from benchmarks.baseline.charge_point import BaselineChargePoint
from benchmarks.baseline.database import tortoise_config
from benchmarks.baseline.models import Charger

# Validation in a thread, the library's default, costs more than the validation itself.
ocpp.messages.ASYNC_VALIDATION = False


class SocketAdapter:
    """A Starlette WebSocket with the two methods the `ocpp` library calls."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket

    async def recv(self) -> str:
        """Return the next text frame."""
        return await self._websocket.receive_text()

    async def send(self, message: str) -> None:
        """Send a text frame."""
        await self._websocket.send_text(message)


class StationOut(BaseModel):
    """A station in a list."""

    id: int
    name: str


class ConnectorOut(BaseModel):
    """A connector in a list."""

    connector_id: int
    status: str
    error_code: str


class ChargerOut(BaseModel):
    """A charger with its station and live status."""

    id: int
    charge_point_id: str
    name: str
    vendor: str | None
    model: str | None
    is_connected: bool
    last_seen: datetime | None
    station: StationOut
    connectors: list[ConnectorOut]


class ChargerPage(BaseModel):
    """One page of the list of chargers."""

    data: list[ChargerOut]
    total: int
    page: int
    limit: int


class ConfigurationOut(BaseModel):
    """What a charger answered to GetConfiguration."""

    configuration_key: list[dict[str, object]]


_router = APIRouter()
_connected: dict[str, BaselineChargePoint] = {}


def create_app(dsn: str, pool_size: int) -> FastAPI:
    """Build the application; `pool_size` is its number of connections to PostgreSQL."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await Tortoise.init(config=tortoise_config(dsn, pool_size), _enable_global_fallback=True)
        yield
        await Tortoise.close_connections()

    app = FastAPI(lifespan=lifespan)
    app.include_router(_router)
    return app


@_router.websocket("/ocpp/{charge_point_id}")
async def charger_socket(websocket: WebSocket, charge_point_id: str) -> None:
    """Authenticate and serve one charger."""
    charger = await Charger.get_or_none(charge_point_id=charge_point_id)
    if charger is None or not _is_allowed(charger, websocket.headers.get("authorization")):
        await websocket.close()
        return
    await websocket.accept(subprotocol="ocpp1.6")
    charge_point = BaselineChargePoint(charger, SocketAdapter(websocket))
    _connected[charge_point_id] = charge_point
    try:
        await charge_point.start()
    except WebSocketDisconnect:
        if _connected.get(charge_point_id) is charge_point:
            del _connected[charge_point_id]


@_router.get("/api/admin/chargers")
async def list_chargers(
    page: Annotated[int, Query(ge=1)] = 1, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> ChargerPage:
    """Return a page of chargers with station and live status."""
    rows = (
        await Charger.all()
        .order_by("id")
        .offset((page - 1) * limit)
        .limit(limit)
        .select_related("station")
        .prefetch_related("connectors")
    )
    return ChargerPage(
        data=[_charger_out(row) for row in rows],
        total=await Charger.all().count(),
        page=page,
        limit=limit,
    )


@_router.post("/api/admin/chargers/{charge_point_id}/get-configuration")
async def get_configuration(charge_point_id: str) -> ConfigurationOut:
    """Ask one charger for one configuration key."""
    charge_point = _connected.get(charge_point_id)
    if charge_point is None:
        raise HTTPException(409, "not connected")
    try:
        keys = await charge_point.read_configuration(["HeartbeatInterval"])
    except TimeoutError:
        raise HTTPException(504, "no answer") from None
    return ConfigurationOut(configuration_key=keys)


@_router.get("/healthz")
async def health() -> dict[str, str]:
    """Say that the server is up."""
    return {"status": "ok"}


def _charger_out(row: Charger) -> ChargerOut:
    return ChargerOut(
        id=row.id,
        charge_point_id=row.charge_point_id,
        name=row.name,
        vendor=row.vendor,
        model=row.model,
        is_connected=row.is_connected,
        last_seen=row.last_seen,
        station=StationOut(id=row.station.id, name=row.station.name),
        connectors=[
            ConnectorOut(connector_id=c.number, status=c.status, error_code=c.error_code)
            for c in row.connectors
        ],
    )


def _is_allowed(charger: Charger, header: str | None) -> bool:
    if header is None or not header.startswith("Basic "):
        return False
    try:
        user, _, password = base64.b64decode(header[6:]).partition(b":")
    except ValueError:
        return False
    digest = hashlib.sha256(password).hexdigest()
    return user.decode(errors="replace") == charger.charge_point_id and hmac.compare_digest(
        digest, charger.password_sha256
    )
