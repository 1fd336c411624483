"""Reads of sessions that decisions rest on, each one round trip."""

from datetime import datetime
from decimal import Decimal

import asyncpg
import msgspec

from csms.adapters.sql.availability import answering
from csms.adapters.sql.engine import Database
from csms.adapters.sql.id_tags import TAG, folded, record_of
from csms.adapters.sql.texts import storable
from csms.domain.tariffs.terms import TariffTerms
from csms.domain.transactions.ports import ReadingKey, StartReads, StoredTransaction
from csms.kernel.ids import (
    ChargerId,
    ConnectorNumber,
    IdTag,
    OrganizationId,
    TariffId,
    TransactionId,
    UserId,
)

SESSION = """
SELECT x.id, x.organization_id, x.charger_id, x.connector_id, x.id_tag, x.user_id, x.status,
       x.started_at, x.meter_start_wh, x.authorization_status, x.is_billable, x.billing_status,
       x.stopped_at, x.charger_stopped_at, x.meter_stop_wh, x.stop_reason, x.has_charger_stop,
       x.energy_wh, x.charger_started_at, x.note, x.stop_source, x.reconcile_by, x.tariff_terms,
       tag.parent_id_tag, outlet.max_power_kw,
       (SELECT max(v.sampled_at) FROM meter_value v
         WHERE v.transaction_id = x.id AND NOT v.is_suspect) AS last_sampled_at,
       (SELECT v.register_wh FROM meter_value v
         WHERE v.transaction_id = x.id AND v.register_wh IS NOT NULL AND NOT v.is_suspect
         ORDER BY v.sampled_at DESC LIMIT 1) AS last_register_wh,
       (SELECT max(v.register_wh) FROM meter_value v
         WHERE v.transaction_id = x.id AND NOT v.is_suspect) AS highest_register_wh
  FROM transaction x
  LEFT JOIN id_tag tag ON tag.organization_id = x.organization_id AND tag.folded = x.id_tag_folded
  LEFT JOIN connector outlet
    ON outlet.charger_id = x.charger_id AND outlet.connector_id = x.connector_id
"""

_FOR_START = f"""
SELECT nextval('transaction_id_seq') AS fresh_id, known.*, price.*, same.*
  FROM (SELECT 1) AS one_row
  LEFT JOIN LATERAL ({TAG}) AS known ON true
  LEFT JOIN LATERAL (
    SELECT p.id AS tariff_id, p.name AS tariff_name, p.currency AS tariff_currency,
           p.price_per_kwh, p.price_per_minute, p.price_per_session, p.idle_price_per_minute,
           p.idle_grace_minutes, p.tax_percent
      FROM tariff p WHERE p.organization_id = $1 AND p.is_default) AS price ON true
  LEFT JOIN LATERAL ({SESSION} WHERE x.charger_id = $3 AND x.start_key = $4) AS same ON true
"""  # noqa: S608 - made of constants only

_SAMPLES = """
SELECT sampled_at, samples FROM meter_value
 WHERE transaction_id = $1 AND sampled_at = ANY ($2::timestamptz[])
"""


class _Sample(msgspec.Struct):
    measurand: str
    phase: str | None = None
    location: str | None = None
    context: str | None = None


_samples = msgspec.json.Decoder(list[_Sample])


