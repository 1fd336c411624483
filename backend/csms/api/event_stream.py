"""Server-sent events on the wire (HTML Living Standard §9.2), and who may see which."""

import msgspec

from csms.domain.identity.actor import Actor
from csms.kernel.live import LiveEvent, NumberedEvent


class _Shown(msgspec.Struct, frozen=True, omit_defaults=True):
    kind: str
    at: str
    data: msgspec.Raw
    charger_id: int | None = None
    connector_id: int | None = None
    transaction_id: int | None = None


def is_for(actor: Actor, event: LiveEvent, within: frozenset[int] | None = None) -> bool:
    """Whether a person may see an event: operators all, drivers what concerns them.

    `within` are the chargers that an operator of some stations sees, None all.
    """
    if event.user_id is not None and event.user_id == actor.user_id:
        return True
    if not actor.may("sessions.read"):
        return False
    return within is None or event.charger_id in within


def event_frame(numbered: NumberedEvent) -> str:
    """Return an event with its number, which the browser sends back as Last-Event-ID."""
    event = numbered.event
    shown = _Shown(
        kind=event.kind,
        at=event.at.isoformat().replace("+00:00", "Z"),
        data=msgspec.Raw(event.data.encode()),
        charger_id=event.charger_id,
        connector_id=event.connector,
        transaction_id=event.transaction_id,
    )
    text = msgspec.json.encode(shown).decode().replace("\n", " ")
    return f"id: {numbered.sequence}\nevent: {event.kind}\ndata: {text}\n\n"


def gap_frame(sequence: int) -> str:
    """Return the word that events were lost: whoever watches loads again."""
    return f"id: {sequence}\nevent: gap\ndata: {{}}\n\n"


def comment(text: str) -> str:
    """Return a line that keeps the connection alive."""
    return f": {text}\n\n"
