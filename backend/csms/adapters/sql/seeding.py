"""Rows of a seeded network in bulk: stations, people, sessions with their money, by COPY."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import asyncpg

from csms.adapters.sql import ledger_statements
from csms.adapters.sql.engine import Database
from csms.adapters.sql.postings import content_hash
from csms.adapters.sql.repositories.audit_entries import record_change
from csms.domain.identity.actor import Actor
from csms.domain.ledger.transfer import NewTransfer
from csms.domain.tariffs.terms import TariffTerms
from csms.kernel.ids import OrganizationId, TariffId, fold_id_tag

AccountKey = tuple[str, int | None]
"""Kind of account and its person."""
Row = tuple[Any, ...]

SESSION_COLUMNS = (
    "id", "organization_id", "charger_id", "connector_id", "id_tag", "id_tag_folded", "user_id",
    "started_at", "charger_started_at", "received_at", "meter_start_wh", "status",
    "status_changed_at", "authorization_status", "is_billable", "start_key", "stopped_at",
    "charger_stopped_at", "stop_received_at", "meter_stop_wh", "stop_reason", "stop_source",
    "has_charger_stop", "energy_wh", "energy_basis", "explanation", "tariff_id", "tariff_terms",
    "currency", "cost_amount", "billing_status", "billing_error", "bill_explanation",
    "bill_revision", "billed_at", "hold_amount", "note",
)  # fmt: skip
READING_COLUMNS = (
    "organization_id", "charger_id", "connector_id", "transaction_id", "sampled_at", "received_at",
    "register_wh", "power_w", "is_suspect", "is_inferred", "samples",
)  # fmt: skip
CASE_COLUMNS = (
    "organization_id", "kind", "case_key", "charger_id", "transaction_id", "summary", "evidence",
    "opened_at",
)  # fmt: skip
_NULL = "\\N"
_TRANSFER_COLUMNS = (
    "id", "organization_id", "kind", "idempotency_key", "content_hash", "transaction_id", "note",
    "created_at",
)  # fmt: skip
_ENTRY_COLUMNS = ("transfer_id", "account_id", "amount", "currency")
_POLICY = """
SELECT o.currency, o.hold_amount, p.id AS tariff_id, p.name AS tariff_name,
       p.currency AS tariff_currency, p.price_per_kwh, p.price_per_minute, p.price_per_session,
       p.idle_price_per_minute, p.idle_grace_minutes, p.tax_percent
  FROM organization o JOIN tariff p ON p.organization_id = o.id AND p.is_default
 WHERE o.id = $1
"""
_STATIONS = """
INSERT INTO station (organization_id, name, latitude, longitude, address, time_zone)
SELECT $1, r.* FROM unnest($2::text[], $3::numeric[], $4::numeric[], $5::text[], $6::text[]) AS r
RETURNING id
"""
_PEOPLE = """
INSERT INTO app_user (organization_id, email, full_name, role)
SELECT $1, r.email, r.full_name, 'USER' FROM unnest($2::text[], $3::text[]) AS r (email, full_name)
RETURNING id
"""
_TAGS = """
INSERT INTO id_tag (organization_id, id_tag, folded, user_id, is_app_tag)
SELECT $1, r.* FROM unnest($2::text[], $3::text[], $4::bigint[], $5::boolean[]) AS r
"""
_OUTLETS = """
SELECT k.charger_id, k.connector_id, k.max_power_kw FROM connector k
  JOIN charger c ON c.id = k.charger_id
 WHERE c.organization_id = $1 AND c.charge_point_id = ANY ($2::text[])
 ORDER BY k.charger_id, k.connector_id
"""
_ACCOUNTS = """
SELECT id, kind, user_id FROM ledger_account WHERE organization_id = $1 AND currency = $2
   AND (user_id IS NULL OR user_id = ANY ($3::bigint[]))
"""
_HAS_REAL_CHARGERS = """
SELECT EXISTS (SELECT 1 FROM charger c JOIN connection n ON n.charger_id = c.id
                WHERE NOT starts_with(c.charge_point_id, $1) AND c.charge_point_id <> ALL ($2))
