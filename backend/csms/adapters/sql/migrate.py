"""Brings a database to the present schema: migrations, then roles and rights."""

import asyncio
from dataclasses import dataclass

import asyncpg
from tortoise.context import TortoiseContext
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget

from csms.adapters.sql.dsn import driver_dsn
from csms.adapters.sql.orm import APP, orm_config
from csms.adapters.sql.roles import RolesReport, lay_roles

_LOCK_KEY = 0x6373_6D73_0001
LOCK_WAIT_S = 120.0


@dataclass(frozen=True, slots=True)
class MigrationReport:
    """What `migrate` did. `roles` says which roles exist and, in a sentence, what was not allowed."""

    applied: tuple[str, ...]
    roles: RolesReport


async def migrate(dsn: str) -> MigrationReport:
    """Apply what is missing, under an advisory lock, so that many nodes may call it at once.

    The user of `dsn` becomes the owner of the tables. Raises OSError or asyncpg.PostgresError when
    the database cannot be reached, TimeoutError when another node migrates for too long.
    """
    pool = await asyncpg.create_pool(
        driver_dsn(dsn), min_size=1, max_size=2, server_settings={"timezone": "UTC"}
    )
    try:
        async with pool.acquire() as guard:
            await asyncio.wait_for(
                guard.execute("SELECT pg_advisory_lock($1)", _LOCK_KEY), LOCK_WAIT_S
            )
            try:
                applied = await _apply(pool)
                roles = await lay_roles(guard)
            finally:
                await guard.execute("SELECT pg_advisory_unlock($1)", _LOCK_KEY)
        return MigrationReport(applied, roles)
    finally:
        await pool.close()


async def _apply(pool: asyncpg.Pool) -> tuple[str, ...]:
    applied: list[str] = []

    def note(event: str, _: str, name: str) -> None:
        if event == "apply_done":
            applied.append(name)

    config = orm_config({"pool": pool})
    async with TortoiseContext() as context:
        await context.init(config=config)
        executor = MigrationExecutor(context.connections.get("default"), config["apps"])
        await executor.migrate(
            [MigrationTarget(APP, "__latest__")], direction="forward", progress=note
        )
    return tuple(applied)
