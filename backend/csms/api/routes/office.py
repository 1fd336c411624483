"""The operator's screens across features: overview, search, audit."""

from collections.abc import Mapping
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import Depends, Query, Response

from csms.api.access import operator_router
from csms.api.answers import answers, json_answer
from csms.api.auth import Person, ServicesOf
from csms.api.paging import Paging, RowIdFilter, Since, TextFilter, Until
from csms.api.schemas.stations import TimeZone
from csms.domain.identity.permissions import Permission
from csms.reads.audit import AuditFilter, AuditView, list_audit
from csms.reads.overview import Overview, get_overview
from csms.reads.page import Page
from csms.reads.search import Findings, Kind, search_everything

router = operator_router("/api/admin", "office")

SEARCHED: Final[Mapping[Kind, Permission]] = {
    "station": "stations.read",
    "charger": "chargers.read",
    "user": "people.read",
    "id_tag": "id_tags.read",
    "transaction": "sessions.read",
}
"""What one must be allowed to see for each kind of finding."""


@router.get("/overview", summary="Show the first figures", responses=answers(Overview, "Figures"))
async def overview(
    services: ServicesOf,
    person: Person,
    time_zone: Annotated[TimeZone, Query(description="Whose midnight begins a day.")] = "UTC",
) -> Response:
    """The network at a glance."""
    found = await get_overview(
        services.database,
        services.presence,
        person.actor.organization_id,
        services.clock.now(),
        ZoneInfo(time_zone),
    )
    return json_answer(found)


@router.get("/search", summary="Find anything", responses=answers(Findings, "What was found"))
async def search(
    services: ServicesOf,
    person: Person,
    query: Annotated[str, Query(alias="q", min_length=1, max_length=100, examples=["harbour"])],
) -> Response:
    """Stations, chargers, people, id tags and sessions by name or id."""
    kinds = [kind for kind, needed in SEARCHED.items() if person.may(needed)]
    found = await search_everything(services.database, person.actor.organization_id, query, kinds)
    return json_answer(found)


def audit_filter(
    *,
    actor_user_id: RowIdFilter = None,
    action: TextFilter = None,
    target_kind: TextFilter = None,
    target_id: TextFilter = None,
    since: Since = None,
    until: Until = None,
) -> AuditFilter:
    """Return which changes are wanted."""
    return AuditFilter(actor_user_id, action, target_kind, target_id, since, until)


@router.get("/audit", summary="List changes", responses=answers(Page[AuditView], "A page"))
async def audit(
    services: ServicesOf,
    person: Person,
    paging: Paging,
    wanted: Annotated[AuditFilter, Depends(audit_filter)],
) -> Response:
    """Who changed what, the newest first."""
    return json_answer(
        await list_audit(services.database, person.actor.organization_id, paging, wanted)
    )
