"""Configuration templates: kept, compared with chargers, applied; what chargers are sent by itself."""

from typing import Annotated

from fastapi import Query, Response

from csms.api.access import operator_router
from csms.api.answers import answers, json_answer, no_content, problems
from csms.api.auth import Person, ServicesOf
from csms.api.paging import MAX_ROW_ID, Paging, RowId
from csms.api.schemas.configuration_templates import (
    ApplyTemplateBody,
    ConfigurationTemplateBody,
    PushesBody,
)
from csms.domain.maintenance.templates import TemplateId
from csms.kernel.ids import ChargerId
from csms.reads.charger import require_charger
from csms.reads.configuration_templates import (
    ComparedKeyView,
    ConfigurationTemplateView,
    PushesView,
    TemplateApplied,
    TemplateComparison,
    get_pushes,
    get_template,
    list_templates,
)
from csms.reads.page import Page

router = operator_router("/api/admin/configuration-templates", "maintenance")
of_charger = operator_router("/api/admin/chargers/{charger_id}/pushes", "chargers")
SHOWN = answers(ConfigurationTemplateView, "The template")


@router.get(
    "",
    summary="List configuration templates",
    responses=answers(Page[ConfigurationTemplateView], "A page of them"),
)
async def list_all(services: ServicesOf, person: Person, paging: Paging) -> Response:
    """Templates by name."""
    owner = person.actor.organization_id
    return json_answer(await list_templates(services.database, owner, paging))


@router.post(
    "",
    status_code=201,
    summary="Keep a configuration template",
    responses=answers(ConfigurationTemplateView, "The template", status=201) | problems(409),
)
async def create(services: ServicesOf, person: Person, body: ConfigurationTemplateBody) -> Response:
    """Keep it; no charger hears of it until it is applied."""
    number = await services.templates.store.add(person.actor, body.details())
    return await _shown(services, person, number, 201)


@router.get("/{template_id}", summary="Show a template", responses=SHOWN | problems(404))
async def show(services: ServicesOf, person: Person, template_id: RowId) -> Response:
    """One template."""
    return await _shown(services, person, template_id)


@router.put("/{template_id}", summary="Replace a template", responses=SHOWN | problems(404, 409))
async def replace(
    services: ServicesOf, person: Person, template_id: RowId, body: ConfigurationTemplateBody
) -> Response:
    """Replace it; chargers that are kept in step with it follow."""
    await services.templates.store.change(person.actor, TemplateId(template_id), body.details())
    return await _shown(services, person, template_id)


@router.delete(
    "/{template_id}",
    status_code=204,
    summary="Remove a template",
    responses=no_content("It is kept no longer") | problems(404, 409),
)
async def remove(services: ServicesOf, person: Person, template_id: RowId) -> Response:
    """Keep it no longer; chargers keep what they hold."""
    await services.templates.store.remove(person.actor, TemplateId(template_id))
    return Response(status_code=204)


@router.get(
    "/{template_id}/compare",
    summary="Compare a charger with a template",
    responses=answers(TemplateComparison, "Key by key") | problems(404),
)
async def compare(
    services: ServicesOf,
    person: Person,
    template_id: RowId,
    charger_id: Annotated[int, Query(ge=1, le=MAX_ROW_ID)],
) -> Response:
    """Beside what the charger last told of its configuration; nothing is sent."""
    found = await services.templates.compare(
        person.actor, TemplateId(template_id), ChargerId(charger_id)
    )
    keys = [ComparedKeyView(one.key, one.wanted, one.has, one.state) for one in found]
    is_same = all(one.state == "same" for one in found)
    return json_answer(TemplateComparison(charger_id, is_same, keys))


@router.post(
    "/{template_id}/apply",
    summary="Apply a template to chargers",
    responses=answers(TemplateApplied, "It is under way") | problems(404),
)
async def apply(
    services: ServicesOf, person: Person, template_id: RowId, body: ApplyTemplateBody
) -> Response:
    """Change what differs, one ChangeConfiguration per key, as operations on record."""
    queued = await services.templates.store.queue_apply(
        person.actor, TemplateId(template_id), body.charger_ids
    )
    return json_answer(TemplateApplied(queued))


@of_charger.get(
    "",
    summary="Show what a charger is sent by itself",
    responses=answers(PushesView, "What is switched on") | problems(404),
)
async def show_pushes(services: ServicesOf, person: Person, charger_id: RowId) -> Response:
    """Nothing, until somebody switches it on."""
    owner = person.actor.organization_id
    await require_charger(services.database, owner, ChargerId(charger_id))
    return json_answer(await get_pushes(services.database, owner, charger_id))


@of_charger.put(
    "",
    summary="Say what a charger is sent by itself",
    responses=answers(PushesView, "What is switched on") | problems(404),
)
async def switch_pushes(
    services: ServicesOf, person: Person, charger_id: RowId, body: PushesBody
) -> Response:
    """Keep it in step with a template, with the default profiles, or with neither."""
    template_id = None if body.template_id is None else TemplateId(body.template_id)
    await services.pushes.switch(
        person.actor,
        ChargerId(charger_id),
        template_id=template_id,
        has_default_profiles=body.has_default_profiles,
    )
    owner = person.actor.organization_id
    return json_answer(await get_pushes(services.database, owner, charger_id))


async def _shown(services: ServicesOf, person: Person, number: int, status: int = 200) -> Response:
    owner = person.actor.organization_id
    found = await get_template(services.database, owner, number)
    return json_answer(found, status)
