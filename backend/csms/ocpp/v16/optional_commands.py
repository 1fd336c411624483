"""Commands of the optional profiles and the security extension, as OCPP 1.6 says them."""

from datetime import datetime
from typing import TypeVar, assert_never

import msgspec

from csms.domain.operations.commands import (
    CancelReservation,
    CertificateSigned,
    ClearChargingProfile,
    DeleteCertificate,
    ExtendedTriggerMessage,
    GetCompositeSchedule,
    GetDiagnostics,
    GetInstalledCertificateIds,
    GetLocalListVersion,
    GetLog,
    InstallCertificate,
    ListedTag,
    ReserveNow,
    SendLocalList,
    SetChargingProfile,
    SignedUpdateFirmware,
    UpdateFirmware,
)
from csms.ocpp.timestamps import format_timestamp
from csms.ocpp.v16 import firmware, local_auth_list, reservation, security, smart_charging
from csms.ocpp.v16.types import WireType

RequestT = TypeVar("RequestT", bound=WireType)

ReservationCommand = ReserveNow | CancelReservation
ListCommand = GetLocalListVersion | SendLocalList
SmartChargingCommand = SetChargingProfile | ClearChargingProfile | GetCompositeSchedule
MaintenanceCommand = GetDiagnostics | UpdateFirmware | GetLog | SignedUpdateFirmware
SecurityCommand = (
    ExtendedTriggerMessage
    | CertificateSigned
    | InstallCertificate
    | DeleteCertificate
    | GetInstalledCertificateIds
)
OptionalCommand = (
    ReservationCommand | ListCommand | SmartChargingCommand | MaintenanceCommand | SecurityCommand
)


def optional_request_of(command: OptionalCommand) -> WireType:
    """Return the request. Raises msgspec.ValidationError for what its type cannot hold."""
    match command:
        case ReserveNow() | CancelReservation():
            return _reservation(command)
        case GetLocalListVersion() | SendLocalList():
            return _local_list(command)
        case SetChargingProfile() | ClearChargingProfile() | GetCompositeSchedule():
            return _smart_charging(command)
        case GetDiagnostics() | UpdateFirmware() | GetLog() | SignedUpdateFirmware():
            return _maintenance(command)
        case _:
            return _security(command)


def _reservation(command: ReservationCommand) -> WireType:
    if isinstance(command, CancelReservation):
        return reservation.CancelReservationRequest(reservation_id=command.reservation_id)
    return _made(
        reservation.ReserveNowRequest,
        connectorId=command.connector,
        expiryDate=_time(command.expires_at),
        idTag=command.id_tag,
        parentIdTag=command.parent_id_tag,
        reservationId=command.reservation_id,
    )


def _local_list(command: ListCommand) -> WireType:
    if isinstance(command, GetLocalListVersion):
        return local_auth_list.GetLocalListVersionRequest()
    return _made(
        local_auth_list.SendLocalListRequest,
        listVersion=command.list_version,
        localAuthorizationList=[_listed(one) for one in command.entries] or None,
        updateType=command.update_type,
    )


def _listed(entry: ListedTag) -> dict[str, object]:
    if entry.status is None:
        return {"idTag": entry.id_tag}
    info = _given(
        expiryDate=_time(entry.expires_at), parentIdTag=entry.parent_id_tag, status=entry.status
    )
    return {"idTag": entry.id_tag, "idTagInfo": info}


def _smart_charging(command: SmartChargingCommand) -> WireType:
    match command:
        case SetChargingProfile():
            return _made(
                smart_charging.SetChargingProfileRequest,
                connectorId=command.connector,
                csChargingProfiles=command.charging_profile,
            )
        case ClearChargingProfile():
            return _made(
                smart_charging.ClearChargingProfileRequest,
                id=command.profile_id,
                connectorId=command.connector,
                chargingProfilePurpose=command.purpose,
                stackLevel=command.stack_level,
            )
        case GetCompositeSchedule():
            return _made(
                smart_charging.GetCompositeScheduleRequest,
                connectorId=command.connector,
                duration=command.duration_s,
                chargingRateUnit=command.rate_unit,
            )
        case _:
            assert_never(command)


def _maintenance(command: MaintenanceCommand) -> WireType:
    tries = _given(retries=command.retries, retryInterval=command.retry_interval_s)
    match command:
        case GetDiagnostics():
            return _made(
                firmware.GetDiagnosticsRequest,
                location=command.location,
                startTime=_time(command.oldest_at),
                stopTime=_time(command.latest_at),
                **tries,
            )
        case UpdateFirmware():
            return _made(
                firmware.UpdateFirmwareRequest,
                location=command.location,
                retrieveDate=_time(command.retrieve_at),
                **tries,
            )
        case GetLog():
            log = _given(
                remoteLocation=command.location,
                oldestTimestamp=_time(command.oldest_at),
                latestTimestamp=_time(command.latest_at),
            )
            return _made(
                security.GetLogRequest,
                log=log,
                logType=command.log_type,
                requestId=command.request_id,
                **tries,
            )
        case SignedUpdateFirmware():
            image = _given(
                location=command.location,
                retrieveDateTime=_time(command.retrieve_at),
                installDateTime=_time(command.install_at),
                signingCertificate=command.signing_certificate,
                signature=command.signature,
            )
            return _made(
                security.SignedUpdateFirmwareRequest,
                requestId=command.request_id,
                firmware=image,
                **tries,
            )
        case _:
            assert_never(command)


def _security(command: SecurityCommand) -> WireType:
    match command:
        case ExtendedTriggerMessage():
            return _made(
                security.ExtendedTriggerMessageRequest,
                requestedMessage=command.requested_message,
                connectorId=command.connector,
            )
        case CertificateSigned():
            return security.CertificateSignedRequest(certificate_chain=command.certificate_chain)
        case InstallCertificate():
            return security.InstallCertificateRequest(
                certificate_type=command.use, certificate=command.certificate
            )
        case DeleteCertificate():
            return security.DeleteCertificateRequest(
                certificate_hash_data=security.CertificateHashData(
                    hash_algorithm=command.hash_algorithm,
                    issuer_name_hash=command.issuer_name_hash,
                    issuer_key_hash=command.issuer_key_hash,
                    serial_number=command.serial_number,
                )
            )
        case GetInstalledCertificateIds():
            return security.GetInstalledCertificateIdsRequest(certificate_type=command.use)
        case _:
            assert_never(command)


def _made(kind: type[RequestT], **members: object) -> RequestT:
    return msgspec.convert(_given(**members), kind)


def _given(**members: object) -> dict[str, object]:
    return {name: value for name, value in members.items() if value is not None}


def _time(at: datetime | None) -> str | None:
    return None if at is None else format_timestamp(at)
