"""What operators ask of chargers beyond the core: one address per operation, one honest answer."""

from typing import Annotated, Any

from fastapi import Body, Request, Response

from csms.api.access import operator_router
from csms.api.asking import wait_of
from csms.api.auth import Person, ServicesOf
from csms.api.operations import operation_answer, operation_answers
from csms.api.paging import RowId
from csms.api.schemas.charger_commands import (
    CancelReservationBody,
    CertificateSignedBody,
    ClearChargingProfileBody,
    DeleteCertificateBody,
    ExtendedTriggerMessageBody,
    GetDiagnosticsBody,
    GetInstalledCertificateIdsBody,
    GetLocalListVersionBody,
    GetLogBody,
    InstallCertificateBody,
    ReserveNowBody,
    SendLocalListBody,
    SetChargingProfileBody,
    SignedUpdateFirmwareBody,
    UpdateFirmwareBody,
)
from csms.api.schemas.operations import OperationBody
from csms.api.services import Services
from csms.api.wire_numbers import numbered_profile
from csms.domain.operations.commands import Command
from csms.domain.smart_charging.profiles import ProfileId
from csms.kernel.errors import InvalidError
from csms.kernel.ids import ChargerId
from csms.reads.reservations import require_free_reservation

router = operator_router("/api/admin/chargers/{charger_id}", "operations")

ANSWERS = operation_answers()


class ProfileMissingError(InvalidError):
    """The request names no charging profile."""


@router.post("/get-diagnostics", summary="Upload diagnostics", responses=ANSWERS)
async def get_diagnostics(
    request: Request,
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    body: GetDiagnosticsBody,
) -> Response:
    """GetDiagnostics; how it goes follows as a maintenance job."""
    return await _ask(request, services, person, charger_id, body.command(), body)


@router.post("/update-firmware", summary="Update the firmware", responses=ANSWERS)
async def update_firmware(
    request: Request,
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    body: UpdateFirmwareBody,
) -> Response:
    """UpdateFirmware; the boot with another version is the proof."""
    return await _ask(
        request, services, person, charger_id, body.command(services.clock.now()), body
    )


@router.post("/get-local-list-version", summary="Ask for the local list version", responses=ANSWERS)
async def get_local_list_version(
    request: Request,
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    body: Annotated[GetLocalListVersionBody, Body(default_factory=GetLocalListVersionBody)],
) -> Response:
    """GetLocalListVersion: -1 without lists, 0 for an empty one."""
    return await _ask(request, services, person, charger_id, body.command(), body)


@router.post("/send-local-list", summary="Bring the local list up to date", responses=ANSWERS)
async def send_local_list(
    request: Request,
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    body: Annotated[SendLocalListBody, Body(default_factory=SendLocalListBody)],
) -> Response:
    """SendLocalList, in parts where the charger takes no more; a full one follows a refused change."""
    asked = await services.local_lists.send(
        person.actor,
        ChargerId(charger_id),
        update_type=body.update_type,
        version=body.list_version,
        entries=body.listed(),
        wait_s=wait_of(request, body.wait_s),
    )
    return operation_answer(asked)


@router.post("/reserve-now", summary="Reserve a connector", responses=ANSWERS)
async def reserve_now(
    request: Request,
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    body: ReserveNowBody,
) -> Response:
    """ReserveNow; it goes out whatever we believe of the connector."""
    await require_free_reservation(
        services.database, person.actor.organization_id, body.reservation_id, charger_id
    )
    command = body.command(body.reservation_id or await services.numbers.next())
    return await _ask(request, services, person, charger_id, command, body)


@router.post("/cancel-reservation", summary="Cancel a reservation", responses=ANSWERS)
async def cancel_reservation(
    request: Request,
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    body: CancelReservationBody,
) -> Response:
    """CancelReservation; one that we do not know goes out too."""
    return await _ask(request, services, person, charger_id, body.command(), body)


