"""Authorize, and what a charger is told of an id tag (OCPP 1.6 §4.1, §7.27)."""

from msgspec import UNSET

from csms.domain.authorization.authorize import authorize as decide
from csms.domain.authorization.verdict import Verdict
from csms.kernel.ids import IdTag
from csms.ocpp.timestamps import format_timestamp
from csms.ocpp.v16.core import AuthorizeRequest, AuthorizeResponse
from csms.ocpp.v16.exchange import Incoming, Outcome
from csms.ocpp.v16.types import IdTagInfo


def id_tag_info(verdict: Verdict) -> IdTagInfo:
    """Return a verdict as it goes on the wire; its reason stays with us."""
    return IdTagInfo(
        status=verdict.status,
        expiry_date=format_timestamp(verdict.expires_at) if verdict.expires_at else UNSET,
        parent_id_tag=verdict.parent_id_tag or UNSET,
    )


async def authorize(incoming: Incoming[AuthorizeRequest]) -> Outcome:
    """Say whether an id tag may charge."""
    ports = incoming.ports
    verdict = await decide(
        incoming.charger,
        IdTag(incoming.request.id_tag),
        ports.id_tags,
        ports.clock.now(),
        ports.rules,
    )
    return Outcome(AuthorizeResponse(id_tag_info=id_tag_info(verdict)))
