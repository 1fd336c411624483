"""Live events for the signed-in person, as server-sent events."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Header, Request
from fastapi.responses import StreamingResponse

from csms.api.access import person_router
from csms.api.auth import Person, Principal, ServicesOf, settings_of
from csms.api.event_stream import comment, event_frame, gap_frame, is_for
from csms.api.services import Services

router = person_router("/api", "live")

EVENT_STREAM = "text/event-stream"
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
    """Operators see everything, drivers what concerns them; ends when the sign-in does."""
    stream = _stream(services, person, last_event_id, settings_of(request).event_heartbeat_s)
    return StreamingResponse(stream, media_type=EVENT_STREAM, headers={"X-Accel-Buffering": "no"})


async def _stream(
    services: Services, person: Principal, after: int | None, heartbeat_s: float
) -> AsyncIterator[str]:
    yield comment("connected")
    async with services.live_events.subscribe(person.actor.organization_id, after=after) as events:
        following = asyncio.ensure_future(anext(events))
        try:
            while services.clock.now() < person.claims.expires_at:
                done, _ = await asyncio.wait({following}, timeout=heartbeat_s)
                if not done:
                    if person.actor.key_limits is None and not (
                        await services.sign_in.is_still_open(person.claims)
                    ):
                        return
                    yield comment("alive")
                    continue
                try:
                    numbered = following.result()
                except StopAsyncIteration:
                    return
                following = asyncio.ensure_future(anext(events))
                if numbered.has_gap:
                    yield gap_frame(numbered.sequence)
                if is_for(person.actor, numbered.event):
                    yield event_frame(numbered)
        finally:
            following.cancel()
