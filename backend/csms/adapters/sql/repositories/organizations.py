"""Organizations and what they set for themselves."""

from collections.abc import Callable
from dataclasses import asdict

import asyncpg

from csms.adapters.sql.engine import Database
from csms.adapters.sql.repositories.audit_entries import record_change
from csms.adapters.sql.texts import storable
from csms.domain.identity.actor import Actor
from csms.domain.identity.organization import CurrencyInUseError, OrganizationSettings

_LOCK = """
SELECT name, currency, minimum_balance, hold_amount, reconcile_after_s, offline_cap_s
FROM organization WHERE id = $1 FOR UPDATE
"""
_UPDATE = """
UPDATE organization SET name = $2, currency = $3, minimum_balance = $4, hold_amount = $5,
  reconcile_after_s = $6, offline_cap_s = $7
WHERE id = $1
"""
_CURRENCY_USES = """
SELECT
  EXISTS (SELECT 1 FROM ledger_account WHERE organization_id = $1) AS money,
  EXISTS (SELECT 1 FROM transaction WHERE organization_id = $1) AS sessions,
  EXISTS (SELECT 1 FROM tariff
          WHERE organization_id = $1 AND archived_at IS NULL AND currency <> $2) AS tariffs
"""
_USE_NAMES = {
    "money": "the ledger has accounts",
    "sessions": "sessions have been recorded",
    "tariffs": "tariffs are in another one",
}


class SqlOrganizationStore:
    """The domain's OrganizationStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def change(
        self, actor: Actor, decide: Callable[[OrganizationSettings], OrganizationSettings]
    ) -> OrganizationSettings:
        """Lock, decide, store."""
        async with self._database.writes(actor.organization_id) as connection:
            row = await connection.fetchrow(_LOCK, actor.organization_id)
            before = OrganizationSettings(**dict(row))
            after = decide(before)
            if after == before:
                return before
            if after.currency != before.currency:
                await _require_unused(connection, actor, before.currency, after.currency)
            await connection.execute(
                _UPDATE,
                actor.organization_id,
                storable(after.name),
                after.currency,
                after.minimum_balance,
                after.hold_amount,
                after.reconcile_after_s,
                after.offline_cap_s,
            )
            await record_change(
                connection,
                actor,
                "organization.updated",
                ("organization", actor.organization_id),
                before=asdict(before),
                after=asdict(after),
            )
        return after


async def _require_unused(
    connection: asyncpg.Connection, actor: Actor, standing: str, wanted: str
) -> None:
    row = await connection.fetchrow(_CURRENCY_USES, actor.organization_id, wanted)
    reasons = [text for name, text in _USE_NAMES.items() if row[name]]
    if reasons:
        raise CurrencyInUseError(
            f"the currency stays {standing}: {' and '.join(reasons)}", currency=standing
        )