"""
_LAST_NUMBER = """
SELECT coalesce(max(substring(charge_point_id FROM '[0-9]{1,9}$')::integer), 0)
  FROM charger WHERE starts_with(charge_point_id, $1)
"""


@dataclass(frozen=True, slots=True)
class SeedPolicy:
    """What sessions of the organization are made under."""

    currency: str
    hold_amount: Decimal
    terms: TariffTerms


@dataclass(frozen=True, slots=True)
class DatedTransfer:
    """A transfer, and when it happened."""

    transfer: NewTransfer
    at: datetime


@dataclass(frozen=True, slots=True)
class SessionBatch:
    """Rows of sessions that are stored together; tuples are in the order of their columns."""

    sessions: Sequence[Row]
    transfers: Sequence[DatedTransfer]
    readings: Sequence[Row]
    cases: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Outlet:
    """A connector at which sessions are made."""

    charger_id: int
    connector_id: int
    max_power_w: int


class SeedStore:
    """Stores what a seeding makes, for one organization."""

    def __init__(self, database: Database, actor: Actor) -> None:
        self._database = database
        self._actor = actor

    @property
    def _organization_id(self) -> OrganizationId:
        return self._actor.organization_id

    async def has_real_chargers(self, prefix: str, demo: Sequence[str]) -> bool:
        """Whether a charger other than seeded and demo ones has ever connected."""
        return bool(await self._database.pool.fetchval(_HAS_REAL_CHARGERS, prefix, list(demo)))

    async def last_number(self, prefix: str) -> int:
        """Return the highest number among the chargers named `prefix` and a number."""
        return int(await self._database.pool.fetchval(_LAST_NUMBER, prefix))

    async def policy(self) -> SeedPolicy:
        """Return currency, hold and default price; there must be one."""
        row = await self._database.pool.fetchrow(_POLICY, self._organization_id)
        terms = TariffTerms(
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
        return SeedPolicy(row["currency"], row["hold_amount"], terms)

    async def begin(self, said: dict[str, object], stations: Sequence[Row]) -> list[int]:
        """Store the audit entry of the whole seeding and the stations; return their ids."""
        async with self._database.writes(self._organization_id) as connection:
            await record_change(
                connection, self._actor, "network.seeded", ("seeding", "csms seed"), after=said
            )
            rows = await connection.fetch(_STATIONS, self._organization_id, *_columns(stations))
        return [row["id"] for row in rows]

    async def add_people(self, people: Sequence[tuple[str, str, str, str]]) -> list[int]:
        """Store people given as (email, name, app tag, card); return their ids in order."""
        async with self._database.writes(self._organization_id) as connection:
            rows = await connection.fetch(
                _PEOPLE, self._organization_id, [p[0] for p in people], [p[1] for p in people]
            )
            ids = [row["id"] for row in rows]
            tags = [
                (tag, fold_id_tag(tag), user_id, is_app_tag)
                for (_, _, app_tag, card), user_id in zip(people, ids, strict=True)
                for tag, is_app_tag in ((app_tag, True), (card, False))
            ]
            await connection.execute(_TAGS, self._organization_id, *_columns(tags))
        return ids

    async def add_free_tag(self, tag: str) -> None:
        """Register a card that belongs to nobody."""
        async with self._database.writes(self._organization_id) as connection:
            await connection.execute(
                _TAGS + "ON CONFLICT DO NOTHING",
                self._organization_id,
                [tag],
                [fold_id_tag(tag)],
                [None],
                [False],
            )

    async def outlets(self, charge_point_ids: Sequence[str]) -> list[Outlet]:
        """Return the connectors of these chargers."""
        rows = await self._database.pool.fetch(
            _OUTLETS, self._organization_id, list(charge_point_ids)
        )
        return [
            Outlet(row["charger_id"], row["connector_id"], int(row["max_power_kw"] * 1000))
            for row in rows
        ]

    async def accounts(self, currency: str, people: Sequence[int]) -> dict[AccountKey, int]:
        """Make and return the ledger accounts of these people, and the house's own."""
        wanted = [(kind, user_id) for user_id in people for kind in ("hold", "wallet")]
        rows: list[Row] = [
            (self._organization_id, kind, user_id, currency)
            for kind, user_id in [("cash", None), ("revenue", None), *wanted]
        ]
        async with self._database.writes(self._organization_id) as connection:
            await connection.execute(ledger_statements.ENSURE_ACCOUNTS, *_columns(rows))
            found = await connection.fetch(_ACCOUNTS, self._organization_id, currency, list(people))
        return {(row["kind"], row["user_id"]): row["id"] for row in found}

    async def transaction_ids(self, count: int) -> list[int]:
        """Take that many ids out of the sequence that chargers are answered from."""
        return await _next_ids(self._database.pool, "transaction_id_seq", count)

    async def add_sessions(self, batch: SessionBatch, accounts: dict[AccountKey, int]) -> None:
        """Store a batch in one transaction; every constraint and trigger looks at every row."""
        async with self._database.writes(self._organization_id) as connection:
            ids = await _next_ids(connection, "ledger_transfer_id_seq", len(batch.transfers))
            dated = list(zip(ids, batch.transfers, strict=True))
            await _copy(connection, "transaction", SESSION_COLUMNS, batch.sessions)
            await _copy(connection, "ledger_transfer", _TRANSFER_COLUMNS, _transfers(dated))
            await _copy(connection, "ledger_entry", _ENTRY_COLUMNS, _entries(dated, accounts))
            await _copy(connection, "meter_value", READING_COLUMNS, batch.readings)
            await _copy(connection, "desk_case", CASE_COLUMNS, batch.cases)


