"""Our numbers on the wire, from one sequence: never zero, never twice."""

from csms.adapters.sql.availability import answering
from csms.adapters.sql.engine import Database


class SqlWireNumbers:
    """Implements csms.domain.operations.ports.WireNumbers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def next(self) -> int:
        """Return a positive 32-bit integer that was never given out; later ones are larger."""
        with answering():
            return int(await self._database.pool.fetchval("SELECT nextval('wire_number_seq')"))
