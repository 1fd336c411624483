"""Wire types of the Core profile (OCPP 1.6 §6)."""

from typing import Literal

from msgspec import UNSET, UnsetType

from csms.ocpp.v16.types import (
    AcceptedRejected,
    ChargePointErrorCode,
    ChargePointStatus,
    ChargingProfile,
    CiString20,
    CiString25,
    CiString50,
    CiString255,
    CiString500,
    IdTagInfo,
    IdToken,
    Integer,
    MeterValue,
    NaturalNumber,
    PositiveNumber,
    RegisterWh,
    Timestamp,
    WireType,
)

AvailabilityType = Literal["Inoperative", "Operative"]
AvailabilityStatus = Literal["Accepted", "Rejected", "Scheduled"]
ConfigurationStatus = Literal["Accepted", "Rejected", "RebootRequired", "NotSupported"]
DataTransferStatus = Literal["Accepted", "Rejected", "UnknownMessageId", "UnknownVendorId"]
RegistrationStatus = Literal["Accepted", "Pending", "Rejected"]
ResetType = Literal["Hard", "Soft"]
UnlockStatus = Literal["Unlocked", "UnlockFailed", "NotSupported"]
StopReason = Literal[
    "EmergencyStop",
    "EVDisconnected",
    "HardReset",
    "Local",
    "Other",
    "PowerLoss",
    "Reboot",
    "Remote",
    "SoftReset",
    "UnlockCommand",
    "DeAuthorized",
]


class AuthorizeRequest(WireType, frozen=True, kw_only=True):
    """May this id tag charge? (§6.1)"""

    id_tag: IdToken


class AuthorizeResponse(WireType, frozen=True, kw_only=True):
    """What we know of the id tag (§6.2)."""

    id_tag_info: IdTagInfo


class BootNotificationRequest(WireType, frozen=True, kw_only=True):
    """A charger introduces itself (§6.3)."""

    charge_point_vendor: CiString20
    charge_point_model: CiString20
    charge_point_serial_number: CiString25 | UnsetType = UNSET
    charge_box_serial_number: CiString25 | UnsetType = UNSET
    firmware_version: CiString50 | UnsetType = UNSET
    iccid: CiString20 | UnsetType = UNSET
    imsi: CiString20 | UnsetType = UNSET
    meter_type: CiString25 | UnsetType = UNSET
    meter_serial_number: CiString25 | UnsetType = UNSET


class BootNotificationResponse(WireType, frozen=True, kw_only=True):
    """Whether the charger is registered; `interval` in s (§6.4, EJ 2.3)."""

    status: RegistrationStatus
    current_time: Timestamp
    interval: Integer


class ChangeAvailabilityRequest(WireType, frozen=True, kw_only=True):
    """Put a connector, or with 0 the whole charger, in or out of service (§6.7)."""

    connector_id: NaturalNumber
    type: AvailabilityType


class ChangeAvailabilityResponse(WireType, frozen=True, kw_only=True):
    """Whether it will (§6.8)."""

    status: AvailabilityStatus


class ChangeConfigurationRequest(WireType, frozen=True, kw_only=True):
    """Set one configuration key (§6.9)."""

    key: CiString50
    value: CiString500


class ChangeConfigurationResponse(WireType, frozen=True, kw_only=True):
    """Whether the key was set (§6.10)."""

    status: ConfigurationStatus


class ClearCacheRequest(WireType, frozen=True, kw_only=True):
    """Empty the authorization cache (§6.11)."""


class ClearCacheResponse(WireType, frozen=True, kw_only=True):
    """Whether the cache was emptied (§6.12)."""

    status: AcceptedRejected


class DataTransferRequest(WireType, frozen=True, kw_only=True):
    """A vendor's own message, either way (§6.15)."""

    vendor_id: CiString255
    message_id: CiString50 | UnsetType = UNSET
    data: str | UnsetType = UNSET


class DataTransferResponse(WireType, frozen=True, kw_only=True):
    """The answer to a vendor's own message (§6.16)."""

    status: DataTransferStatus
    data: str | UnsetType = UNSET


class GetConfigurationRequest(WireType, frozen=True, kw_only=True):
    """Read these keys, or all of them (§6.23)."""

    key: list[CiString50] | UnsetType = UNSET


