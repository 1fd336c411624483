"""The open sessions of people whose account was shut."""

from csms.adapters.sql.availability import answering
from csms.adapters.sql.engine import Database
from csms.domain.operations.person_stops import OpenSessionOf
from csms.kernel.ids import ChargerId, TransactionId, UserId

_OPEN = """
SELECT t.id, t.charger_id FROM transaction t JOIN app_user u ON u.id = t.user_id
 WHERE t.user_id = $1 AND t.status <> 'ENDED' AND NOT u.is_active ORDER BY t.id
"""


class SqlSessionsOfPeople:
    """Implements csms.domain.operations.person_stops.SessionsOfPeople."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def to_be_stopped(self, user_id: UserId) -> list[OpenSessionOf]:
        """Return the open sessions of an account that is shut."""
        with answering():
            rows = await self._database.pool.fetch(_OPEN, user_id)
        return [OpenSessionOf(TransactionId(r["id"]), ChargerId(r["charger_id"])) for r in rows]
