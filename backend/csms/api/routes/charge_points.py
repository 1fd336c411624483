"""Connected chargers, as integrators list them."""

from fastapi import Response

from csms.api.access import operator_router
from csms.api.answers import answers, json_answer
from csms.api.auth import Person, ServicesOf
from csms.api.paging import Paging
from csms.reads.chargers import ConnectedView, list_connected
from csms.reads.page import Page

router = operator_router("/api/charge-points", "integrators")


@router.get("", summary="List connected chargers", responses=answers(Page[ConnectedView], "A page"))
async def list_all(services: ServicesOf, person: Person, paging: Paging) -> Response:
    """Chargers with an open connection, by charge point id."""
    found = await list_connected(services.presence, person.actor.organization_id, paging)
    return json_answer(found)
