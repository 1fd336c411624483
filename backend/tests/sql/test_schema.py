"""The schema: migrations say all that the models say, and what they make is the committed file."""

import asyncio
import os
import re
import subprocess
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector

from csms.adapters.sql.dsn import DatabaseUrlError, driver_dsn
from csms.adapters.sql.engine import Database
from csms.adapters.sql.migrate import migrate
from csms.adapters.sql.models import Organization
from csms.adapters.sql.orm import orm_config
from csms.adapters.sql.roles import lay_roles
from csms.bootstrap.postgres.binaries import installed_postgres
from csms.kernel.ids import OrganizationId
from tests.conftest import Cluster

pytestmark = pytest.mark.integration

COMMITTED = Path(__file__).parent / "schema.sql"


@pytest.fixture
async def owner_dsn(postgres_cluster: Cluster) -> AsyncIterator[str]:
    """A database made for one test, whose schema may be changed."""
    name = await postgres_cluster.fresh_database()
    yield postgres_cluster.postgres.dsn("csms_owner", name)
    await postgres_cluster.admin(f"DROP DATABASE {name} WITH (FORCE)")


async def test_makemigrations_would_change_nothing(database: Database) -> None:
    config = orm_config({"pool": database.pool})
    async with TortoiseContext() as context:
        await context.init(config=config)
        assert context.apps is not None
        assert await MigrationAutodetector(context.apps, config["apps"]).changes() == []


async def test_migrating_gives_the_committed_schema(owner_dsn: str) -> None:
    """After a wanted change, write the file anew with CSMS_WRITE_SCHEMA=1 and commit it."""
    dumped = await asyncio.to_thread(_dump, owner_dsn)
    if os.environ.get("CSMS_WRITE_SCHEMA"):
        COMMITTED.write_text(dumped)
    assert dumped == COMMITTED.read_text(), "tests/sql/schema.sql differs from what migrating gives"


async def test_migrating_again_and_at_once_changes_nothing(owner_dsn: str) -> None:
    reports = await asyncio.gather(*(migrate(owner_dsn) for _ in range(3)))
    assert [report.applied for report in reports] == [(), (), ()]
    assert all(report.roles.is_separated for report in reports)


async def test_nodes_that_migrate_an_empty_database_together_apply_it_once(
    postgres_cluster: Cluster,
) -> None:
    await postgres_cluster.admin("CREATE DATABASE test_empty")
    dsn = postgres_cluster.postgres.dsn("csms_owner", "test_empty")
    reports = await asyncio.gather(*(migrate(dsn) for _ in range(3)))
    applied = sorted(len(report.applied) for report in reports)
    assert applied[:2] == [0, 0]
    assert applied[2] >= 5
    await postgres_cluster.admin("DROP DATABASE test_empty WITH (FORCE)")


async def test_the_server_acts_as_csms_app_and_owns_nothing(database: Database) -> None:
    async with database.pool.acquire() as connection:
        assert await connection.fetchval("SELECT current_user") == "csms_app"
        for statement in (
            "DROP TABLE station",
            "UPDATE ledger_entry SET amount = 0",
            "DELETE FROM audit_entry",
            "DELETE FROM transaction",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)


async def test_a_user_that_may_not_create_roles_goes_on_as_itself(
    postgres_cluster: Cluster,
) -> None:
    await postgres_cluster.admin(
        "CREATE ROLE plain LOGIN", "CREATE DATABASE test_plain OWNER plain"
    )
    # A cluster of someone else's: our roles are not there and the user is no member of them.
    owner_dsn = postgres_cluster.postgres.dsn("csms_owner", "test_plain")
    pool = await asyncpg.create_pool(
        owner_dsn, min_size=1, max_size=1, setup=_as_plain, reset=_nothing
    )
    async with pool.acquire() as connection:
        report = await lay_roles(connection)
    await pool.close()
    assert not report.is_separated
    assert report.problem is not None
    assert "may not" in report.problem
    await postgres_cluster.admin("DROP DATABASE test_plain WITH (FORCE)", "DROP ROLE plain")


async def _as_plain(connection: asyncpg.Connection) -> None:
    await connection.execute("SET ROLE plain")