def _transfers(dated: Iterable[tuple[int, DatedTransfer]]) -> list[Row]:
    return [
        (
            transfer_id,
            one.transfer.organization_id,
            one.transfer.kind,
            one.transfer.idempotency_key,
            content_hash(one.transfer),
            one.transfer.transaction_id,
            one.transfer.note,
            one.at,
        )
        for transfer_id, one in dated
    ]


def _entries(
    dated: Iterable[tuple[int, DatedTransfer]], accounts: dict[AccountKey, int]
) -> list[Row]:
    return [
        (
            transfer_id,
            accounts[posting.account, posting.user_id],
            posting.amount,
            one.transfer.currency,
        )
        for transfer_id, one in dated
        for posting in one.transfer.postings
    ]


async def _copy(
    connection: asyncpg.Connection, table: str, columns: Sequence[str], rows: Sequence[Row]
) -> None:
    """Copy rows as CSV text: the driver encodes decimals and moments several times slower.

    They go through a temporary table: COPY is refused where row-level security stands.
    """
    if not rows:
        return
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(map(_texts, rows))
    source = io.BytesIO(text.getvalue().encode())
    passing, names = f"seeding_{table}", ", ".join(columns)
    await connection.execute(
        f"CREATE TEMPORARY TABLE {passing} AS SELECT {names} FROM {table} LIMIT 0"  # noqa: S608 - names of ours
    )
    await connection.copy_to_table(
        passing, source=source, columns=columns, format="csv", null=_NULL, encoding="utf-8"
    )
    await connection.execute(
        f"INSERT INTO {table} ({names}) SELECT {names} FROM {passing}"  # noqa: S608 - names of ours
    )
    await connection.execute(f"DROP TABLE {passing}")


def _texts(row: Row) -> list[object]:
    return [
        _NULL if value is None else f"\\x{value.hex()}" if isinstance(value, bytes) else value
        for value in row
    ]


async def _next_ids(
    connection: asyncpg.Connection | asyncpg.Pool, sequence: str, count: int
) -> list[int]:
    rows = await connection.fetch(
        "SELECT nextval($1::regclass) AS id FROM generate_series(1, $2)", sequence, count
    )
    return [row["id"] for row in rows]


def _columns(rows: Sequence[Row]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
