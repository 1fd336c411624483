"""Signed meter values: results, the export for transparency software, meters' public keys."""

from typing import Annotated, Literal

from fastapi import Path, Query, Response

from csms.api.access import operator_router
from csms.api.answers import Responses, answers, json_answer, no_content, problems
from csms.api.auth import Person, ServicesOf
from csms.api.paging import RowId, TransactionNumber
from csms.api.schemas.signed_readings import MeterKeyBody
from csms.kernel.ids import ChargerId, ConnectorNumber, TransactionId
from csms.reads.charger import require_charger
from csms.reads.page import Page
from csms.reads.signed_readings import (
    MeterKeyView,
    SignedReadings,
    get_signed_readings,
    list_meter_keys,
    transparency_xml,
)
from csms.reads.transaction import get_transaction

router = operator_router("/api/admin/transactions/{transaction_id}/signed-readings", "transactions")
keys = operator_router("/api/admin/chargers/{charger_id}/meter-keys", "chargers")
Connector = Annotated[int, Path(ge=0, le=2**15 - 1, examples=[1])]
XML = "application/xml"
EXPORTED: Responses = answers(SignedReadings, "Records and public keys")
EXPORTED[200]["content"][XML] = {"schema": {"type": "string"}, "example": "<values></values>"}


@router.get(
    "",
    summary="Show a transaction's signed readings",
    responses=answers(SignedReadings, "Records with their results") | problems(404),
)
async def show(services: ServicesOf, person: Person, transaction_id: TransactionNumber) -> Response:
    """Every signed record, whether it is genuine and why not, and the energy that they show."""
    return json_answer(await _found(services, person, transaction_id))


@router.get(
    "/export",
    summary="Export a transaction's signed readings",
    responses=EXPORTED | problems(404),
)
async def export(
    services: ServicesOf,
    person: Person,
    transaction_id: TransactionNumber,
    *,
    format: Annotated[Literal["xml", "json"], Query()] = "xml",  # noqa: A002 - in the address
) -> Response:
    """The records exactly as they were sent, each with the key that it was checked with."""
    found = await _found(services, person, transaction_id)
    name = f"signed-readings-{transaction_id}.{format}"
    answer = (
        json_answer(found)
        if format == "json"
        else Response(transparency_xml(transaction_id, found), media_type=XML)
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@router.post(
    "/check",
    status_code=204,
    summary="Check a transaction's signed readings again",
    responses=no_content("It is checked soon") | problems(404),
)
async def check_again(
    services: ServicesOf, person: Person, transaction_id: TransactionNumber
) -> Response:
    """Queue a check with the key that is known now."""
    number = TransactionId(transaction_id)
    await get_transaction(services.database, person.actor.organization_id, number)
    await services.signed_readings.queue(person.actor.organization_id, number)
    return Response(status_code=204)


@keys.get(
    "",
    summary="List the public keys of a charger's meters",
    responses=answers(Page[MeterKeyView], "Those that were set, and learned ones") | problems(404),
)
async def list_keys(services: ServicesOf, person: Person, charger_id: RowId) -> Response:
    """The keys that signed readings are checked with."""
    organization_id = person.actor.organization_id
    await require_charger(services.database, organization_id, ChargerId(charger_id))
    found = await list_meter_keys(services.database, organization_id, charger_id)
    return json_answer(Page(found, len(found), 1, max(1, len(found))))


@keys.put(
    "/{connector_id}",
    summary="Set the public key of a meter",
    responses=no_content("It counts from now on") | problems(404),
    status_code=204,
)
async def set_key(
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    connector_id: Connector,
    body: MeterKeyBody,
) -> Response:
    """Set it for one connector, or with 0 for all; sessions with signed readings are checked again."""
    await services.signed_readings.set_key(
        person.actor, ChargerId(charger_id), ConnectorNumber(connector_id), body.public_key
    )
    return Response(status_code=204)


@keys.delete(
    "/{connector_id}",
    summary="Forget the public key of a meter",
    responses=no_content("It is known no longer") | problems(404),
    status_code=204,
)
async def remove_key(
    services: ServicesOf, person: Person, charger_id: RowId, connector_id: Connector
) -> Response:
    """Forget it; what was checked with it keeps its result."""
    await services.signed_readings.remove_key(
        person.actor, ChargerId(charger_id), ConnectorNumber(connector_id)
    )
    return Response(status_code=204)


async def _found(services: ServicesOf, person: Person, transaction_id: int) -> SignedReadings:
    organization_id = person.actor.organization_id
    number = TransactionId(transaction_id)
    await get_transaction(services.database, organization_id, number)
    return await get_signed_readings(services.database, organization_id, number)
