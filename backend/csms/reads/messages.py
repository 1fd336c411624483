"""The message log: each stored exchange shown as its request and its answer, read by cursor."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import msgspec

from csms.kernel.errors import InvalidError
from csms.kernel.ids import OrganizationId
from csms.reads.database import ReadDatabase, Row
from csms.reads.moments import Moment
from csms.reads.page import Conditions, joined

DEFAULT_WINDOW: Final = timedelta(hours=24)
MAX_TOTAL: Final = 10_000
"""Counting ends there: a log has no useful exact total."""

EXCHANGES = """
SELECT m.id, m.charger_id, m.charge_point_id, m.action, m.message_id, m.correlation_id,
  m.outcome, m.repairs, m.is_repeat, m.received_at AS exchange_at, part.*
FROM message m CROSS JOIN LATERAL (VALUES
  (1, m.direction, CASE WHEN m.request IS NULL OR m.outcome IN ('garbage', 'unsolicited')
        THEN NULL ELSE 'CALL' END,
   m.request, m.received_at),
  (2, CASE m.direction WHEN 'IN' THEN 'OUT' ELSE 'IN' END,
   CASE m.outcome WHEN 'error' THEN 'CALLERROR' ELSE 'CALLRESULT' END,
   m.answer, m.answered_at)
) AS part(part, direction, kind, body, at)
"""


class BadCursorError(InvalidError):
    """The cursor is not one that this list gave."""


class MessageView(msgspec.Struct, frozen=True):
    """One OCPP frame. `kind` is null for what could not be read as one.

    IN is from the charger. `correlation_id` ties what belongs together.
    """

    id: str
    charger_id: int
    charge_point_id: str
    direction: Literal["IN", "OUT"]
    kind: Literal["CALL", "CALLRESULT", "CALLERROR"] | None
    action: str | None
    message_id: str | None
    correlation_id: str | None
    payload: Any
    outcome: str
    repairs: Any
    is_repeat: bool
    received_at: Moment


class MessagePage(msgspec.Struct, frozen=True):
    """Messages, the newest first. `total` stops counting at `total_limit`."""

    data: list[MessageView]
    total: int
    total_limit: int
    limit: int
    next_cursor: str | None
    since: Moment
    until: Moment | None


@dataclass(frozen=True, slots=True)
class MessageFilter:
    """`since` None: the last 24 hours before `until`, or before now."""

    charger_id: int | None = None
    charge_point_id: str | None = None
    direction: str | None = None
    kind: str | None = None
    action: str | None = None
    message_id: str | None = None
    correlation_id: str | None = None
    outcome: str | None = None
    search: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class _Cursor(msgspec.Struct, array_like=True):
    at: Moment
    id: int
    part: int


async def list_messages(  # where, what, how many, since when
    database: ReadDatabase,
    organization_id: OrganizationId,
    wanted: MessageFilter,
    *,
    limit: int,
    cursor: str | None,
    now: datetime,
) -> MessagePage:
    """Return messages in the order of their exchanges, newest first. Raises BadCursorError."""
    since = wanted.since or (wanted.until or now) - DEFAULT_WINDOW
    conditions = _conditions(organization_id, wanted, since)
    async with database.reads(organization_id) as connection:
        total = await connection.fetchval(
            joined(
                "SELECT count(*) FROM (SELECT 1 FROM (",
                EXCHANGES,
                conditions.where,
                f") AS found LIMIT {MAX_TOTAL}) AS counted",
            ),
            *conditions.values,
        )
        if cursor is not None:
            after = _decoded(cursor)
            conditions.add(
                "(m.received_at, m.id, part.part) < (?, ?, ?)", after.at, after.id, after.part
            )
        rows = await connection.fetch(
            joined(
                EXCHANGES,
                conditions.where,
                "ORDER BY m.received_at DESC, m.id DESC, part.part DESC",
                f"LIMIT {conditions.place(limit + 1)}",
            ),
            *conditions.values,
        )
    shown = rows[:limit]
    return MessagePage(
        data=[_view(row) for row in shown],
        total=total,
        total_limit=MAX_TOTAL,
        limit=limit,
        next_cursor=_encoded(shown[-1]) if len(rows) > limit else None,
        since=since,
        until=wanted.until,
    )


def _conditions(
    organization_id: OrganizationId, wanted: MessageFilter, since: datetime
) -> Conditions:
    conditions = Conditions()
    conditions.add("m.organization_id = ?", organization_id)
    conditions.add("m.received_at >= ?", since)
    conditions.add("part.body IS NOT NULL")
    conditions.add_if("m.received_at < ?", wanted.until)
    conditions.add_if("m.charger_id = ?", wanted.charger_id)
    conditions.add_if("m.charge_point_id = ?", wanted.charge_point_id)
    conditions.add_if("m.action = ?", wanted.action)
    conditions.add_if("m.message_id = ?", wanted.message_id)
    conditions.add_if("m.correlation_id = ?", wanted.correlation_id)
    conditions.add_if("m.outcome = ?", wanted.outcome)
    conditions.add_if("part.direction = ?", wanted.direction)
    conditions.add_if("part.kind = ?", wanted.kind)
    conditions.add_search(wanted.search, "part.body", "m.action", "m.charge_point_id")
    return conditions


def _view(row: Row) -> MessageView:
    return MessageView(
        id=f"{row['id']}-{row['part']}",
        charger_id=row["charger_id"],
        charge_point_id=row["charge_point_id"],
        direction=row["direction"],
        kind=row["kind"],
        action=row["action"],
        message_id=row["message_id"],
        correlation_id=row["correlation_id"],
        payload=_payload(row["body"]),
        outcome=row["outcome"],
        repairs=_payload(row["repairs"]),
        is_repeat=row["is_repeat"],
        received_at=row["at"] or row["exchange_at"],
    )


def _payload(body: str | None) -> Any:
    """Return stored text as JSON where it is JSON, otherwise as it came."""
    if body is None:
        return None
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        return body


def _encoded(row: Row) -> str:
    packed = msgspec.json.encode(_Cursor(row["exchange_at"], row["id"], row["part"]))
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _decoded(cursor: str) -> _Cursor:
    try:
        packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        found = msgspec.json.decode(packed, type=_Cursor)
    except (binascii.Error, ValueError) as error:
        raise BadCursorError("the cursor is not one of this list", field="cursor") from error
    if found.at.tzinfo is None:
        raise BadCursorError("the cursor is not one of this list", field="cursor")
    return found
