"""The letters of a server without a mail server, for whoever tries the product out."""

import msgspec

from csms.kernel.ids import OrganizationId
from csms.reads.database import ReadDatabase
from csms.reads.moments import Moment
from csms.reads.page import Conditions, Page, PageRequest, joined

SORTS = {"id": "m.id", "created_at": "m.created_at", "recipient": "lower(m.recipient)"}


class OutboxLetter(msgspec.Struct, frozen=True):
    """A letter as it would have been sent."""

    id: int
    kind: str
    recipient: str
    subject: str
    body: str
    created_at: Moment


async def list_outbox(
    database: ReadDatabase, organization_id: OrganizationId, request: PageRequest
) -> Page[OutboxLetter]:
    """Return a page of letters, the newest first."""
    conditions = Conditions()
    conditions.add("m.organization_id = ?", organization_id)
    conditions.add_search(request.search, "m.recipient", "m.subject")
    order = request.order_by(SORTS, default="-id", key="m.id")
    async with database.reads(organization_id) as connection:
        total = await connection.fetchval(
            joined("SELECT count(*) FROM outgoing_mail m", conditions.where), *conditions.values
        )
        limits = (
            f"LIMIT {conditions.place(request.limit)} OFFSET {conditions.place(request.offset)}"
        )
        rows = await connection.fetch(
            joined("SELECT m.* FROM outgoing_mail m", conditions.where, order, limits),
            *conditions.values,
        )
    letters = [
        OutboxLetter(
            id=row["id"],
            kind=row["kind"],
            recipient=row["recipient"],
            subject=row["subject"],
            body=row["body"],
            created_at=row["created_at"],
        )
        for row in rows
    ]
    return Page(letters, total, request.page, request.limit)
