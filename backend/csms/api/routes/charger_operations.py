"""What operators ask of a charger: one address per operation, one honest answer."""

from typing import Annotated

from fastapi import Body, Request, Response

from csms.api.access import operator_router
from csms.api.asking import own_app_tag, require_known_request, wait_of
from csms.api.auth import Person, ServicesOf
from csms.api.operations import operation_answer, operation_answers
from csms.api.paging import RowId
from csms.api.schemas.operations import (
    ChangeAvailabilityBody,
    ChangeConfigurationBody,
    ClearCacheBody,
    DataTransferBody,
    GetConfigurationBody,
    OperationBody,
    RawRequestBody,
    RemoteStartBody,
    RemoteStopBody,
    ResetBody,
    TriggerMessageBody,
    UnlockConnectorBody,
)
from csms.api.wire_numbers import numbered_profile, with_our_numbers
from csms.domain.operations.commands import Command, RawRequest, RemoteStart
from csms.kernel.ids import ChargerId, ConnectorNumber, TransactionId
from csms.reads.charger import find_charger_id
from csms.reads.reservations import require_free_reservation

router = operator_router("/api/admin/chargers/{charger_id}", "operations")
raw_router = operator_router("/api/charge-points/{charge_point_id}", "integrators")

ANSWERS = operation_answers()


@router.post("/remote-start", summary="Start a session", responses=ANSWERS)
async def remote_start(
    request: Request,
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    body: Annotated[RemoteStartBody, Body(default_factory=RemoteStartBody)],
) -> Response:
    """RemoteStartTransaction; 409 when the tag's person has no credit."""
    command = RemoteStart(
        id_tag=body.id_tag or await own_app_tag(services, person),
        connector=None if body.connector_id is None else ConnectorNumber(body.connector_id),
        charging_profile=None
        if body.charging_profile is None
        else await numbered_profile(services, body.charging_profile),
    )
    return await _ask(request, services, person, charger_id, command, body)


@router.post("/remote-stop", summary="Stop a session", responses=ANSWERS)
async def remote_stop(
    request: Request,
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    body: Annotated[RemoteStopBody, Body(default_factory=RemoteStopBody)],
) -> Response:
    """RemoteStopTransaction; without an id and with two open sessions 409."""
    number = body.transaction_id
    asked = await services.operations.remote_stop(
        person.actor,
        ChargerId(charger_id),
        None if number is None else TransactionId(number),
        wait_of(request, body.wait_s),
    )
    return operation_answer(asked)


@router.post("/reset", summary="Restart the charger", responses=ANSWERS)
async def reset(
    request: Request,
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    body: Annotated[ResetBody, Body(default_factory=ResetBody)],
) -> Response:
    """Reset, soft unless asked otherwise."""
    return await _ask(request, services, person, charger_id, body.command(), body)


@router.post("/change-availability", summary="Take into or out of service", responses=ANSWERS)
async def change_availability(
    request: Request,
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    body: ChangeAvailabilityBody,
) -> Response:
    """ChangeAvailability; Scheduled means after the running session."""
    return await _ask(request, services, person, charger_id, body.command(), body)


@router.post("/unlock-connector", summary="Release the cable", responses=ANSWERS)
async def unlock_connector(
    request: Request,
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    body: UnlockConnectorBody,
) -> Response:
    """UnlockConnector."""
    return await _ask(request, services, person, charger_id, body.command(), body)


@router.post("/get-configuration", summary="Read configuration keys", responses=ANSWERS)
async def get_configuration(
    request: Request,
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    body: Annotated[GetConfigurationBody, Body(default_factory=GetConfigurationBody)],
) -> Response:
    """GetConfiguration; what it tells is kept with the charger."""
    return await _ask(request, services, person, charger_id, body.command(), body)


@router.post("/change-configuration", summary="Set a configuration key", responses=ANSWERS)
async def change_configuration(
    request: Request,
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    body: ChangeConfigurationBody,
) -> Response:
    """ChangeConfiguration."""
    return await _ask(request, services, person, charger_id, body.command(), body)


@router.post("/clear-cache", summary="Empty the authorization cache", responses=ANSWERS)
async def clear_cache(
    request: Request,
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    body: Annotated[ClearCacheBody, Body(default_factory=ClearCacheBody)],
) -> Response:
    """ClearCache."""
    return await _ask(request, services, person, charger_id, body.command(), body)


@router.post("/trigger-message", summary="Ask for a message now", responses=ANSWERS)
async def trigger_message(
    request: Request,
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    body: TriggerMessageBody,
) -> Response:
    """TriggerMessage; the message itself follows by itself."""
    return await _ask(request, services, person, charger_id, body.command(), body)


@router.post("/data-transfer", summary="Send vendor-specific data", responses=ANSWERS)
async def data_transfer(
    request: Request,
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    body: DataTransferBody,
) -> Response:
    """DataTransfer."""
    return await _ask(request, services, person, charger_id, body.command(), body)


@raw_router.post("/request", summary="Send any OCPP request", responses=ANSWERS)
async def raw_request(
    request: Request,
    services: ServicesOf,
    person: Person,
    charge_point_id: str,
    body: RawRequestBody,
) -> Response:
    """Checked against its schema only, and recorded as an operation with the same effects."""
    payload = await with_our_numbers(services, body.action, body.payload)
    require_known_request(body.action, payload)
    charger_id = await find_charger_id(
        services.database, person.actor.organization_id, charge_point_id
    )
    if body.action == "ReserveNow":
        await require_free_reservation(
            services.database, person.actor.organization_id, payload["reservationId"], charger_id
        )
    return await _ask(request, services, person, charger_id, RawRequest(body.action, payload), body)


async def _ask(
    request: Request,
    services: ServicesOf,
    person: Person,
    charger_id: int,
    command: Command,
    body: OperationBody,
) -> Response:
    asked = await services.operations.request(
        person.actor, ChargerId(charger_id), command, wait_of(request, body.wait_s)
    )
    return operation_answer(asked)