class ConfigurationKey(WireType, frozen=True, kw_only=True):
    """A key with its value (§7.29 KeyValue)."""

    key: CiString50
    readonly: bool
    value: CiString500 | UnsetType = UNSET


class GetConfigurationResponse(WireType, frozen=True, kw_only=True):
    """Keys that the charger knows and those it does not (§6.24)."""

    configuration_key: list[ConfigurationKey] | UnsetType = UNSET
    unknown_key: list[CiString50] | UnsetType = UNSET


class HeartbeatRequest(WireType, frozen=True, kw_only=True):
    """A sign of life (§6.29)."""


class HeartbeatResponse(WireType, frozen=True, kw_only=True):
    """Our time (§6.30)."""

    current_time: Timestamp


class MeterValuesRequest(WireType, frozen=True, kw_only=True):
    """Readings of a connector; 0 is the main meter (§6.31)."""

    connector_id: NaturalNumber
    transaction_id: Integer | UnsetType = UNSET
    meter_value: list[MeterValue]


class MeterValuesResponse(WireType, frozen=True, kw_only=True):
    """Received (§6.32)."""


class RemoteStartTransactionRequest(WireType, frozen=True, kw_only=True):
    """Start a session for this id tag (§6.33)."""

    connector_id: PositiveNumber | UnsetType = UNSET
    id_tag: IdToken
    charging_profile: ChargingProfile | UnsetType = UNSET


class RemoteStartTransactionResponse(WireType, frozen=True, kw_only=True):
    """Whether the charger will try (§6.34)."""

    status: AcceptedRejected


class RemoteStopTransactionRequest(WireType, frozen=True, kw_only=True):
    """Stop this session (§6.35)."""

    transaction_id: Integer


class RemoteStopTransactionResponse(WireType, frozen=True, kw_only=True):
    """Whether the charger will (§6.36)."""

    status: AcceptedRejected


class ResetRequest(WireType, frozen=True, kw_only=True):
    """Restart (§6.39)."""

    type: ResetType


class ResetResponse(WireType, frozen=True, kw_only=True):
    """Whether the charger will restart (§6.40)."""

    status: AcceptedRejected


class StartTransactionRequest(WireType, frozen=True, kw_only=True):
    """A session has started; `meter_start` in Wh (§6.45)."""

    connector_id: PositiveNumber
    id_tag: IdToken
    meter_start: RegisterWh
    reservation_id: Integer | UnsetType = UNSET
    timestamp: Timestamp


class StartTransactionResponse(WireType, frozen=True, kw_only=True):
    """The session's id and what we know of the id tag (§6.46)."""

    id_tag_info: IdTagInfo
    transaction_id: Integer


class StatusNotificationRequest(WireType, frozen=True, kw_only=True):
    """The state of a connector; 0 is the charger itself (§6.47)."""

    connector_id: NaturalNumber
    error_code: ChargePointErrorCode
    info: CiString50 | UnsetType = UNSET
    status: ChargePointStatus
    timestamp: Timestamp | UnsetType = UNSET
    vendor_id: CiString255 | UnsetType = UNSET
    vendor_error_code: CiString50 | UnsetType = UNSET


class StatusNotificationResponse(WireType, frozen=True, kw_only=True):
    """Received (§6.48)."""


class StopTransactionRequest(WireType, frozen=True, kw_only=True):
    """A session has ended; `meter_stop` in Wh (§6.49, EJ 2.5)."""

    id_tag: IdToken | UnsetType = UNSET
    meter_stop: RegisterWh
    timestamp: Timestamp
    transaction_id: Integer
    reason: StopReason | UnsetType = UNSET
    transaction_data: list[MeterValue] | UnsetType = UNSET


class StopTransactionResponse(WireType, frozen=True, kw_only=True):
    """What we know of the id tag that stopped it (§6.50)."""

    id_tag_info: IdTagInfo | UnsetType = UNSET


class UnlockConnectorRequest(WireType, frozen=True, kw_only=True):
    """Release the cable (§6.53)."""

    connector_id: PositiveNumber


class UnlockConnectorResponse(WireType, frozen=True, kw_only=True):
    """Whether the cable was released (§6.54)."""

    status: UnlockStatus
