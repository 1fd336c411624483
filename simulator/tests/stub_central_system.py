# mypy: disable-error-code="untyped-decorator"
"""A small central system on the public `ocpp` library; it shares no code with any server."""

import asyncio
import base64
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from http import HTTPStatus
from typing import Any

from ocpp.messages import unpack  # type: ignore[import-untyped]
from ocpp.routing import on  # type: ignore[import-untyped]
from ocpp.v16 import ChargePoint, call_result  # type: ignore[import-untyped]
from ocpp.v16.enums import Action  # type: ignore[import-untyped]
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from csms_simulator.charger import VirtualCharger

MakeCharger = Callable[..., VirtualCharger]
NOW = "2026-01-01T00:00:00.000Z"
Reply = dict[str, Any] | None


class StubChargePoint(ChargePoint):  # type: ignore[misc]
    """The server's side of one connection."""

    def __init__(self, central: "StubCentralSystem", connection: ServerConnection) -> None:
        path = connection.request.path if connection.request else ""
        super().__init__(path.rsplit("/", 1)[-1], connection, response_timeout=5)
        self.central = central
        self.connection = connection

    def _tag(self, id_tag: str) -> dict[str, str]:
        return {"status": self.central.tags.get(id_tag, "Accepted")}

    @on(Action.boot_notification)
    def boot(self, **_: Any) -> Any:
        status = self.central.boot_statuses.pop(0) if self.central.boot_statuses else "Accepted"
        return call_result.BootNotification(
            current_time=NOW, interval=self.central.interval_s, status=status
        )

    @on(Action.heartbeat)
    def heartbeat(self) -> Any:
        return call_result.Heartbeat(current_time=NOW)

    @on(Action.authorize)
    def authorize(self, id_tag: str) -> Any:
        return call_result.Authorize(id_tag_info=self._tag(id_tag))

    @on(Action.status_notification)
    def status(self, **_: Any) -> Any:
        return call_result.StatusNotification()

    @on(Action.start_transaction)
    def start_transaction(self, id_tag: str, **_: Any) -> Any:
        self.central.last_transaction_id += 1
        return call_result.StartTransaction(
            transaction_id=self.central.last_transaction_id, id_tag_info=self._tag(id_tag)
        )

    @on(Action.meter_values)
    def meter_values(self, **_: Any) -> Any:
        return call_result.MeterValues()

    @on(Action.stop_transaction)
    def stop_transaction(self, **_: Any) -> Any:
        return call_result.StopTransaction()

    @on(Action.data_transfer)
    def data_transfer(self, **_: Any) -> Any:
        return call_result.DataTransfer(status="Accepted")

    @on(Action.firmware_status_notification)
    def firmware_status(self, **_: Any) -> Any:
        return call_result.FirmwareStatusNotification()

    @on(Action.signed_firmware_status_notification)
    def signed_firmware_status(self, **_: Any) -> Any:
        return call_result.SignedFirmwareStatusNotification()

    @on(Action.diagnostics_status_notification)
    def diagnostics_status(self, **_: Any) -> Any:
        return call_result.DiagnosticsStatusNotification()

    @on(Action.log_status_notification)
    def log_status(self, **_: Any) -> Any:
        return call_result.LogStatusNotification()

    @on(Action.security_event_notification)
    def security_event(self, **_: Any) -> Any:
        return call_result.SecurityEventNotification()

    @on(Action.sign_certificate)
    def sign_certificate(self, **_: Any) -> Any:
        return call_result.SignCertificate(status="Accepted")


