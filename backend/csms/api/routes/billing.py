"""Bills that are not settled: what waits, billing again, and a person's decision."""

from typing import Literal

from fastapi import Response

from csms.api.access import operator_router
from csms.api.answers import answers, json_answer, problems
from csms.api.auth import Person, ServicesOf
from csms.api.paging import Paging, RowIdFilter, TransactionNumber
from csms.api.schemas.desk import BillDecisionBody
from csms.kernel.ids import TransactionId
from csms.reads.billing import BillFilter, BillState, UnsettledBill, get_bill, list_unsettled_bills
from csms.reads.page import Page

router = operator_router("/api/admin/billing", "billing")


@router.get("", summary="List unsettled bills", responses=answers(Page[UnsettledBill], "A page"))
async def billing(
    services: ServicesOf,
    person: Person,
    paging: Paging,
    status: Literal["PENDING", "FAILED"] | None = None,
    user_id: RowIdFilter = None,
) -> Response:
    """Bills that failed, and those that have not run yet."""
    wanted = BillFilter(status, user_id)
    return json_answer(
        await list_unsettled_bills(services.database, person.actor.organization_id, paging, wanted)
    )


@router.post(
    "/{transaction_id}/retry",
    summary="Bill a session again",
    responses=answers(BillState, "How the bill stands now") | problems(404, 409),
)
async def retry(
    services: ServicesOf, person: Person, transaction_id: TransactionNumber
) -> Response:
    """Bill now what is pending or failed; 409 when it is settled, or the session still open.

    A job that gave up or was lost is there again first, so that nothing is abandoned.
    """
    number = TransactionId(transaction_id)
    await services.billing_desk.retry(person.actor, number)
    return json_answer(await get_bill(services.database, person.actor.organization_id, number))


@router.post(
    "/{transaction_id}/resolve",
    summary="Decide a failed bill",
    responses=answers(BillState, "How the bill stands now") | problems(404, 409),
)
async def resolve(
    services: ServicesOf, person: Person, transaction_id: TransactionNumber, body: BillDecisionBody
) -> Response:
    """Let the bill rest on an energy that a person answers for, or waive it: hold and charges go back.

    A figure that does not fit meter or power is a warning, not a refusal. The same decision again
    changes nothing; another one is a 409.
    """
    number = TransactionId(transaction_id)
    warnings = await services.billing_desk.resolve(
        person.actor,
        number,
        reason=body.reason,
        energy_wh=body.energy_wh,
        is_waived=body.waive,
    )
    return json_answer(
        await get_bill(services.database, person.actor.organization_id, number, warnings)
    )
