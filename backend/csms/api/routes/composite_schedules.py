"""What all charging profiles together allow: the charger's answer, and ours beside it."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from fastapi import Query, Request, Response

from csms.api.access import operator_router
from csms.api.answers import answers, json_answer, problems
from csms.api.asking import wait_of
from csms.api.auth import Person, ServicesOf
from csms.api.operations import Asked, OperationAnswer, answer_of, operation_answer
from csms.api.paging import RowId
from csms.api.schemas.charger_commands import GetCompositeScheduleBody
from csms.domain.smart_charging.comparison import (
    ToldSchedule,
    differences,
    read_told,
    warnings_of,
)
from csms.domain.smart_charging.composite import HORIZON_S, CompositeSchedule, composite_schedule
from csms.domain.smart_charging.installed import ProfileUnreadableError, RateUnit
from csms.kernel.ids import ChargerId, ConnectorNumber
from csms.reads.charger import require_charger
from csms.reads.composite_schedules import (
    Basis,
    CompositeScheduleView,
    composite_basis,
    composite_view,
)
from csms.reads.transaction import parsed

router = operator_router("/api/admin/chargers/{charger_id}", "smart charging")
DEFAULT_UNIT: RateUnit = "W"


class CompositeDifference(msgspec.Struct, frozen=True):
    """A stretch, in seconds from the start, in which the charger tells another limit than ours."""

    start_s: int
    end_s: int
    told: float
    computed: float


class CompositeAnswer(OperationAnswer, frozen=True, kw_only=True):
    """The charger's schedule in `response`, and what we compute from the profiles it accepted.

    Differences stand in `warnings` too, in sentences.
    """

    computed: CompositeScheduleView | None
    differences: list[CompositeDifference]


@router.post(
    "/get-composite-schedule",
    summary="Ask for the composite schedule",
    responses=answers(CompositeAnswer, "The charger's own answer, and ours")
    | answers(OperationAnswer, "Recorded; `wait_s` was 0", status=202)
    | problems(404, 409, 504),
)
async def get_composite_schedule(
    request: Request,
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    body: GetCompositeScheduleBody,
) -> Response:
    """GetCompositeSchedule, compared with the schedule that its accepted profiles give (§3.13)."""
    asked = await services.operations.request(
        person.actor, ChargerId(charger_id), body.command(), wait_of(request, body.wait_s)
    )
    if asked.status != "ANSWERED":
        return operation_answer(asked)
    basis = await composite_basis(services.database, person.actor.organization_id, charger_id)
    return json_answer(_compared(asked, basis, body, services.clock.now()))


@router.get(
    "/composite-schedule",
    summary="Compute the composite schedule",
    responses=answers(CompositeScheduleView, "What its accepted profiles allow") | problems(404),
)
async def show_composite_schedule(
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    connector_id: Annotated[int, Query(ge=0, le=2**15 - 1)] = 0,
    duration_s: Annotated[int, Query(ge=1, le=HORIZON_S)] = 86_400,
    charging_rate_unit: Literal["A", "W"] = DEFAULT_UNIT,
) -> Response:
    """Computed from now on; the charger is not asked."""
    await require_charger(services.database, person.actor.organization_id, ChargerId(charger_id))
    basis = await composite_basis(services.database, person.actor.organization_id, charger_id)
    schedule = _computed(basis, connector_id, services.clock.now(), duration_s, charging_rate_unit)
    return json_answer(composite_view(schedule, basis))


def _compared(
    asked: Asked, basis: Basis, body: GetCompositeScheduleBody, now: datetime
) -> CompositeAnswer:
    """Compute from the moment that the charger's schedule starts at, in its unit."""
    answer, warnings = answer_of(asked), list(basis.unreadable)
    told: ToldSchedule | None = None
    try:
        told = read_told(parsed(asked.response) or {})
    except ProfileUnreadableError as error:
        warnings.append(error.detail)
    unit = told.schedule.unit if told is not None else body.charging_rate_unit or DEFAULT_UNIT
    starts_at = now if told is None else told.starts_at
    schedule = _computed(basis, body.connector_id, starts_at, body.duration_s, unit)
    found = () if told is None else differences(schedule, told)
    if told is not None:
        warnings += warnings_of(found, unit, told, now)
    return CompositeAnswer(
        operation_id=answer.operation_id,
        message_id=answer.message_id,
        status=answer.status,
        response=answer.response,
        error=answer.error,
        warnings=[*answer.warnings, *warnings],
        computed=composite_view(schedule, basis),
        differences=[
            CompositeDifference(one.start_s, one.end_s, float(one.told), float(one.computed))
            for one in found
        ],
    )


def _computed(
    basis: Basis, connector_id: int, starts_at: datetime, duration_s: int, unit: RateUnit
) -> CompositeSchedule:
    return composite_schedule(
        basis.profiles,
        basis.outlets,
        connector=ConnectorNumber(connector_id),
        starts_at=starts_at,
        duration_s=duration_s,
        unit=unit,
    )
