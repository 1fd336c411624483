"""Types that several OCPP 1.6 messages share (OCPP 1.6 §7, whitepaper §6)."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType


class WireType(Struct, rename="camel", forbid_unknown_fields=True, frozen=True, gc=False):
    """Base of every wire type: camelCase on the wire, closed, immutable, absent members UNSET."""


INT32_MIN, INT32_MAX = -(2**31), 2**31 - 1
INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1

# An integer of OCPP 1.6 is an xsd:int; a register in Wh may pass 2^31 on a busy charger.
Integer = Annotated[int, Meta(ge=INT32_MIN, le=INT32_MAX)]
NaturalNumber = Annotated[int, Meta(ge=0, le=INT32_MAX)]
PositiveNumber = Annotated[int, Meta(ge=1, le=INT32_MAX)]
RegisterWh = Annotated[int, Meta(ge=INT64_MIN, le=INT64_MAX)]

CiString20 = Annotated[str, Meta(max_length=20)]
CiString25 = Annotated[str, Meta(max_length=25)]
CiString50 = Annotated[str, Meta(max_length=50)]
CiString255 = Annotated[str, Meta(max_length=255)]
CiString500 = Annotated[str, Meta(max_length=500)]
IdToken = CiString20

# Text of an RFC 3339 time; its form is checked by `csms.ocpp.v16.checks`.
Timestamp = str
# A number with at most one decimal place; checked there as well.
Limit = int | float
Uri = Annotated[str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9+.\-]*:[^\s]+$")]

AcceptedRejected = Literal["Accepted", "Rejected"]
AuthorizationStatus = Literal["Accepted", "Blocked", "Expired", "Invalid", "ConcurrentTx"]
ChargePointErrorCode = Literal[
    "ConnectorLockFailure",
    "EVCommunicationError",
    "GroundFailure",
    "HighTemperature",
    "InternalError",
    "LocalListConflict",
    "NoError",
    "OtherError",
    "OverCurrentFailure",
    "PowerMeterFailure",
    "PowerSwitchFailure",
    "ReaderFailure",
    "ResetFailure",
    "UnderVoltage",
    "OverVoltage",
    "WeakSignal",
]
ChargePointStatus = Literal[
    "Available",
    "Preparing",
    "Charging",
    "SuspendedEVSE",
    "SuspendedEV",
    "Finishing",
    "Reserved",
    "Unavailable",
    "Faulted",
]
ReadingContext = Literal[
    "Interruption.Begin",
    "Interruption.End",
    "Sample.Clock",
    "Sample.Periodic",
    "Transaction.Begin",
    "Transaction.End",
    "Trigger",
    "Other",
]
ValueFormat = Literal["Raw", "SignedData"]
Measurand = Literal[
    "Energy.Active.Export.Register",
    "Energy.Active.Import.Register",
    "Energy.Reactive.Export.Register",
    "Energy.Reactive.Import.Register",
    "Energy.Active.Export.Interval",
    "Energy.Active.Import.Interval",
    "Energy.Reactive.Export.Interval",
    "Energy.Reactive.Import.Interval",
    "Power.Active.Export",
    "Power.Active.Import",
    "Power.Offered",
    "Power.Reactive.Export",
    "Power.Reactive.Import",
    "Power.Factor",
    "Current.Import",
    "Current.Export",
    "Current.Offered",
    "Voltage",
    "Frequency",
    "Temperature",
    "SoC",
    "RPM",
]
Phase = Literal["L1", "L2", "L3", "N", "L1-N", "L2-N", "L3-N", "L1-L2", "L2-L3", "L3-L1"]
Location = Literal["Cable", "EV", "Inlet", "Outlet", "Body"]
UnitOfMeasure = Literal[
    "Wh",
    "kWh",
    "varh",
    "kvarh",
    "W",
    "kW",
    "VA",
    "kVA",
    "var",
    "kvar",
    "A",
    "V",
    "K",
    "Celcius",
    "Celsius",
    "Fahrenheit",
    "Percent",
    "Hertz",
]
ChargingRateUnit = Literal["A", "W"]
ChargingProfilePurpose = Literal["ChargePointMaxProfile", "TxDefaultProfile", "TxProfile"]
ChargingProfileKind = Literal["Absolute", "Recurring", "Relative"]
RecurrencyKind = Literal["Daily", "Weekly"]


class IdTagInfo(WireType, frozen=True, kw_only=True):
    """What we say about an id tag (§7.27, E 3.72)."""

    expiry_date: Timestamp | UnsetType = UNSET
    parent_id_tag: IdToken | UnsetType = UNSET
    status: AuthorizationStatus


class SampledValue(WireType, frozen=True, kw_only=True):
    """One value of a meter; `value` is text: a decimal number, or signed data (§7.43)."""

    value: str
    context: ReadingContext | UnsetType = UNSET
    format: ValueFormat | UnsetType = UNSET
    measurand: Measurand | UnsetType = UNSET
    phase: Phase | UnsetType = UNSET
    location: Location | UnsetType = UNSET
    unit: UnitOfMeasure | UnsetType = UNSET


class MeterValue(WireType, frozen=True, kw_only=True):
    """All values sampled at one time (§7.33)."""

    timestamp: Timestamp
    sampled_value: list[SampledValue]


class ChargingSchedulePeriod(WireType, frozen=True, kw_only=True):
    """A step of a schedule; `start_period` in s from its start, `limit` in A or W (§7.14)."""

    start_period: Integer
    limit: Limit
    number_phases: Integer | UnsetType = UNSET


class ChargingSchedule(WireType, frozen=True, kw_only=True):
    """Limits over time; `duration` in s (§7.13)."""

    duration: Integer | UnsetType = UNSET
    start_schedule: Timestamp | UnsetType = UNSET
    charging_rate_unit: ChargingRateUnit
    charging_schedule_period: list[ChargingSchedulePeriod]
    min_charging_rate: Limit | UnsetType = UNSET


class ChargingProfile(WireType, frozen=True, kw_only=True):
    """A schedule with its place in the stack and its time of validity (§7.8)."""

    charging_profile_id: Integer
    transaction_id: Integer | UnsetType = UNSET
    stack_level: NaturalNumber
    charging_profile_purpose: ChargingProfilePurpose
    charging_profile_kind: ChargingProfileKind
    recurrency_kind: RecurrencyKind | UnsetType = UNSET
    valid_from: Timestamp | UnsetType = UNSET
    valid_to: Timestamp | UnsetType = UNSET
    charging_schedule: ChargingSchedule
