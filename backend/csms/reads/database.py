"""How reads reach the database: one read-only transaction bound to one organization."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from csms.kernel.ids import OrganizationId

Row = Any
"""An asyncpg record; the library ships no types."""


class ReadConnection(Protocol):
    """What reads use of an asyncpg connection."""

    async def fetch(self, query: str, *values: object) -> list[Row]:
        """Return all rows."""
        ...

    async def fetchrow(self, query: str, *values: object) -> Row | None:
        """Return the first row, or None."""
        ...

    async def fetchval(self, query: str, *values: object) -> Any:
        """Return the first column of the first row."""
        ...

    def cursor(self, query: str, *values: object, prefetch: int = 50) -> AsyncIterator[Row]:
        """Iterate over rows without holding them all."""
        ...


class ReadDatabase(Protocol):
    """Opens read-only transactions that carry the organization, for row-level security."""

    def reads(self, organization_id: OrganizationId) -> AbstractAsyncContextManager[ReadConnection]:
        """Open such a transaction."""
        ...
