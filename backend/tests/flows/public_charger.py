"""A charger built on the public `ocpp` library and `websockets`; none of our code is in it."""

import asyncio
import base64
import ssl
from datetime import UTC, datetime
from typing import Any

import websockets
from ocpp.routing import on
from ocpp.v16 import ChargePoint, call, call_result
from ocpp.v16.enums import RegistrationStatus

SUBPROTOCOL = "ocpp1.6"


def wire_time(moment: datetime | None = None) -> str:
    """Return a time as chargers write it."""
    return (moment or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")


class PublicCharger(ChargePoint):
    """Answers what the Central System asks, and records that it did."""

    def __init__(self, charge_point_id: str, connection: websockets.ClientConnection) -> None:
        super().__init__(charge_point_id, connection)
        self.asked: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue()
        self.connection = connection
        self._listener = asyncio.create_task(self._listen())

    @classmethod
    async def connect(
        cls, base_url: str, charge_point_id: str, password: str, tls: ssl.SSLContext | None = None
    ) -> "PublicCharger":
        basic = base64.b64encode(f"{charge_point_id}:{password}".encode()).decode()
        connection = await websockets.connect(
            f"{base_url}/{charge_point_id}",
            subprotocols=[websockets.Subprotocol(SUBPROTOCOL)],
            ssl=tls,
            additional_headers={"Authorization": f"Basic {basic}"} if password else {},
        )
        return cls(charge_point_id, connection)

    async def _listen(self) -> None:
        try:
            await self.start()
        except websockets.ConnectionClosed:
            return

    async def close(self) -> None:
        await self.connection.close()
        await self._listener

    @on("RemoteStopTransaction")
    async def on_remote_stop(self, **payload: Any) -> call_result.RemoteStopTransaction:
        await self.asked.put(("RemoteStopTransaction", payload))
        return call_result.RemoteStopTransaction(status="Accepted")

    @on("RemoteStartTransaction")
    async def on_remote_start(self, **payload: Any) -> call_result.RemoteStartTransaction:
        await self.asked.put(("RemoteStartTransaction", payload))
        return call_result.RemoteStartTransaction(status="Accepted")

    async def boot(self) -> Any:
        answer = await self.call(
            call.BootNotification(
                charge_point_vendor="Public", charge_point_model="Library", firmware_version="1.0"
            ),
            suppress=False,
        )
        assert answer.status == RegistrationStatus.accepted
        return answer

    async def status(self, connector_id: int, status: str) -> None:
        await self.call(
            call.StatusNotification(
                connector_id=connector_id,
                error_code="NoError",
                status=status,
                timestamp=wire_time(),
            ),
            suppress=False,
        )

    async def authorize(self, id_tag: str) -> str:
        answer = await self.call(call.Authorize(id_tag=id_tag), suppress=False)
        return str(answer.id_tag_info["status"])

    async def begin(
        self, connector_id: int, id_tag: str, meter_start: int, at: datetime | None = None
    ) -> tuple[int, str]:
        answer = await self.call(
            call.StartTransaction(
                connector_id=connector_id,
                id_tag=id_tag,
                meter_start=meter_start,
                timestamp=wire_time(at),
            ),
            suppress=False,
        )
        return answer.transaction_id, str(answer.id_tag_info["status"])

    async def read_meter(
        self, connector_id: int, transaction_id: int, register_wh: int, at: datetime | None = None
    ) -> None:
        await self.call(
            call.MeterValues(
                connector_id=connector_id,
                transaction_id=transaction_id,
                meter_value=[
                    {
                        "timestamp": wire_time(at),
                        "sampled_value": [
                            {
                                "value": str(register_wh),
                                "measurand": "Energy.Active.Import.Register",
                                "unit": "Wh",
                            },
                            {"value": "11.0", "measurand": "Power.Active.Import", "unit": "kW"},
                        ],
                    }
                ],
            ),
            suppress=False,
        )

    async def end(
        self,
        transaction_id: int,
        meter_stop: int,
        *,
        id_tag: str | None = None,
        reason: str = "Local",
        at: datetime | None = None,
    ) -> Any:
        return await self.call(
            call.StopTransaction(
                meter_stop=meter_stop,
                timestamp=wire_time(at),
                transaction_id=transaction_id,
                id_tag=id_tag,
                reason=reason,
            ),
            suppress=False,
        )
