"""What our calls of the optional profiles and their answers mean: facts, whoever wrote the call."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, Literal

import msgspec
from msgspec import UNSET

from csms.kernel.facts import (
    AvailabilityAgreed,
    CertificateAnswered,
    CertificatesTold,
    ChargingProfileAnswered,
    ChargingProfileAsked,
    ChargingProfilesCleared,
    Fact,
    LocalListAnswered,
    LocalListSent,
    LocalListVersionTold,
    MaintenanceAnswered,
    MaintenanceAsked,
    MaintenanceStatus,
    ReservationAnswered,
    ReservationAsked,
    ReservationCancelled,
    ReservationStatus,
)
from csms.kernel.ids import ConnectorNumber, IdTag, OperationId
from csms.ocpp.timestamps import TimestampError, parse_timestamp
from csms.ocpp.v16 import core, firmware, local_auth_list, reservation, security, smart_charging
from csms.ocpp.v16.types import ChargingProfile, WireType

_RESERVED: Final[dict[str, ReservationStatus]] = {
    "Accepted": "ACCEPTED",
    "Rejected": "REJECTED",
    "Faulted": "FAULTED",
    "Occupied": "OCCUPIED",
    "Unavailable": "UNAVAILABLE",
}
_PROFILES: Final[dict[str, Literal["ACCEPTED", "REJECTED", "NOT_SUPPORTED"]]] = {
    "Accepted": "ACCEPTED",
    "Rejected": "REJECTED",
    "NotSupported": "NOT_SUPPORTED",
}
_ASKED: Final[dict[str, type[WireType]]] = {
    "GetDiagnostics": firmware.GetDiagnosticsRequest,
    "GetLog": security.GetLogRequest,
    "RemoteStartTransaction": core.RemoteStartTransactionRequest,
    "ReserveNow": reservation.ReserveNowRequest,
    "SendLocalList": local_auth_list.SendLocalListRequest,
    "SetChargingProfile": smart_charging.SetChargingProfileRequest,
    "SignedUpdateFirmware": security.SignedUpdateFirmwareRequest,
    "UpdateFirmware": firmware.UpdateFirmwareRequest,
}
_encoder: Final = msgspec.json.Encoder()


def facts_of_call(
    action: str, payload: bytes, operation_id: OperationId, at: datetime
) -> tuple[Fact, ...]:
    """Return what has to be on record before the call goes out."""
    kind = _ASKED.get(action)
    if kind is None:
        return ()
    try:
        request = msgspec.json.decode(payload, type=kind)
    except msgspec.MsgspecError:
        return ()  # an odd raw request goes out, and its answer alone counts
    fact = _asked(request, operation_id, at)
    return () if fact is None else (fact,)


def facts_of_optional_answer(
    payload: bytes, answer: WireType, operation_id: OperationId, at: datetime
) -> tuple[Fact, ...]:
    """Return what an answer to a call of the optional profiles teaches us."""
    for kind, read in _ANSWERS.items():
        if isinstance(answer, kind):
            try:
                fact = read(payload, answer, operation_id, at)
            except msgspec.MsgspecError:
                return ()
            return () if fact is None else (fact,)
    return ()


def _asked(request: WireType, operation_id: OperationId, at: datetime) -> Fact | None:
    match request:
        case reservation.ReserveNowRequest():
            return _reservation_asked(request, operation_id, at)
        case smart_charging.SetChargingProfileRequest():
            profile = request.cs_charging_profiles
            return _profile_asked(profile, request.connector_id, operation_id, at)
        case core.RemoteStartTransactionRequest(charging_profile=ChargingProfile() as profile):
            connector = 0 if request.connector_id is UNSET else request.connector_id
            return _profile_asked(profile, connector, operation_id, at)
        case local_auth_list.SendLocalListRequest():
            return LocalListSent(
                operation_id=operation_id,
                version=request.list_version,
                update_type=request.update_type,
                entries=_entries(request),
                sent_at=at,
            )
        case _:
            return _maintenance_asked(request, operation_id, at)


def _reservation_asked(
    request: reservation.ReserveNowRequest, operation_id: OperationId, at: datetime
) -> ReservationAsked | None:
    if request.reservation_id <= 0:
        return None
    try:
        expires_at = parse_timestamp(request.expiry_date).at_utc
    except TimestampError:
        return None
    parent = request.parent_id_tag
    return ReservationAsked(
        reservation_id=request.reservation_id,
        operation_id=operation_id,
        connector=ConnectorNumber(request.connector_id),
        id_tag=IdTag(request.id_tag),
        expires_at=expires_at,
        asked_at=at,
        parent_id_tag=None if parent is UNSET else IdTag(parent),
    )


def _profile_asked(
    profile: ChargingProfile, connector: int, operation_id: OperationId, at: datetime
) -> Fact:
    return ChargingProfileAsked(
        operation_id=operation_id,
        connector=ConnectorNumber(connector),
        profile_id=profile.charging_profile_id,
        purpose=profile.charging_profile_purpose,
        stack_level=profile.stack_level,
        profile=_json(profile),
        asked_at=at,
        transaction_id=None if profile.transaction_id is UNSET else profile.transaction_id,
    )


def _maintenance_asked(
    request: WireType, operation_id: OperationId, at: datetime
) -> MaintenanceAsked | None:
    match request:
        case firmware.UpdateFirmwareRequest():
            return MaintenanceAsked(operation_id, "FIRMWARE", request.location, at)
        case firmware.GetDiagnosticsRequest():
            return MaintenanceAsked(operation_id, "DIAGNOSTICS", request.location, at)
        case security.GetLogRequest():
            location, number = request.log.remote_location, request.request_id
            return MaintenanceAsked(operation_id, "LOG", location, at, number)
        case security.SignedUpdateFirmwareRequest():
            location, number = request.firmware.location, request.request_id
            return MaintenanceAsked(operation_id, "SIGNED_FIRMWARE", location, at, number)
        case _:
            return None


def _entries(request: local_auth_list.SendLocalListRequest) -> str:
    entries = request.local_authorization_list
    return "[]" if entries is UNSET else _json(entries)


def _of_reservation(
    payload: bytes, answer: reservation.ReserveNowResponse, operation_id: OperationId, at: datetime
) -> Fact | None:
    request = msgspec.json.decode(payload, type=reservation.ReserveNowRequest)
    asked = _reservation_asked(request, operation_id, at)
    if asked is None:
        return None
    return ReservationAnswered(asked, _RESERVED[answer.status], at)


def _of_cancel(
    payload: bytes,
    answer: reservation.CancelReservationResponse,
    _: OperationId,
    at: datetime,
) -> Fact | None:
    request = msgspec.json.decode(payload, type=reservation.CancelReservationRequest)
    if answer.status != "Accepted":
        return None
    return ReservationCancelled(request.reservation_id, at)


def _of_profile(
    _: bytes,
    answer: smart_charging.SetChargingProfileResponse,
    operation_id: OperationId,
    at: datetime,
) -> Fact:
    return ChargingProfileAnswered(operation_id, _PROFILES[answer.status], at)


def _of_remote_start(
    payload: bytes,
    answer: core.RemoteStartTransactionResponse,
    operation_id: OperationId,
    at: datetime,
) -> Fact | None:
    request = msgspec.json.decode(payload, type=core.RemoteStartTransactionRequest)
    if request.charging_profile is UNSET:
        return None
    return ChargingProfileAnswered(operation_id, _PROFILES[answer.status], at)


def _of_clear(
    payload: bytes,
    answer: smart_charging.ClearChargingProfileResponse,
    _: OperationId,
    at: datetime,
) -> Fact | None:
    request = msgspec.json.decode(payload, type=smart_charging.ClearChargingProfileRequest)
    if answer.status != "Accepted":
        return None
    connector = request.connector_id
    return ChargingProfilesCleared(
        cleared_at=at,
        profile_id=_or_none(request.id),
        connector=None if connector is UNSET else ConnectorNumber(connector),
        purpose=_or_none(request.charging_profile_purpose),
        stack_level=_or_none(request.stack_level),
    )


def _of_availability(
    payload: bytes,
    answer: core.ChangeAvailabilityResponse,
    operation_id: OperationId,
    at: datetime,
) -> Fact | None:
    request = msgspec.json.decode(payload, type=core.ChangeAvailabilityRequest)
    if answer.status == "Rejected":
        return None
    return AvailabilityAgreed(
        operation_id=operation_id,
        connector=ConnectorNumber(request.connector_id),
        type=request.type,
        answer=answer.status,
        agreed_at=at,
    )


def _of_list(
    payload: bytes,
    answer: local_auth_list.SendLocalListResponse,
    operation_id: OperationId,
    at: datetime,
) -> Fact:
    request = msgspec.json.decode(payload, type=local_auth_list.SendLocalListRequest)
    return LocalListAnswered(
        operation_id=operation_id,
        version=request.list_version,
        update_type=request.update_type,
        entries=_entries(request),
        status=answer.status,
        answered_at=at,
    )


def _of_list_version(
    _: bytes,
    answer: local_auth_list.GetLocalListVersionResponse,
    __: OperationId,
    at: datetime,
) -> Fact:
    return LocalListVersionTold(answer.list_version, at)


def _of_diagnostics(
    _: bytes, answer: firmware.GetDiagnosticsResponse, operation_id: OperationId, at: datetime
) -> Fact:
    name = _or_none(answer.file_name)
    # Without a name there is nothing to upload (OCPP 1.6 §5.9).
    status: MaintenanceStatus = "RUNNING" if name else "REFUSED"
    return MaintenanceAnswered(operation_id, status, at, None, name)


def _of_firmware(
    _: bytes, __: firmware.UpdateFirmwareResponse, operation_id: OperationId, at: datetime
) -> Fact:
    return MaintenanceAnswered(operation_id, "RUNNING", at)


def _of_log(
    _: bytes, answer: security.GetLogResponse, operation_id: OperationId, at: datetime
) -> Fact:
    status: MaintenanceStatus = "REFUSED" if answer.status == "Rejected" else "RUNNING"
    return MaintenanceAnswered(operation_id, status, at, answer.status, _or_none(answer.filename))


def _of_signed_firmware(
    _: bytes, answer: security.SignedUpdateFirmwareResponse, operation_id: OperationId, at: datetime
) -> Fact:
    is_taken = answer.status in {"Accepted", "AcceptedCanceled"}
    status: MaintenanceStatus = "RUNNING" if is_taken else "REFUSED"
    return MaintenanceAnswered(operation_id, status, at, answer.status)


def _of_signed_certificate(
    _: bytes, answer: security.CertificateSignedResponse, __: OperationId, at: datetime
) -> Fact:
    return CertificateAnswered(answer.status, at)


def _of_certificates(
    payload: bytes,
    answer: security.GetInstalledCertificateIdsResponse,
    _: OperationId,
    at: datetime,
) -> Fact:
    request = msgspec.json.decode(payload, type=security.GetInstalledCertificateIdsRequest)
    hashes = answer.certificate_hash_data
    return CertificatesTold(
        request.certificate_type, "[]" if hashes is UNSET else _json(hashes), at
    )


_Read = Callable[[bytes, Any, OperationId, datetime], Fact | None]
_ANSWERS: Final[dict[type[WireType], _Read]] = {
    core.ChangeAvailabilityResponse: _of_availability,
    core.RemoteStartTransactionResponse: _of_remote_start,
    security.CertificateSignedResponse: _of_signed_certificate,
    firmware.GetDiagnosticsResponse: _of_diagnostics,
    firmware.UpdateFirmwareResponse: _of_firmware,
    local_auth_list.GetLocalListVersionResponse: _of_list_version,
    local_auth_list.SendLocalListResponse: _of_list,
    reservation.CancelReservationResponse: _of_cancel,
    reservation.ReserveNowResponse: _of_reservation,
    security.GetInstalledCertificateIdsResponse: _of_certificates,
    security.GetLogResponse: _of_log,
    security.SignedUpdateFirmwareResponse: _of_signed_firmware,
    smart_charging.ClearChargingProfileResponse: _of_clear,
    smart_charging.SetChargingProfileResponse: _of_profile,
}


def _or_none(value: Any) -> Any:
    return None if value is UNSET else value


def _json(value: object) -> str:
    return _encoder.encode(value).decode()
