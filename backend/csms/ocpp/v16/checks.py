"""What a wire type cannot say by itself: RFC 3339 times, decimals, lists with an item.

One literal table from wire type to check; a check only answers yes or no, quickly, and
`csms.ocpp.schema` then names the fault.
"""

import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final

from msgspec import UNSET, UnsetType

from csms.ocpp.readings import is_decimal
from csms.ocpp.timestamps import is_rfc_3339
from csms.ocpp.v16 import core, firmware, local_auth_list, reservation, security, smart_charging
from csms.ocpp.v16.types import (
    ChargingProfile,
    ChargingSchedule,
    IdTagInfo,
    MeterValue,
    SampledValue,
)

Check = Callable[[Any], bool]
_TENTH: Final = Decimal("0.1")
_value_of: Callable[[SampledValue], str] = attrgetter("value")


def _is_time(text: str | UnsetType) -> bool:
    return text is UNSET or is_rfc_3339(text)


def _is_limit(value: float | UnsetType) -> bool:
    if value is UNSET or type(value) is int:
        return True
    if not math.isfinite(value):
        return False
    exact = Decimal(str(value))
    return exact.adjusted() > 25 or exact % _TENTH == 0


def _is_info(info: IdTagInfo | UnsetType) -> bool:
    return info is UNSET or info.expiry_date is UNSET or is_rfc_3339(info.expiry_date)


def _is_schedule(schedule: ChargingSchedule | UnsetType) -> bool:
    if schedule is UNSET:
        return True
    return (
        bool(schedule.charging_schedule_period)
        and _is_time(schedule.start_schedule)
        and _is_limit(schedule.min_charging_rate)
        and all(_is_limit(period.limit) for period in schedule.charging_schedule_period)
    )


def _is_profile(profile: ChargingProfile | UnsetType) -> bool:
    if profile is UNSET:
        return True
    return (
        _is_time(profile.valid_from)
        and _is_time(profile.valid_to)
        and _is_schedule(profile.charging_schedule)
    )


def _are_readings(readings: list[MeterValue]) -> bool:
    for reading in readings:
        if not reading.sampled_value or not is_rfc_3339(reading.timestamp):
            return False
        try:
            total = sum(map(float, map(_value_of, reading.sampled_value)))
        except ValueError:
            total = math.nan
        # Signed data is seldom a number, so each sample is looked at only where the sum fails.
        if not math.isfinite(total) and not all(map(_is_sample, reading.sampled_value)):
            return False
    return True


def _is_sample(sample: SampledValue) -> bool:
    return sample.format == "SignedData" or is_decimal(sample.value)


def _is_meter_values(request: core.MeterValuesRequest) -> bool:
    return bool(request.meter_value) and _are_readings(request.meter_value)


def _is_stop(request: core.StopTransactionRequest) -> bool:
    data = request.transaction_data
    return is_rfc_3339(request.timestamp) and (data is UNSET or _are_readings(data))


def _is_list(request: local_auth_list.SendLocalListRequest) -> bool:
    entries = request.local_authorization_list
    return entries is UNSET or all(_is_info(entry.id_tag_info) for entry in entries)


def _is_firmware(request: security.SignedUpdateFirmwareRequest) -> bool:
    image = request.firmware
    return is_rfc_3339(image.retrieve_date_time) and _is_time(image.install_date_time)


CHECKS: Final[Mapping[type, Check]] = {
    core.AuthorizeResponse: lambda answer: _is_info(answer.id_tag_info),
    core.BootNotificationResponse: lambda answer: is_rfc_3339(answer.current_time),
    core.HeartbeatResponse: lambda answer: is_rfc_3339(answer.current_time),
    core.MeterValuesRequest: _is_meter_values,
    core.RemoteStartTransactionRequest: lambda request: _is_profile(request.charging_profile),
    core.StartTransactionRequest: lambda request: is_rfc_3339(request.timestamp),
    core.StartTransactionResponse: lambda answer: _is_info(answer.id_tag_info),
    core.StatusNotificationRequest: lambda request: _is_time(request.timestamp),
    core.StopTransactionRequest: _is_stop,
    core.StopTransactionResponse: lambda answer: _is_info(answer.id_tag_info),
    firmware.GetDiagnosticsRequest: lambda request: (
        _is_time(request.start_time) and _is_time(request.stop_time)
    ),
    firmware.UpdateFirmwareRequest: lambda request: is_rfc_3339(request.retrieve_date),
    local_auth_list.SendLocalListRequest: _is_list,
    reservation.ReserveNowRequest: lambda request: is_rfc_3339(request.expiry_date),
    security.GetLogRequest: lambda request: (
        _is_time(request.log.oldest_timestamp) and _is_time(request.log.latest_timestamp)
    ),
    security.SecurityEventNotificationRequest: lambda request: is_rfc_3339(request.timestamp),
    security.SignedUpdateFirmwareRequest: _is_firmware,
    smart_charging.GetCompositeScheduleResponse: lambda answer: (
        _is_time(answer.schedule_start) and _is_schedule(answer.charging_schedule)
    ),
    smart_charging.SetChargingProfileRequest: lambda request: _is_profile(
        request.cs_charging_profiles
    ),
}
