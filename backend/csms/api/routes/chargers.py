"""Chargers, for operators."""

from typing import Annotated

from fastapi import Depends, Query, Request, Response

from csms.api.access import operator_router
from csms.api.addresses import ocpp_urls
from csms.api.answers import answers, json_answer, no_content, problems
from csms.api.auth import Person, ServicesOf
from csms.api.paging import Paging, RowId, RowIdFilter, TextFilter
from csms.api.schemas.chargers import ChargerChanges, MadeCharger, NewChargerBody
from csms.kernel.ids import ChargerId
from csms.reads.charger import ChargerDetail, get_charger
from csms.reads.chargers import ChargerFilter, ChargerView, list_chargers
from csms.reads.page import Page
from csms.reads.uptime import Uptime, get_uptime

router = operator_router("/api/admin/chargers", "chargers")


def charger_filter(
    *,
    status: Annotated[TextFilter, Query(description="What a connector reports.")] = None,
    station_id: RowIdFilter = None,
    connected: bool | None = None,
    vendor: TextFilter = None,
    charge_point_id: TextFilter = None,
    archived: bool = False,
) -> ChargerFilter:
    """Return which chargers are wanted."""
    return ChargerFilter(
        status=status,
        station_id=station_id,
        is_connected=connected,
        vendor=vendor,
        charge_point_id=charge_point_id,
        is_archived=archived,
    )


@router.get("", summary="List chargers", responses=answers(Page[ChargerView], "A page of chargers"))
async def list_all(
    services: ServicesOf,
    person: Person,
    paging: Paging,
    wanted: Annotated[ChargerFilter, Depends(charger_filter)],
) -> Response:
    """Chargers with station and live status."""
    found = await list_chargers(
        services.database, services.presence, person.actor.organization_id, paging, wanted
    )
    return json_answer(found)


@router.post(
    "",
    status_code=201,
    summary="Register a charger",
    responses=answers(MadeCharger, "The new charger, its address and password", status=201)
    | problems(404, 409),
)
async def create(
    request: Request, services: ServicesOf, person: Person, body: NewChargerBody
) -> Response:
    """Register a charger; the generated password is shown this once."""
    made = await services.chargers.create(
        person.actor, body.plan(), charge_point_id=body.charge_point_id, key=body.password
    )
    charger = await _detail(request, services, person, made.charger_id)
    return json_answer(MadeCharger(charger, charger.ocpp_url, made.key), 201)


@router.get(
    "/{charger_id}",
    summary="Show a charger",
    responses=answers(ChargerDetail, "The charger") | problems(404),
)
async def show(
    request: Request, services: ServicesOf, person: Person, charger_id: RowId
) -> Response:
    """One charger with connectors, open sessions, configuration and connections."""
    return json_answer(await _detail(request, services, person, ChargerId(charger_id)))


@router.put(
    "/{charger_id}",
    summary="Change a charger",
    responses=answers(ChargerDetail, "The changed charger") | problems(404, 409),
)
async def update(
    request: Request, services: ServicesOf, person: Person, charger_id: RowId, body: ChargerChanges
) -> Response:
    """Change its registration; connectors that it has reported stay, listed or not."""
    await services.chargers.update(
        person.actor, ChargerId(charger_id), body.applied_to, key=body.password
    )
    return json_answer(await _detail(request, services, person, ChargerId(charger_id)))


@router.post(
    "/{charger_id}/archive",
    summary="Archive a charger",
    responses=answers(ChargerDetail, "The archived charger") | problems(404),
)
async def archive(
    request: Request, services: ServicesOf, person: Person, charger_id: RowId
) -> Response:
    """Take it out of the lists; its history stays, and its queue may still be delivered."""
    await services.chargers.archive(person.actor, ChargerId(charger_id))
    return json_answer(await _detail(request, services, person, ChargerId(charger_id)))


@router.delete(
    "/{charger_id}",
    status_code=204,
    summary="Delete a charger",
    responses=no_content("It is gone") | problems(404, 409),
)
async def delete(services: ServicesOf, person: Person, charger_id: RowId) -> Response:
    """Delete a charger that never did anything; 409 otherwise: archive it instead."""
    await services.chargers.delete(person.actor, ChargerId(charger_id))
    return Response(status_code=204)


async def _detail(
    request: Request, services: ServicesOf, person: Person, charger_id: ChargerId
) -> ChargerDetail:
    return await get_charger(
        services.database,
        services.presence,
        person.actor.organization_id,
        charger_id,
        ocpp_urls(request),
    )


@router.get(
    "/{charger_id}/uptime",
    summary="Show how long it was connected",
    responses=answers(Uptime, "Figures of 24 hours, 7 and 30 days") | problems(404),
)
async def uptime(services: ServicesOf, person: Person, charger_id: RowId) -> Response:
    """From its connections; what lies before its registration does not count."""
    found = await get_uptime(
        services.database,
        person.actor.organization_id,
        ChargerId(charger_id),
        services.clock.now(),
    )
    return json_answer(found)
