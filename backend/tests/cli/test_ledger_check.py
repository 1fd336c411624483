"""`csms ledger check` finds every way in which the books can be wrong, and nothing else."""

from collections.abc import AsyncIterator
from decimal import Decimal
from string import Template

import asyncpg
import pytest

from csms.adapters.sql.ledger_check import check_ledger
from csms.bootstrap.maintenance import Maintenance
from csms.bootstrap.maintenance_seed import SeedOrder, seed_large
from csms.domain.ledger.transfer import NewTransfer, Posting
from csms.kernel.ids import UserId
from tests.cli.conftest import Csms

pytestmark = pytest.mark.integration

ORDER = SeedOrder(chargers=4, transactions=400, days=30, readings=0, random_seed=7)
NAMES = {
    "BILLED": "(SELECT min(id) FROM transaction WHERE billing_status = 'BILLED' AND cost_amount > 1)",
    "TOP_UP": "(SELECT min(id) FROM ledger_transfer WHERE kind = 'top_up')",
    "CHARGE": "(SELECT id FROM ledger_transfer WHERE kind = 'charge' AND transaction_id = $BILLED)",
    "RELEASE": "(SELECT id FROM ledger_transfer WHERE kind = 'release' AND transaction_id = $BILLED)",
    "LINE": "(SELECT min(id) FROM ledger_entry WHERE transfer_id = $TOP_UP)",
}


def sql(statement: str) -> str:
    """Put the rows that the names stand for into a statement."""
    while "$" in statement:
        statement = Template(statement).substitute(NAMES)
    return statement


BREAKS: dict[str, tuple[str, set[str]]] = {
    "a posting changed": (
        "UPDATE ledger_entry SET amount = amount + 1 WHERE id = $LINE",
        {"unbalanced_transfer", "currency_not_zero"},
    ),
    "a posting deleted": (
        "DELETE FROM ledger_entry WHERE id = $LINE",
        {"incomplete_transfer", "unbalanced_transfer", "currency_not_zero"},
    ),
    "one posting in another currency": (
        "UPDATE ledger_entry SET currency = 'USD' WHERE id = $LINE",
        {"mixed_currencies", "foreign_account", "currency_not_zero", "wallet_differs"},
    ),
    "a transfer made larger, in balance": (
        "UPDATE ledger_entry SET amount = amount * 2 WHERE transfer_id = $TOP_UP",
        {"altered_transfer"},
    ),
    "a transfer deleted without its postings": (
        "DELETE FROM ledger_transfer WHERE id = $TOP_UP",
        {"orphan_posting", "wallet_differs"},
    ),
    "a cost changed": (
        "UPDATE transaction SET cost_amount = cost_amount + 1 WHERE id = $BILLED",
        {"charge_differs"},
    ),
    "a session charged twice": (
        (
            "INSERT INTO ledger_transfer (organization_id, kind, idempotency_key, content_hash, note,"
            " transaction_id) SELECT 1, 'correction', 'again', content_hash, '', transaction_id"
            " FROM ledger_transfer WHERE id = $CHARGE;"
            "INSERT INTO ledger_entry (transfer_id, account_id, amount, currency)"
            " SELECT (SELECT max(id) FROM ledger_transfer), account_id, amount, currency"
            " FROM ledger_entry WHERE transfer_id = $CHARGE"
        ),
        {"charge_differs", "altered_transfer"},
    ),
    "a staff session charged": (
        (
            "UPDATE transaction SET is_billable = false, billing_status = 'NOT_BILLABLE'"
            " WHERE id = $BILLED"
        ),
        {"charge_of_unbillable"},
    ),
    "a charge without its session": (
        "UPDATE ledger_transfer SET transaction_id = NULL WHERE id = $CHARGE",
        {"charge_without_session", "charge_differs", "altered_transfer"},
    ),
    "a session of another person": (
        "UPDATE transaction SET user_id = (SELECT max(id) FROM app_user) WHERE id = $BILLED",
        {"charge_of_other_person"},
    ),
    "a session in another currency": (
        "UPDATE transaction SET currency = 'USD' WHERE id = $BILLED",
        {"charge_in_other_currency"},
    ),
    "a hold that was never released": (
        (
            "DELETE FROM ledger_entry WHERE transfer_id = $RELEASE;"
            "DELETE FROM ledger_transfer WHERE id = $RELEASE"
        ),
        {"hold_not_released"},
    ),
}


@pytest.fixture
async def seeded(desk: Maintenance) -> Maintenance:
    """A database with sessions, bills and wallets."""
    await seed_large(desk, ORDER, lambda _: None)
    return desk


@pytest.fixture
async def tamperer(owner: asyncpg.Connection) -> AsyncIterator[asyncpg.Connection]:
    """The owner, past every trigger and foreign key."""
    await owner.execute("SET session_replication_role = replica")
    yield owner
    await owner.execute("RESET session_replication_role")


