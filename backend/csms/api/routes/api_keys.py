"""API keys of integrators."""

from fastapi import Response

from csms.api.access import operator_router
from csms.api.answers import answers, json_answer, no_content, problems
from csms.api.auth import Person, ServicesOf
from csms.api.paging import Paging, RowId
from csms.api.schemas.api_keys import ApiKeyBody, MadeApiKeyAnswer
from csms.reads.api_keys import ApiKeyView, get_api_key, list_api_keys
from csms.reads.page import Page

router = operator_router("/api/admin/api-keys", "access")


@router.get("", summary="List API keys", responses=answers(Page[ApiKeyView], "A page of keys"))
async def list_all(services: ServicesOf, person: Person, paging: Paging) -> Response:
    """Keys by how they begin, with their rights and when each was used last."""
    found = await list_api_keys(services.database, person.actor.organization_id, paging)
    return json_answer(found)


@router.post(
    "",
    status_code=201,
    summary="Make an API key",
    responses=answers(MadeApiKeyAnswer, "The key, shown once", status=201) | problems(404, 409),
)
async def create(services: ServicesOf, person: Person, body: ApiKeyBody) -> Response:
    """Make a key that acts for you within what you name; send it as a bearer token."""
    made = await services.api_keys.create(person.actor, body.plan())
    view = await get_api_key(services.database, person.actor.organization_id, made.id)
    return json_answer(MadeApiKeyAnswer(made.key, view), 201)


@router.delete(
    "/{key_id}",
    status_code=204,
    summary="Revoke an API key",
    responses=no_content("It opens nothing from now on") | problems(404),
)
async def revoke(services: ServicesOf, person: Person, key_id: RowId) -> Response:
    """End a key at once; it stays in the list as revoked."""
    await services.api_keys.revoke(person.actor, key_id)
    return Response(status_code=204)
