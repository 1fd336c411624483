"""Leniency: the rules and their use, what is set per model, what one charger gets."""

from typing import Annotated

from fastapi import Query, Response

from csms.api.access import operator_router
from csms.api.answers import answers, json_answer, no_content, problems
from csms.api.auth import Person, ServicesOf
from csms.api.paging import Paging, RowId
from csms.api.schemas.leniency import ModelLeniencyBody
from csms.domain.stations.leniency import ModelLeniency
from csms.kernel.ids import ChargerId
from csms.reads.leniency import (
    DAYS,
    ChargerLeniency,
    ModelView,
    Rules,
    get_charger_leniency,
    get_model,
    list_models,
    list_rules,
)
from csms.reads.page import Page

rules = operator_router("/api/admin/leniency-rules", "leniency")
models = operator_router("/api/admin/leniency-models", "leniency")
of_charger = operator_router("/api/admin/chargers/{charger_id}/leniency", "leniency")

Days = Annotated[int, Query(ge=1, le=400, description="How many days are counted, today included.")]


@rules.get("", summary="List leniency rules", responses=answers(Rules, "Every rule and its use"))
async def all_rules(services: ServicesOf, person: Person, days: Days = DAYS) -> Response:
    """What deviates, what is done about it, why; and which models needed it how often."""
    found = await list_rules(
        services.database, person.actor.organization_id, services.leniency_rules, days
    )
    return json_answer(found)


@models.get(
    "", summary="List leniency by model", responses=answers(Page[ModelView], "A page of models")
)
async def all_models(services: ServicesOf, person: Person, paging: Paging) -> Response:
    """Models that chargers reported, and what is set for them."""
    return json_answer(await list_models(services.database, person.actor.organization_id, paging))


@models.put(
    "",
    summary="Set a model's leniency",
    responses=answers(ModelView, "What is set") | problems(422),
)
async def put_model(services: ServicesOf, person: Person, body: ModelLeniencyBody) -> Response:
    """Replace what is set for a vendor and model; connected chargers get it at once. Audited.

    A charger's own settings come before its model's, and its model's before the defaults.
    """
    setting = ModelLeniency(body.vendor, body.model, body.rules, body.note)
    setting_id = await services.leniency.put(person.actor, setting)
    return json_answer(await get_model(services.database, person.actor.organization_id, setting_id))


@models.delete(
    "/{setting_id}",
    status_code=204,
    summary="Forget a model's leniency",
    responses=no_content("It has the defaults again") | problems(404),
)
async def delete_model(services: ServicesOf, person: Person, setting_id: RowId) -> Response:
    """Let a model have the defaults again. Audited."""
    await services.leniency.remove(person.actor, setting_id)
    return Response(status_code=204)


@of_charger.get(
    "",
    summary="Show a charger's leniency",
    responses=answers(ChargerLeniency, "Every rule, whether it gets it, and why") | problems(404),
)
async def of_one(
    services: ServicesOf, person: Person, charger_id: RowId, days: Days = DAYS
) -> Response:
    """Which rules it gets, by whose word, and how often each was needed."""
    found = await get_charger_leniency(
        services.database,
        person.actor.organization_id,
        ChargerId(charger_id),
        services.leniency_rules,
        days,
    )
    return json_answer(found)
