"""BootNotification and Heartbeat (OCPP 1.6 §4.2, §4.6)."""

from msgspec import UNSET, UnsetType

from csms.domain.stations.charger import Charger
from csms.domain.transactions.evidence import on_boot
from csms.kernel.facts import ChargerBooted, RegistrationStatus
from csms.ocpp.timestamps import format_timestamp
from csms.ocpp.v16.core import (
    BootNotificationRequest,
    BootNotificationResponse,
    HeartbeatRequest,
    HeartbeatResponse,
)
from csms.ocpp.v16.exchange import Incoming, Outcome


def registration_of(charger: Charger) -> RegistrationStatus:
    """Return what a charger is told of its registration; it is the charger's, not the socket's."""
    return "Rejected" if charger.is_disabled else charger.registration


def boot_notification(incoming: Incoming[BootNotificationRequest]) -> Outcome:
    """Answer a charger that introduces itself. It is no proof of a reboot."""
    request, charger = incoming.request, incoming.charger
    sessions, rules = incoming.sessions, incoming.ports.rules
    waiting = on_boot(charger, sessions, incoming.received_at, rules) if sessions.open else None
    registration = registration_of(charger)
    return Outcome(
        BootNotificationResponse(
            status=registration,
            current_time=format_timestamp(incoming.received_at),
            interval=charger.heartbeat_interval_s,
        ),
        (
            ChargerBooted(
                received_at=incoming.received_at,
                registration=registration,
                vendor=request.charge_point_vendor,
                model=request.charge_point_model,
                serial_number=_or_none(request.charge_point_serial_number),
                box_serial_number=_or_none(request.charge_box_serial_number),
                firmware_version=_or_none(request.firmware_version),
                iccid=_or_none(request.iccid),
                imsi=_or_none(request.imsi),
                meter_type=_or_none(request.meter_type),
                meter_serial_number=_or_none(request.meter_serial_number),
            ),
            *(waiting.facts if waiting else ()),
        ),
    )


def heartbeat(incoming: Incoming[HeartbeatRequest]) -> Outcome:
    """Tell the time; the path stamps it when the answer is written."""
    return Outcome(HeartbeatResponse(current_time=format_timestamp(incoming.received_at)))


def _or_none(value: str | UnsetType) -> str | None:
    return None if value is UNSET else value
