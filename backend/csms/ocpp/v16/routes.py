"""The table of what OCPP 1.6 chargers ask: action -> function. What is not here is NotImplemented."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from csms.ocpp.v16.authorization_handlers import authorize
from csms.ocpp.v16.exchange import Handler, HandlerAtOnce, Incoming, Outcome
from csms.ocpp.v16.notice_handlers import (
    data_transfer,
    diagnostics_status,
    firmware_status,
    log_status,
    security_event,
    sign_certificate,
    signed_firmware_status,
)
from csms.ocpp.v16.registration_handlers import boot_notification, heartbeat
from csms.ocpp.v16.status_handlers import status_notification
from csms.ocpp.v16.transaction_handlers import (
    meter_values,
    start_transaction,
    stop_transaction,
    usual_meter_values,
)


@dataclass(frozen=True, slots=True)
class Route:
    """How one action is dealt with.

    `at_once` is tried first: what the charger's state in memory decides costs no task.
    `is_transaction`: never lost; held while nothing can be stored. `stamps_time`: the answer
    carries our time and gets it when it is written. `needs_acceptance`: SecurityError before the
    charger is accepted (EJ 3.8). `answer_if_unreadable`: what a message that cannot be read is
    answered with, once it is at the desk.
    """

    handle: Handler[Any]
    at_once: HandlerAtOnce[Any] | None = None
    is_transaction: bool = False
    stamps_time: bool = False
    needs_acceptance: bool = True
    answer_if_unreadable: bytes | None = None


def _needs_no_look_up(
    decide: Callable[[Incoming[Any]], Outcome],
    *,
    stamps_time: bool = False,
    needs_acceptance: bool = True,
) -> Route:
    async def handle(incoming: Incoming[Any]) -> Outcome:
        return decide(incoming)

    return Route(handle, decide, stamps_time=stamps_time, needs_acceptance=needs_acceptance)


ROUTES: Final[Mapping[str, Route]] = {
    "Authorize": Route(authorize),
    "BootNotification": _needs_no_look_up(
        boot_notification, stamps_time=True, needs_acceptance=False
    ),
    "DataTransfer": Route(data_transfer),
    "DiagnosticsStatusNotification": Route(diagnostics_status),
    "FirmwareStatusNotification": Route(firmware_status),
    "Heartbeat": _needs_no_look_up(heartbeat, stamps_time=True),
    "LogStatusNotification": Route(log_status),
    "MeterValues": Route(
        meter_values, usual_meter_values, is_transaction=True, answer_if_unreadable=b"{}"
    ),
    "SecurityEventNotification": Route(security_event),
    "SignCertificate": Route(sign_certificate),
    "SignedFirmwareStatusNotification": Route(signed_firmware_status),
    "StartTransaction": Route(start_transaction, is_transaction=True),
    "StatusNotification": _needs_no_look_up(status_notification),
    "StopTransaction": Route(stop_transaction, is_transaction=True, answer_if_unreadable=b"{}"),
}
