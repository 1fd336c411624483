"""Committed facts as live events: one literal table from fact to what a screen shows at once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from csms.domain.stations.charger import Charger
from csms.domain.stations.handshakes import HandshakeAttempt
from csms.kernel.facts import (
    ChargerBooted,
    ConnectorReported,
    DeskCaseOpened,
    Fact,
    FaultCleared,
    FaultReported,
    OperationAnswered,
    ReadingsTaken,
    TransactionStarted,
    TransactionStatusChanged,
    TransactionStopped,
)
from csms.kernel.ids import TransactionId, UserId
from csms.kernel.live import LiveEvent

_encode = msgspec.json.Encoder(decimal_format="string").encode
UserOf = Callable[[TransactionId | None], UserId | None]


def event_of(  # noqa: PLR0911 - one case per fact
    charger: Charger, fact: Fact, at: datetime, user_of: UserOf
) -> LiveEvent | None:
    """Return the event of one fact, or None where nobody watches for it.

    `user_of` names the driver of a session, so that it reaches that person too.
    """
    match fact:
        case ConnectorReported(is_current=True):
            return _event(
                charger,
                "connector.status",
                at,
                {"status": fact.status, "error_code": fact.error_code},
                connector=fact.connector,
            )
        case TransactionStarted():
            return _event(
                charger,
                "transaction.started",
                at,
                {"status": fact.status, "id_tag_status": fact.authorization},
                connector=fact.connector,
                transaction_id=fact.transaction_id,
                user_id=fact.user_id,
            )
        case ReadingsTaken(transaction_id=transaction_id) if transaction_id is not None:
            return _event(
                charger,
                "transaction.reading",
                at,
                {
                    "sampled_at": fact.sampled_at,
                    "register_wh": fact.register_wh,
                    "power_w": fact.power_w,
                    "soc_percent": fact.soc_percent,
                },
                connector=fact.connector,
                transaction_id=transaction_id,
                user_id=user_of(transaction_id),
            )
        case TransactionStatusChanged():
            return _event(
                charger,
                "transaction.changed",
                at,
                {"status": fact.status, "reason": fact.reason},
                transaction_id=fact.transaction_id,
                user_id=user_of(fact.transaction_id),
            )
        case TransactionStopped():
            return _event(
                charger,
                "transaction.stopped",
                at,
                {"energy_wh": fact.energy_wh, "reason": fact.stop_reason},
                transaction_id=fact.transaction_id,
                user_id=user_of(fact.transaction_id),
            )
        case ChargerBooted():
            return _event(charger, "charger.booted", at, {"registration": fact.registration})
        case OperationAnswered():
            return _event(
                charger,
                "operation.settled",
                at,
                {"operation_id": fact.operation_id, "status": fact.status},
            )
        case DeskCaseOpened():
            return _event(charger, "desk.opened", at, {"kind": fact.kind})
        case FaultReported() | FaultCleared():
            return _fault_event(charger, fact, at)
    return None


def _fault_event(
    charger: Charger, fact: FaultReported | FaultCleared, at: datetime
) -> LiveEvent | None:
    if fact.is_history:
        return None
    if isinstance(fact, FaultCleared):
        kind, data = "fault.resolved", {"status": fact.status}
    else:
        kind = "fault.opened"
        data = {"error_code": fact.error_code, "vendor_error_code": fact.vendor_error_code or ""}
    return _event(charger, kind, at, data, connector=fact.connector)


def connection_event(charger: Charger, at: datetime, *, is_connected: bool) -> LiveEvent:
    """Return the event of a charger that came or went."""
    kind = "charger.connected" if is_connected else "charger.disconnected"
    return _event(charger, kind, at, {"charge_point_id": charger.charge_point_id})


def handshake_event(attempt: HandshakeAttempt) -> LiveEvent | None:
    """Return the event of an attempt to connect; None while its id is nobody's charger."""
    if attempt.charger_id is None or attempt.organization_id is None:
        return None
    data = {
        "charge_point_id": attempt.charge_point_id,
        "outcome": attempt.outcome,
        "http_status": attempt.http_status,
        "reason": attempt.reason,
        "remote_address": attempt.remote_address,
        "subprotocols": attempt.subprotocols,
    }
    return LiveEvent(
        organization_id=attempt.organization_id,
        kind="charger.handshake",
        at=attempt.at,
        charger_id=attempt.charger_id,
        data=_encode(data).decode(),
    )


def _event(
    charger: Charger, kind: str, at: datetime, data: dict[str, Any], **subject: Any
) -> LiveEvent:
    return LiveEvent(
        organization_id=charger.organization_id,
        kind=kind,
        at=at,
        charger_id=charger.id,
        data=_encode(data).decode(),
        **subject,
    )
