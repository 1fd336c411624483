"""OCPP 1.6 calls as bytes, formatted as cheaply as Python allows."""

import time
from typing import Final

ACTIONS: Final = (
    "Heartbeat",
    "StatusNotification",
    "MeterValues",
    "BootNotification",
    "Authorize",
    "StartTransaction",
    "StopTransaction",
)
HEARTBEAT, STATUS, METER, BOOT, AUTHORIZE, START, STOP = range(len(ACTIONS))

# A charger in a transaction reports mostly readings; an idle one beats and reports status.
# Half and half gives a third of each kind.
IN_TRANSACTION: Final[tuple[int, ...]] = (METER, METER, HEARTBEAT, METER, METER, STATUS)
IDLE: Final[tuple[int, ...]] = (HEARTBEAT, STATUS)

_POWER_W: Final = 7360
_CONNECTOR: Final = 1


class WallClock:
    """Wall-clock time as OCPP writes it, in UTC with milliseconds; the second is cached."""

    __slots__ = ("_prefix", "_second")

    def __init__(self) -> None:
        self._second = -1
        self._prefix = b""

    def stamp(self, now_s: float) -> bytes:
        """Return `now_s` (seconds since the epoch) as 2026-01-31T12:00:00.123Z."""
        second = int(now_s)
        if second != self._second:
            self._second = second
            self._prefix = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second)).encode()
        return b"%b.%03dZ" % (self._prefix, int((now_s - second) * 1000))


def boot(message_id: int, serial: str) -> bytes:
    """BootNotification (OCPP 1.6 §4.2)."""
    return (
        b'[2,"%d","BootNotification",{"chargePointVendor":"Bench","chargePointModel":"Virtual AC 22",'
        b'"chargePointSerialNumber":"%b","firmwareVersion":"1.4.2"}]'
        % (message_id, serial.encode())
    )


def authorize(message_id: int, id_tag: str) -> bytes:
    """Authorize (OCPP 1.6 §4.1)."""
    return b'[2,"%d","Authorize",{"idTag":"%b"}]' % (message_id, id_tag.encode())


def start_transaction(message_id: int, id_tag: str, meter_wh: int, stamp: bytes) -> bytes:
    """StartTransaction on connector 1 (OCPP 1.6 §4.8)."""
    return (
        b'[2,"%d","StartTransaction",{"connectorId":%d,"idTag":"%b","meterStart":%d,'
        b'"timestamp":"%b"}]' % (message_id, _CONNECTOR, id_tag.encode(), meter_wh, stamp)
    )


def stop_transaction(message_id: int, transaction_id: int, meter_wh: int, stamp: bytes) -> bytes:
    """StopTransaction (OCPP 1.6 §4.10)."""
    return (
        b'[2,"%d","StopTransaction",{"transactionId":%d,"meterStop":%d,"timestamp":"%b",'
        b'"reason":"Local"}]' % (message_id, transaction_id, meter_wh, stamp)
    )


def heartbeat(message_id: int) -> bytes:
    """Heartbeat (OCPP 1.6 §4.6)."""
    return b'[2,"%d","Heartbeat",{}]' % message_id


def status(message_id: int, name: bytes, stamp: bytes) -> bytes:
    """StatusNotification of connector 1 (OCPP 1.6 §4.9)."""
    return (
        b'[2,"%d","StatusNotification",{"connectorId":%d,"errorCode":"NoError","status":"%b",'
        b'"timestamp":"%b"}]' % (message_id, _CONNECTOR, name, stamp)
    )


def meter_values(message_id: int, transaction_id: int, energy_wh: int, stamp: bytes) -> bytes:
    """MeterValues with register, power, current and voltage (OCPP 1.6 §4.7)."""
    wobble = message_id % 50
    return (
        b'[2,"%d","MeterValues",{"connectorId":%d,"transactionId":%d,"meterValue":[{"timestamp":"%b",'
        b'"sampledValue":[{"value":"%d","context":"Sample.Periodic",'
        b'"measurand":"Energy.Active.Import.Register","location":"Outlet","unit":"Wh"},'
        b'{"value":"%d.5","context":"Sample.Periodic","measurand":"Power.Active.Import","unit":"W"},'
        b'{"value":"31.%02d","context":"Sample.Periodic","measurand":"Current.Import","phase":"L1",'
        b'"unit":"A"},{"value":"229.%d","context":"Sample.Periodic","measurand":"Voltage",'
        b'"phase":"L1-N","unit":"V"}]}]}]'
        % (
            message_id,
            _CONNECTOR,
            transaction_id,
            stamp,
            energy_wh,
            _POWER_W - wobble,
            wobble,
            wobble % 10,
        )
    )


class Script:
    """What one charger says next, for ever: the mix of a charging or of an idle charger."""

    __slots__ = (
        "_clock",
        "_pattern",
        "_position",
        "_statuses",
        "meter_start_wh",
        "started_s",
        "transaction_id",
    )

    def __init__(self, clock: WallClock, offset: int) -> None:
        self._clock = clock
        self._pattern = IDLE
        self._position = offset
        self._statuses = (b"Available", b"Preparing")
        self.transaction_id = 0
        self.meter_start_wh = 1000 + offset * 17
        self.started_s = 0.0

    def begin_transaction(self, transaction_id: int, now_s: float) -> None:
        """Speak as a charging charger from now on."""
        self.transaction_id = transaction_id
        self.started_s = now_s
        self._pattern = IN_TRANSACTION
        self._statuses = (b"Charging", b"SuspendedEV")

    def register_wh(self, now_s: float) -> int:
        """Energy register at `now_s`: 7.36 kW since the start."""
        return self.meter_start_wh + int((now_s - self.started_s) * _POWER_W / 3600)

    def next_call(self, message_id: int) -> tuple[int, bytes]:
        """Return the action's index in ACTIONS and the frame."""
        position = self._position
        self._position = position + 1
        action = self._pattern[position % len(self._pattern)]
        if action == HEARTBEAT:
            return action, heartbeat(message_id)
        now_s = time.time()
        stamp = self._clock.stamp(now_s)
        if action == STATUS:
            return action, status(message_id, self._statuses[(position >> 1) & 1], stamp)
        energy_wh = self.register_wh(now_s)
        return action, meter_values(message_id, self.transaction_id, energy_wh, stamp)
