"""The receipt of a billed session: what it cost, how that was computed, who sold it."""

from typing import Any

import msgspec

from csms.kernel.errors import ConflictError
from csms.kernel.ids import OrganizationId
from csms.reads.amounts import MoneyView
from csms.reads.database import ReadDatabase
from csms.reads.moments import Moment
from csms.reads.transaction import TermsView, TransactionDetail

SELLER = """
SELECT o.name, s.address, t.billed_at FROM transaction t
JOIN organization o ON o.id = t.organization_id
JOIN charger c ON c.id = t.charger_id JOIN station s ON s.id = c.station_id
WHERE t.organization_id = $1 AND t.id = $2
"""


class NotBilledError(ConflictError):
    """There is no bill yet, or there will be none."""


class Receipt(msgspec.Struct, frozen=True):
    """A billed session. Prices include tax; `time_zone` is the station's (IANA name)."""

    transaction_id: int
    seller: str
    station_name: str
    address: str
    time_zone: str
    charge_point_id: str
    connector_id: int
    started_at: Moment
    stopped_at: Moment
    energy_wh: float
    cost: MoneyView
    tariff: TermsView | None
    cost_explained: Any
    billed_at: Moment | None


async def get_receipt(
    database: ReadDatabase, organization_id: OrganizationId, session: TransactionDetail
) -> Receipt:
    """Return the receipt of a session. Raises NotBilledError."""
    if session.billing_status != "BILLED" or session.cost is None or session.stopped_at is None:
        raise NotBilledError("the session is not billed", billing_status=session.billing_status)
    async with database.reads(organization_id) as connection:
        (row,) = await connection.fetch(SELLER, organization_id, session.id)
    return Receipt(
        transaction_id=session.id,
        seller=row["name"],
        station_name=session.station_name,
        address=row["address"],
        time_zone=session.time_zone,
        charge_point_id=session.charge_point_id,
        connector_id=session.connector_id,
        started_at=session.started_at,
        stopped_at=session.stopped_at,
        energy_wh=session.energy_wh or 0,
        cost=session.cost,
        tariff=session.tariff,
        cost_explained=session.cost_explained,
        billed_at=row["billed_at"],
    )
