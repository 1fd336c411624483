"""Tariffs."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import asyncpg

from csms.adapters.sql.engine import Database
from csms.adapters.sql.repositories.audit_entries import record_change
from csms.adapters.sql.texts import storable
from csms.domain.identity.actor import Actor
from csms.domain.tariffs.registry import Tariff, TariffDetails, TariffNotFoundError
from csms.kernel.ids import OrganizationId, TariffId

_ADD = """
INSERT INTO tariff (organization_id, name, currency, price_per_kwh, price_per_minute,
  price_per_session, idle_price_per_minute, idle_grace_minutes, tax_percent, is_default)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id
"""
_UPDATE = """
UPDATE tariff SET name = $2, currency = $3, price_per_kwh = $4, price_per_minute = $5,
  price_per_session = $6, idle_price_per_minute = $7, idle_grace_minutes = $8, tax_percent = $9,
  is_default = $10, archived_at = $11, updated_at = now()
WHERE id = $1
"""
_LOCK = "SELECT * FROM tariff WHERE organization_id = $1 AND id = $2 FOR UPDATE"
_ONE_AT_A_TIME = "SELECT 1 FROM organization WHERE id = $1 FOR NO KEY UPDATE"
_STEP_DOWN = """
UPDATE tariff SET is_default = false, updated_at = now()
WHERE organization_id = $1 AND is_default AND id <> $2
"""


class SqlTariffStore:
    """The domain's TariffStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, actor: Actor, details: TariffDetails) -> TariffId:
        """Store a tariff; a new default takes the place of the present one."""
        async with self._database.writes(actor.organization_id) as connection:
            if details.is_default:
                await _make_room(connection, actor.organization_id, except_for=0)
            tariff_id = await connection.fetchval(_ADD, actor.organization_id, *_columns(details))
            await record_change(
                connection, actor, "tariff.created", ("tariff", tariff_id), after=asdict(details)
            )
        return TariffId(tariff_id)

    async def change(
        self, actor: Actor, tariff_id: TariffId, action: str, decide: Callable[[Tariff], Tariff]
    ) -> Tariff:
        """Lock, decide, store; a new default takes the place of the present one."""
        async with self._database.writes(actor.organization_id) as connection:
            row = await connection.fetchrow(_LOCK, actor.organization_id, tariff_id)
            if row is None:
                raise TariffNotFoundError(f"no tariff {tariff_id}", tariff_id=tariff_id)
            before = _tariff(row)
            after = decide(before)
            if after == before:
                return before
            if after.details.is_default and not before.details.is_default:
                await _make_room(connection, actor.organization_id, except_for=tariff_id)
            await connection.execute(
                _UPDATE, tariff_id, *_columns(after.details), after.archived_at
            )
            await record_change(
                connection,
                actor,
                action,
                ("tariff", tariff_id),
                before=asdict(before.details) | {"archived_at": before.archived_at},
                after=asdict(after.details) | {"archived_at": after.archived_at},
            )
        return after


async def _make_room(
    connection: asyncpg.Connection, organization_id: OrganizationId, *, except_for: int
) -> None:
    await connection.execute(_ONE_AT_A_TIME, organization_id)
    await connection.execute(_STEP_DOWN, organization_id, except_for)


def _columns(details: TariffDetails) -> tuple[object, ...]:
    return (
        storable(details.name),
        details.currency,
        details.price_per_kwh,
        details.price_per_minute,
        details.price_per_session,
        details.idle_price_per_minute,
        details.idle_grace_minutes,
        details.tax_percent,
        details.is_default,
    )


def _tariff(row: Any) -> Tariff:
    return Tariff(
        id=TariffId(row["id"]),
        organization_id=OrganizationId(row["organization_id"]),
        details=TariffDetails(
            name=row["name"],
            currency=row["currency"],
            price_per_kwh=row["price_per_kwh"],
            price_per_minute=row["price_per_minute"],
            price_per_session=row["price_per_session"],
            idle_price_per_minute=row["idle_price_per_minute"],
            idle_grace_minutes=row["idle_grace_minutes"],
            tax_percent=row["tax_percent"],
            is_default=row["is_default"],
        ),
        archived_at=row["archived_at"],
    )
