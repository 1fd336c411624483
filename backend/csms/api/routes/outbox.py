"""Letters that no mail server takes: for trying the product out, never in production."""

from fastapi import Response

from csms.api.access import operator_router
from csms.api.answers import answers, json_answer
from csms.api.auth import Person, ServicesOf, SettingsOf
from csms.api.paging import Paging
from csms.kernel.errors import ForbiddenError
from csms.reads.outbox import OutboxLetter, list_outbox
from csms.reads.page import Page

router = operator_router("/api/admin/outbox", "people")


class OutboxClosedError(ForbiddenError):
    """Letters are sent, or this is production: nobody reads them here."""


@router.get("", summary="List letters", responses=answers(Page[OutboxLetter], "A page of letters"))
async def outbox(
    services: ServicesOf, settings: SettingsOf, person: Person, paging: Paging
) -> Response:
    """In development without a mail server: what would have been sent, links included."""
    person.actor.require_operator()
    if not settings.has_outbox:
        raise OutboxClosedError("the outbox is open in development without a mail server only")
    return json_answer(await list_outbox(services.database, person.actor.organization_id, paging))
