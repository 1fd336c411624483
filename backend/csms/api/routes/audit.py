"""Checking the audit, and taking it away."""

from typing import Annotated, Literal

import msgspec
from fastapi import Depends, Query, Response
from fastapi.responses import StreamingResponse

from csms.api.access import operator_router
from csms.api.answers import answers, json_answer
from csms.api.audit_csv import csv_of, json_of
from csms.api.auth import Person, ServicesOf
from csms.api.paging import TextFilter
from csms.api.routes.office import audit_filter
from csms.kernel.audit_chain import parsed_head
from csms.reads.audit import AuditFilter, export_audit

router = operator_router("/api/admin/audit", "audit")

CSV = "text/csv; charset=utf-8"
JSON_LINES = "application/x-ndjson"
EXAMPLE = "id,at,actor,action\r\n17,2026-03-14T09:26:53Z,user 1,station.created\r\n"


class AuditCheck(msgspec.Struct, frozen=True):
    """Whether every entry is as it was written. Note `head` elsewhere; given back later it proves
    that nothing was cut off since. `unsealed` entries wait a few seconds for their place."""

    is_sound: bool
    sealed: int
    unsealed: int
    head: str | None
    faults: list[str]


@router.get("/verify", summary="Check the audit", responses=answers(AuditCheck, "What was found"))
async def verify(
    services: ServicesOf,
    person: Person,
    head: Annotated[
        str | None, Query(max_length=90, description="A head noted earlier, as PLACE:HEX.")
    ] = None,
) -> Response:
    """Compute the chain of seals again and compare it with every entry."""
    person.actor.require_everywhere("audit.read")
    found = await services.audit_chain.verify(person.actor.organization_id, head=parsed_head(head))
    return json_answer(
        AuditCheck(found.is_sound, found.sealed, found.unsealed, found.head, found.faults)
    )


@router.get(
    "/export",
    summary="Export the audit",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "Every entry of the filter, the oldest first",
            "content": {"text/csv": {"schema": {"type": "string"}, "example": EXAMPLE}},
        }
    },
)
async def export(
    services: ServicesOf,
    person: Person,
    wanted: Annotated[AuditFilter, Depends(audit_filter)],
    search: TextFilter = None,
    format: Literal["csv", "json"] = "csv",  # noqa: A002  # the parameter's name in the contract
) -> StreamingResponse:
    """As CSV, or with `format=json` one JSON object a line."""
    entries = export_audit(services.database, person.actor.organization_id, search, wanted)
    name = "audit.csv" if format == "csv" else "audit.jsonl"
    return StreamingResponse(
        csv_of(entries) if format == "csv" else json_of(entries),
        media_type=CSV if format == "csv" else JSON_LINES,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