class StubCentralSystem:
    """Serves on a free port, records every frame, and fails when a test tells it to."""

    def __init__(self) -> None:
        self.tags: dict[str, str] = {}
        self.boot_statuses: list[str] = []
        self.interval_s = 300
        self.last_transaction_id = 1000
        self.connects = 0
        self.passwords: dict[str, str] | None = None
        self.unknown_ids: set[str] = set()
        self.subprotocols: list[Subprotocol] | None = [Subprotocol("ocpp1.6")]
        self.frames: list[tuple[str, str, list[Any]]] = []
        self.charge_points: dict[str, StubChargePoint] = {}
        self.failures: list[Callable[[str], str | None]] = []
        self.changed = asyncio.Condition()
        self._server: Server | None = None

    @property
    def url(self) -> str:
        assert self._server is not None
        port = next(iter(self._server.sockets)).getsockname()[1]
        return f"ws://127.0.0.1:{port}/ocpp"

    def calls(self, action: str | None = None, charger: str | None = None) -> list[dict[str, Any]]:
        """Payloads of the CALLs that came in, oldest first."""
        return [
            frame[3]
            for who, way, frame in self.frames
            if way == "in" and frame[0] == 2 and action in {None, frame[2]}
            if charger in {None, who}
        ]

    def actions(self, charger: str | None = None) -> list[str]:
        """Actions of the CALLs that came in, oldest first."""
        return [
            frame[2]
            for who, way, frame in self.frames
            if way == "in" and frame[0] == 2 and charger in {None, who}
        ]

    def ids(self, action: str) -> list[str]:
        """Message ids of the CALLs of this action that came in."""
        return [f[1] for _, way, f in self.frames if way == "in" and f[0] == 2 and f[2] == action]

    async def until(self, condition: Callable[[], Any], timeout_s: float = 10) -> None:
        """Wait until a condition on what was recorded holds."""
        async with asyncio.timeout(timeout_s), self.changed:
            await self.changed.wait_for(condition)

    async def ask(self, charger: str, request: Any) -> Any:
        """Send a request to a charger and return its answer; CALLERROR raises."""
        return await self.charge_points[charger].call(request, suppress=False)

    def fail_next(self, action: str, how: str = "error") -> None:
        """Answer the next CALL of this action with a CALLERROR, `silence` or a `drop`."""

        def fails(seen: str) -> str | None:
            return how if seen == action else None

        self.failures.append(fails)

    def failure_for(self, action: str) -> str | None:
        for failure in self.failures:
            how = failure(action)
            if how is not None:
                self.failures.remove(failure)
                return how
        return None

    async def record(self, who: str, way: str, text: str) -> None:
        with contextlib.suppress(ValueError):
            self.frames.append((who, way, json.loads(text)))
        async with self.changed:
            self.changed.notify_all()

    def check_request(self, connection: ServerConnection, request: Request) -> Response | None:
        charger = request.path.rsplit("/", 1)[-1]
        if charger in self.unknown_ids:
            return connection.respond(HTTPStatus.NOT_FOUND, "unknown\n")
        if self.passwords is not None:
            credentials = f"{charger}:{self.passwords.get(charger, '')}".encode()
            wanted = "Basic " + base64.b64encode(credentials).decode()
            if request.headers.get("Authorization") != wanted:
                headers = Headers({"WWW-Authenticate": "Basic"})
                return Response(HTTPStatus.UNAUTHORIZED.value, "Unauthorized", headers, b"")
        return None

    async def handle(self, connection: ServerConnection) -> None:
        unit = StubChargePoint(self, connection)
        self.charge_points[unit.id] = unit
        self.connects += 1
        async with self.changed:
            self.changed.notify_all()
        send = connection.send

        async def recording_send(text: str) -> None:
            await self.record(unit.id, "out", text)
            await send(text)

        connection.send = recording_send  # type: ignore[assignment,method-assign]
        with contextlib.suppress(ConnectionClosed):
            async for raw in connection:
                text = str(raw)
                await self.record(unit.id, "in", text)
                message = unpack(text)
                how = self.failure_for(getattr(message, "action", None) or "")
                if how == "error":
                    error = [4, message.unique_id, "InternalError", "told to fail", {}]
                    await connection.send(json.dumps(error))
                elif how == "drop":
                    connection.transport.abort()
                elif how is None:
                    await unit.route_message(text)

    @contextlib.asynccontextmanager
    async def running(self, port: int = 0) -> AsyncIterator["StubCentralSystem"]:
        """Serve while the block runs."""
        async with serve(
            self.handle,
            "127.0.0.1",
            port,
            subprotocols=self.subprotocols,
            process_request=self.check_request,
            ping_interval=None,
        ) as server:
            self._server = server
            yield self
