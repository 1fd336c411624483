"""The flight record of a session: every frame, decision, reading and transfer, in order, redacted."""

from datetime import datetime, timedelta

import msgspec

from csms.kernel.ids import OrganizationId, TransactionId
from csms.reads import flight_sources as sources
from csms.reads.database import ReadConnection, ReadDatabase, Row
from csms.reads.flight_items import (
    FlightItem,
    Kind,
    decisions_of,
    of_audit,
    of_case,
    of_fault,
    of_frame,
    of_link,
    of_operation,
    of_reading,
    of_transfer,
    when_text,
)
from csms.reads.moments import Moment
from csms.reads.transaction import TransactionNotFoundError

_ORDER: dict[Kind, int] = {
    "connection": 0, "operation": 1, "frame": 2, "reading": 3, "decision": 4, "fault": 5,
    "case": 6, "transfer": 7, "audit": 8,
}  # fmt: skip


class FlightRecord(msgspec.Struct, frozen=True):
    """All that is on record of one session. Tags and credentials are masked.

    `is_whole` is false where a bound cut something off.
    """

    transaction_id: int
    charge_point_id: str
    connector_id: int
    vendor: str | None
    model: str | None
    firmware_version: str | None
    status: str
    since: Moment
    until: Moment
    made_at: Moment
    is_whole: bool
    items: list[FlightItem]


async def get_flight_record(
    database: ReadDatabase,
    organization_id: OrganizationId,
    transaction_id: TransactionId,
    now: datetime,
) -> FlightRecord:
    """Return a session's record. Raises TransactionNotFoundError."""
    async with database.reads(organization_id) as connection:
        row = await connection.fetchrow(sources.SESSION, organization_id, transaction_id)
        if row is None:
            raise TransactionNotFoundError(
                f"no transaction {transaction_id}", transaction_id=transaction_id
            )
        since = min(row["started_at"], row["received_at"]) - timedelta(seconds=sources.BEFORE_S)
        ended = row["stop_received_at"] or row["stopped_at"]
        until = now if ended is None else min(now, ended + timedelta(seconds=sources.AFTER_S))
        items, is_whole = await _gathered(connection, row, since, until, now)
    items += decisions_of(row)
    items.sort(key=lambda item: (item.at, _ORDER[item.kind]))
    return FlightRecord(
        transaction_id=row["id"],
        charge_point_id=row["charge_point_id"],
        connector_id=row["connector_id"],
        vendor=row["vendor"],
        model=row["model"],
        firmware_version=row["firmware_version"],
        status=row["status"],
        since=since,
        until=until,
        made_at=now,
        is_whole=is_whole,
        items=items,
    )


def as_text(record: FlightRecord) -> str:
    """Return the record for people: one line each, particulars in compact JSON."""
    place = f"{record.charge_point_id}, connector {record.connector_id}"
    model = f"{record.vendor or 'unknown vendor'} {record.model or ''}".strip()
    lines = [
        f"Session {record.transaction_id} on {place}: {record.status}",
        f"{model}, firmware {record.firmware_version or 'unknown'}",
        f"from {when_text(record.since)} to {when_text(record.until)}, made {when_text(record.made_at)}",
        "Tags and credentials are masked."
        + ("" if record.is_whole else " Some entries were left out: there are too many."),
        "",
    ]
    for item in record.items:
        lines.append(f"{when_text(item.at)}  {item.kind:<10}  {item.title}")
        data = {name: value for name, value in item.data.items() if value not in (None, [], {})}
        if data:
            lines.append(f"{'':26}{msgspec.json.encode(data).decode()}")
    return "\n".join(lines) + "\n"


async def _gathered(
    connection: ReadConnection, row: Row, since: datetime, until: datetime, now: datetime
) -> tuple[list[FlightItem], bool]:
    charger_id, connector, number = row["charger_id"], row["connector_id"], row["id"]
    operation_id = row["remote_start_operation_id"]
    late = min(now, until + timedelta(days=sources.LATE_DAYS))
    late = max(late, until) + timedelta(seconds=1)
    frames = await connection.fetch(
        sources.FRAMES, charger_id, str(number), str(connector), since, until, late,
        row["id_tag_folded"], f"operation-{operation_id}", sources.FRAMES_MAX + 1,
    )  # fmt: skip
    bound = sources.ROWS_MAX + 1
    readings = await connection.fetch(sources.READINGS, number, bound)
    operations = await connection.fetch(
        sources.OPERATIONS, charger_id, number, operation_id, since, until, bound
    )
    links = await connection.fetch(sources.CONNECTIONS, charger_id, since, until, bound)
    faults = await connection.fetch(sources.FAULTS, charger_id, connector, since, until, bound)
    owner = row["organization_id"]
    cases = await connection.fetch(sources.CASES, owner, number, bound)
    transfers = await connection.fetch(sources.TRANSFERS, owner, number, bound)
    audit = await connection.fetch(sources.AUDIT, owner, str(number), bound)
    items = [
        *(item for one in frames[: sources.FRAMES_MAX] for item in of_frame(one)),
        *(of_reading(one) for one in readings[: sources.ROWS_MAX]),
        *(item for one in operations for item in of_operation(one)),
        *(item for one in links for item in of_link(one, since, until)),
        *(item for one in faults for item in of_fault(one)),
        *(item for one in cases for item in of_case(one)),
        *(of_transfer(one) for one in transfers),
        *(of_audit(one) for one in audit),
    ]
    others = (readings, operations, links, faults, cases, transfers, audit)
    is_whole = len(frames) <= sources.FRAMES_MAX and all(
        len(rows) <= sources.ROWS_MAX for rows in others
    )
    return items, is_whole
