"""Live events for the signed-in person, as server-sent events."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import Header, Request
from fastapi.responses import StreamingResponse

from csms.api.access import person_router
from csms.api.auth import Person, Principal, ServicesOf, is_still_valid, settings_of
from csms.api.event_stream import comment, event_frame, gap_frame, is_for
from csms.api.services import Services
from csms.domain.identity.access_ended import ACCESS_ENDED
from csms.kernel.reach import stations_in_reach
from csms.reads.reach import chargers_at

router = person_router("/api", "live")

EVENT_STREAM = "text/event-stream"
CHECKED_EVERY_S: Final = 15.0
"""A busy stream too asks now and then whether it may go on."""
EXAMPLE = 'id: 42\nevent: transaction.started\ndata: {"transaction_id":4711}\n\n'


@router.get(
    "/events",
    summary="Watch what happens",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "Server-sent events; a lost connection goes on after Last-Event-ID",
            "content": {EVENT_STREAM: {"schema": {"type": "string"}, "example": EXAMPLE}},
        }
    },
)
async def events(
    request: Request,
    services: ServicesOf,
    person: Person,
    last_event_id: Annotated[int | None, Header(ge=0)] = None,
) -> StreamingResponse:
    """Operators see everything, drivers what concerns them; ends as soon as the sign-in does."""
    stream = _stream(services, person, last_event_id, settings_of(request).event_heartbeat_s)
    return StreamingResponse(stream, media_type=EVENT_STREAM, headers={"X-Accel-Buffering": "no"})


async def _stream(
    services: Services, person: Principal, after: int | None, heartbeat_s: float
) -> AsyncIterator[str]:
    yield comment("connected")
    organization_id, stations = person.actor.organization_id, stations_in_reach()
    within = await chargers_at(services.database, organization_id, stations)
    loop_time = asyncio.get_running_loop().time
    checked_at = loop_time()
    async with services.live_events.subscribe(person.actor.organization_id, after=after) as events:
        following = asyncio.ensure_future(anext(events))
        try:
            while services.clock.now() < person.claims.expires_at:
                done, _ = await asyncio.wait({following}, timeout=heartbeat_s)
                if not done or loop_time() - checked_at >= CHECKED_EVERY_S:
                    if not await is_still_valid(services, person):
                        return
                    checked_at = loop_time()
                    within = await chargers_at(services.database, organization_id, stations)
                if not done:
                    yield comment("alive")
                    continue
                try:
                    numbered = following.result()
                except StopAsyncIteration:
                    return
                following = asyncio.ensure_future(anext(events))
                if numbered.event.kind == ACCESS_ENDED:
                    if numbered.event.user_id == person.account.id:
                        return
                    continue
                if numbered.has_gap:
                    yield gap_frame(numbered.sequence)
                if is_for(person.actor, numbered.event, within):
                    yield event_frame(numbered)
        finally:
            following.cancel()
