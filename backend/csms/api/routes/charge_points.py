"""Connected chargers, as integrators list them."""

from fastapi import Response

from csms.api.access import operator_router
from csms.api.answers import answers, json_answer
from csms.api.auth import Person, ServicesOf
from csms.api.paging import Paging
from csms.kernel.reach import stations_in_reach
from csms.reads.chargers import ConnectedView, list_connected
from csms.reads.page import Page
from csms.reads.reach import chargers_at

router = operator_router("/api/charge-points", "integrators")


@router.get("", summary="List connected chargers", responses=answers(Page[ConnectedView], "A page"))
async def list_all(services: ServicesOf, person: Person, paging: Paging) -> Response:
    """Chargers with an open connection, by charge point id."""
    organization_id = person.actor.organization_id
    within = await chargers_at(services.database, organization_id, stations_in_reach())
    found = await list_connected(services.presence, organization_id, paging, within=within)
    return json_answer(found)
