"""A new key of a charger, admitted beside the present one until the charger has decided."""

import asyncio

import asyncpg

from csms.adapters.sql.availability import answering
from csms.adapters.sql.engine import Database
from csms.domain.operations.errors import KeyChangeOpenError
from csms.domain.stations.credentials import chosen_key_hash
from csms.kernel.ids import ChargerId, OperationId

_PROPOSE = """
INSERT INTO charger_credential (charger_id, kind, hash, operation_id) VALUES ($1, 'chosen', $2, $3)
"""


class SqlKeyChanges:
    """Implements csms.domain.operations.ports.KeyChanges."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def propose(self, charger_id: ChargerId, operation_id: OperationId, key: bytes) -> None:
        """Store the new key's hash. Raises KeyChangeOpenError."""
        hashed = await asyncio.to_thread(chosen_key_hash, key)
        with answering():
            try:
                await self._database.pool.execute(_PROPOSE, charger_id, hashed, operation_id)
            except asyncpg.CheckViolationError as error:
                raise KeyChangeOpenError(
                    "the charger has not decided on an earlier change of its key; "
                    "set a password to end that",
                    charger_id=charger_id,
                ) from error
