"""The ledger: transfers posted once, balances derived from them."""

from decimal import Decimal

from csms.adapters.sql import ledger_statements
from csms.adapters.sql.availability import answering
from csms.adapters.sql.engine import Database
from csms.adapters.sql.postings import post_all
from csms.domain.ledger.transfer import NewTransfer, PostedTransfer
from csms.kernel.ids import OrganizationId, UserId


class SqlLedger:
    """Implements csms.domain.ledger.ports.Ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def post(self, transfer: NewTransfer) -> PostedTransfer:
        """Post once. Raises TransferKeyReusedError or StorageUnavailableError."""
        with answering():
            async with self._database.writes(transfer.organization_id) as connection:
                return (await post_all(connection, [transfer]))[0]

    async def balance(
        self, organization_id: OrganizationId, user_id: UserId, currency: str
    ) -> tuple[Decimal, Decimal]:
        """Return (balance, held) of a wallet. Raises StorageUnavailableError."""
        with answering():
            row = await self._database.pool.fetchrow(
                ledger_statements.BALANCE, organization_id, user_id, currency
            )
        return row["balance"], row["held"]
