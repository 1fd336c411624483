"""Wire types of the Remote Trigger profile (OCPP 1.6 §6)."""

from typing import Literal

from msgspec import UNSET, UnsetType

from csms.ocpp.v16.types import PositiveNumber, WireType

MessageTrigger = Literal[
    "BootNotification",
    "DiagnosticsStatusNotification",
    "FirmwareStatusNotification",
    "Heartbeat",
    "MeterValues",
    "StatusNotification",
]
TriggerMessageStatus = Literal["Accepted", "Rejected", "NotImplemented"]


class TriggerMessageRequest(WireType, frozen=True, kw_only=True):
    """Send this message now (§6.51)."""

    requested_message: MessageTrigger
    connector_id: PositiveNumber | UnsetType = UNSET


class TriggerMessageResponse(WireType, frozen=True, kw_only=True):
    """Whether it will be sent (§6.52)."""

    status: TriggerMessageStatus
