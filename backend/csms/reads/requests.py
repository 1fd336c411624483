"""What a driver asked of chargers lately: starts and stops, each with what became of it."""

from typing import Literal

import msgspec

from csms.kernel.ids import OrganizationId, UserId
from csms.reads.database import ReadDatabase, Row
from csms.reads.moments import Moment
from csms.reads.transaction import parsed

RECENT = "15 minutes"
"""How far back a request is of use to somebody who stands at the charger."""
MAX_REQUESTS = 20
REQUESTS = """
SELECT o.id, o.action, o.charge_point_id, o.status, o.request, o.response, o.error_code,
  o.error_detail, o.requested_at, o.settled_at, coalesce(o.transaction_id, t.id) AS transaction_id
FROM operation o LEFT JOIN transaction t ON t.remote_start_operation_id = o.id
WHERE o.organization_id = $1 AND o.requested_by = $2
  AND o.action IN ('RemoteStartTransaction', 'RemoteStopTransaction')
  AND o.requested_at > now() - $3::text::interval
ORDER BY o.id DESC LIMIT $4
"""


class OwnRequest(msgspec.Struct, frozen=True):
    """A start or stop that the person asked for; `charger_status` is the charger's own word.

    Accepted is not happened: a start has happened once `transaction_id` is there, a stop once
    that session has ended. EXPIRED: no session began in time.
    """

    operation_id: int
    kind: Literal["start", "stop"]
    charge_point_id: str
    connector_id: int | None
    status: Literal["REQUESTED", "SENT", "ANSWERED", "FAILED", "TIMED_OUT", "EXPIRED"]
    charger_status: str | None
    error_code: str | None
    error_detail: str | None
    transaction_id: int | None
    requested_at: Moment
    settled_at: Moment | None


class OwnRequests(msgspec.Struct, frozen=True):
    """The newest first."""

    data: list[OwnRequest]


async def list_own_requests(
    database: ReadDatabase, organization_id: OrganizationId, user_id: UserId
) -> OwnRequests:
    """Return what the person asked for in the last quarter of an hour."""
    async with database.reads(organization_id) as connection:
        rows = await connection.fetch(REQUESTS, organization_id, user_id, RECENT, MAX_REQUESTS)
    return OwnRequests([_view(row) for row in rows])


def _view(row: Row) -> OwnRequest:
    request, response = parsed(row["request"]), parsed(row["response"])
    return OwnRequest(
        operation_id=row["id"],
        kind="start" if row["action"] == "RemoteStartTransaction" else "stop",
        charge_point_id=row["charge_point_id"],
        connector_id=request.get("connector") if isinstance(request, dict) else None,
        status=row["status"],
        charger_status=response.get("status") if isinstance(response, dict) else None,
        error_code=row["error_code"],
        error_detail=row["error_detail"],
        transaction_id=row["transaction_id"],
        requested_at=row["requested_at"],
        settled_at=row["settled_at"],
    )
