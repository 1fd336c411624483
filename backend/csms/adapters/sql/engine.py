"""The database: one asyncpg pool for hand-written SQL and for Tortoise alike."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

import asyncpg
from tortoise import Tortoise
from tortoise.context import TortoiseContext

from csms.adapters.sql.dsn import driver_dsn
from csms.adapters.sql.orm import orm_config
from csms.adapters.sql.row_security import API_ROLE
from csms.kernel.ids import OrganizationId
from csms.kernel.reach import stations_in_reach

APP_ROLE = "csms_app"
STATEMENT_TIMEOUT_S = 15
LOCK_TIMEOUT_S = 10
COMMAND_TIMEOUT_S = 20.0

_SERVER_SETTINGS = {
    "application_name": "csms",
    "timezone": "UTC",
    "statement_timeout": f"{STATEMENT_TIMEOUT_S}s",
    "lock_timeout": f"{LOCK_TIMEOUT_S}s",
    "idle_in_transaction_session_timeout": "60s",
    "jit": "off",
}
_MAY_NARROW = """
SELECT EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = $1 AND pg_has_role(session_user, r.oid, 'MEMBER'))
"""
_MAY_BECOME_APP = """
SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1)
   AND current_user <> $1
   AND pg_has_role(current_user, (SELECT oid FROM pg_roles WHERE rolname = $1), 'MEMBER')
"""


class Database:
    """A connected database. Made by `connect`, ended by `close`."""

    def __init__(
        self, dsn: str, pool: asyncpg.Pool, role: str | None, *, narrowed_to: str | None = None
    ) -> None:
        self.dsn = dsn
        self.pool = pool
        self.role = role
        self._narrowed_to = narrowed_to
        self._orm: TortoiseContext | None = None

    @classmethod
    async def connect(
        cls, dsn: str, *, role: str | None = None, min_size: int = 2, max_size: int = 12
    ) -> Self:
        """Connect to `dsn` and act as `role`: by default csms_app wherever the user is a member.

        Raises OSError or asyncpg.PostgresError when the database cannot be reached.
        """
        dsn = driver_dsn(dsn)
        if role is None:
            role = await _app_role_if_member(dsn)
        pool = await asyncpg.create_pool(
            dsn,
            min_size=min_size,
            max_size=max_size,
            init=_become(role),
            reset=_keep_as_it_is,
            command_timeout=COMMAND_TIMEOUT_S,
            server_settings=_SERVER_SETTINGS,
            max_inactive_connection_lifetime=600,
        )
        return cls(dsn, pool, role)

    async def for_api(self) -> Self:
        """Return the same database for the API: its transactions are bound by row-level security.

        They run as csms_api, see one organization, and of it the stations in reach of the call.
        Where the database user may not act as csms_api nothing is narrowed; migrating says so.
        """
        narrowed_to = API_ROLE if await self.pool.fetchval(_MAY_NARROW, API_ROLE) else None
        return type(self)(self.dsn, self.pool, self.role, narrowed_to=narrowed_to)

    async def open_connection(self, **options: Any) -> asyncpg.Connection:
        """Return a connection outside the pool, for its caller to close: listening, the journal."""
        connection = await asyncpg.connect(
            self.dsn,
            command_timeout=COMMAND_TIMEOUT_S,
            server_settings=_SERVER_SETTINGS | options.pop("server_settings", {}),
            **options,
        )
        await _become(self.role)(connection)
        return connection

    async def start_orm(self) -> TortoiseContext:
        """Let Tortoise's models use this pool; the models are the process's, so call it once."""
        self._orm = await Tortoise.init(
            config=orm_config({"pool": self.pool}), _enable_global_fallback=True
        )
        return self._orm

    @asynccontextmanager
    async def reads(self, organization_id: OrganizationId) -> AsyncIterator[asyncpg.Connection]:
        """A read-only transaction that carries the organization for row-level security."""
        async with self._transaction(organization_id, "BEGIN READ ONLY") as connection:
            yield connection

    @asynccontextmanager
    async def writes(self, organization_id: OrganizationId) -> AsyncIterator[asyncpg.Connection]:
        """A transaction that carries the organization; commits unless an exception passes."""
        async with self._transaction(organization_id, "BEGIN") as connection:
            yield connection

    @asynccontextmanager
    async def _transaction(
        self, organization_id: OrganizationId, begin: str
    ) -> AsyncIterator[asyncpg.Connection]:
        narrowing = f"SET LOCAL ROLE {self._narrowed_to}; " if self._narrowed_to else ""
        stations = ",".join(str(int(s)) for s in sorted(stations_in_reach() or ()))
        if stations_in_reach() is not None and not stations:
            stations = "0"  # no station has this id: limited to none is not the same as unlimited
        async with self.pool.acquire() as connection:
            # One round trip for all; the ids are integers, so nothing can be smuggled in.
            await connection.execute(
                f"{begin}; {narrowing}"
                f"SELECT set_config('csms.organization_id', '{int(organization_id)}', true), "
                f"set_config('csms.stations', '{stations}', true)"
            )
            try:
                yield connection
            except BaseException:
                if not connection.is_closed():
                    await connection.execute("ROLLBACK")
                raise
            await connection.execute("COMMIT")

    async def close(self) -> None:
        """Close every connection, at the latest after ten seconds."""
        if self._orm is not None:
            await Tortoise.close_connections()
            self._orm = None
        try:
            await asyncio.wait_for(self.pool.close(), 10)
        except TimeoutError:
            self.pool.terminate()


def _become(role: str | None) -> Any:
    async def init(connection: asyncpg.Connection) -> None:
        if role is not None:
            quoted = role.replace('"', '""')
            await connection.execute(f'SET ROLE "{quoted}"')

    return init


async def _keep_as_it_is(_: asyncpg.Connection) -> None:
    """Save the round trip of RESET ALL: settings here are only ever set per transaction."""


async def _app_role_if_member(dsn: str) -> str | None:
    connection = await asyncpg.connect(dsn, timeout=COMMAND_TIMEOUT_S)
    try:
        return APP_ROLE if await connection.fetchval(_MAY_BECOME_APP, APP_ROLE) else None
    finally:
        await connection.close()
