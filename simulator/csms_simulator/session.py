"""Charging as a driver and a car do it: plug, tap, charge, stop, with or without a link."""

import asyncio
import contextlib
from datetime import datetime
from functools import partial

from csms_simulator.authorization import TagInfo
from csms_simulator.clock import parse_timestamp
from csms_simulator.connector import WITH_TRANSACTION, Connector, Reservation, Transaction
from csms_simulator.errors import LinkLostError, ScenarioFailedError, SimulatorError
from csms_simulator.metering import meter_value
from csms_simulator.ocpp16 import Payload, call, to_wire
from csms_simulator.station import StationUnit, meter_payload, start_message
from csms_simulator.transaction_queue import QueuedMessage

BEGIN, END, PERIODIC = "Transaction.Begin", "Transaction.End", "Sample.Periodic"
REGISTER = ["Energy.Active.Import.Register"]


class SessionUnit(StationUnit):
    """A charger that runs sessions; their messages go through the queue, in order."""

    async def set_status(
        self,
        connector: Connector,
        status: str,
        error_code: str = "NoError",
        **members: str | None,
    ) -> None:
        """Take a step of the state machine and report it when online (OCPP 1.6 §4.9).

        Raises ValueError for a step that the state machine does not have.
        """
        if not connector.may_become(status):
            raise ValueError(f"{connector.status} must not become {status}")
        connector.status, connector.error_code = status, error_code
        connector.info = members.get("info")
        connector.vendor_id = members.get("vendor_id")
        connector.vendor_error_code = members.get("vendor_error_code")
        await self.report(connector)

    async def report(self, connector: Connector) -> None:
        """Tell the server a status that it does not know; offline it waits for the next chance."""
        if not self.is_online or connector.reported == connector.state:
            return
        # Unreported stays unreported: the next reconnect tells it again.
        with contextlib.suppress(SimulatorError):
            await self.status(connector.connector_id)

    async def report_all(self, *, only_changes: bool = False) -> None:
        """Report every connector, 0 first; after a reconnect only what changed meanwhile."""
        for connector in self.connectors.values():
            if not only_changes:
                connector.reported = None
            await self.report(connector)

    async def plug_in(self, connector_id: int) -> None:
        """A cable goes in."""
        connector = self.connectors[connector_id]
        connector.plugged.set()
        if connector.status in {"Available", "Reserved"}:
            await self.set_status(connector, "Preparing")

    async def unplug(self, connector_id: int) -> None:
        """The cable goes out; with a session that is an EV-side disconnect (OCPP 1.6 §9.1.23)."""
        connector = self.connectors[connector_id]
        connector.plugged.clear()
        if connector.transaction is not None:
            if not self.configuration.is_on("StopTransactionOnEVSideDisconnect"):
                connector.demand_w = 0.0
                await self.apply_power(connector)
                return
            await self.end_session(connector.transaction, "EVDisconnected")
        await self.settle_down(connector)

    async def settle_down(self, connector: Connector) -> None:
        """Bring an outlet without a session to its resting status, a scheduled change first."""
        if connector.transaction is not None or connector.status == "Faulted":
            return
        if connector.scheduled is not None:
            connector.availability, connector.scheduled = connector.scheduled, None
        status = connector.resting_status()
        if status != connector.status:
            await self.set_status(connector, status)

    async def check_tag(self, id_tag: str) -> TagInfo:
        """Authorize as the configuration says: list, cache, server (OCPP 1.6 §3.5, §4.1)."""
        known = self.known_tag(id_tag)
        accepted = known is not None and known.status_at(self.clock.now()) == "Accepted"
        if known is not None and accepted and self.configuration.is_on("LocalPreAuthorize"):
            return known
        if self.is_online:
            with contextlib.suppress(LinkLostError):
                answer = await self.request(call.Authorize(id_tag=id_tag))
                info = TagInfo.from_wire(answer["idTagInfo"])
                self.remember(id_tag, info)
                return info
        if known is not None and self.configuration.is_on("LocalAuthorizeOffline"):
            return TagInfo(known.status_at(self.clock.now()), known.parent_id_tag)
        if known is None and self.configuration.is_on("AllowOfflineTxForUnknownId"):
            return TagInfo("Accepted")
        return TagInfo("Invalid")

    def known_tag(self, id_tag: str) -> TagInfo | None:
        """What the local list, then the cache, say of a tag."""
        entry = None
        if self.configuration.is_on("LocalAuthListEnabled"):
            entry = self.local_list.find(id_tag)
        if entry is None and self.configuration.is_on("AuthorizationCacheEnabled"):
            entry = self.cache.find(id_tag)
        return entry

    def reservation_for(
        self, connector: Connector, id_tag: str, parent_id_tag: str | None
    ) -> tuple[bool, Reservation | None]:
        """Say whether the tag may use the connector, and which reservation it uses up."""
        own, whole = connector.reservation, self.connectors[0].reservation
        if own is not None:
            return own.admits(id_tag, parent_id_tag), own
        if whole is None:
            return True, None
        if whole.admits(id_tag, parent_id_tag):
            return True, whole
        free = [c for c in self.outlets if not c.is_occupied and c.reservation is None]
        return len([c for c in free if c is not connector]) >= 1, None

    async def begin_session(
        self, connector_id: int, id_tag: str, *, info: TagInfo | None = None
    ) -> Transaction | None:
        """Authorize the tag and start charging; None when the tag or a reservation refuses.

        `info` is what an earlier authorization said, and saves a second one.
        """
        connector = self.connectors[connector_id]
        if connector.transaction is not None:
            raise ScenarioFailedError(f"connector {connector_id} already has a session")
        info = info or await self.check_tag(id_tag)
        allowed, reservation = self.reservation_for(connector, id_tag, info.parent_id_tag)
        if info.status != "Accepted" or not allowed:
            return None
        if reservation is not None:
            self.connectors[reservation.connector_id].reservation = None
        transaction = Transaction(
            connector_id,
            id_tag,
            connector.meter.read_wh(),
            self.clock.timestamp(),
            reservation.reservation_id if reservation else None,
        )
        connector.transaction = transaction
        self._keep_for_stop(connector, transaction, BEGIN)
        await self._first_try(
            QueuedMessage(
                "StartTransaction",
                lambda: to_wire(start_message(transaction)),
                partial(self._started, transaction),
            )
        )
        if not transaction.is_stopped:
            await self.apply_power(connector)
            transaction.sampler = self.spawn(self._sample(connector, transaction), "sampler")
        return transaction

    async def end_session(
        self, transaction: Transaction, reason: str = "Local", id_tag: str | None = None
    ) -> None:
        """Stop charging and queue the StopTransaction; a second end changes nothing."""
        if transaction.is_stopped:
            return
        connector = self.connectors[transaction.connector_id]
        message = self.queue_stop(transaction, reason, id_tag)
        await self._wait_first_try(message)
        if connector.status in WITH_TRANSACTION or connector.status == "Preparing":
            await self.set_status(connector, "Finishing")
        transaction.ended.set()

    def queue_stop(
        self, transaction: Transaction, reason: str, id_tag: str | None = None
    ) -> QueuedMessage:
        """Cut the power, close the transaction and put its stop into the queue."""
        connector = self.connectors[transaction.connector_id]
        connector.meter.set_power(0)
        self._keep_for_stop(connector, transaction, END)
        stop = call.StopTransaction(
            meter_stop=connector.meter.read_wh(),
            timestamp=self.clock.timestamp(),
            transaction_id=-1,
            reason=reason,
            id_tag=id_tag,
            transaction_data=list(transaction.stop_data) or None,
        )
        transaction.is_stopped = True
        connector.transaction = None
        connector.demand_w = None
        self.profiles.end_transaction(connector.connector_id)
        if transaction.sampler is not None:
            transaction.sampler.cancel()
        energy_wh = max(0, stop.meter_stop - transaction.meter_start_wh)
        return self.queue.put(
            QueuedMessage(
                "StopTransaction",
                lambda: {**to_wire(stop), "transactionId": transaction.wire_id},
                partial(self._stopped, transaction, energy_wh),
            )
        )

    def forget_session(self, transaction: Transaction) -> None:
        """End a session without ever telling: no reading and no stop follows."""
        connector = self.connectors[transaction.connector_id]
        connector.meter.set_power(0)
        transaction.is_stopped = True
        transaction.ended.set()
        connector.transaction = None
        if transaction.sampler is not None:
            transaction.sampler.cancel()

    def queue_reading(self, connector: Connector, context: str = PERIODIC) -> QueuedMessage:
        """Put a reading with the present time into the queue."""
        transaction = connector.transaction
        aligned = context == "Sample.Clock"
        measurands = self.configuration.items(
            "MeterValuesAlignedData" if aligned else "MeterValuesSampledData"
        )
        samples = self.reading(connector).sampled_values(measurands or REGISTER, context)
        values = [meter_value(self.clock.timestamp(), samples)]

        def render() -> Payload:
            known_id = transaction.transaction_id if transaction else None
            return meter_payload(connector.connector_id, known_id, values)

        return self.queue.put(QueuedMessage("MeterValues", render))

    async def apply_power(self, connector: Connector) -> None:
        """Let flow what car, outlet and profiles allow, and report what follows from it."""
        transaction = connector.transaction
        if transaction is None or connector.status == "Faulted":
            return
        limit_w = self.profiles.limit_w(
            connector.connector_id, self.clock.now(), self._started_at(transaction)
        )
        demand_w = connector.power_max_w if connector.demand_w is None else connector.demand_w
        offered_w = connector.power_max_w if limit_w is None else limit_w
        if offered_w <= 0 or self._is_suspended_for_tag(transaction):
            power_w, status = 0.0, "SuspendedEVSE"
        elif demand_w <= 0:
            power_w, status = 0.0, "SuspendedEV"
        else:
            power_w, status = min(demand_w, offered_w, connector.power_max_w), "Charging"
        connector.meter.set_power(power_w)
        if status != connector.status:
            await self.set_status(connector, status)

    async def charge(self, duration_s: float) -> None:
        """Let that much compressed time pass."""
        await self.clock.sleep(duration_s)

    async def _sample(self, connector: Connector, transaction: Transaction) -> None:
        while not transaction.is_stopped:
            interval_s = self.configuration.number("MeterValueSampleInterval")
            if interval_s == 0:
                return
            await self.clock.sleep(interval_s)
            await self.apply_power(connector)
            self.queue_reading(connector)
            self._keep_for_stop(connector, transaction, PERIODIC)

    def _keep_for_stop(self, connector: Connector, transaction: Transaction, context: str) -> None:
        measurands = self.configuration.items("StopTxnSampledData")
        if measurands:
            samples = self.reading(connector).sampled_values(measurands, context)
            transaction.stop_data.append(meter_value(self.clock.timestamp(), samples))

    async def _started(self, transaction: Transaction, answer: Payload) -> None:
        transaction.transaction_id = answer["transactionId"]
        info = TagInfo.from_wire(answer["idTagInfo"])
        transaction.id_status = info.status
        self.statistics.sessions_started += 1
        self.remember(transaction.id_tag, info)
        if info.status == "Accepted" or transaction.is_stopped:
            return
        if self.configuration.is_on("StopTransactionOnInvalidId"):
            self.spawn(self.end_session(transaction, "DeAuthorized"), "deauthorize")
        else:
            self.spawn(self.apply_power(self.connectors[transaction.connector_id]), "suspend")

    async def _stopped(self, transaction: Transaction, energy_wh: int, answer: Payload) -> None:
        self.statistics.sessions_stopped += 1
        self.statistics.energy_wh += energy_wh
        if "idTagInfo" in answer:
            self.remember(transaction.id_tag, TagInfo.from_wire(answer["idTagInfo"]))

    def _is_suspended_for_tag(self, transaction: Transaction) -> bool:
        return transaction.id_status not in {"", "Accepted"}

    def _started_at(self, transaction: Transaction) -> datetime:
        return parse_timestamp(transaction.started_at)

    async def _first_try(self, message: QueuedMessage) -> None:
        await self._wait_first_try(self.queue.put(message))

    async def _wait_first_try(self, message: QueuedMessage) -> None:
        if not self.is_online:
            return
        waits = [
            asyncio.ensure_future(message.attempted.wait()),
            asyncio.ensure_future(self.wait_closed()),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiting in waits:
                waiting.cancel()
