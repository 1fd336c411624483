"""Firmware updates, diagnostics and logs; security events and certificates; local lists."""

from typing import Annotated, Literal

from fastapi import Query, Response

from csms.api.access import operator_router
from csms.api.answers import answers, json_answer, problems
from csms.api.auth import Person, ServicesOf
from csms.api.paging import Paging, RowId, RowIdFilter, TextFilter
from csms.kernel.ids import ChargerId
from csms.reads.certificates import ChargerCertificates, get_certificates
from csms.reads.charger import require_charger
from csms.reads.local_lists import LocalListView, get_local_list
from csms.reads.maintenance import (
    MaintenanceFilter,
    MaintenanceJobDetail,
    MaintenanceJobView,
    get_maintenance_job,
    list_maintenance_jobs,
)
from csms.reads.page import Page
from csms.reads.security import (
    SecurityEventFilter,
    SecurityEventView,
    list_security_events,
)

jobs = operator_router("/api/admin/maintenance-jobs", "maintenance")
events = operator_router("/api/admin/security-events", "security")
of_charger = operator_router("/api/admin/chargers/{charger_id}", "chargers")


@jobs.get(
    "",
    summary="List maintenance jobs",
    responses=answers(Page[MaintenanceJobView], "A page of jobs"),
)
async def list_jobs(
    services: ServicesOf,
    person: Person,
    paging: Paging,
    charge_point_id: TextFilter = None,
    charger_id: RowIdFilter = None,
    kind: TextFilter = None,
    status: TextFilter = None,
) -> Response:
    """Firmware updates and uploads, the newest first."""
    found = await list_maintenance_jobs(
        services.database,
        person.actor.organization_id,
        paging,
        MaintenanceFilter(charge_point_id, charger_id, kind, status),
    )
    return json_answer(found)


@jobs.get(
    "/{job_id}",
    summary="Show a maintenance job",
    responses=answers(MaintenanceJobDetail, "The job with its history") | problems(404),
)
async def show_job(services: ServicesOf, person: Person, job_id: RowId) -> Response:
    """One job with every status that the charger reported."""
    found = await get_maintenance_job(services.database, person.actor.organization_id, job_id)
    return json_answer(found)


@events.get(
    "",
    summary="List security events",
    responses=answers(Page[SecurityEventView], "A page of events"),
)
async def list_events(
    services: ServicesOf,
    person: Person,
    paging: Paging,
    charge_point_id: TextFilter = None,
    charger_id: RowIdFilter = None,
    type: TextFilter = None,  # noqa: A002 - the filter's name
    source: Annotated[
        Literal["CHARGER", "SERVER"] | None, Query(description="Who noticed it.")
    ] = None,
) -> Response:
    """What chargers reported about their security and what we refused, the newest first."""
    found = await list_security_events(
        services.database,
        person.actor.organization_id,
        paging,
        SecurityEventFilter(charge_point_id, charger_id, type, source),
    )
    return json_answer(found)


@of_charger.get(
    "/certificates",
    summary="Show a charger's certificates",
    responses=answers(ChargerCertificates, "Requests, certificates, roots") | problems(404),
)
async def show_certificates(services: ServicesOf, person: Person, charger_id: RowId) -> Response:
    """What it asked to be signed, what was issued to it, and the roots that it told of."""
    organization_id = person.actor.organization_id
    await require_charger(services.database, organization_id, ChargerId(charger_id))
    return json_answer(await get_certificates(services.database, organization_id, charger_id))


@of_charger.get(
    "/local-list",
    summary="Show a charger's local list",
    responses=answers(LocalListView, "Versions, entries, what was sent") | problems(404),
)
async def show_local_list(services: ServicesOf, person: Person, charger_id: RowId) -> Response:
    """Which list it was sent, which it took, and which it says that it holds."""
    organization_id = person.actor.organization_id
    await require_charger(services.database, organization_id, ChargerId(charger_id))
    return json_answer(await get_local_list(services.database, organization_id, charger_id))
