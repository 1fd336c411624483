"""The list of operations and one of them: what was asked of chargers, by whom, with what outcome."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec

from csms.kernel.errors import NotFoundError
from csms.kernel.ids import OperationId, OrganizationId
from csms.reads.database import ReadDatabase, Row
from csms.reads.moments import Moment
from csms.reads.page import Conditions, Page, PageRequest, joined
from csms.reads.transaction import parsed

SORTS = {
    "id": "o.id",
    "requested_at": "o.requested_at",
    "settled_at": "o.settled_at",
    "action": "o.action",
    "status": "o.status",
    "charge_point_id": "o.charge_point_id",
}
COLUMNS = """
SELECT o.*, u.full_name AS requested_by_name
FROM operation o LEFT JOIN app_user u ON u.id = o.requested_by
"""


class OperationNotFoundError(NotFoundError):
    """No such operation in this organization."""


class OperationView(msgspec.Struct, frozen=True):
    """What was asked of a charger. ANSWERED means that it answered, not that it happened."""

    id: int
    charger_id: int
    charge_point_id: str
    action: str
    status: Literal["REQUESTED", "SENT", "ANSWERED", "FAILED", "TIMED_OUT", "EXPIRED"]
    request: Any
    response: Any
    charger_status: str | None
    error_code: str | None
    error_detail: str | None
    warnings: Any
    message_id: str | None
    transaction_id: int | None
    requested_by: int | None
    requested_by_name: str | None
    requested_at: Moment
    sent_at: Moment | None
    settled_at: Moment | None


@dataclass(frozen=True, slots=True)
class OperationFilter:
    """`since` and `until` bound the moment of the request."""

    charger_id: int | None = None
    charge_point_id: str | None = None
    action: str | None = None
    status: str | None = None
    requested_by: int | None = None
    transaction_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


async def list_operations(
    database: ReadDatabase,
    organization_id: OrganizationId,
    request: PageRequest,
    wanted: OperationFilter,
) -> Page[OperationView]:
    """Return a page of operations, the newest first."""
    conditions = Conditions()
    conditions.add("o.organization_id = ?", organization_id)
    conditions.add_if("o.charger_id = ?", wanted.charger_id)
    conditions.add_if("o.charge_point_id = ?", wanted.charge_point_id)
    conditions.add_if("o.action = ?", wanted.action)
    conditions.add_if("o.status = ?", wanted.status)
    conditions.add_if("o.requested_by = ?", wanted.requested_by)
    conditions.add_if("o.transaction_id = ?", wanted.transaction_id)
    conditions.add_if("o.requested_at >= ?", wanted.since)
    conditions.add_if("o.requested_at < ?", wanted.until)
    conditions.add_search(request.search, "o.charge_point_id", "o.action", "o.error_code")
    order = request.order_by(SORTS, default="-id", key="o.id")
    async with database.reads(organization_id) as connection:
        total = await connection.fetchval(
            joined("SELECT count(*) FROM operation o", conditions.where), *conditions.values
        )
        limits = (
            f"LIMIT {conditions.place(request.limit)} OFFSET {conditions.place(request.offset)}"
        )
        rows = await connection.fetch(
            joined(COLUMNS, conditions.where, order, limits), *conditions.values
        )
    return Page([_view(row) for row in rows], total, request.page, request.limit)


async def get_operation(
    database: ReadDatabase, organization_id: OrganizationId, operation_id: OperationId
) -> OperationView:
    """Return one operation. Raises OperationNotFoundError."""
    async with database.reads(organization_id) as connection:
        row = await connection.fetchrow(
            joined(COLUMNS, "WHERE o.organization_id = $1 AND o.id = $2"),
            organization_id,
            operation_id,
        )
    if row is None:
        raise OperationNotFoundError(f"no operation {operation_id}", operation_id=operation_id)
    return _view(row)


def _view(row: Row) -> OperationView:
    response = parsed(row["response"])
    return OperationView(
        id=row["id"],
        charger_id=row["charger_id"],
        charge_point_id=row["charge_point_id"],
        action=row["action"],
        status=row["status"],
        request=parsed(row["request"]),
        response=response,
        charger_status=response.get("status") if isinstance(response, dict) else None,
        error_code=row["error_code"],
        error_detail=row["error_detail"],
        warnings=parsed(row["warnings"]) or [],
        message_id=row["message_id"],
        transaction_id=row["transaction_id"],
        requested_by=row["requested_by"],
        requested_by_name=row["requested_by_name"],
        requested_at=row["requested_at"],
        sent_at=row["sent_at"],
        settled_at=row["settled_at"],
    )