async def test_sound_ledger_has_no_violations(seeded: Maintenance) -> None:
    report = await check_ledger(seeded.database)
    assert report.violations == []
    assert report.sessions == ORDER.transactions
    assert report.transfers > ORDER.transactions
    assert report.postings == 2 * report.transfers
    assert sum(total.amount for total in report.totals) == 0
    assert {u.billing_status for u in report.unsettled} == {"FAILED"}


@pytest.mark.parametrize("name", BREAKS)
async def test_each_tampering_is_found(
    name: str, seeded: Maintenance, tamperer: asyncpg.Connection
) -> None:
    statement, rules = BREAKS[name]
    await tamperer.execute(sql(statement))
    report = await check_ledger(seeded.database)
    assert {violation.rule for violation in report.violations} == rules
    assert not report.is_sound


async def test_violation_names_what_and_how_much(
    seeded: Maintenance, tamperer: asyncpg.Connection
) -> None:
    row = await tamperer.fetchrow(sql(BREAKS["a cost changed"][0] + " RETURNING id, cost_amount"))
    [violation] = (await check_ledger(seeded.database)).violations
    assert violation.subject == f"session {row['id']}"
    assert f"costs {row['cost_amount']} EUR" in violation.detail
    assert f"take {row['cost_amount'] - 1} EUR" in violation.detail


async def test_hold_may_stay_while_the_bill_is_queued(
    seeded: Maintenance, tamperer: asyncpg.Connection
) -> None:
    await tamperer.execute(sql(BREAKS["a hold that was never released"][0]))
    await tamperer.execute(
        sql(
            "INSERT INTO job (kind, unique_key, payload) "
            "SELECT 'bill', 'bill:' || $BILLED || ':again', '{}'"
        )
    )
    assert (await check_ledger(seeded.database)).is_sound


async def test_hold_of_a_remote_start_that_began_nothing_is_found(
    seeded: Maintenance, tamperer: asyncpg.Connection
) -> None:
    user_id = await tamperer.fetchval(sql("SELECT user_id FROM transaction WHERE id = $BILLED"))
    operation_id = await tamperer.fetchval(
        "INSERT INTO operation (organization_id, charger_id, charge_point_id, action, request,"
        " status, hold_for, hold_amount, hold_currency, requested_at, settled_at)"
        " SELECT 1, min(id), 'SEED-000001', 'RemoteStartTransaction', '{}', 'TIMED_OUT', $1, 20,"
        " 'EUR', now() - interval '3 days', now() - interval '2 days' FROM charger RETURNING id",
        user_id,
    )
    await seeded.ledger.post(
        NewTransfer(
            organization_id=seeded.organization_id,
            kind="hold",
            idempotency_key=f"hold:operation:{operation_id}",
            currency="EUR",
            postings=(
                Posting("wallet", Decimal(-20), UserId(user_id)),
                Posting("hold", Decimal(20), UserId(user_id)),
            ),
            note="",
        )
    )
    [violation] = (await check_ledger(seeded.database)).violations
    assert (violation.rule, violation.subject) == (
        "hold_not_released",
        f"operation {operation_id}",
    )


async def test_command_names_each_violation_and_ends_with_one(
    csms: Csms, seeded: Maintenance, tamperer: asyncpg.Connection
) -> None:
    sound = csms("ledger", "check")
    assert "no violations" in sound.out
    assert "FAILED" in sound.out
    session_id = await tamperer.fetchval(sql("SELECT $BILLED"))
    transfer_id = await tamperer.fetchval(sql("SELECT $TOP_UP"))
    await tamperer.execute(sql(BREAKS["a cost changed"][0]))
    await tamperer.execute(sql(BREAKS["a posting changed"][0]))
    shown = csms("ledger", "check", expect=1).out
    assert "3 violations" in shown
    assert f"session {session_id}" in shown
    assert f"transfer {transfer_id}" in shown
    report = csms("ledger", "check", "--json", expect=1).json
    assert report["is_sound"] is False
    assert {v["rule"] for v in report["violations"]} == {
        "charge_differs",
        "unbalanced_transfer",
        "currency_not_zero",
    }


async def test_empty_ledger_is_sound(csms: Csms) -> None:
    assert "the ledger is empty" in csms("ledger", "check").out


async def test_pending_bills_are_listed_with_their_age(
    csms: Csms, seeded: Maintenance, tamperer: asyncpg.Connection
) -> None:
    session_id = await tamperer.fetchval(
        sql(
            "UPDATE transaction SET billing_status = 'PENDING', billed_at = NULL,"
            " stop_received_at = now() - interval '3 days 2 hours'"
            " WHERE id = $BILLED RETURNING id"
        )
    )
    lines = csms("ledger", "check").out.splitlines()
    [line] = [line for line in lines if line.startswith(str(session_id))]
    assert "PENDING" in line
    assert "3 d 2 h" in line
