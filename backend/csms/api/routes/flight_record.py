"""The flight record of a session, to read and to take away."""

from typing import Literal

from fastapi import Response

from csms.api.access import operator_router
from csms.api.answers import answers, json_answer, problems
from csms.api.auth import Person, ServicesOf
from csms.api.paging import TransactionNumber
from csms.kernel.ids import TransactionId
from csms.reads.flight_record import FlightRecord, as_text, get_flight_record

router = operator_router("/api/admin/transactions/{transaction_id}/flight-record", "transactions")

TEXT = "text/plain; charset=utf-8"
RECORD = answers(FlightRecord, "Everything on record, in order")
RECORD[200]["content"]["text/plain"] = {
    "schema": {"type": "string"},
    "example": "Session 4711 on CP001, connector 1: ENDED",
}


@router.get("", summary="Show a session's flight record", responses=RECORD | problems(404))
async def show(
    services: ServicesOf,
    person: Person,
    transaction_id: TransactionNumber,
    format: Literal["json", "text"] = "json",  # noqa: A002 - as other exports name it
    *,
    download: bool = False,
) -> Response:
    """Every frame, decision, reading, operation, fault, case and transfer of a session, in order.

    Tags and credentials are masked. `download` names it as a file.
    """
    record = await get_flight_record(
        services.database,
        person.actor.organization_id,
        TransactionId(transaction_id),
        services.clock.now(),
    )
    ending = "txt" if format == "text" else "json"
    answer = Response(as_text(record), media_type=TEXT) if format == "text" else json_answer(record)
    if download:
        name = f"session-{transaction_id}-flight-record.{ending}"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
