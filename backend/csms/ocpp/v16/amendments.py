"""Where the OCA's published 1.6 schemas are wrong or looser than the text, and which text wins.

A `fix` makes a published schema right; a `bound` adds what the specification's text demands and
the schema leaves out. The wire types follow both; the raw-request check follows the fixes only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from csms.ocpp.v16.types import INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN, UnitOfMeasure


@dataclass(frozen=True, slots=True)
class Amendment:
    """A change of keywords at one place of a schema; a keyword set to None is taken away."""

    action: str
    kind: Literal["request", "response"]
    path: str
    keywords: Mapping[str, Any]
    section: str
    reason: str
    nature: Literal["fix", "bound"] = "bound"


_AT_LEAST_0 = {"minimum": 0}
_AT_LEAST_1 = {"minimum": 1}
_REGISTER = {"minimum": INT64_MIN, "maximum": INT64_MAX}
_NOT_EMPTY = {"minItems": 1}
_PERIODS = "chargingSchedule.chargingSchedulePeriod"
_PROFILE = "csChargingProfiles."
_NO_ZERO = "the text asks for a connector above 0"
_NO_NEGATIVE = "the text asks for a connector of 0 or more"
_ONE_PERIOD = "the text gives 1..* and the schema allows none"
_STACK = "the text gives >= 0"

AMENDMENTS: tuple[Amendment, ...] = (
    Amendment(
        "StopTransaction",
        "request",
        "transactionData[].sampledValue[].unit",
        {"enum": list(get_args(UnitOfMeasure))},
        "E 3.84",
        "the schema of MeterValues has Hertz for a frequency, the one of StopTransaction forgot it",
        nature="fix",
    ),
    Amendment(
        "GetInstalledCertificateIds",
        "response",
        "certificateHashData",
        {"minItems": None},
        "WP 5.8",
        "the text gives 0..*, so an empty list is as good as none",
        nature="fix",
    ),
    Amendment("StartTransaction", "request", "connectorId", _AT_LEAST_1, "6.45", _NO_ZERO),
    Amendment("StartTransaction", "request", "meterStart", _REGISTER, "6.45", "a register in Wh"),
    Amendment("StopTransaction", "request", "meterStop", _REGISTER, "6.49", "a register in Wh"),
    Amendment(
        "StopTransaction",
        "request",
        "transactionData[].sampledValue",
        _NOT_EMPTY,
        "7.33",
        "the text gives 1..*, as the schema of MeterValues does",
    ),
    Amendment("StatusNotification", "request", "connectorId", _AT_LEAST_0, "6.47", _NO_NEGATIVE),
    Amendment("MeterValues", "request", "connectorId", _AT_LEAST_0, "6.31", _NO_NEGATIVE),
    Amendment("ChangeAvailability", "request", "connectorId", _AT_LEAST_0, "6.7", _NO_NEGATIVE),
    Amendment("ReserveNow", "request", "connectorId", _AT_LEAST_0, "6.37", _NO_NEGATIVE),
    Amendment("GetCompositeSchedule", "request", "connectorId", _AT_LEAST_0, "6.21", _NO_NEGATIVE),
    Amendment("ClearChargingProfile", "request", "connectorId", _AT_LEAST_0, "6.13", _NO_NEGATIVE),
    Amendment("SetChargingProfile", "request", "connectorId", _AT_LEAST_0, "6.43", _NO_NEGATIVE),
    Amendment("RemoteStartTransaction", "request", "connectorId", _AT_LEAST_1, "6.33", _NO_ZERO),
    Amendment("UnlockConnector", "request", "connectorId", _AT_LEAST_1, "6.53", _NO_ZERO),
    Amendment("TriggerMessage", "request", "connectorId", _AT_LEAST_1, "6.51", _NO_ZERO),
    Amendment("ExtendedTriggerMessage", "request", "connectorId", _AT_LEAST_1, "WP 5.5", _NO_ZERO),
    Amendment("SetChargingProfile", "request", _PROFILE + "stackLevel", _AT_LEAST_0, "7.8", _STACK),
    Amendment(
        "RemoteStartTransaction",
        "request",
        "chargingProfile.stackLevel",
        _AT_LEAST_0,
        "7.8",
        _STACK,
    ),
    Amendment(
        "SetChargingProfile", "request", _PROFILE + _PERIODS, _NOT_EMPTY, "7.13", _ONE_PERIOD
    ),
    Amendment(
        "RemoteStartTransaction",
        "request",
        "chargingProfile." + _PERIODS,
        _NOT_EMPTY,
        "7.13",
        _ONE_PERIOD,
    ),
    Amendment("GetCompositeSchedule", "response", _PERIODS, _NOT_EMPTY, "7.13", _ONE_PERIOD),
)

# Every other integer is an xsd:int, as the WSDL of the same edition declares it.
INTEGER_BOUNDS: Mapping[str, int] = {"minimum": INT32_MIN, "maximum": INT32_MAX}