class SqlTransactionReads:
    """Implements csms.domain.transactions.ports.TransactionReads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def for_start(
        self,
        organization_id: OrganizationId,
        charger_id: ChargerId,
        id_tag: str,
        start_key: str | None,
    ) -> StartReads:
        """Return tag, price, same start and a new id. Raises StorageUnavailableError."""
        with answering():
            row = await self._database.pool.fetchrow(
                _FOR_START, organization_id, folded(id_tag), charger_id, storable(start_key)
            )
        return StartReads(
            transaction_id=TransactionId(row["fresh_id"]),
            tag=record_of(row),
            tariff=_terms_of(row),
            same_start=None if row["id"] is None else stored_transaction(row),
        )

    async def find(self, transaction_id: TransactionId) -> StoredTransaction | None:
        """Return one session of any charger, or None. Raises StorageUnavailableError."""
        if not 0 < transaction_id < 2**31:
            return None
        with answering():
            row = await self._database.pool.fetchrow(f"{SESSION} WHERE x.id = $1", transaction_id)
        return None if row is None else stored_transaction(row)

    async def without_charger_stop(self, charger_id: ChargerId) -> list[StoredTransaction]:
        """Return the sessions that the charger has not stopped, oldest first.

        Raises StorageUnavailableError.
        """
        with answering():
            rows = await self._database.pool.fetch(
                f"{SESSION} WHERE x.charger_id = $1 AND NOT x.has_charger_stop "
                "ORDER BY x.started_at, x.id",
                charger_id,
            )
        return [stored_transaction(row) for row in rows]

    async def with_charger_stop(
        self, charger_id: ChargerId, charger_stopped_at: str, meter_stop_wh: Decimal
    ) -> list[StoredTransaction]:
        """Return the charger's sessions that it stopped with that very time and register."""
        with answering():
            rows = await self._database.pool.fetch(
                f"{SESSION} WHERE x.charger_id = $1 AND x.has_charger_stop"
                " AND x.charger_stopped_at = $2 AND x.meter_stop_wh = $3 ORDER BY x.started_at",
                charger_id,
                storable(charger_stopped_at),
                meter_stop_wh,
            )
        return [stored_transaction(row) for row in rows]

    async def reading_keys(
        self, transaction_id: TransactionId, moments: list[datetime]
    ) -> set[ReadingKey]:
        """Return the keys of the session's readings at those moments.

        Raises StorageUnavailableError.
        """
        with answering():
            rows = await self._database.pool.fetch(_SAMPLES, transaction_id, moments)
        return {
            ReadingKey(row["sampled_at"], s.measurand, s.phase, s.location, s.context)
            for row in rows
            for s in _samples.decode(row["samples"])
        }


def stored_transaction(row: asyncpg.Record) -> StoredTransaction:
    """Make the session of a row with the columns of SESSION."""
    power_kw: Decimal | None = row["max_power_kw"]
    start_wh: Decimal = row["meter_start_wh"]
    highest_wh: Decimal = (
        start_wh if row["highest_register_wh"] is None else row["highest_register_wh"]
    )
    return StoredTransaction(
        transaction_id=TransactionId(row["id"]),
        charger_id=ChargerId(row["charger_id"]),
        connector=ConnectorNumber(row["connector_id"]),
        id_tag=IdTag(row["id_tag"]),
        user_id=None if row["user_id"] is None else UserId(row["user_id"]),
        status=row["status"],
        started_at=row["started_at"],
        meter_start_wh=start_wh,
        authorization=row["authorization_status"],
        is_billable=row["is_billable"],
        billing_status=row["billing_status"],
        stopped_at=row["stopped_at"],
        charger_stopped_at=row["charger_stopped_at"],
        meter_stop_wh=row["meter_stop_wh"],
        stop_reason=row["stop_reason"],
        has_charger_stop=row["has_charger_stop"],
        last_register_wh=start_wh if row["last_register_wh"] is None else row["last_register_wh"],
        highest_register_wh=max(start_wh, highest_wh),
        energy_wh=row["energy_wh"],
        parent_id_tag=None if row["parent_id_tag"] is None else IdTag(row["parent_id_tag"]),
        max_power_w=None if power_kw is None else int(power_kw * 1000),
        charger_started_at=row["charger_started_at"],
        note=row["note"],
        stop_source=row["stop_source"],
        reconcile_by=row["reconcile_by"],
        tariff_terms=row["tariff_terms"],
        last_sampled_at=row["last_sampled_at"],
    )


def _terms_of(row: asyncpg.Record) -> TariffTerms | None:
    if row["tariff_id"] is None:
        return None
    return TariffTerms(
        tariff_id=TariffId(row["tariff_id"]),
        name=row["tariff_name"],
        currency=row["tariff_currency"],
        price_per_kwh=row["price_per_kwh"],
        price_per_minute=row["price_per_minute"],
        price_per_session=row["price_per_session"],
        idle_price_per_minute=row["idle_price_per_minute"],
        idle_grace_minutes=row["idle_grace_minutes"],
        tax_percent=row["tax_percent"],
    )
