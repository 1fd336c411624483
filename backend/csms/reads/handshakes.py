"""Attempts of one charger to connect, refused ones too, the newest first."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from csms.domain.stations.errors import ChargerNotFoundError
from csms.kernel.ids import ChargerId, OrganizationId
from csms.reads.database import ReadDatabase, Row
from csms.reads.moments import Moment
from csms.reads.page import Conditions, Page, PageRequest, joined

SORTS = {"at": "h.at"}
FROM = "FROM handshake_attempt h"
COLUMNS = """
SELECT h.id, h.at, h.charge_point_id, h.outcome, h.http_status, h.reason, h.remote_address,
  h.subprotocols
"""


class HandshakeView(msgspec.Struct, frozen=True):
    """One attempt to connect.

    `outcome` is a word for programs, `reason` a sentence for people; 101 with `accepted` is a
    connection, 101 with `wrong_subprotocol` was closed at once (OCPP-J 1.6 §3.2).
    """

    id: int
    at: Moment
    charge_point_id: str
    outcome: str
    is_accepted: bool
    http_status: int
    reason: str
    remote_address: str | None
    subprotocols: list[str]


@dataclass(frozen=True, slots=True)
class HandshakeFilter:
    """Which attempts; None: all."""

    outcome: str | None = None
    is_accepted: bool | None = None
    since: datetime | None = None
    until: datetime | None = None


async def list_handshakes(
    database: ReadDatabase,
    organization_id: OrganizationId,
    charger_id: ChargerId,
    request: PageRequest,
    wanted: HandshakeFilter,
) -> Page[HandshakeView]:
    """Return a page of attempts, those from before the registration too.

    Raises ChargerNotFoundError.
    """
    async with database.reads(organization_id) as connection:
        charge_point_id = await connection.fetchval(
            "SELECT charge_point_id FROM charger WHERE organization_id = $1 AND id = $2",
            organization_id,
            charger_id,
        )
        if charge_point_id is None:
            raise ChargerNotFoundError(f"no charger {charger_id}", charger_id=charger_id)
        conditions = _conditions(charger_id, charge_point_id, request.search, wanted)
        total = await connection.fetchval(
            joined("SELECT count(*)", FROM, conditions.where), *conditions.values
        )
        order = request.order_by(SORTS, default="-at", key="h.id")
        limits = (
            f"LIMIT {conditions.place(request.limit)} OFFSET {conditions.place(request.offset)}"
        )
        rows = await connection.fetch(
            joined(COLUMNS, FROM, conditions.where, order, limits), *conditions.values
        )
    return Page([handshake_view(row) for row in rows], total, request.page, request.limit)


def handshake_view(row: Row) -> HandshakeView:
    """Return one row of `COLUMNS`."""
    return HandshakeView(
        id=row["id"],
        at=row["at"],
        charge_point_id=row["charge_point_id"],
        outcome=row["outcome"],
        is_accepted=row["outcome"] == "accepted",
        http_status=row["http_status"],
        reason=row["reason"],
        remote_address=row["remote_address"],
        subprotocols=row["subprotocols"].split(", ") if row["subprotocols"] else [],
    )


def _conditions(
    charger_id: ChargerId, charge_point_id: str, search: str | None, wanted: HandshakeFilter
) -> Conditions:
    conditions = Conditions()
    # Before it was registered its attempts belonged to nobody; they explain as much as later ones.
    conditions.add(
        "(h.charger_id = ? OR (h.charger_id IS NULL AND h.charge_point_id = ?))",
        charger_id,
        charge_point_id,
    )
    conditions.add_if("h.outcome = ?", wanted.outcome)
    conditions.add_if("(h.outcome = 'accepted') = ?", wanted.is_accepted)
    conditions.add_if("h.at >= ?", wanted.since)
    conditions.add_if("h.at < ?", wanted.until)
    conditions.add_search(search, "h.reason", "h.outcome", "h.remote_address")
    return conditions
