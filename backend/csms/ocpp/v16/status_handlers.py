"""StatusNotification (OCPP 1.6 §4.9)."""

from msgspec import UNSET

from csms.domain.transactions.commands import StatusCommand
from csms.domain.transactions.evidence import on_status
from csms.kernel.ids import ConnectorNumber
from csms.ocpp.v16.charger_time import read_time
from csms.ocpp.v16.core import StatusNotificationRequest, StatusNotificationResponse
from csms.ocpp.v16.exchange import Incoming, Outcome

_RECEIVED = StatusNotificationResponse()


def status_notification(incoming: Incoming[StatusNotificationRequest]) -> Outcome:
    """Take a report; whether it is news or history is decided by its time."""
    request, received_at = incoming.request, incoming.received_at
    time = (
        None
        if request.timestamp is UNSET
        else read_time(request.timestamp, "timestamp", incoming.repairs, received_at)
    )
    decision = on_status(
        incoming.charger,
        incoming.sessions,
        StatusCommand(
            connector=ConnectorNumber(request.connector_id),
            status=request.status,
            error_code=request.error_code,
            reported_at=time.at if time else received_at,
            charger_time=time.as_sent if time else None,
            clock_note=time.note if time else None,
            info=None if request.info is UNSET else request.info,
            vendor_id=None if request.vendor_id is UNSET else request.vendor_id,
            vendor_error_code=(
                None if request.vendor_error_code is UNSET else request.vendor_error_code
            ),
        ),
        received_at,
        incoming.ports.rules,
    )
    return Outcome(_RECEIVED, decision.facts, decision.follow_ups)
