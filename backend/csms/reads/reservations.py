"""The list of reservations and one of them."""

from dataclasses import dataclass
from typing import Literal

import msgspec

from csms.kernel.errors import ConflictError, NotFoundError
from csms.kernel.ids import OrganizationId
from csms.reads.database import ReadDatabase
from csms.reads.moments import Moment
from csms.reads.page import Conditions, Page, PageRequest, joined

SORTS = {
    "id": "r.id",
    "expires_at": "r.expires_at",
    "asked_at": "r.asked_at",
    "status": "status",
    "charge_point_id": "c.charge_point_id",
}
# Between two rounds of the schedule a reservation is over as soon as its time is.
STATUS = """
CASE WHEN r.status IN ('ASKED', 'ACCEPTED') AND r.expires_at <= now() THEN 'EXPIRED'
     ELSE r.status END"""
COLUMNS = f"""
SELECT r.id, r.charger_id, c.charge_point_id, r.connector_id, r.id_tag, r.parent_id_tag,
       r.expires_at, {STATUS} AS status, r.operation_id, r.transaction_id, r.asked_at,
       r.answered_at, r.ended_at"""
FROM = "FROM reservation r JOIN charger c ON c.id = r.charger_id"


class ReservationNotFoundError(NotFoundError):
    """No such reservation in this organization."""


class ReservationTakenError(ConflictError):
    """The id stands for a reservation of another charger."""


class ReservationView(msgspec.Struct, frozen=True):
    """A connector kept for an id tag. `id` is the reservationId on the wire.

    ASKED: the charger has not answered. REJECTED, FAULTED, OCCUPIED and UNAVAILABLE are its words.
    """

    id: int
    charger_id: int
    charge_point_id: str
    connector_id: int
    id_tag: str
    parent_id_tag: str | None
    expires_at: Moment
    status: Literal[
        "ASKED",
        "ACCEPTED",
        "REJECTED",
        "FAULTED",
        "OCCUPIED",
        "UNAVAILABLE",
        "USED",
        "CANCELLED",
        "EXPIRED",
    ]
    operation_id: int | None
    transaction_id: int | None
    asked_at: Moment
    answered_at: Moment | None
    ended_at: Moment | None


@dataclass(frozen=True, slots=True)
class ReservationFilter:
    """Which reservations are wanted."""

    charge_point_id: str | None = None
    charger_id: int | None = None
    status: str | None = None
    id_tag: str | None = None


async def list_reservations(
    database: ReadDatabase,
    organization_id: OrganizationId,
    request: PageRequest,
    wanted: ReservationFilter,
) -> Page[ReservationView]:
    """Return a page of reservations, the newest first."""
    conditions = Conditions()
    conditions.add("r.organization_id = ?", organization_id)
    conditions.add_if("c.charge_point_id = ?", wanted.charge_point_id)
    conditions.add_if("r.charger_id = ?", wanted.charger_id)
    conditions.add_if(f"{STATUS} = ?", wanted.status)
    conditions.add_if("r.id_tag_folded = lower(?)", wanted.id_tag)
    conditions.add_search(request.search, "c.charge_point_id", "r.id_tag")
    order = request.order_by(SORTS, default="-id", key="r.id")
    async with database.reads(organization_id) as connection:
        total = await connection.fetchval(
            joined("SELECT count(*)", FROM, conditions.where), *conditions.values
        )
        limits = (
            f"LIMIT {conditions.place(request.limit)} OFFSET {conditions.place(request.offset)}"
        )
        rows = await connection.fetch(
            joined(COLUMNS, FROM, conditions.where, order, limits), *conditions.values
        )
    data = [ReservationView(**dict(row)) for row in rows]
    return Page(data, total, request.page, request.limit)


async def get_reservation(
    database: ReadDatabase, organization_id: OrganizationId, reservation_id: int
) -> ReservationView:
    """Return one reservation. Raises ReservationNotFoundError."""
    async with database.reads(organization_id) as connection:
        row = await connection.fetchrow(
            joined(COLUMNS, FROM, "WHERE r.organization_id = $1 AND r.id = $2"),
            organization_id,
            reservation_id,
        )
    if row is None:
        raise ReservationNotFoundError(
            f"no reservation {reservation_id}", reservation_id=reservation_id
        )
    return ReservationView(**dict(row))


async def require_free_reservation(
    database: ReadDatabase, organization_id: OrganizationId, reservation_id: object, charger_id: int
) -> None:
    """Raise ReservationTakenError when the id is another charger's: it is ours to give out."""
    if not isinstance(reservation_id, int):
        return
    async with database.reads(organization_id) as connection:
        is_taken = await connection.fetchval(
            "SELECT EXISTS (SELECT 1 FROM reservation WHERE id = $1::bigint AND charger_id <> $2)",
            reservation_id,
            charger_id,
        )
    if is_taken:
        raise ReservationTakenError(
            f"reservation {reservation_id} is another charger's; leave the id out",
            reservation_id=reservation_id,
        )
