"""Row-level security: as csms_api another organization does not exist, whatever the SQL says."""

import asyncpg
import pytest

from csms.adapters.sql.engine import Database
from csms.adapters.sql.row_security import NOBODYS, THROUGH_PARENT
from csms.kernel.ids import OrganizationId, StationId
from csms.kernel.reach import limit_to

pytestmark = pytest.mark.integration

OURS, THEIRS = OrganizationId(1), OrganizationId(2)
_LAY = """
INSERT INTO organization (id, name) VALUES (2, 'Other');
INSERT INTO station (id, organization_id, name, latitude, longitude, address)
VALUES (11, 1, 'Ours', 1, 1, ''), (12, 1, 'Ours too', 1, 1, ''), (21, 2, 'Theirs', 1, 1, '');
INSERT INTO charger (id, organization_id, station_id, charge_point_id, name, security_profile)
VALUES (101, 1, 11, 'CP1', 'a', 1), (102, 1, 12, 'CP2', 'b', 1), (201, 2, 21, 'CP3', 'c', 1);
INSERT INTO configuration_key (charger_id, key, is_readonly, learned_at)
VALUES (101, 'K', false, now()), (201, 'K', false, now());
INSERT INTO audit_entry (organization_id, actor, action, target_kind, target_id)
VALUES (1, 'a', 'x', 'y', '1'), (2, 'a', 'x', 'y', '1');
"""


@pytest.fixture
async def api(database: Database, owner: asyncpg.Connection) -> Database:
    await owner.execute(_LAY)
    return await database.for_api()


async def test_every_table_is_owned_or_named_as_nobodys(owner: asyncpg.Connection) -> None:
    rows = await owner.fetch(
        "SELECT c.relname, c.relrowsecurity FROM pg_class c "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') "
        "AND NOT c.relispartition"
    )
    unsecured = {row["relname"] for row in rows if not row["relrowsecurity"]}
    assert unsecured == NOBODYS, (
        "give the table an organization_id, or name it in adapters/sql/row_security.py"
    )
    assert {row["relname"] for row in rows} >= set(THROUGH_PARENT)


async def test_the_apis_role_neither_owns_nor_bypasses(owner: asyncpg.Connection) -> None:
    row = await owner.fetchrow(
        "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname='csms_api'"
    )
    assert not row["rolsuper"]
    assert not row["rolbypassrls"]
    owned = await owner.fetchval(
        "SELECT count(*) FROM pg_class WHERE relowner = 'csms_api'::regrole AND relkind IN ('r','p')"
    )
    assert owned == 0


async def test_only_the_own_organization_is_seen_by_any_sql(api: Database) -> None:
    async with api.reads(OURS) as connection:
        assert await connection.fetchval("SELECT current_user") == "csms_api"
        for query, expected in (
            ("SELECT array_agg(id ORDER BY id) FROM station", [11, 12]),
            ("SELECT array_agg(id ORDER BY id) FROM charger WHERE organization_id = 2", None),
            ("SELECT array_agg(charger_id) FROM configuration_key", [101]),
            ("SELECT array_agg(organization_id) FROM audit_entry", [1]),
            ("SELECT array_agg(id) FROM organization", [1]),
        ):
            assert await connection.fetchval(query) == expected, query
    async with api.reads(THEIRS) as connection:
        assert await connection.fetchval("SELECT array_agg(id) FROM charger") == [201]


async def test_without_an_organization_nothing_is_seen(database: Database, api: Database) -> None:
    async with api.pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL ROLE csms_api")
        for table in ("station", "charger", "configuration_key", "audit_entry", "organization"):
            assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0, table


async def test_nothing_of_another_organization_can_be_written(api: Database) -> None:
    async with api.writes(OURS) as connection:
        assert await connection.execute("UPDATE station SET name = 'stolen'") == "UPDATE 2"
        assert await connection.execute("DELETE FROM charger WHERE id = 201") == "DELETE 0"
    for statement in (
        "INSERT INTO station VALUES (99, 'x', 1, 1, '', 'UTC', now(), now(), NULL, 2)",
        "UPDATE station SET organization_id = 2 WHERE id = 11",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with api.writes(OURS) as connection:
                await connection.execute(statement)


async def test_a_call_limited_to_stations_sees_these_alone(api: Database) -> None:
    try:
        limit_to([StationId(12)])
        async with api.reads(OURS) as connection:
            assert await connection.fetchval("SELECT array_agg(id) FROM charger") == [102]
            assert await connection.fetchval("SELECT array_agg(id) FROM station") == [12]
            assert await connection.fetchval("SELECT count(*) FROM configuration_key") == 0
        limit_to([])
        async with api.reads(OURS) as connection:
            assert await connection.fetchval("SELECT count(*) FROM charger") == 0
    finally:
        limit_to(None)


async def test_gateway_and_worker_are_exempt_and_the_role_ends_with_the_transaction(
    database: Database, api: Database
) -> None:
    async with api.reads(OURS):
        pass
    for _ in range(3):
        assert await database.pool.fetchval("SELECT current_user") == "csms_app"
        assert await database.pool.fetchval("SELECT count(*) FROM charger") == 3
