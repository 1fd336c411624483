"""The baseline's OCPP 1.6 handlers, on the `ocpp` library, one ORM statement after another."""

import uuid
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Protocol

from ocpp.routing import on  # type: ignore[import-untyped]
from ocpp.v16 import ChargePoint, call, call_result  # type: ignore[import-untyped]
from ocpp.v16.datatypes import IdTagInfo  # type: ignore[import-untyped]
from ocpp.v16.enums import Action, AuthorizationStatus, RegistrationStatus  # type: ignore[import-untyped]

from benchmarks.baseline.models import (
    Charger,
    Connector,
    IdTag,
    Message,
    MeterValue,
    Transaction,
)

_HEARTBEAT_INTERVAL_S = 300


class Connection(Protocol):
    """What the `ocpp` library wants of a WebSocket."""

    async def recv(self) -> str:
        """Return the next text frame."""
        ...

    async def send(self, message: str) -> None:
        """Send a text frame."""
        ...


class BaselineChargePoint(ChargePoint):  # type: ignore[misc]  # the library is untyped
    """One connected charger; each call is logged and stored before it is answered."""

    def __init__(self, charger: Charger, connection: Connection) -> None:
        super().__init__(charger.charge_point_id, connection)
        self._charger = charger

    @on(Action.boot_notification)  # type: ignore[untyped-decorator]
    async def on_boot(
        self, call_unique_id: str, charge_point_vendor: str, charge_point_model: str, **rest: Any
    ) -> call_result.BootNotification:
        """Store what the charger says it is."""
        payload = {"vendor": charge_point_vendor, "model": charge_point_model, **rest}
        await self._log("BootNotification", call_unique_id, payload)
        await Charger.filter(id=self._charger.id).update(
            vendor=charge_point_vendor,
            model=charge_point_model,
            serial_number=rest.get("charge_point_serial_number"),
            firmware_version=rest.get("firmware_version"),
            is_connected=True,
            last_seen=datetime.now(UTC),
        )
        return call_result.BootNotification(
            current_time=_now_text(),
            interval=_HEARTBEAT_INTERVAL_S,
            status=RegistrationStatus.accepted,
        )

    @on(Action.heartbeat)  # type: ignore[untyped-decorator]
    async def on_heartbeat(self, call_unique_id: str) -> call_result.Heartbeat:
        """Log it."""
        await self._log("Heartbeat", call_unique_id, {})
        return call_result.Heartbeat(current_time=_now_text())

    @on(Action.status_notification)  # type: ignore[untyped-decorator]
    async def on_status(
        self, call_unique_id: str, connector_id: int, error_code: str, status: str, **rest: Any
    ) -> call_result.StatusNotification:
        """Log it and set the connector's live status."""
        payload = {"connector_id": connector_id, "status": status, "error_code": error_code, **rest}
        await self._log("StatusNotification", call_unique_id, payload)
        await Connector.filter(charger_id=self._charger.id, number=connector_id).update(
            status=status, error_code=error_code, updated_at=datetime.now(UTC)
        )
        return call_result.StatusNotification()

    @on(Action.authorize)  # type: ignore[untyped-decorator]
    async def on_authorize(self, call_unique_id: str, id_tag: str) -> call_result.Authorize:
        """Look the tag up."""
        await self._log("Authorize", call_unique_id, {"id_tag": id_tag})
        return call_result.Authorize(id_tag_info=IdTagInfo(status=await _tag_status(id_tag)))

    @on(Action.start_transaction)  # type: ignore[untyped-decorator]
    async def on_start(
        self,
        call_unique_id: str,
        connector_id: int,
        id_tag: str,
        meter_start: int,
        timestamp: str,
        **rest: Any,
    ) -> call_result.StartTransaction:
        """Open a transaction."""
        payload = {"connector_id": connector_id, "id_tag": id_tag, "meter_start": meter_start}
        await self._log("StartTransaction", call_unique_id, payload | rest)
        transaction = await Transaction.create(
            charger_id=self._charger.id,
            connector_number=connector_id,
            id_tag=id_tag,
            started_at=datetime.fromisoformat(timestamp),
            meter_start_wh=meter_start,
        )
        return call_result.StartTransaction(
            transaction_id=transaction.id, id_tag_info=IdTagInfo(status=await _tag_status(id_tag))
        )

    @on(Action.meter_values)  # type: ignore[untyped-decorator]
    async def on_meter_values(
        self,
        call_unique_id: str,
        connector_id: int,
        meter_value: list[dict[str, Any]],
        transaction_id: int | None = None,
    ) -> call_result.MeterValues:
        """Log it and store its sampled values, all with one statement."""
        payload = {"connector_id": connector_id, "meter_value": meter_value}
        await self._log("MeterValues", call_unique_id, payload)
        await MeterValue.bulk_create(
            MeterValue(
                transaction_id=transaction_id,
                connector_number=connector_id,
                sampled_at=datetime.fromisoformat(sample["timestamp"]),
                measurand=sampled.get("measurand", "Energy.Active.Import.Register"),
                phase=sampled.get("phase"),
                context=sampled.get("context", "Sample.Periodic"),
                unit=sampled.get("unit", "Wh"),
                value=Decimal(sampled["value"]),
            )
            for sample in meter_value
            for sampled in sample["sampled_value"]
        )
        return call_result.MeterValues()

    @on(Action.stop_transaction)  # type: ignore[untyped-decorator]
    async def on_stop(
        self,
        call_unique_id: str,
        transaction_id: int,
        meter_stop: int,
        timestamp: str,
        **rest: Any,
    ) -> call_result.StopTransaction:
        """Close the transaction."""
        payload = {"transaction_id": transaction_id, "meter_stop": meter_stop, **rest}
        await self._log("StopTransaction", call_unique_id, payload)
        await Transaction.filter(id=transaction_id).update(
            stopped_at=datetime.fromisoformat(timestamp), meter_stop_wh=meter_stop
        )
        return call_result.StopTransaction()

    async def read_configuration(self, keys: list[str]) -> list[dict[str, Any]]:
        """Ask the charger for configuration keys and log the exchange; TimeoutError after 30 s."""
        request = call.GetConfiguration(key=keys)
        answer = await self.call(request)
        values: list[dict[str, Any]] = answer.configuration_key
        await self._log("GetConfiguration", str(uuid.uuid4()), {"key": keys, "answer": values})
        return values

    async def _log(self, action: str, message_id: str, payload: dict[str, Any]) -> None:
        await Message.create(
            charger_id=self._charger.id, action=action, message_id=message_id, payload=payload
        )


async def _tag_status(id_tag: str) -> AuthorizationStatus:
    tag = await IdTag.get_or_none(id_tag=id_tag)
    if tag is None:
        return AuthorizationStatus.invalid
    return AuthorizationStatus.blocked if tag.is_blocked else AuthorizationStatus.accepted


def _now_text() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
