"""Wire types of the Smart Charging profile (OCPP 1.6 §6)."""

from typing import Literal

from msgspec import UNSET, UnsetType

from csms.ocpp.v16.types import (
    AcceptedRejected,
    ChargingProfile,
    ChargingProfilePurpose,
    ChargingRateUnit,
    ChargingSchedule,
    Integer,
    NaturalNumber,
    Timestamp,
    WireType,
)

ClearChargingProfileStatus = Literal["Accepted", "Unknown"]
ChargingProfileStatus = Literal["Accepted", "Rejected", "NotSupported"]


class ClearChargingProfileRequest(WireType, frozen=True, kw_only=True):
    """Remove the profiles that match every given member (§6.13, E 3.25)."""

    id: Integer | UnsetType = UNSET
    connector_id: NaturalNumber | UnsetType = UNSET
    charging_profile_purpose: ChargingProfilePurpose | UnsetType = UNSET
    stack_level: Integer | UnsetType = UNSET


class ClearChargingProfileResponse(WireType, frozen=True, kw_only=True):
    """Whether any matched (§6.14)."""

    status: ClearChargingProfileStatus


class GetCompositeScheduleRequest(WireType, frozen=True, kw_only=True):
    """What do all profiles together allow? `duration` in s (§6.21)."""

    connector_id: NaturalNumber
    duration: Integer
    charging_rate_unit: ChargingRateUnit | UnsetType = UNSET


class GetCompositeScheduleResponse(WireType, frozen=True, kw_only=True):
    """The schedule that results (§6.22)."""

    status: AcceptedRejected
    connector_id: Integer | UnsetType = UNSET
    schedule_start: Timestamp | UnsetType = UNSET
    charging_schedule: ChargingSchedule | UnsetType = UNSET


class SetChargingProfileRequest(WireType, frozen=True, kw_only=True):
    """Install a charging profile (§6.43, E 3.39)."""

    connector_id: NaturalNumber
    cs_charging_profiles: ChargingProfile


class SetChargingProfileResponse(WireType, frozen=True, kw_only=True):
    """Whether it was installed (§6.44)."""

    status: ChargingProfileStatus
