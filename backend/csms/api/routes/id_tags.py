"""Id tags, for operators."""

from typing import Annotated

from fastapi import Path, Response

from csms.api.access import operator_router
from csms.api.answers import answers, json_answer, no_content, problems
from csms.api.auth import Person, ServicesOf
from csms.api.paging import Paging, RowIdFilter, TextFilter
from csms.api.schemas.id_tags import IdTagChanges, NewIdTagBody
from csms.reads.id_tags import IdTagFilter, IdTagView, get_id_tag, list_id_tags
from csms.reads.page import Page

router = operator_router("/api/admin/id-tags", "id tags")

TagPath = Annotated[str, Path(min_length=1, max_length=40, examples=["04A224B9C3"])]


@router.get("", summary="List id tags", responses=answers(Page[IdTagView], "A page of id tags"))
async def list_all(
    services: ServicesOf,
    person: Person,
    paging: Paging,
    *,
    user_id: RowIdFilter = None,
    blocked: bool | None = None,
    is_app_tag: bool | None = None,
    parent_id_tag: TextFilter = None,
) -> Response:
    """Tokens that start sessions, with their people."""
    wanted = IdTagFilter(user_id, blocked, is_app_tag, parent_id_tag)
    found = await list_id_tags(services.database, person.actor.organization_id, paging, wanted)
    return json_answer(found)


@router.post(
    "",
    status_code=201,
    summary="Register an id tag",
    responses=answers(IdTagView, "The new id tag", status=201) | problems(409),
)
async def create(services: ServicesOf, person: Person, body: NewIdTagBody) -> Response:
    """Register a card; spellings that differ in case only are the same tag."""
    id_tag = await services.id_tags.create(person.actor, body.id_tag, body.details())
    return await _one(services, person, id_tag, 201)


@router.get(
    "/{id_tag:path}",
    summary="Show an id tag",
    responses=answers(IdTagView, "The tag") | problems(404),
)
async def show(services: ServicesOf, person: Person, id_tag: TagPath) -> Response:
    """One tag, compared without case."""
    return await _one(services, person, id_tag)


@router.put(
    "/{id_tag:path}",
    summary="Change an id tag",
    responses=answers(IdTagView, "The changed tag") | problems(404, 409),
)
async def update(
    services: ServicesOf, person: Person, id_tag: TagPath, body: IdTagChanges
) -> Response:
    """Change what is on record; what is left out stays."""
    tag = await services.id_tags.update(person.actor, id_tag, body.applied_to)
    return await _one(services, person, tag.id_tag)


@router.delete(
    "/{id_tag:path}",
    status_code=204,
    summary="Delete an id tag",
    responses=no_content("It is gone") | problems(404, 409),
)
async def delete(services: ServicesOf, person: Person, id_tag: TagPath) -> Response:
    """Forget a tag; its sessions keep it as text."""
    await services.id_tags.delete(person.actor, id_tag)
    return Response(status_code=204)


async def _one(services: ServicesOf, person: Person, id_tag: str, status: int = 200) -> Response:
    found = await get_id_tag(services.database, person.actor.organization_id, id_tag)
    return json_answer(found, status)
