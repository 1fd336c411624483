"""Transactions, for operators."""

from typing import Annotated, Literal

from fastapi import Body, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from csms.api.access import operator_router
from csms.api.answers import answers, json_answer, problems
from csms.api.asking import wait_of
from csms.api.auth import Person, ServicesOf
from csms.api.operations import operation_answer, operation_answers
from csms.api.paging import (
    Moment,
    Paging,
    RowIdFilter,
    Since,
    TextFilter,
    TransactionNumber,
    Until,
)
from csms.api.schemas.transactions import CloseBody, StopBody
from csms.api.transactions_csv import csv_lines
from csms.domain.operations.commands import RemoteStop
from csms.kernel.errors import ConflictError
from csms.kernel.facts import BillingStatus, TransactionStatus
from csms.kernel.ids import ChargerId, TransactionId
from csms.reads.page import MAX_PAGE, Page, PageRequest
from csms.reads.transaction import (
    MeterValueView,
    TransactionDetail,
    get_transaction,
    list_meter_values,
)
from csms.reads.transactions import (
    TransactionFilter,
    TransactionPage,
    export_transactions,
    list_transactions,
)

router = operator_router("/api/admin/transactions", "transactions")

MAX_METER_LIMIT = 1000
CSV = "text/csv; charset=utf-8"


class SessionEndedError(ConflictError):
    """The session has an end already."""


def transaction_filter(  # noqa: PLR0913  # one per parameter of the address
    *,
    charger_id: RowIdFilter = None,
    charge_point_id: TextFilter = None,
    station_id: RowIdFilter = None,
    user_id: RowIdFilter = None,
    id_tag: TextFilter = None,
    status: TransactionStatus | None = None,
    billing_status: BillingStatus | None = None,
    is_open: Annotated[bool | None, Query(alias="open", description="Without an end.")] = None,
    since: Since = None,
    until: Until = None,
    ended_from: Annotated[Moment | None, Query(description="Ended at or after.")] = None,
    ended_to: Annotated[Moment | None, Query(description="Ended before.")] = None,
) -> TransactionFilter:
    """Return which sessions are wanted; the times bound their start."""
    return TransactionFilter(
        charger_id=charger_id,
        charge_point_id=charge_point_id,
        station_id=station_id,
        user_id=user_id,
        id_tag=id_tag,
        status=status,
        billing_status=billing_status,
        is_open=is_open,
        since=since,
        until=until,
        ended_since=ended_from,
        ended_until=ended_to,
    )


Wanted = Annotated[TransactionFilter, Depends(transaction_filter)]


@router.get(
    "",
    summary="List transactions",
    responses=answers(TransactionPage, "A page, with the summary of the whole filter"),
)
async def list_all(
    request: Request,
    services: ServicesOf,
    person: Person,
    paging: Paging,
    wanted: Wanted,
    *,
    format: Annotated[  # noqa: A002  # the name in the address
        Literal["json", "csv"], Query(description="`csv`: all of the filter, no pages.")
    ] = "json",
) -> Response:
    """Sessions; as CSV also with `Accept: text/csv`."""
    organization_id = person.actor.organization_id
    if format == "csv" or request.headers.get("accept", "").startswith("text/csv"):
        rows = export_transactions(services.database, organization_id, paging, wanted)
        return StreamingResponse(
            csv_lines(rows),
            media_type=CSV,
            headers={"Content-Disposition": 'attachment; filename="transactions.csv"'},
        )
    return json_answer(await list_transactions(services.database, organization_id, paging, wanted))


@router.get(
    "/{transaction_id}",
    summary="Show a transaction",
    responses=answers(TransactionDetail, "Energy and cost explained") | problems(404),
)
async def show(services: ServicesOf, person: Person, transaction_id: TransactionNumber) -> Response:
    """One session with how each kWh and each cent was computed."""
    found = await get_transaction(
        services.database, person.actor.organization_id, TransactionId(transaction_id)
    )
    return json_answer(found)


@router.get(
    "/{transaction_id}/meter-values",
    summary="Show a transaction's readings",
    responses=answers(Page[MeterValueView], "A page of readings, the oldest first") | problems(404),
)
async def meter_values(
    services: ServicesOf,
    person: Person,
    transaction_id: TransactionNumber,
    page: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 1,
    limit: Annotated[int, Query(ge=1, le=MAX_METER_LIMIT)] = MAX_METER_LIMIT,
    sort: Annotated[str | None, Query(max_length=60)] = None,
) -> Response:
    """Every sampled value in canonical units, up to a thousand a page."""
    organization_id = person.actor.organization_id
    number = TransactionId(transaction_id)
    await get_transaction(services.database, organization_id, number)
    request = PageRequest(page, limit, None, sort)
    return json_answer(await list_meter_values(services.database, organization_id, number, request))


@router.post("/{transaction_id}/stop", summary="Stop a transaction", responses=operation_answers())
async def stop(
    request: Request,
    services: ServicesOf,
    person: Person,
    transaction_id: TransactionNumber,
    body: Annotated[StopBody, Body(default_factory=StopBody)],
) -> Response:
    """Ask the charger to stop it: it ends when the charger says so."""
    found = await get_transaction(
        services.database, person.actor.organization_id, TransactionId(transaction_id)
    )
    if found.status == "ENDED":
        raise SessionEndedError("the session has ended already")
    asked = await services.operations.request(
        person.actor,
        ChargerId(found.charger_id),
        RemoteStop(transaction_id=TransactionId(transaction_id)),
        wait_of(request, body.wait_s),
    )
    return operation_answer(asked)


@router.post(
    "/{transaction_id}/close",
    summary="Close a transaction without its charger",
    responses=answers(TransactionDetail, "The closed session") | problems(404, 409),
)
async def close(
    services: ServicesOf, person: Person, transaction_id: TransactionNumber, body: CloseBody
) -> Response:
    """End it on an operator's word; audited, and nothing is sent to the charger."""
    number = TransactionId(transaction_id)
    await services.session_closing.close(
        person.actor, number, reason=body.reason, meter_stop_wh=body.meter_stop_wh
    )
    return json_answer(
        await get_transaction(services.database, person.actor.organization_id, number)
    )
