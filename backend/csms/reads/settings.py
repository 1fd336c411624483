"""What holds for the whole network, as the settings screen shows it."""

import msgspec

from csms.kernel.ids import OrganizationId
from csms.reads.amounts import MoneyView, money_view
from csms.reads.database import ReadDatabase

ORGANIZATION = """
SELECT o.name, o.currency, o.minimum_balance, o.hold_amount, o.reconcile_after_s, o.offline_cap_s,
  p.id AS tariff_id, p.name AS tariff_name,
  EXISTS (SELECT 1 FROM ledger_account WHERE organization_id = o.id)
    OR EXISTS (SELECT 1 FROM transaction WHERE organization_id = o.id) AS is_currency_fixed
FROM organization o
LEFT JOIN tariff p ON p.organization_id = o.id AND p.is_default AND p.archived_at IS NULL
WHERE o.id = $1
"""
BRIEF = "SELECT name, currency FROM organization WHERE id = $1"


class DefaultTariffView(msgspec.Struct, frozen=True):
    """The tariff that applies where nothing else does."""

    id: int
    name: str


class OrganizationView(msgspec.Struct, frozen=True):
    """What the organization sets for itself. `is_currency_fixed`: money depends on it already.

    `reconcile_after_s` is how long a session without a Stop waits for evidence after its charger
    is back, `offline_cap_s` how long while the charger stays away. `default_tariff` is null where
    sessions have no price yet.
    """

    name: str
    currency: str
    is_currency_fixed: bool
    minimum_balance: MoneyView
    hold_amount: MoneyView
    reconcile_after_s: int
    offline_cap_s: int
    default_tariff: DefaultTariffView | None


class OrganizationBrief(msgspec.Struct, frozen=True):
    """What everybody may know of the organization."""

    name: str
    currency: str


async def get_organization(
    database: ReadDatabase, organization_id: OrganizationId
) -> OrganizationView:
    """Return the organization's settings, in one query."""
    async with database.reads(organization_id) as connection:
        (row,) = await connection.fetch(ORGANIZATION, organization_id)
    tariff = row["tariff_id"]
    return OrganizationView(
        name=row["name"],
        currency=row["currency"],
        is_currency_fixed=row["is_currency_fixed"],
        minimum_balance=money_view(row["minimum_balance"], row["currency"]),
        hold_amount=money_view(row["hold_amount"], row["currency"]),
        reconcile_after_s=row["reconcile_after_s"],
        offline_cap_s=row["offline_cap_s"],
        default_tariff=None if tariff is None else DefaultTariffView(tariff, row["tariff_name"]),
    )


async def get_organization_brief(
    database: ReadDatabase, organization_id: OrganizationId
) -> OrganizationBrief:
    """Return name and currency."""
    async with database.reads(organization_id) as connection:
        (row,) = await connection.fetch(BRIEF, organization_id)
    return OrganizationBrief(row["name"], row["currency"])
