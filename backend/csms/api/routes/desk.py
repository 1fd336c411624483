"""The desk: what waits for a person, and what they do about it."""

from typing import Literal

from fastapi import Response

from csms.api.access import operator_router
from csms.api.answers import answers, json_answer, problems
from csms.api.auth import Person, Principal, ServicesOf
from csms.api.paging import Paging, RowId, RowIdFilter, TextFilter
from csms.api.schemas.desk import ResolutionBody
from csms.api.services import Services
from csms.domain.billing.cases import Closable
from csms.kernel.ids import JobId
from csms.reads.desk import ClosedItem, DeskFilter, DeskItem, RetriedJob, get_job, list_desk
from csms.reads.page import Page
from csms.reads.pending import PendingFilter, PendingSession, list_pending

router = operator_router("/api/admin/desk", "desk")


@router.get("", summary="List what waits for a person", responses=answers(Page[DeskItem], "A page"))
async def desk(
    services: ServicesOf,
    person: Person,
    paging: Paging,
    source: Literal["case", "quarantine", "bill", "job"] | None = None,
    kind: TextFilter = None,
    charger_id: RowIdFilter = None,
    transaction_id: RowIdFilter = None,
) -> Response:
    """Open cases, quarantined frames, failed and lost bills, jobs that gave up."""
    wanted = DeskFilter(source, kind, charger_id, transaction_id)
    return json_answer(
        await list_desk(services.database, person.actor.organization_id, paging, wanted)
    )


@router.get(
    "/pending",
    summary="List sessions that wait to be reconciled",
    responses=answers(Page[PendingSession], "A page, the nearest deadline first"),
)
async def pending(
    services: ServicesOf,
    person: Person,
    paging: Paging,
    charger_id: RowIdFilter = None,
    reason: TextFilter = None,
) -> Response:
    """Why each waits, until when, and what is known of it. They settle themselves."""
    wanted = PendingFilter(charger_id, reason)
    return json_answer(
        await list_pending(services.database, person.actor.organization_id, paging, wanted)
    )


@router.post(
    "/{case_id}/resolve",
    summary="Close a case",
    responses=answers(ClosedItem, "Who closed it, when, with what") | problems(404, 409),
)
async def resolve_case(
    services: ServicesOf, person: Person, case_id: RowId, body: ResolutionBody
) -> Response:
    """Close a desk case with what was decided; audited. 409 when somebody has already."""
    return json_answer(await _closed(services, person, "case", case_id, body))


@router.post(
    "/quarantine/{frame_id}/resolve",
    summary="Close a quarantined frame",
    responses=answers(ClosedItem, "Who closed it, when, with what") | problems(404, 409),
)
async def resolve_frame(
    services: ServicesOf, person: Person, frame_id: RowId, body: ResolutionBody
) -> Response:
    """Take a frame that could not be stored off the desk; it is kept, the audit says why."""
    return json_answer(await _closed(services, person, "quarantine", frame_id, body))


@router.post(
    "/jobs/{job_id}/retry",
    summary="Retry a dead job",
    responses=answers(RetriedJob, "The job, which may try again") | problems(404, 409),
)
async def retry_job(services: ServicesOf, person: Person, job_id: RowId) -> Response:
    """Give a job that gave up all its attempts again; 409 when it is not dead. Audited."""
    await services.desk.retry_job(person.actor, JobId(job_id))
    return json_answer(
        await get_job(services.database, person.actor.organization_id, JobId(job_id))
    )


async def _closed(
    services: Services, person: Principal, source: Closable, item_id: int, body: ResolutionBody
) -> ClosedItem:
    closing = await services.desk.close(person.actor, source, item_id, resolution=body.resolution)
    return ClosedItem(
        source=source,
        id=str(item_id),
        resolved_at=closing.resolved_at,
        resolved_by=person.actor.user_id,
        resolution=closing.resolution,
    )
