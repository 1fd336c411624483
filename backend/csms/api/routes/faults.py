"""Faults that chargers reported: what is wrong now, and what was."""

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Query, Response

from csms.api.access import operator_router
from csms.api.answers import answers, json_answer, problems
from csms.api.auth import Person, ServicesOf
from csms.api.paging import Paging, RowId, RowIdFilter, Since, TextFilter, Until
from csms.kernel.ids import ChargerId
from csms.reads.charger import require_charger
from csms.reads.faults import FaultFilter, FaultView, list_faults
from csms.reads.page import Page

router = operator_router("/api/admin/faults", "faults")
of_charger = operator_router("/api/admin/chargers/{charger_id}/faults", "faults")

PAGE = answers(Page[FaultView], "A page of faults, the newest first")


def fault_filter(
    *,
    error_code: TextFilter = None,
    is_open: Annotated[bool | None, Query(alias="open", description="Not resolved yet.")] = None,
    history: Annotated[bool | None, Query(description="Told when they were over.")] = None,
    since: Since = None,
    until: Until = None,
) -> FaultFilter:
    """Return which faults are wanted."""
    return FaultFilter(
        error_code=error_code, is_open=is_open, is_history=history, since=since, until=until
    )


Wanted = Annotated[FaultFilter, Depends(fault_filter)]


@router.get("", summary="List faults", responses=PAGE)
async def of_all(
    services: ServicesOf,
    person: Person,
    paging: Paging,
    wanted: Wanted,
    charger_id: RowIdFilter = None,
    charge_point_id: TextFilter = None,
) -> Response:
    """Faults of all chargers; the live events `fault.opened` and `fault.resolved` announce them."""
    narrowed = replace(wanted, charger_id=charger_id, charge_point_id=charge_point_id)
    return json_answer(
        await list_faults(services.database, person.actor.organization_id, paging, narrowed)
    )


@of_charger.get("", summary="List a charger's faults", responses=PAGE | problems(404))
async def of_one(
    services: ServicesOf, person: Person, charger_id: RowId, paging: Paging, wanted: Wanted
) -> Response:
    """Faults of one charger."""
    owner = person.actor.organization_id
    await require_charger(services.database, owner, ChargerId(charger_id))
    narrowed = replace(wanted, charger_id=charger_id)
    return json_answer(await list_faults(services.database, owner, paging, narrowed))
