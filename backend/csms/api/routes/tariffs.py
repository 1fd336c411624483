"""Tariffs, for operators."""

from fastapi import Response

from csms.api.access import operator_router
from csms.api.answers import answers, json_answer, problems
from csms.api.auth import Person, ServicesOf
from csms.api.paging import Paging, RowId
from csms.api.schemas.tariffs import TariffBody, TariffChanges
from csms.kernel.ids import TariffId
from csms.reads.page import Page
from csms.reads.tariffs import TariffFilter, TariffView, get_tariff, list_tariffs

router = operator_router("/api/admin/tariffs", "tariffs")


@router.get("", summary="List tariffs", responses=answers(Page[TariffView], "A page of tariffs"))
async def list_all(
    services: ServicesOf, person: Person, paging: Paging, *, archived: bool = False
) -> Response:
    """Price lists."""
    found = await list_tariffs(
        services.database, person.actor.organization_id, paging, TariffFilter(archived)
    )
    return json_answer(found)


@router.post(
    "",
    status_code=201,
    summary="Make a tariff",
    responses=answers(TariffView, "The new tariff", status=201),
)
async def create(services: ServicesOf, person: Person, body: TariffBody) -> Response:
    """Store a price list; a new default takes the place of the present one."""
    tariff_id = await services.tariffs.create(person.actor, body.details())
    return await _one(services, person, tariff_id, 201)


@router.get(
    "/{tariff_id}",
    summary="Show a tariff",
    responses=answers(TariffView, "The tariff") | problems(404),
)
async def show(services: ServicesOf, person: Person, tariff_id: RowId) -> Response:
    """One tariff, archived or not."""
    return await _one(services, person, TariffId(tariff_id))


@router.put(
    "/{tariff_id}",
    summary="Change a tariff",
    responses=answers(TariffView, "The changed tariff") | problems(404, 409),
)
async def update(
    services: ServicesOf, person: Person, tariff_id: RowId, body: TariffChanges
) -> Response:
    """Change the prices for sessions that start from now on; running ones keep theirs."""
    await services.tariffs.update(person.actor, TariffId(tariff_id), body.applied_to)
    return await _one(services, person, TariffId(tariff_id))


@router.post(
    "/{tariff_id}/archive",
    summary="Archive a tariff",
    responses=answers(TariffView, "The archived tariff") | problems(404, 409),
)
async def archive(services: ServicesOf, person: Person, tariff_id: RowId) -> Response:
    """Offer it no longer; the default one cannot go before another takes its place."""
    await services.tariffs.archive(person.actor, TariffId(tariff_id))
    return await _one(services, person, TariffId(tariff_id))


async def _one(
    services: ServicesOf, person: Person, tariff_id: TariffId, status: int = 200
) -> Response:
    found = await get_tariff(services.database, person.actor.organization_id, tariff_id)
    return json_answer(found, status)