@router.post("/set-charging-profile", summary="Install a charging profile", responses=ANSWERS)
async def set_charging_profile(
    request: Request,
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    body: SetChargingProfileBody,
) -> Response:
    """SetChargingProfile, with a profile given here or one that is kept."""
    profile = await _profile(services, person, body)
    return await _ask(request, services, person, charger_id, body.command(profile), body)


@router.post("/clear-charging-profile", summary="Remove charging profiles", responses=ANSWERS)
async def clear_charging_profile(
    request: Request,
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    body: Annotated[ClearChargingProfileBody, Body(default_factory=ClearChargingProfileBody)],
) -> Response:
    """ClearChargingProfile; without any member all of them."""
    return await _ask(request, services, person, charger_id, body.command(), body)


@router.post(
    "/extended-trigger-message",
    summary="Ask for a message now (security extension)",
    responses=ANSWERS,
)
async def extended_trigger_message(
    request: Request,
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    body: ExtendedTriggerMessageBody,
) -> Response:
    """ExtendedTriggerMessage; the message itself follows by itself."""
    return await _ask(request, services, person, charger_id, body.command(), body)


@router.post("/certificate-signed", summary="Hand over a signed certificate", responses=ANSWERS)
async def certificate_signed(
    request: Request,
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    body: CertificateSignedBody,
) -> Response:
    """CertificateSigned, with the chain for the latest request of the charger."""
    return await _ask(request, services, person, charger_id, body.command(), body)


@router.post("/install-certificate", summary="Install a root certificate", responses=ANSWERS)
async def install_certificate(
    request: Request,
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    body: InstallCertificateBody,
) -> Response:
    """InstallCertificate."""
    return await _ask(request, services, person, charger_id, body.command(), body)


@router.post("/delete-certificate", summary="Remove a root certificate", responses=ANSWERS)
async def delete_certificate(
    request: Request,
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    body: DeleteCertificateBody,
) -> Response:
    """DeleteCertificate."""
    return await _ask(request, services, person, charger_id, body.command(), body)


@router.post(
    "/get-installed-certificate-ids", summary="List the installed roots", responses=ANSWERS
)
async def get_installed_certificate_ids(
    request: Request,
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    body: GetInstalledCertificateIdsBody,
) -> Response:
    """GetInstalledCertificateIds."""
    return await _ask(request, services, person, charger_id, body.command(), body)


@router.post("/get-log", summary="Upload a log", responses=ANSWERS)
async def get_log(
    request: Request,
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    body: GetLogBody,
) -> Response:
    """GetLog; how it goes follows as a maintenance job."""
    command = body.command(body.request_id or await services.numbers.next())
    return await _ask(request, services, person, charger_id, command, body)


@router.post("/signed-update-firmware", summary="Update the firmware (signed)", responses=ANSWERS)
async def signed_update_firmware(
    request: Request,
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    body: SignedUpdateFirmwareBody,
) -> Response:
    """SignedUpdateFirmware; the boot with another version is the proof."""
    request_id = body.request_id or await services.numbers.next()
    command = body.command(request_id, services.clock.now())
    return await _ask(request, services, person, charger_id, command, body)


async def _profile(
    services: Services, person: Person, body: SetChargingProfileBody
) -> dict[str, Any]:
    if body.charging_profile_id is not None:
        return await services.charging_profiles.find(
            person.actor.organization_id, ProfileId(body.charging_profile_id)
        )
    if body.charging_profile is None:
        raise ProfileMissingError(
            "give a charging_profile or a charging_profile_id", field="charging_profile"
        )
    return await numbered_profile(services, body.charging_profile)


async def _ask(
    request: Request,
    services: Services,
    person: Person,
    charger_id: int,
    command: Command,
    body: OperationBody,
) -> Response:
    asked = await services.operations.request(
        person.actor, ChargerId(charger_id), command, wait_of(request, body.wait_s)
    )
    return operation_answer(asked)
