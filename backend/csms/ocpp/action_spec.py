"""What the catalog says of one action."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from csms.ocpp.v16.types import WireType

Kind = Literal["request", "response"]


class Sender(StrEnum):
    """Who may send the request."""

    CHARGER = "charger"
    CENTRAL_SYSTEM = "central_system"
    BOTH = "both"


class Block(StrEnum):
    """The feature profile of OCPP 1.6 (§3.2) or the extension that an action belongs to."""

    CORE = "Core"
    FIRMWARE = "FirmwareManagement"
    LOCAL_AUTH_LIST = "LocalAuthListManagement"
    RESERVATION = "Reservation"
    SMART_CHARGING = "SmartCharging"
    REMOTE_TRIGGER = "RemoteTrigger"
    SECURITY = "Security"


@dataclass(frozen=True, slots=True)
class Example:
    """A valid request with its answer, every optional member filled in."""

    request: dict[str, Any]
    response: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """An action: its sender, block, section, one sentence of explanation, types and example."""

    name: str
    sender: Sender
    block: Block
    section: str
    explanation: str
    request_type: type[WireType]
    response_type: type[WireType]
    example: Example
