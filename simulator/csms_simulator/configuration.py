"""The configuration keys of a virtual charger (OCPP 1.6 §9, security whitepaper §5)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from csms_simulator.metering import MEASURANDS

Kind = Literal["boolean", "integer", "measurands", "text", "list"]


@dataclass(frozen=True, slots=True)
class Key:
    """One row of the table: default value, type, who may write it and when it takes effect."""

    value: str
    kind: Kind
    is_readonly: bool = False
    needs_reboot: bool = False
    is_write_only: bool = False


KEYS: Mapping[str, Key] = {
    "AllowOfflineTxForUnknownId": Key("false", "boolean"),
    "AuthorizationCacheEnabled": Key("true", "boolean"),
    "AuthorizeRemoteTxRequests": Key("true", "boolean"),
    "BlinkRepeat": Key("3", "integer"),
    "ClockAlignedDataInterval": Key("0", "integer"),
    "ConnectionTimeOut": Key("60", "integer"),
    "ConnectorPhaseRotation": Key("0.RST", "list"),
    "GetConfigurationMaxKeys": Key("100", "integer", is_readonly=True),
    "HeartbeatInterval": Key("300", "integer"),
    "LightIntensity": Key("80", "integer"),
    "LocalAuthorizeOffline": Key("true", "boolean"),
    "LocalPreAuthorize": Key("false", "boolean"),
    "MaxEnergyOnInvalidId": Key("0", "integer"),
    "MeterValuesAlignedData": Key("Energy.Active.Import.Register", "measurands"),
    "MeterValuesSampledData": Key(
        "Energy.Active.Import.Register,Power.Active.Import,SoC", "measurands"
    ),
    "MeterValueSampleInterval": Key("60", "integer"),
    "MinimumStatusDuration": Key("0", "integer"),
    "NumberOfConnectors": Key("1", "integer", is_readonly=True),
    "ResetRetries": Key("1", "integer"),
    "StopTransactionOnEVSideDisconnect": Key("true", "boolean"),
    "StopTransactionOnInvalidId": Key("true", "boolean"),
    "StopTxnAlignedData": Key("", "measurands"),
    "StopTxnSampledData": Key("", "measurands"),
    "SupportedFeatureProfiles": Key(
        "Core,FirmwareManagement,LocalAuthListManagement,Reservation,SmartCharging,RemoteTrigger",
        "list",
        is_readonly=True,
    ),
    "TransactionMessageAttempts": Key("3", "integer"),
    "TransactionMessageRetryInterval": Key("60", "integer"),
    "UnlockConnectorOnEVSideDisconnect": Key("true", "boolean"),
    "WebSocketPingInterval": Key("0", "integer", needs_reboot=True),
    "LocalAuthListEnabled": Key("true", "boolean"),
    "LocalAuthListMaxLength": Key("1000", "integer", is_readonly=True),
    "SendLocalListMaxLength": Key("100", "integer", is_readonly=True),
    "ReserveConnectorZeroSupported": Key("true", "boolean", is_readonly=True),
    "ChargeProfileMaxStackLevel": Key("8", "integer", is_readonly=True),
    "ChargingScheduleAllowedChargingRateUnit": Key("Current,Power", "list", is_readonly=True),
    "ChargingScheduleMaxPeriods": Key("24", "integer", is_readonly=True),
    "ConnectorSwitch3to1PhaseSupported": Key("false", "boolean", is_readonly=True),
    "MaxChargingProfilesInstalled": Key("20", "integer", is_readonly=True),
    "AdditionalRootCertificateCheck": Key("false", "boolean", is_readonly=True),
    "AuthorizationKey": Key("", "text", is_write_only=True),
    "CertificateSignedMaxChainSize": Key("10000", "integer", is_readonly=True),
    "CertificateStoreMaxLength": Key("10", "integer", is_readonly=True),
    "CpoName": Key("", "text"),
    "SecurityProfile": Key("1", "integer", needs_reboot=True),
}
MEASURANDS_MAX = 10
VALUE_CHARACTERS_MAX = 500
PATTERNS = {"AuthorizationKey": r"(?:[0-9A-Fa-f]{2}){16,20}", "SecurityProfile": r"[123]"}


class Configuration:
    """The values of one charger; names match without case as CiStrings do (OCPP 1.6 §7.14)."""

    def __init__(self, overrides: Mapping[str, str] | None = None) -> None:
        self._keys = dict(KEYS)
        self._names = {name.lower(): name for name in KEYS}
        self._values = {name: key.value for name, key in KEYS.items()}
        self._after_reboot: dict[str, str] = {}
        for name, value in (overrides or {}).items():
            self.force(name, value)

    def name_of(self, name: str) -> str | None:
        """The key's own spelling, or None when there is no such key."""
        return self._names.get(name.lower())

    def text(self, name: str) -> str:
        """The value in force."""
        return self._values[name]

    def is_on(self, name: str) -> bool:
        """A boolean key's value."""
        return self._values[name].lower() == "true"

    def number(self, name: str) -> int:
        """An integer key's value."""
        return int(self._values[name])

    def items(self, name: str) -> list[str]:
        """A list key's members."""
        return [item.strip() for item in self._values[name].split(",") if item.strip()]

    def force(self, name: str, value: str) -> None:
        """Set a value from within, read-only or not; KeyError for an unknown key."""
        self._values[self._names[name.lower()]] = value

    def add(self, name: str, value: str) -> None:
        """Have a key of the vendor's own, readable and nothing else."""
        self._names[name.lower()] = name
        self._values[name] = value
        self._keys[name] = Key(value, "text", is_readonly=True)

    def key(self, name: str) -> Key:
        """The row of a key in its own spelling."""
        return self._keys[name]

    def visible(self) -> list[str]:
        """The names that GetConfiguration lists."""
        return [name for name, key in self._keys.items() if not key.is_write_only]

    def change(self, name: str, value: str) -> str:
        """Apply a ChangeConfiguration and return its status (OCPP 1.6 §5.3)."""
        spelled = self.name_of(name)
        if spelled is None:
            return "NotSupported"
        key = self._keys[spelled]
        if key.is_readonly or not _is_valid(spelled, key, value):
            return "Rejected"
        if spelled == "SecurityProfile" and int(value) < self.number(spelled):
            return "Rejected"
        if key.needs_reboot:
            self._after_reboot[spelled] = value
            return "RebootRequired"
        self._values[spelled] = value
        return "Accepted"

    def reboot(self) -> None:
        """Bring into force what waited for a reboot."""
        self._values.update(self._after_reboot)
        self._after_reboot.clear()


def _is_valid(name: str, key: Key, value: str) -> bool:
    if name in PATTERNS:
        return re.fullmatch(PATTERNS[name], value) is not None
    match key.kind:
        case "boolean":
            return value.lower() in {"true", "false"}
        case "integer":
            return re.fullmatch(r"\d{1,9}", value) is not None
        case "measurands":
            items = [item.strip() for item in value.split(",") if item.strip()]
            return len(items) <= MEASURANDS_MAX and all(
                item.split(".L")[0] in MEASURANDS for item in items
            )
        case _:
            return len(value) <= VALUE_CHARACTERS_MAX
