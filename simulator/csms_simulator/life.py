"""The life of a charger around its sessions: power, boot, heartbeats, reconnects, reboots."""

import asyncio
import contextlib
import random
import time
from typing import Any, Unpack

from csms_simulator.authorization import TagInfo
from csms_simulator.certificates import CertificateStore
from csms_simulator.connector import Availability, Connector, Reservation
from csms_simulator.errors import ConnectRefusedError, LinkLostError, SimulatorError
from csms_simulator.ocpp16 import Payload
from csms_simulator.options import ChargerOptions, Habits
from csms_simulator.session import SessionUnit

BOOT_RETRY_S = 30
DRAIN_BEFORE_RESET_S = 5.0


class LivingUnit(SessionUnit):
    """A charger that looks after itself: it boots, stays connected and comes back."""

    def __init__(self, url: str, charge_point_id: str, **options: Unpack[ChargerOptions]) -> None:
        super().__init__(url, charge_point_id, **options)
        self.habits = options.get("habits", Habits())
        self.random = random.Random(f"{options.get('seed', 0)}/{charge_point_id}")
        self.certificates = CertificateStore(
            length_max=self.configuration.number("CertificateStoreMaxLength")
        )
        self.firmware_status = "Idle"
        self.diagnostics_status = "Idle"
        self.log_status = ("Idle", 0)
        self._may_connect = asyncio.Event()
        self._may_connect.set()
        self._supervisor: asyncio.Task[Any] | None = None

    async def power_on(self) -> None:
        """Connect, boot until accepted, report every status, then stay alive by itself.

        Raises ConnectRefusedError when the first connection fails.
        """
        self.registration = "Booting"
        await self.connect()
        with contextlib.suppress(LinkLostError):
            await self._register()
        self.keep_alive()
        await self.wait_online()

    def keep_alive(self) -> None:
        """Reconnect after every lost link from now on, and send heartbeats when idle."""
        if self._supervisor is None or self._supervisor.done():
            self._supervisor = self.spawn(self._supervise(), "supervisor")
            self.spawn(self._beat(), "heartbeat")
            self.spawn(self._sample_aligned(), "clock-aligned data")

    async def wait_online(self) -> None:
        """Wait until the link is up and the charger is registered."""
        await self.queue.gate.wait()

    def go_offline(self) -> None:
        """Cut the link and stay away until `come_back`."""
        self._may_connect.clear()
        self.drop()
        self.set_gate()

    async def come_back(self) -> None:
        """End an offline time and wait until the charger is online again."""
        self._may_connect.set()
        self.keep_alive()
        await self.wait_online()

    async def relink(self) -> None:
        """Close the link and come back without a boot, as after a change of credentials."""
        self.keep_alive()
        if self.link is not None:
            await self.link.close()
        self.set_gate()

    async def reboot(self, reason: str, *, is_hard: bool) -> None:
        """Restart: sessions end with `reason`, softly before the link goes or hard after it.

        Memory survives, as OCPP 1.6 §5.14 asks of statuses, lists, profiles and the queue.
        """
        self.keep_alive()
        self._may_connect.clear()
        open_transactions = [c.transaction for c in self.outlets if c.transaction is not None]
        if is_hard:
            self.drop()
        for transaction in open_transactions:
            self.queue_stop(transaction, reason)
            transaction.ended.set()
        if not is_hard:
            with contextlib.suppress(TimeoutError):
                await self.queue.wait_drained(DRAIN_BEFORE_RESET_S)
        self.registration = "Booting"
        self.set_gate()
        if self.link is not None:
            await self.link.close()
        await self.clock.sleep(self.habits.reboot_s)
        self.configuration.reboot()
        for connector in self.connectors.values():
            connector.reported = None
            connector.is_claimed = False
            connector.error_code = "NoError"
            if connector.scheduled is not None:
                connector.availability, connector.scheduled = connector.scheduled, None
            connector.status = "Available"
            connector.status = connector.resting_status()
        self._may_connect.set()
        await self.wait_online()

    async def switch_off(self) -> None:
        """End every session as a charger does that is shut down, and wait until all is told.

        Waits for the link while there is none: bound it.
        """
        for connector in self.outlets:
            if connector.transaction is not None:
                await self.end_session(connector.transaction, "PowerLoss")
                await self.unplug(connector.connector_id)
        await self.queue.wait_drained()

    async def change_availability(self, connector: Connector, wanted: Availability) -> None:
        """Make an outlet operative or inoperative, now or once its session has ended."""
        if connector.transaction is not None:
            connector.scheduled = wanted
            return
        connector.scheduled = wanted
        if wanted == "Inoperative":
            connector.reservation = None
        await self.settle_down(connector)

    async def keep_reservation(self, reservation: Reservation) -> None:
        """Hold a reservation until it is used, cancelled or expires (OCPP 1.6 §5.13)."""
        connector = self.connectors[reservation.connector_id]
        if connector.connector_id > 0 and connector.status == "Available":
            await self.set_status(connector, "Reserved")
        self.spawn(self._expire(connector, reservation), "reservation")

    async def end_reservation(self, connector: Connector) -> None:
        """Give a reserved outlet back."""
        connector.reservation = None
        if connector.status == "Reserved":
            await self.set_status(connector, "Available")

    async def remote_session(
        self, connector: Connector, id_tag: str, profile: Payload | None
    ) -> None:
        """What follows an accepted RemoteStartTransaction (OCPP 1.6 §5.11)."""
        connector.is_claimed = True
        try:
            info = TagInfo("Accepted")
            if self.configuration.is_on("AuthorizeRemoteTxRequests"):
                info = await self.check_tag(id_tag)
            if info.status != "Accepted" or not await self._cable_comes(connector):
                await self.settle_down(connector)
                return
            transaction = await self.begin_session(connector.connector_id, id_tag, info=info)
        finally:
            connector.is_claimed = False
        if transaction is None:
            await self.settle_down(connector)
            return
        if profile is not None:
            self.profiles.install(connector.connector_id, profile, transaction.wire_id)
            await self.apply_power(connector)
        if self.habits.session_duration_s is not None:
            await self.clock.sleep(self.habits.session_duration_s)
            await self.end_session(transaction, "Local", id_tag)
        await transaction.ended.wait()
        await self.clock.sleep(self.habits.unplugs_after_s)
        if connector.transaction is None:
            await self.unplug(connector.connector_id)

    async def _cable_comes(self, connector: Connector) -> bool:
        if connector.plugged.is_set() or self.habits.plugs_in_after_remote_start:
            if connector.status == "Finishing":
                await self.set_status(connector, "Preparing")
            await self.plug_in(connector.connector_id)
            return True
        await self.set_status(connector, "Preparing")
        patience_s = self.configuration.number("ConnectionTimeOut") / self.clock.speed
        try:
            async with asyncio.timeout(patience_s):
                await connector.plugged.wait()
        except TimeoutError:
            return False
        return True

    async def _register(self) -> None:
        while self.registration != "Accepted":
            try:
                await self.boot()
            except LinkLostError:
                raise
            except SimulatorError:
                await self.clock.sleep(BOOT_RETRY_S)
                continue
            if self.registration != "Accepted":
                await self.clock.sleep(self.interval_s or BOOT_RETRY_S)
        await self.report_all()

    async def _supervise(self) -> None:
        failures = 0
        while True:
            await self.wait_closed()
            self.set_gate()
            await self._may_connect.wait()
            await asyncio.sleep(self._back_off_s(failures))
            failures += 1
            if not self._may_connect.is_set():
                continue
            with contextlib.suppress(ConnectRefusedError, LinkLostError):
                await self.connect()
                if self.registration == "Booting":
                    await self._register()
                else:
                    await self.report_all(only_changes=True)
                failures = 0

    def _back_off_s(self, failures: int) -> float:
        ceiling_s = min(
            self.habits.reconnect_max_real_s,
            self.habits.reconnect_min_real_s * 2 ** min(failures, 20),
        )
        return self.random.uniform(ceiling_s / 2, ceiling_s)

    async def _beat(self) -> None:
        while True:
            interval_s = self.habits.heartbeat_interval_real_s or float(
                self.configuration.number("HeartbeatInterval") or BOOT_RETRY_S
            )
            idle_s = time.monotonic() - self.link.last_exchange_s if self.link else 0.0
            if idle_s < interval_s:
                await asyncio.sleep(interval_s - idle_s)
                continue
            await self.wait_online()
            with contextlib.suppress(SimulatorError):
                await self.heartbeat()
            await asyncio.sleep(0)

    async def _sample_aligned(self) -> None:
        while True:
            interval_s = self.configuration.number("ClockAlignedDataInterval")
            if interval_s == 0:
                await self.clock.sleep(BOOT_RETRY_S)
                continue
            await self.clock.sleep(interval_s - self.clock.now().timestamp() % interval_s)
            for connector in self.outlets:
                self.queue_reading(connector, "Sample.Clock")

    async def _expire(self, connector: Connector, reservation: Reservation) -> None:
        await self.clock.sleep_until(reservation.expires_at)
        if connector.reservation is reservation:
            await self.end_reservation(connector)
