"""Adds the whole ledger up again and compares it with what the sessions say.

Reads one snapshot beside a running server, a row at a time; changes nothing.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, cast

import asyncpg

from csms.adapters.sql import ledger_check_statements as statements
from csms.adapters.sql.availability import answering
from csms.adapters.sql.engine import Database
from csms.adapters.sql.postings import content_hash
from csms.domain.ledger.transfer import AccountKind, NewTransfer, Posting

TIMEOUT_S: Final = 3600.0
ROWS_PER_FETCH: Final = 1000
KEPT_VIOLATIONS: Final = 1000
KEPT_UNSETTLED: Final = 1000
LOST_HOLD_AFTER: Final = timedelta(days=1)
"""A remote start gives its hold back within minutes; one that is there a day later is lost."""
_ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that is wrong: the rule's name, what breaks it, and how, with the figures."""

    rule: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class AccountTotal:
    """All postings on one kind of account."""

    organization_id: int | None
    currency: str
    account: str
    amount: Decimal
    postings: int


@dataclass(frozen=True, slots=True)
class UnsettledBill:
    """A session that has ended without a final bill, and for how long, in seconds."""

    transaction_id: int
    charge_point_id: str
    billing_status: str
    stopped_at: datetime
    age_s: float
    error: str | None


@dataclass(slots=True)
class LedgerReport:
    """What was added up, and what is wrong. Only the first thousand of each list are kept."""

    transfers: int = 0
    postings: int = 0
    wallets: int = 0
    sessions: int = 0
    totals: list[AccountTotal] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    violation_count: int = 0
    unsettled: list[UnsettledBill] = field(default_factory=list)
    unsettled_count: int = 0

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong. Bills that are pending or wait for a person are not wrong."""
        return self.violation_count == 0

    def add(self, rule: str, subject: str, detail: str) -> None:
        """Take up a violation."""
        self.violation_count += 1
        if len(self.violations) < KEPT_VIOLATIONS:
            self.violations.append(Violation(rule, subject, detail))


_Person = tuple[int, int, str]
"""Organization, user and currency."""


async def check_ledger(database: Database) -> LedgerReport:
    """Check every transfer, currency, wallet and session. Raises StorageUnavailableError."""
    report = LedgerReport()
    with answering():
        async with (
            database.pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            await connection.execute("SET LOCAL statement_timeout = 0")
            people = await _check_transfers(connection, report)
            await _check_orphans(connection, report)
            await _check_totals(connection, report)
            await _check_wallets(connection, report, people)
            await _check_sessions(connection, report)
            await _check_lost_holds(connection, report)
            await _list_unsettled(connection, report)
    return report


async def _check_transfers(
    connection: asyncpg.Connection, report: LedgerReport
) -> dict[_Person, Decimal]:
    people: dict[_Person, Decimal] = {}
    async for row in _rows(connection, statements.TRANSFERS):
        report.transfers += 1
        lines = _lines(row)
        report.postings += len(lines)
        _check_transfer(row, lines, report)
        for posting, currency in lines:
            if posting.user_id is not None:
                person = (row["organization_id"], posting.user_id, currency)
                people[person] = people.get(person, _ZERO) + posting.amount
    return people


def _lines(row: asyncpg.Record) -> list[tuple[Posting, str]]:
    return [
        (Posting(cast("AccountKind", account or "missing"), amount, person), currency)
        for account, person, amount, currency in zip(
            row["accounts"], row["people"], row["amounts"], row["currencies"], strict=True
        )
        if amount is not None
    ]


def _check_transfer(
    row: asyncpg.Record, lines: list[tuple[Posting, str]], report: LedgerReport
) -> None:
    subject = f"transfer {row['id']}"
    total = sum((posting.amount for posting, _ in lines), _ZERO)
    currencies = sorted({currency for _, currency in lines})
    if len(lines) < 2:
        report.add("incomplete_transfer", subject, f"has {len(lines)} postings, at least 2 belong")
    if total != 0:
        report.add("unbalanced_transfer", subject, f"its postings sum to {total}, not to zero")
    if len(currencies) > 1:
        report.add("mixed_currencies", subject, f"is in {' and '.join(currencies)}")
    if row["is_foreign"]:
        report.add(
            "foreign_account", subject, "posts to an account of another organization or currency"
        )
    if row["kind"] in {"charge", "correction"} and not row["has_session"]:
        named = row["transaction_id"]
        said = "names no session" if named is None else f"names session {named}, which is not there"
        report.add("charge_without_session", subject, f"is a {row['kind']} and {said}")
    if total == 0 and len(lines) >= 2 and len(currencies) == 1:
        _check_content(row, lines, currencies[0], report)


def _check_content(
    row: asyncpg.Record, lines: list[tuple[Posting, str]], currency: str, report: LedgerReport
) -> None:
    transfer = NewTransfer(
        organization_id=row["organization_id"],
        kind=row["kind"],
        idempotency_key=row["idempotency_key"],
        currency=currency,
        postings=tuple(posting for posting, _ in lines),
        note="",
        transaction_id=row["transaction_id"],
    )
    if content_hash(transfer) != bytes(row["content_hash"]):
        report.add(
            "altered_transfer",
            f"transfer {row['id']}",
            f"is not what was posted under {row['idempotency_key']!r}: its content hash differs",
        )


async def _check_orphans(connection: asyncpg.Connection, report: LedgerReport) -> None:
    async for row in _rows(connection, statements.ORPHANS):
        lacks = "transfer" if row["has_no_transfer"] else "account"
        report.add(
            "orphan_posting",
            f"posting {row['id']}",
            f"moves {row['amount']} {row['currency']} and has no {lacks}",
        )


async def _check_totals(connection: asyncpg.Connection, report: LedgerReport) -> None:
    rows = await connection.fetch(statements.BALANCES, timeout=TIMEOUT_S)
    report.totals = [AccountTotal(**dict(row)) for row in rows]
    sums: dict[tuple[int | None, str], Decimal] = {}
    for one in report.totals:
        key = (one.organization_id, one.currency)
        sums[key] = sums.get(key, _ZERO) + one.amount
    for (organization_id, currency), total in sums.items():
        if total != 0:
            report.add(
                "currency_not_zero",
                f"{currency} of organization {organization_id}",
                f"all postings together sum to {total}, not to zero",
            )


async def _check_wallets(
    connection: asyncpg.Connection, report: LedgerReport, people: dict[_Person, Decimal]
) -> None:
    async for row in _rows(connection, statements.WALLETS):
        report.wallets += 1
        person = (row["organization_id"], row["user_id"], row["currency"])
        added = people.pop(person, _ZERO)
        if added != row["balance"]:
            _add_wallet(report, person, row["balance"], added)
    for person, added in people.items():
        if added != 0:
            _add_wallet(report, person, _ZERO, added)


def _add_wallet(
    report: LedgerReport, person: _Person, balance: Decimal, transferred: Decimal
) -> None:
    _, user_id, currency = person
    report.add(
        "wallet_differs",
        f"wallet of user {user_id}",
        f"shows {balance} {currency}, its transfers add up to {transferred} {currency}",
    )


async def _check_sessions(connection: asyncpg.Connection, report: LedgerReport) -> None:
    report.sessions = await connection.fetchval(statements.COUNT_SESSIONS, timeout=TIMEOUT_S)
    async for row in _rows(connection, statements.SESSIONS):
        _check_session(row, report)


def _check_session(row: asyncpg.Record, report: LedgerReport) -> None:
    subject = f"session {row['id']}"
    currency = row["currency"] or ""
    charged, cost, status = row["charged"], row["cost_amount"], row["billing_status"]
    if status == "BILLED" and charged != cost:
        report.add(
            "charge_differs",
            subject,
            f"costs {cost} {currency}, its charges and corrections take {charged} {currency}",
        )
    if status == "NOT_BILLABLE" and charged != 0:
        report.add(
            "charge_of_unbillable", subject, f"is NOT_BILLABLE and {charged} {currency} was charged"
        )
    is_settled = row["status"] == "ENDED" and status in {"BILLED", "NOT_BILLABLE"}
    if is_settled and row["held"] != 0 and not row["is_bill_queued"]:
        report.add(
            "hold_not_released",
            subject,
            f"has ended ({status}) and {row['held']} {currency} is still on hold",
        )
    if row["is_of_other"]:
        report.add("charge_of_other_person", subject, "moves money of another person's wallet")
    if row["is_in_other"]:
        report.add("charge_in_other_currency", subject, f"is in {currency} and moves another one")


async def _check_lost_holds(connection: asyncpg.Connection, report: LedgerReport) -> None:
    rows = await connection.fetch(statements.LOST_HOLDS, LOST_HOLD_AFTER, timeout=TIMEOUT_S)
    for row in rows:
        report.add(
            "hold_not_released",
            f"operation {row['id']}",
            f"a remote start at {row['charge_point_id']} that is {row['status']} and began no "
            f"session still holds {row['held']} {row['currency']}",
        )


async def _list_unsettled(connection: asyncpg.Connection, report: LedgerReport) -> None:
    async for row in _rows(connection, statements.UNSETTLED):
        report.unsettled_count += 1
        if len(report.unsettled) < KEPT_UNSETTLED:
            report.unsettled.append(
                UnsettledBill(
                    transaction_id=row["id"],
                    charge_point_id=row["charge_point_id"],
                    billing_status=row["billing_status"],
                    stopped_at=row["stopped_at"],
                    age_s=row["age_s"],
                    error=row["billing_error"],
                )
            )


def _rows(connection: asyncpg.Connection, query: str) -> AsyncIterator[asyncpg.Record]:
    cursor: AsyncIterator[asyncpg.Record] = connection.cursor(
        query, prefetch=ROWS_PER_FETCH, timeout=TIMEOUT_S
    )
    return aiter(cursor)
