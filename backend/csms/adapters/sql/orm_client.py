"""Tortoise's client on a pool that is ours: the one place that knows its private pool."""

from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient


class SharedPoolClient(AsyncpgDBClient):
    """Runs on the pool it is given and never closes it."""

    def __init__(self, pool: asyncpg.Pool, **options: Any) -> None:
        super().__init__(**options)
        self._shared = pool
        self._pool = pool

    async def create_connection(self, with_db: bool) -> None:  # noqa: FBT001 - Tortoise's signature
        """Take the shared pool."""
        self._pool = self._shared

    async def _close(self) -> None:
        self._pool = None


client_class = SharedPoolClient
