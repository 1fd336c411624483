"""The state of a charger and the single messages that it can send, each fully under control."""

import asyncio
from typing import Any, Literal, Unpack

from csms_simulator.authorization import AuthorizationCache, LocalList, TagInfo
from csms_simulator.charging_profiles import ChargingProfiles
from csms_simulator.configuration import Configuration
from csms_simulator.connector import Connector, Transaction
from csms_simulator.metering import EnergyMeter, Reading, meter_value
from csms_simulator.ocpp16 import Payload, call
from csms_simulator.options import ChargerModel, ChargerOptions
from csms_simulator.transaction_queue import QueuedMessage, RetryPolicy, TransactionQueue
from csms_simulator.unit import ChargingUnit, Moment

NOT_REGISTERED = frozenset({"Booting", "Pending", "Rejected"})
BATTERY_WH = 60_000


class StationUnit(ChargingUnit):
    """A charger with connectors, meters, lists and profiles; nothing in it moves by itself."""

    def __init__(self, url: str, charge_point_id: str, **options: Unpack[ChargerOptions]) -> None:
        super().__init__(url, charge_point_id, **options)
        connectors = options.get("connectors", 1)
        power_w = options.get("power_kw", 22.0) * 1000
        self.model = options.get("model", ChargerModel())
        self.firmware_version = self.model.firmware_version
        self.configuration = Configuration(options.get("configuration"))
        self.configuration.force("NumberOfConnectors", str(connectors))
        self.connectors = {
            number: Connector(number, EnergyMeter(self.clock), power_w)
            for number in range(connectors + 1)
        }
        self.registration = "Unknown"
        self.interval_s = 0
        self.cache = AuthorizationCache()
        self.local_list = LocalList(length_max=self.configuration.number("LocalAuthListMaxLength"))
        self.profiles = ChargingProfiles(
            installed_max=self.configuration.number("MaxChargingProfilesInstalled"),
            stack_level_max=self.configuration.number("ChargeProfileMaxStackLevel"),
        )
        self.queue = TransactionQueue(
            self._send_queued, self.clock, self._retry_policy, self._count_discarded
        )
        self._queue_task: asyncio.Task[Any] | None = None

    @property
    def serial_number(self) -> str:
        """The serial number, by default derived from the id; at most 25 characters."""
        return (self.model.serial_number or f"VC-{self.charge_point_id}")[:25]

    @property
    def outlets(self) -> list[Connector]:
        """The connectors without the main controller 0."""
        return [connector for number, connector in self.connectors.items() if number > 0]

    @property
    def is_online(self) -> bool:
        """True when the link is up and no registration is pending on it."""
        return self.is_connected and self.registration not in NOT_REGISTERED

    async def connect(self) -> None:
        """Open a new link; queued messages go out at once unless a boot comes first."""
        ping_s = self.configuration.number("WebSocketPingInterval")
        self.ping_interval_s = float(ping_s) if ping_s else None
        await super().connect()
        if self._queue_task is None or self._queue_task.done():
            self._queue_task = self.spawn(self.queue.run(), "queue")
        self.set_gate()

    def set_gate(self) -> None:
        """Let the queue deliver exactly while the charger is online."""
        if self.is_online:
            self.queue.gate.set()
        else:
            self.queue.gate.clear()

    async def boot(self, *, message_id: str | None = None, **members: str) -> Payload:
        """Send a BootNotification, `members` replacing its own; returns its answer's payload."""
        boot = call.BootNotification(
            charge_point_model=self.model.model,
            charge_point_vendor=self.model.vendor,
            charge_point_serial_number=self.serial_number,
            firmware_version=self.firmware_version,
        )
        for name, value in members.items():
            setattr(boot, name, value)
        answer = await self.request(boot, message_id=message_id)
        self.registration = answer["status"]
        self.interval_s = answer["interval"]
        if self.registration == "Accepted" and self.interval_s > 0:
            self.configuration.force("HeartbeatInterval", str(self.interval_s))
        self.set_gate()
        return answer

    async def heartbeat(self, *, message_id: str | None = None) -> Payload:
        """Send a Heartbeat; returns its answer's payload."""
        return await self.request(call.Heartbeat(), message_id=message_id)

    async def authorize(self, id_tag: str, *, message_id: str | None = None) -> str:
        """Send an Authorize and return the tag's status; the cache learns it."""
        answer = await self.request(call.Authorize(id_tag=id_tag), message_id=message_id)
        info = TagInfo.from_wire(answer["idTagInfo"])
        self.remember(id_tag, info)
        return info.status

    def remember(self, id_tag: str, info: TagInfo) -> None:
        """Let the cache learn what the server said, unless the local list rules the tag."""
        is_listed = self.local_list.find(id_tag) is not None
        if self.configuration.is_on("AuthorizationCacheEnabled") and not is_listed:
            self.cache.remember(id_tag, info)

    async def status(
        self,
        connector_id: int,
        status: str | None = None,
        error_code: str | None = None,
        *,
        timestamp: Moment = None,
        message_id: str | None = None,
        **members: str | None,
    ) -> Payload:
        """Send a StatusNotification; what is given becomes the connector's state first.

        `members` may hold info, vendor_id and vendor_error_code.
        """
        connector = self.connectors[connector_id]
        connector.status = status or connector.status
        connector.error_code = error_code or connector.error_code
        for name, value in members.items():
            setattr(connector, name, value)
        state = connector.state
        answer = await self.request(
            call.StatusNotification(
                connector_id=connector_id,
                error_code=connector.error_code,
                status=connector.status,
                timestamp=self.moment(timestamp),
                info=connector.info,
                vendor_id=connector.vendor_id,
                vendor_error_code=connector.vendor_error_code,
            ),
            message_id=message_id,
        )
        connector.reported = state
        return answer

    async def start(
        self,
        connector_id: int,
        id_tag: str,
        *,
        meter_start_wh: int | None = None,
        timestamp: Moment = None,
        reservation_id: int | None = None,
        message_id: str | None = None,
    ) -> tuple[int, str]:
        """Send a StartTransaction now, past the queue; returns the transaction id and tag status.

        The connector counts as holding this transaction from then on.
        """
        connector = self.connectors[connector_id]
        if meter_start_wh is not None:
            connector.meter.advance_to(meter_start_wh)
        transaction = Transaction(
            connector_id,
            id_tag,
            connector.meter.read_wh() if meter_start_wh is None else meter_start_wh,
            self.moment(timestamp),
            reservation_id,
        )
        answer = await self.request(start_message(transaction), message_id=message_id)
        transaction.transaction_id = answer["transactionId"]
        transaction.id_status = answer["idTagInfo"]["status"]
        connector.transaction = transaction
        self.statistics.sessions_started += 1
        return transaction.wire_id, transaction.id_status

    async def meter(
        self,
        connector_id: int,
        value_wh: int | None = None,
        *,
        transaction_id: int | Literal["current"] | None = "current",
        timestamp: Moment = None,
        samples: list[dict[str, Any]] | None = None,
        context: str = "Sample.Periodic",
        message_id: str | None = None,
    ) -> Payload:
        """Send a MeterValues now, past the queue: `samples`, or a register in Wh.

        `transaction_id` None leaves the member out.
        """
        connector = self.connectors[connector_id]
        if transaction_id == "current":
            transaction_id = connector.transaction.wire_id if connector.transaction else None
        if samples is None:
            register_wh = connector.meter.read_wh() if value_wh is None else value_wh
            samples = Reading(register_wh, 0, 0, 0).sampled_values(
                ["Energy.Active.Import.Register"], context
            )
        payload = meter_payload(
            connector_id, transaction_id, [meter_value(self.moment(timestamp), samples)]
        )
        return await self.call("MeterValues", payload, message_id=message_id)

    async def stop(
        self,
        transaction_id: int,
        *,
        meter_stop_wh: int | None = None,
        timestamp: Moment = None,
        reason: str | None = None,
        id_tag: str | None = None,
        transaction_data: list[Payload] | None = None,
        message_id: str | None = None,
    ) -> Payload:
        """Send a StopTransaction now, past the queue; returns its answer's payload.

        Without `meter_stop_wh` the register of the connector with this transaction is read;
        KeyError when there is none.
        """
        holder = self.holder_of(transaction_id)
        if meter_stop_wh is None:
            if holder is None:
                raise KeyError(f"no connector holds transaction {transaction_id}")
            meter_stop_wh = holder.meter.read_wh()
        answer = await self.request(
            call.StopTransaction(
                meter_stop=meter_stop_wh,
                timestamp=self.moment(timestamp),
                transaction_id=transaction_id,
                reason=reason,
                id_tag=id_tag,
                transaction_data=transaction_data,
            ),
            message_id=message_id,
        )
        self.statistics.sessions_stopped += 1
        if holder is not None and holder.transaction is not None:
            self.statistics.energy_wh += max(0, meter_stop_wh - holder.transaction.meter_start_wh)
            holder.transaction = None
        return answer

    def holder_of(self, transaction_id: int) -> Connector | None:
        """The connector on which this transaction is open, or None."""
        for connector in self.outlets:
            if connector.transaction and connector.transaction.transaction_id == transaction_id:
                return connector
        return None

    def reading(self, connector: Connector) -> Reading:
        """What the connector's meter shows now."""
        register_wh = connector.meter.read_wh()
        delivered_wh = 0
        if connector.transaction is not None:
            delivered_wh = max(0, register_wh - connector.transaction.meter_start_wh)
        return Reading(
            register_wh,
            connector.meter.power_w,
            connector.power_max_w,
            min(100.0, connector.soc_percent + 100 * delivered_wh / BATTERY_WH),
        )

    async def _send_queued(self, action: str, payload: Payload, message_id: str) -> Payload:
        return await self.call(action, payload, message_id=message_id)

    def _count_discarded(self, _message: QueuedMessage) -> None:
        self.statistics.messages_discarded += 1

    def _retry_policy(self) -> RetryPolicy:
        return RetryPolicy(
            self.configuration.number("TransactionMessageAttempts"),
            self.configuration.number("TransactionMessageRetryInterval"),
        )


def start_message(transaction: Transaction) -> object:
    """The StartTransaction of a transaction (OCPP 1.6 §6.45)."""
    message: object = call.StartTransaction(
        connector_id=transaction.connector_id,
        id_tag=transaction.id_tag,
        meter_start=transaction.meter_start_wh,
        timestamp=transaction.started_at,
        reservation_id=transaction.reservation_id,
    )
    return message


def meter_payload(
    connector_id: int, transaction_id: int | None, meter_values: list[Payload]
) -> Payload:
    """A MeterValues payload (OCPP 1.6 §6.31); without a transaction the member is left out."""
    payload: Payload = {"connectorId": connector_id}
    if transaction_id is not None:
        payload["transactionId"] = transaction_id
    payload["meterValue"] = meter_values
    return payload
