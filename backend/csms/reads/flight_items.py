"""What each row of a session's flight record says, in a sentence and in particulars."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from csms.reads.database import Row
from csms.reads.moments import Moment
from csms.reads.redaction import masked_tag, redacted, redacted_json

Kind = Literal[
    "frame", "decision", "reading", "operation", "connection", "fault", "case", "transfer", "audit"
]


class FlightItem(msgspec.Struct, frozen=True):
    """One thing that happened. `at` is our clock; `title` is a sentence, `data` the particulars."""

    at: Moment
    kind: Kind
    title: str
    data: dict[str, Any]


def of_frame(row: Row) -> Iterator[FlightItem]:
    """A frame and its answer."""
    is_ours = row["direction"] == "OUT"
    sender, other = ("we", "the charger") if is_ours else ("the charger", "we")
    what = row["action"] or row["outcome"]
    repeated = ", a repeat" if row["is_repeat"] else ""
    yield FlightItem(
        row["received_at"],
        "frame",
        f"{sender} sent {what}{repeated}",
        {
            "message_id": row["message_id"],
            "payload": redacted_json(row["request"]),
            "outcome": row["outcome"],
            "repairs": redacted_json(row["repairs"]),
            "correlation_id": row["correlation_id"],
        },
    )
    if row["answer"] is not None:
        word = "refused" if row["outcome"] == "error" else "answered"
        yield FlightItem(
            row["answered_at"] or row["received_at"],
            "frame",
            f"{other} {word} {what}",
            {"message_id": row["message_id"], "payload": redacted_json(row["answer"])},
        )


def of_reading(row: Row) -> FlightItem:
    """A reading as it was kept."""
    words = ["suspect"] * row["is_suspect"] + ["inferred"] * row["is_inferred"]
    register_wh = row["register_wh"]
    said = "no register" if register_wh is None else f"register {_plain(register_wh)} Wh"
    return FlightItem(
        row["received_at"],
        "reading",
        f"reading kept: {said}" + (f" ({', '.join(words)})" if words else ""),
        {
            "sampled_at": when_text(row["sampled_at"]),
            "register_wh": _plain(register_wh),
            "power_w": _plain(row["power_w"]),
            "soc_percent": _plain(row["soc_percent"]),
            "note": row["note"],
            "samples": redacted_json(row["samples"]),
        },
    )


def of_operation(row: Row) -> Iterator[FlightItem]:
    """What was asked of the charger, and how it was settled."""
    about = {"operation_id": row["id"], "requested_by": row["requested_by"]}
    yield FlightItem(
        row["requested_at"],
        "operation",
        f"{row['action']} was asked for",
        about
        | {"request": redacted_json(row["request"]), "warnings": redacted_json(row["warnings"])},
    )
    if row["settled_at"] is not None:
        yield FlightItem(
            row["settled_at"],
            "operation",
            f"{row['action']} is {row['status']}",
            {
                "operation_id": row["id"],
                "response": redacted_json(row["response"]),
                "error_code": row["error_code"],
                "error_detail": row["error_detail"],
            },
        )


def of_link(row: Row, since: datetime, until: datetime) -> Iterator[FlightItem]:
    """A connection within the time of the record."""
    if row["connected_at"] >= since:
        yield FlightItem(
            row["connected_at"],
            "connection",
            f"the charger connected ({row['protocol']})",
            {"epoch": row["epoch"]},
        )
    gone = row["disconnected_at"]
    if gone is not None and gone <= until:
        yield FlightItem(
            gone,
            "connection",
            f"the connection ended: {row['close_reason'] or 'no reason given'}",
            {"epoch": row["epoch"], "close_code": row["close_code"]},
        )


def of_fault(row: Row) -> Iterator[FlightItem]:
    """A fault of the connector or the charger."""
    about = {"connector_id": row["connector_id"], "error_code": row["error_code"]}
    told = ", told afterwards" if row["is_history"] else ""
    yield FlightItem(
        row["opened_at"],
        "fault",
        f"fault {row['error_code']}{told}",
        about | {"vendor_error_code": row["vendor_error_code"], "info": row["info"]},
    )
    if row["resolved_at"] is not None:
        title = f"fault {row['error_code']} is over: {row['resolution']}"
        yield FlightItem(row["resolved_at"], "fault", title, about)


def of_case(row: Row) -> Iterator[FlightItem]:
    """A case at the desk."""
    about = {"case_id": row["id"], "kind": row["kind"]}
    evidence = redacted_json(row["evidence"])
    yield FlightItem(
        row["opened_at"], "case", f"to the desk: {row['summary']}", about | {"evidence": evidence}
    )
    if row["resolved_at"] is not None:
        yield FlightItem(
            row["resolved_at"],
            "case",
            f"closed at the desk: {row['resolution']}",
            about | {"resolved_by": row["resolved_by"]},
        )


def of_transfer(row: Row) -> FlightItem:
    """A transfer with its postings."""
    return FlightItem(
        row["created_at"],
        "transfer",
        f"{row['kind']}: {row['note']}",
        {
            "transfer_id": row["id"],
            "created_by": row["created_by"],
            "postings": redacted_json(row["postings"]),
        },
    )


def of_audit(row: Row) -> FlightItem:
    """A change that somebody made."""
    return FlightItem(
        row["at"],
        "audit",
        row["action"],
        {
            "actor_user_id": row["actor_user_id"],
            "before": redacted_json(row["before"]),
            "after": redacted_json(row["after"]),
        },
    )


def decisions_of(row: Row) -> list[FlightItem]:
    """What was decided about the session, as it stands."""
    tag = masked_tag(row["id_tag"])
    items = [
        FlightItem(
            row["received_at"],
            "decision",
            f"session {row['id']} begins: the tag is {row['authorization_status']}",
            {
                "id_tag": tag,
                "charger_started_at": row["charger_started_at"],
                "started_at": when_text(row["started_at"]),
                "meter_start_wh": _plain(row["meter_start_wh"]),
                "is_billable": row["is_billable"],
                "tariff": redacted_json(row["tariff_terms"]),
                "note": row["note"],
            },
        )
    ]
    if row["status_changed_at"] is not None:
        items.append(
            FlightItem(
                row["status_changed_at"],
                "decision",
                f"the session is {row['status']}: {row['status_reason'] or 'as reported'}",
                {"reconcile_by": when_text(row["reconcile_by"])},
            )
        )
    if row["stop_received_at"] is not None:
        items.append(
            FlightItem(
                row["stop_received_at"],
                "decision",
                f"the session ends by {row['stop_source']}: {row['stop_reason']}",
                {
                    "stopped_at": when_text(row["stopped_at"]),
                    "charger_stopped_at": row["charger_stopped_at"],
                    "meter_stop_wh": _plain(row["meter_stop_wh"]),
                    "energy_wh": _plain(row["energy_wh"]),
                    "energy_basis": row["energy_basis"],
                    "explanation": redacted_json(row["explanation"]),
                },
            )
        )
    billed_at = row["billed_at"] or row["stop_received_at"]
    if billed_at is not None and row["billing_status"] != "NOT_BILLABLE":
        items.append(
            FlightItem(
                billed_at,
                "decision",
                f"the bill is {row['billing_status']}",
                {
                    "cost": _plain(row["cost_amount"]),
                    "currency": row["currency"],
                    "revision": row["bill_revision"],
                    "error": redacted(row["billing_error"]),
                    "explanation": redacted_json(row["bill_explanation"]),
                },
            )
        )
    return items


def _plain(value: Any) -> str | None:
    return None if value is None else format(value.normalize(), "f")


def when_text(moment: datetime | None) -> str | None:
    """A moment in UTC to the millisecond."""
    if moment is None:
        return None
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
