"""Who knocked: a charger's attempts to connect, with the reason of every refusal."""

from typing import Annotated

from fastapi import Depends, Response

from csms.api.access import operator_router
from csms.api.answers import answers, json_answer, problems
from csms.api.auth import Person, ServicesOf
from csms.api.paging import Paging, RowId, Since, TextFilter, Until
from csms.kernel.ids import ChargerId
from csms.reads.handshakes import HandshakeFilter, HandshakeView, list_handshakes
from csms.reads.page import Page

router = operator_router("/api/admin/chargers/{charger_id}/handshakes", "chargers")


def handshake_filter(
    *,
    outcome: TextFilter = None,
    accepted: bool | None = None,
    since: Since = None,
    until: Until = None,
) -> HandshakeFilter:
    """Return which attempts are wanted."""
    return HandshakeFilter(outcome, accepted, since, until)


@router.get(
    "",
    summary="List a charger's attempts to connect",
    responses=answers(Page[HandshakeView], "Attempts, the newest first") | problems(404),
)
async def of_charger(
    services: ServicesOf,
    person: Person,
    charger_id: RowId,
    paging: Paging,
    wanted: Annotated[HandshakeFilter, Depends(handshake_filter)],
) -> Response:
    """Attempts under the charger's id, kept for 30 days; those from before it was registered too.

    The live event `charger.handshake` announces a new one.
    """
    found = await list_handshakes(
        services.database,
        person.actor.organization_id,
        ChargerId(charger_id),
        paging,
        wanted,
    )
    return json_answer(found)
