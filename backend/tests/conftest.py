"""A real PostgreSQL for the tests that ask for one: one cluster per run, a database each."""

import asyncio
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import asyncpg
import pytest

from csms.adapters.sql.engine import Database
from csms.adapters.sql.migrate import migrate
from csms.bootstrap.embedded_postgres import EmbeddedPostgres, start_embedded_postgres

_numbers = count(1)


# As replica no trigger and no foreign key stands in the way; ids begin anew, as in a fresh database.
_EMPTY = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid();
SET session_replication_role = replica;
DO $$
DECLARE
  one record;
BEGIN
  FOR one IN SELECT oid::regclass AS name, relkind FROM pg_class
              WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S')
                AND relname NOT IN ('tortoise_migrations', 'tortoise_migrations_id_seq',
                                    'transaction_id_seq', 'message_id_seq')
  LOOP
    IF one.relkind = 'r' THEN
      EXECUTE format('DELETE FROM %s', one.name);
    ELSE
      PERFORM setval(one.name, 1, false);
    END IF;
  END LOOP;
  INSERT INTO organization (name) VALUES ('Default organization');
END $$;
"""


class Cluster:
    """The run's PostgreSQL, alive on a thread of its own, with a migrated template."""

    TEMPLATE = "csms_template"

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._emptied: list[str] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.postgres: EmbeddedPostgres = self._run(start_embedded_postgres(data_dir))
        self._run(self._make_template())

    def _run(self, work):  # type: ignore[no-untyped-def]
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(120)

    async def _make_template(self) -> None:
        await self.admin(
            # What a crash would lose does not matter here; the kill tests use their own cluster.
            "ALTER SYSTEM SET fsync = off",
            "SELECT pg_reload_conf()",
            f"CREATE DATABASE {self.TEMPLATE}",
        )
        await migrate(self.postgres.dsn("csms_owner", self.TEMPLATE))

    async def admin(self, *statements: str) -> None:
        connection = await asyncpg.connect(self.postgres.dsn("csms_owner"))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def lend_database(self) -> str:
        """A migrated database without rows but the first; give it back afterwards."""
        return self._emptied.pop() if self._emptied else await self.fresh_database()

    async def take_back(self, name: str) -> None:
        connection = await asyncpg.connect(self.postgres.dsn("csms_owner", name))
        try:
            await connection.execute(_EMPTY)
        finally:
            await connection.close()
        self._emptied.append(name)

    async def fresh_database(self) -> str:
        name = f"test_{next(_numbers)}"
        await self.admin(f"CREATE DATABASE {name} TEMPLATE {self.TEMPLATE} STRATEGY file_copy")
        return name

    def stop(self) -> None:
        self._run(self.postgres.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """One PostgreSQL per test process, with the schema in a template database."""
    with tempfile.TemporaryDirectory(prefix="csms-pg-", ignore_cleanup_errors=True) as folder:
        cluster = Cluster(Path(folder) / "data")
        yield cluster
        cluster.stop()


@pytest.fixture
async def owner_dsn(postgres_cluster: Cluster) -> AsyncIterator[str]:
    """A migrated database of the test's own, as its owner."""
    name = await postgres_cluster.lend_database()
    yield postgres_cluster.postgres.dsn("csms_owner", name)
    await postgres_cluster.take_back(name)


@pytest.fixture
async def database(owner_dsn: str) -> AsyncIterator[Database]:
    """A migrated database, connected as the server connects: as csms_app."""
    database = await Database.connect(owner_dsn)
    yield database
    await database.close()


@pytest.fixture
async def owner(owner_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the owner to the test's database, to lay and to look."""
    connection = await asyncpg.connect(owner_dsn)
    yield connection
    await connection.close()
