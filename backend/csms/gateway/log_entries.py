"""Exchanges as the journal keeps them: masked texts, in one shape per kind of exchange.

`request` is a CALL's payload, or the raw message where it is no CALL; `answer` is a CALLRESULT's
payload, or {errorCode, errorDescription, errorDetails} where the outcome is `error`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from csms.gateway.connection import Connection
from csms.gateway.masking import MASK, is_secret_name, masked
from csms.gateway.outbound import OutgoingCall
from csms.kernel.facts import DeskCaseOpened, Fact
from csms.kernel.journal import JournalEntry, LoggedMessage
from csms.ocpp.frames import Call
from csms.ocpp.leniency import Repair

_encode = msgspec.json.Encoder(enc_hook=str).encode


def text_of(raw: bytes | msgspec.Raw) -> str:
    """Return bytes as text that can be stored: masked, and without what PostgreSQL refuses."""
    text = bytes(raw).decode("utf-8", "replace")
    if "\0" in text:
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    return masked(text)


def error_text(code: str, description: str, details: Mapping[str, Any] | None = None) -> str:
    """Return a CALLERROR as it stands in the log."""
    return masked(
        _encode(
            {"errorCode": code, "errorDescription": description, "errorDetails": details or {}}
        ).decode()
    )


def repairs_text(repairs: tuple[Repair, ...]) -> str | None:
    """Return what leniency changed as JSON, raw and repaired side by side."""
    if not repairs:
        return None
    return text_of(_encode([_repair(one) for one in repairs]))


def _repair(repair: Repair) -> dict[str, object]:
    if is_secret_name(repair.path):
        return {"rule": repair.rule, "path": repair.path, "raw": MASK, "repaired": MASK}
    return {
        "rule": repair.rule,
        "path": repair.path,
        "raw": repair.raw,
        "repaired": repair.repaired,
    }


def entry_of(
    connection: Connection, message: LoggedMessage | None, facts: tuple[Fact, ...] = ()
) -> JournalEntry:
    """Return an entry under the connection's epoch."""
    charger = connection.charger
    return JournalEntry(
        charger.organization_id,
        charger.id,
        charger.charge_point_id,
        connection.facts.epoch,
        message,
        facts,
    )


def answered(
    call: Call,
    answer: str,
    received_at: datetime,
    answered_at: datetime,
    repairs: tuple[Repair, ...] = (),
    *,
    is_repeat: bool = False,
) -> LoggedMessage:
    """A CALL of the charger with our CALLRESULT."""
    return LoggedMessage(
        "IN",
        call.action,
        call.message_id,
        text_of(call.payload_raw),
        answer,
        received_at,
        answered_at,
        "answered",
        repairs=repairs_text(repairs) if repairs else None,
        is_repeat=is_repeat,
    )


def refused(call: Call, error: str, received_at: datetime, answered_at: datetime) -> LoggedMessage:
    """A CALL of the charger with our CALLERROR."""
    return LoggedMessage(
        "IN",
        call.action[:255],
        call.message_id,
        text_of(call.payload_raw),
        error,
        received_at,
        answered_at,
        "error",
    )


def garbage(
    raw: bytes, message_id: str | None, reason: str, received_at: datetime
) -> LoggedMessage:
    """What could not be read as a frame; `reason` stands where repairs stand otherwise."""
    return LoggedMessage(
        "IN",
        None,
        message_id,
        text_of(raw),
        None,
        received_at,
        None,
        "garbage",
        repairs=_encode([{"rule": reason}]).decode(),
    )


def unsolicited(raw: bytes, message_id: str, received_at: datetime) -> LoggedMessage:
    """An answer to nothing that we asked."""
    return LoggedMessage(
        "IN", None, message_id, text_of(raw), None, received_at, None, "unsolicited"
    )


def asked(
    call: OutgoingCall, answer: str | None, answered_at: datetime | None, outcome: str
) -> LoggedMessage:
    """A CALL of ours, with the charger's answer when there is one."""
    assert call.sent_at is not None, "a call is logged only after it was sent"  # noqa: S101
    operation = call.operation_id
    return LoggedMessage(
        "OUT",
        call.action,
        call.message_id,
        text_of(call.payload),
        answer,
        call.sent_at,
        answered_at,
        outcome,  # type: ignore[arg-type]  # callers pass the literals of LoggedMessage
        correlation_id=None if operation is None else f"operation-{operation}",
    )


def desk_case(
    connection: Connection,
    kind: str,
    key: str,
    summary: str,
    evidence: Mapping[str, object],
    opened_at: datetime,
) -> DeskCaseOpened:
    """A case for a person about this charger; `key` makes its repeat a no-op."""
    return DeskCaseOpened(
        kind=kind,
        case_key=f"{kind}:{connection.charger.id}:{key}",
        summary=summary,
        evidence=masked(_encode(dict(evidence)).decode()),
        opened_at=opened_at,
    )
