"""What was asked of chargers, by whom, with what outcome."""

from typing import Annotated

from fastapi import Depends, Response

from csms.api.access import operator_router
from csms.api.answers import answers, json_answer, problems
from csms.api.auth import Person, ServicesOf
from csms.api.paging import Paging, RowId, RowIdFilter, Since, TextFilter, Until
from csms.kernel.facts import OperationStatus
from csms.kernel.ids import OperationId
from csms.reads.operations import (
    OperationFilter,
    OperationView,
    get_operation,
    list_operations,
)
from csms.reads.page import Page

router = operator_router("/api/admin/operations", "operations")


def operation_filter(  # noqa: PLR0913  # one per parameter of the address
    *,
    charger_id: RowIdFilter = None,
    charge_point_id: TextFilter = None,
    action: TextFilter = None,
    status: OperationStatus | None = None,
    requested_by: RowIdFilter = None,
    transaction_id: RowIdFilter = None,
    since: Since = None,
    until: Until = None,
) -> OperationFilter:
    """Return which operations are wanted; the times bound the request."""
    return OperationFilter(
        charger_id=charger_id,
        charge_point_id=charge_point_id,
        action=action,
        status=status,
        requested_by=requested_by,
        transaction_id=transaction_id,
        since=since,
        until=until,
    )


@router.get(
    "", summary="List operations", responses=answers(Page[OperationView], "A page of operations")
)
async def list_all(
    services: ServicesOf,
    person: Person,
    paging: Paging,
    wanted: Annotated[OperationFilter, Depends(operation_filter)],
) -> Response:
    """Every request made to a charger, the newest first."""
    return json_answer(
        await list_operations(services.database, person.actor.organization_id, paging, wanted)
    )


@router.get(
    "/{operation_id}",
    summary="Show an operation",
    responses=answers(OperationView, "The operation") | problems(404),
)
async def show(services: ServicesOf, person: Person, operation_id: RowId) -> Response:
    """One request with its outcome, as far as it is known."""
    found = await get_operation(
        services.database, person.actor.organization_id, OperationId(operation_id)
    )
    return json_answer(found)
