"""`csms seed` makes a network that keeps every rule, says that it is made up, and stays out of use."""

from decimal import Decimal

import asyncpg
import pytest

from csms.adapters.sql.ledger_check import check_ledger
from csms.bootstrap.demo_network import DRIVERS, STATIONS
from csms.bootstrap.maintenance import Maintenance
from csms.bootstrap.maintenance_seed import SeedOrder, seed_demo, seed_large
from tests.cli.conftest import Csms

pytestmark = pytest.mark.integration


async def test_demo_network_is_laid_once(
    csms: Csms, owner: asyncpg.Connection, desk: Maintenance
) -> None:
    assert "laid the demo network" in csms("seed").out
    assert "there already" in csms("seed").out
    chargers = sum(len(station.chargers) for station in STATIONS)
    assert await owner.fetchval("SELECT count(*) FROM charger") == chargers
    assert await owner.fetchval("SELECT count(*) FROM app_user") == len(DRIVERS)
    assert await owner.fetchval("SELECT count(*) FROM ledger_transfer") == len(DRIVERS)
    assert (await check_ledger(desk.database)).is_sound


async def test_spent_demo_wallet_is_filled_up_again(
    desk: Maintenance, owner: asyncpg.Connection
) -> None:
    await seed_demo(desk)
    account = await desk.account_store.find_by_email("ada@demo.example")
    assert account is not None
    await owner.execute(
        "WITH t AS (INSERT INTO ledger_transfer (organization_id, kind, idempotency_key,"
        " content_hash, note) VALUES (1, 'adjustment', 'spent', '', '') RETURNING id), a AS ("
        "INSERT INTO ledger_account (organization_id, kind, currency) VALUES"
        " (1, 'adjustment', 'EUR') RETURNING id)"
        " INSERT INTO ledger_entry (transfer_id, account_id, amount, currency)"
        " SELECT t.id, a.id, 30, 'EUR' FROM t, a UNION ALL SELECT t.id, w.id, -30, 'EUR'"
        " FROM t, ledger_account w WHERE w.user_id = $1 AND w.kind = 'wallet'",
        account.id,
    )
    await seed_demo(desk)
    balance, held = await desk.ledger.balance(desk.organization_id, account.id, "EUR")
    assert (balance, held) == (Decimal(100), Decimal(0))


async def test_large_network_is_marked_and_balances(
    csms: Csms, owner: asyncpg.Connection, desk: Maintenance
) -> None:
    said = csms("seed", "--chargers", 5, "--transactions", 300, "--days", 20).out
    assert "SEED-000001 to SEED-000005" in said
    assert "300 sessions" in said
    report = await check_ledger(desk.database)
    assert report.violations == []
    statuses = await owner.fetch(
        "SELECT billing_status, count(*) AS n FROM transaction GROUP BY 1 ORDER BY 1"
    )
    assert {row["billing_status"] for row in statuses} >= {"BILLED", "NOT_BILLABLE"}
    unmarked = await owner.fetchval(
        "SELECT (SELECT count(*) FROM transaction WHERE note <> 'seeded')"
        " + (SELECT count(*) FROM app_user WHERE email NOT LIKE '%@seed.example')"
        " + (SELECT count(*) FROM charger WHERE charge_point_id NOT LIKE 'SEED-%')"
        " + (SELECT count(*) FROM ledger_transfer WHERE note NOT LIKE 'seeded%' AND kind <> 'hold')"
    )
    assert unmarked == 0
    overlapping = await owner.fetchval(
        "SELECT count(*) FROM transaction a JOIN transaction b ON a.charger_id = b.charger_id"
        " AND a.connector_id = b.connector_id AND a.id < b.id"
        " AND a.started_at < b.stopped_at AND b.started_at < a.stopped_at"
    )
    assert overlapping == 0
    assert (
        await owner.fetchval("SELECT count(*) FROM audit_entry WHERE action = 'network.seeded'")
        == 1
    )


async def test_nobody_spends_more_than_there_is(
    desk: Maintenance, owner: asyncpg.Connection
) -> None:
    await seed_large(desk, SeedOrder(5, 300, 20, 0, 3), lambda _: None)
    lowest = await owner.fetchval(
        "SELECT min(s.total) FROM (SELECT sum(e.amount) AS total FROM ledger_entry e"
        " JOIN ledger_account a ON a.id = e.account_id WHERE a.kind = 'hold'"
        " GROUP BY a.user_id) AS s"
    )
    assert lowest >= 0


async def test_seeding_again_adds_more_under_new_numbers(
    desk: Maintenance, owner: asyncpg.Connection
) -> None:
    order = SeedOrder(2, 20, 20, 1, 1)
    await seed_large(desk, order, lambda _: None)
    report = await seed_large(desk, order, lambda _: None)
    assert (report.first, report.last) == ("SEED-000003", "SEED-000004")
    assert await owner.fetchval("SELECT count(*) FROM transaction") == 40
    assert (await check_ledger(desk.database)).is_sound


async def test_production_is_refused_unless_sure(csms: Csms, owner: asyncpg.Connection) -> None:
    refused = csms("seed", "--chargers", 2, expect=1, ENVIRONMENT="production")
    assert "ENVIRONMENT=production" in refused.err
    assert await owner.fetchval("SELECT count(*) FROM charger") == 0
    csms("seed", "--chargers", 2, "--yes", ENVIRONMENT="production")
    assert await owner.fetchval("SELECT count(*) FROM charger") == 2
    assert "open to everybody" in csms("seed", "--yes", expect=1, ENVIRONMENT="production").err


async def test_database_that_real_chargers_use_is_refused_unless_sure(
    csms: Csms, owner: asyncpg.Connection
) -> None:
    await owner.execute(
        "WITH s AS (INSERT INTO station (organization_id, name, latitude, longitude)"
        " VALUES (1, 'Yard', 52.5, 13.4) RETURNING id), c AS ("
        "INSERT INTO charger (organization_id, station_id, charge_point_id, name)"
        " SELECT 1, id, 'REAL', 'Real' FROM s RETURNING id)"
        " INSERT INTO connection (organization_id, charger_id, epoch, node, protocol,"
        " security_profile, connected_at) SELECT 1, id, 1, 'n', 'ocpp1.6', 1, now() FROM c"
    )
    assert "chargers of your own" in csms("seed", "--chargers", 1, expect=1).err
    csms("seed", "--chargers", 1, "--yes")


def test_orders_that_make_no_sense_are_refused(csms: Csms) -> None:
    cases = [
        (("--transactions", 5), "--transactions needs --chargers"),
        (("--chargers", 0), "--chargers must be from 1"),
        (("--chargers", 1, "--transactions", 1000, "--days", 1), "144 at most"),
    ]
    for options, sentence in cases:
        assert sentence in csms("seed", *options, expect=1).err
