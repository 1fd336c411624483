"""Webhooks of whoever signs people in: signed over the raw body, applied once, in order."""

from typing import Final

import msgspec
from fastapi import Request, Response

from csms.api.access import public_router
from csms.api.answers import no_content, problems
from csms.api.auth import ServicesOf
from csms.domain.identity.clerk_events import EndedElsewhere, read_event
from csms.domain.identity.external import ExternalProfile
from csms.domain.identity.webhook_signatures import verified_id
from csms.kernel.errors import InvalidError, NotFoundError

router = public_router("/webhooks", "sign-in")

SOURCE: Final = "clerk"


class NoIssuerError(NotFoundError):
    """This server does not take webhooks of that issuer."""


class UnreadableEventError(InvalidError):
    """The event is signed rightly, but is not shaped as the issuer documents it."""


@router.post(
    "/clerk",
    status_code=204,
    summary="Take a webhook of Clerk",
    responses=no_content("Applied, or known already") | problems(401, 404),
)
async def clerk(request: Request, services: ServicesOf) -> Response:
    """user.created, user.updated, user.deleted, and ended sessions; signed as Svix does it."""
    issuers = services.issuers
    if issuers.webhook_key is None or issuers.people is None:
        raise NoIssuerError("CLERK_WEBHOOK_SECRET is not set here")
    body, now = await request.body(), services.clock.now()
    message_id = verified_id(issuers.webhook_key, request.headers, body, now)
    try:
        told = read_event(issuers.issuer, msgspec.json.decode(body, type=dict), now)
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
        raise UnreadableEventError(f"the event cannot be read: {error!r}") from error
    receipt = (SOURCE, message_id)
    match told:
        case ExternalProfile():
            await issuers.people.store.apply(told, receipt)
        case EndedElsewhere():
            key = f"{issuers.issuer}|{told.session_id}"
            await issuers.people.store.end_session(key, now, receipt)
        case None:
            pass
    return Response(status_code=204)
