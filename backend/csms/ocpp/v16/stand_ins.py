"""Fixed tables of the leniency rules for OCPP 1.6: what an odd or missing value is read as."""

from collections.abc import Mapping
from typing import Any, Final

UNSET_CLOCK: Final = "1970-01-01T00:00:00Z"
UNKNOWN_TRANSACTION_ID: Final = -1

# Required members with a safe stand-in: (action, path without indices) -> value.
MISSING_MEMBERS: Final[Mapping[tuple[str, str], Any]] = {
    ("StartTransaction", "timestamp"): UNSET_CLOCK,
    ("StopTransaction", "timestamp"): UNSET_CLOCK,
    ("StopTransaction", "transactionId"): UNKNOWN_TRANSACTION_ID,
    ("StopTransaction", "transactionData[].timestamp"): UNSET_CLOCK,
    ("MeterValues", "meterValue[].timestamp"): UNSET_CLOCK,
    ("SecurityEventNotification", "timestamp"): UNSET_CLOCK,
    ("StatusNotification", "errorCode"): "NoError",
}

# The value that stands for all others: (action, path) -> value (7.6, 7.7, 7.35, 7.36).
UNKNOWN_ENUMS: Final[Mapping[tuple[str, str], str]] = {
    ("StatusNotification", "errorCode"): "OtherError",
    # Not free for a new driver, and neither ends nor bills a session.
    ("StatusNotification", "status"): "Unavailable",
    ("StopTransaction", "reason"): "Other",
    ("StopTransaction", "transactionData[].sampledValue[].context"): "Other",
    ("MeterValues", "meterValue[].sampledValue[].context"): "Other",
}

_UNITS: Final[Mapping[str, str]] = {
    "%": "Percent",
    "Hz": "Hertz",
    "°C": "Celsius",
    "C": "Celsius",
    "°F": "Fahrenheit",
    "F": "Fahrenheit",
    "Kelvin": "K",
    "Amp": "A",
    "Amps": "A",
    "Ampere": "A",
    "Volt": "V",
    "Volts": "V",
    "Watt": "W",
    "Watts": "W",
}
_SIGNED_FIRMWARE: Final[Mapping[str, str]] = {
    "DownloadScheduled": "Idle",
    "DownloadPaused": "Downloading",
    "InstallScheduled": "Downloaded",
    "SignatureVerified": "Downloaded",
    "InstallRebooting": "Installing",
    "InstallVerificationFailed": "InstallationFailed",
    "InvalidSignature": "InstallationFailed",
}

# Values of other editions and other spellings: (action, path) -> spelling -> value.
ENUM_ALIASES: Final[Mapping[tuple[str, str], Mapping[str, str]]] = {
    ("StatusNotification", "status"): {"Occupied": "Preparing"},
    ("StatusNotification", "errorCode"): {"Mode3Error": "EVCommunicationError"},
    ("MeterValues", "meterValue[].sampledValue[].unit"): _UNITS,
    ("StopTransaction", "transactionData[].sampledValue[].unit"): _UNITS,
    ("FirmwareStatusNotification", "status"): _SIGNED_FIRMWARE,
    ("DiagnosticsStatusNotification", "status"): {"UploadFailure": "UploadFailed"},
    ("LogStatusNotification", "status"): {"UploadFailed": "UploadFailure"},
}

# Lists of readings, each item of which is set aside alone when it stays unreadable.
READING_LISTS: Final = frozenset(
    {
        ("MeterValues", "meterValue"),
        ("MeterValues", "meterValue[].sampledValue"),
        ("StopTransaction", "transactionData"),
        ("StopTransaction", "transactionData[].sampledValue"),
    }
)
FREE_TEXTS: Final = frozenset({("DataTransfer", "data")})
TRANSACTION_IDS: Final = frozenset(
    {
        ("StopTransaction", "transactionId"),
        ("MeterValues", "transactionId"),
    }
)
FIRST_CONNECTORS: Final = frozenset({("StartTransaction", "connectorId")})
