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


_WITHDRAW = """
UPDATE charger_credential SET retired_at = now(), operation_id = NULL
 WHERE charger_id = $1 AND operation_id = $2 AND retired_at IS NULL
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
                    "the charger has not decided on two earlier changes of its key: they end when "
                    "it next connects with one of its keys, or when a password is set",
                    charger_id=charger_id,
                ) from error

    async def withdraw(self, charger_id: ChargerId, operation_id: OperationId) -> None:
        """Forget a new key that the charger was never sent."""
        with answering():
            await self._database.pool.execute(_WITHDRAW, charger_id, operation_id)
