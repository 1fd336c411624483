"""The list of tariffs and one of them."""

from dataclasses import dataclass

import msgspec

from csms.domain.tariffs.registry import TariffNotFoundError
from csms.kernel.ids import OrganizationId, TariffId
from csms.reads.amounts import optional_price, price_text
from csms.reads.database import ReadDatabase, Row
from csms.reads.moments import Moment
from csms.reads.page import Conditions, Page, PageRequest, joined

SORTS = {"id": "t.id", "name": "t.name", "price_per_kwh": "t.price_per_kwh"}
COLUMNS = "SELECT t.* FROM tariff t"


class TariffView(msgspec.Struct, frozen=True):
    """A price list: decimal strings in `currency`, tax included."""

    id: int
    name: str
    currency: str
    price_per_kwh: str
    price_per_minute: str | None
    price_per_session: str | None
    idle_price_per_minute: str | None
    idle_grace_minutes: int | None
    tax_percent: str | None
    is_default: bool
    is_archived: bool
    created_at: Moment
    updated_at: Moment
    archived_at: Moment | None


@dataclass(frozen=True, slots=True)
class TariffFilter:
    """Archived tariffs are left out unless asked for."""

    is_archived: bool = False


async def list_tariffs(
    database: ReadDatabase,
    organization_id: OrganizationId,
    request: PageRequest,
    wanted: TariffFilter,
) -> Page[TariffView]:
    """Return a page of tariffs."""
    conditions = Conditions()
    conditions.add("t.organization_id = ?", organization_id)
    conditions.add("(t.archived_at IS NOT NULL) = ?", wanted.is_archived)
    conditions.add_search(request.search, "t.name")
    order = request.order_by(SORTS, default="name", key="t.id")
    async with database.reads(organization_id) as connection:
        total = await connection.fetchval(
            joined("SELECT count(*) FROM tariff t", conditions.where), *conditions.values
        )
        limits = (
            f"LIMIT {conditions.place(request.limit)} OFFSET {conditions.place(request.offset)}"
        )
        rows = await connection.fetch(
            joined(COLUMNS, conditions.where, order, limits), *conditions.values
        )
    return Page([_view(row) for row in rows], total, request.page, request.limit)


async def get_tariff(
    database: ReadDatabase, organization_id: OrganizationId, tariff_id: TariffId
) -> TariffView:
    """Return one tariff, archived or not. Raises TariffNotFoundError."""
    async with database.reads(organization_id) as connection:
        row = await connection.fetchrow(
            joined(COLUMNS, "WHERE t.organization_id = $1 AND t.id = $2"),
            organization_id,
            tariff_id,
        )
    if row is None:
        raise TariffNotFoundError(f"no tariff {tariff_id}", tariff_id=tariff_id)
    return _view(row)


def _view(row: Row) -> TariffView:
    return TariffView(
        id=row["id"],
        name=row["name"],
        currency=row["currency"],
        price_per_kwh=price_text(row["price_per_kwh"]),
        price_per_minute=optional_price(row["price_per_minute"]),
        price_per_session=optional_price(row["price_per_session"]),
        idle_price_per_minute=optional_price(row["idle_price_per_minute"]),
        idle_grace_minutes=row["idle_grace_minutes"],
        tax_percent=optional_price(row["tax_percent"]),
        is_default=row["is_default"],
        is_archived=row["archived_at"] is not None,
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        archived_at=row["archived_at"],
    )