async def _nothing(_: asyncpg.Connection) -> None:
    pass


async def test_models_read_through_the_one_pool(database: Database) -> None:
    await database.start_orm()
    assert [one.name for one in await Organization.all()] == ["Default organization"]


async def test_reads_carry_the_organization_and_write_nothing(database: Database) -> None:
    async with database.reads(OrganizationId(7)) as connection:
        assert await connection.fetchval("SELECT current_setting('csms.organization_id')") == "7"
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await connection.execute("DELETE FROM station")
    async with database.pool.acquire() as connection:
        left = await connection.fetchval("SELECT current_setting('csms.organization_id', true)")
        assert left in (None, "")


def test_urls_of_hosts_become_what_the_driver_takes() -> None:
    given = "postgres://u:p@h:5432/d?sslmode=require&channel_binding=require&pgbouncer=true"
    assert driver_dsn(given) == "postgresql://u:p@h:5432/d?sslmode=require"
    socket = "postgresql://csms_app@/csms?host=/run/x&port=5432"
    assert "host=%2Frun%2Fx" in driver_dsn(socket)
    with pytest.raises(DatabaseUrlError):
        driver_dsn("mysql://u@h/d")


async def test_rows_find_the_partition_of_their_day(
    owner: asyncpg.Connection, database: Database
) -> None:
    insert = (
        "INSERT INTO message (id, organization_id, charger_id, charge_point_id, epoch, direction, "
        "received_at, outcome, is_repeat) "
        "VALUES ($1, 1, 1, 'CP', 1, 'IN', now() + $2::interval, 'garbage', false)"
    )
    for number, days in ((1, 0), (2, 400), (3, 9)):
        await owner.execute(insert, number, timedelta(days=days))
    homes = await owner.fetch(
        "SELECT id, tableoid::regclass::text AS home FROM message ORDER BY id"
    )
    today = await owner.fetchval("SELECT to_char(now(), 'YYYYMMDD')")
    assert [h["home"] for h in homes] == [f"message_{today}", "message_default", "message_default"]
    async with database.pool.acquire() as connection:
        assert await connection.fetchval("SELECT csms_make_partitions(10)") >= 3
        assert await connection.fetchval("SELECT csms_make_partitions(10)") == 0
    home = await owner.fetchval("SELECT tableoid::regclass::text FROM message WHERE id = 3")
    assert home != "message_default"


async def test_old_partitions_are_dropped_whole(database: Database) -> None:
    async with database.pool.acquire() as connection:
        before = "SELECT csms_drop_partitions('message', now() - interval '1 day')"
        assert await connection.fetchval(before) == 0
        after = "SELECT csms_drop_partitions('message', now() + interval '3 days')"
        assert await connection.fetchval(after) >= 2
        with pytest.raises(asyncpg.RaiseError):
            await connection.fetchval("SELECT csms_drop_partitions('charger', now())")


async def test_every_foreign_key_has_an_index(owner: asyncpg.Connection) -> None:
    rows = await owner.fetch(
        """
        SELECT c.conrelid::regclass::text AS tab, a.attname FROM pg_constraint c
          JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
         WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
           AND NOT EXISTS (SELECT 1 FROM pg_index i
                            WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1])
        """
    )
    assert [tuple(row) for row in rows] == []


def _dump(dsn: str) -> str:
    text = subprocess.run(
        [installed_postgres() / "bin" / "pg_dump", "--schema-only", "--no-owner", dsn],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return normalised(text)


def normalised(text: str) -> str:
    """Leave out what differs from run to run: versions, the random first id, today's partitions."""
    statements = re.split(r"\n\n+", re.sub(r"^(--.*|\\(un)?restrict .*)$", "", text, flags=re.M))
    kept = []
    for statement in statements:
        if re.search(r"(message_\d{8}|meter_value_\d{6}|connector_status_event_\d{6})", statement):
            continue
        if re.match(r"\s*(SET|SELECT pg_catalog)", statement):
            continue
        one = re.sub(
            r"(SEQUENCE public\.(?:transaction_id|wire_number)_seq[^;]*START WITH) \d+",
            r"\1 <random>",
            statement,
        )
        if one.strip():
            kept.append(one.strip())
    return "\n\n".join(kept) + "\n"
