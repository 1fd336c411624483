"""Stations, for operators."""

from fastapi import Response

from csms.api.access import operator_router
from csms.api.answers import answers, json_answer, no_content, problems
from csms.api.auth import Person, ServicesOf
from csms.api.paging import Paging, RowId
from csms.api.schemas.stations import StationBody, StationChanges
from csms.kernel.ids import StationId
from csms.reads.page import Page
from csms.reads.stations import StationFilter, StationView, get_station, list_stations

router = operator_router("/api/admin/stations", "stations")


@router.get("", summary="List stations", responses=answers(Page[StationView], "A page of stations"))
async def list_all(
    services: ServicesOf, person: Person, paging: Paging, *, archived: bool = False
) -> Response:
    """Stations with charger counts and what their connectors report."""
    found = await list_stations(
        services.database,
        services.presence,
        person.actor.organization_id,
        paging,
        StationFilter(is_archived=archived),
    )
    return json_answer(found)


@router.post(
    "",
    status_code=201,
    summary="Register a station",
    responses=answers(StationView, "The new station", status=201),
)
async def create(services: ServicesOf, person: Person, body: StationBody) -> Response:
    """Register a site where chargers stand."""
    station_id = await services.stations.create(person.actor, body.details())
    return await _one(services, person, station_id, 201)


@router.get(
    "/{station_id}",
    summary="Show a station",
    responses=answers(StationView, "The station") | problems(404),
)
async def show(services: ServicesOf, person: Person, station_id: RowId) -> Response:
    """One station, archived or not."""
    return await _one(services, person, StationId(station_id))


@router.put(
    "/{station_id}",
    summary="Change a station",
    responses=answers(StationView, "The changed station") | problems(404, 409),
)
async def update(
    services: ServicesOf, person: Person, station_id: RowId, body: StationChanges
) -> Response:
    """Change what was entered; what is left out stays."""
    await services.stations.update(person.actor, StationId(station_id), body.applied_to)
    return await _one(services, person, StationId(station_id))


@router.post(
    "/{station_id}/archive",
    summary="Archive a station",
    responses=answers(StationView, "The archived station") | problems(404),
)
async def archive(services: ServicesOf, person: Person, station_id: RowId) -> Response:
    """Take the station and its chargers out of the lists; their history stays."""
    await services.stations.archive(person.actor, StationId(station_id))
    return await _one(services, person, StationId(station_id))


@router.delete(
    "/{station_id}",
    status_code=204,
    summary="Delete a station",
    responses=no_content("It is gone") | problems(404, 409),
)
async def delete(services: ServicesOf, person: Person, station_id: RowId) -> Response:
    """Delete a station that never had a charger; 409 otherwise: archive it instead."""
    await services.stations.delete(person.actor, StationId(station_id))
    return Response(status_code=204)


async def _one(
    services: ServicesOf, person: Person, station_id: StationId, status: int = 200
) -> Response:
    found = await get_station(
        services.database, services.presence, person.actor.organization_id, station_id
    )
    return json_answer(found, status)
