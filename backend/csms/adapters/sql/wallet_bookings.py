"""What operators book on wallets: the transfer and its audit entry in one transaction."""

from csms.adapters.sql.availability import answering
from csms.adapters.sql.engine import Database
from csms.adapters.sql.postings import post_all
from csms.adapters.sql.repositories.audit_entries import record_change
from csms.domain.identity.actor import Actor
from csms.domain.ledger.bookings import BookingAction
from csms.domain.ledger.transfer import NewTransfer, PostedTransfer
from csms.kernel.ids import OrganizationId, UserId

_CURRENCY = "SELECT currency FROM organization WHERE id = $1"


class SqlWalletBookings:
    """Implements csms.domain.ledger.bookings.BookingStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def currency(self, organization_id: OrganizationId) -> str:
        """Return the currency of the organization's wallets. Raises StorageUnavailableError."""
        with answering():
            return str(await self._database.pool.fetchval(_CURRENCY, organization_id))

    async def book(
        self, actor: Actor, transfer: NewTransfer, action: BookingAction, user_id: UserId
    ) -> PostedTransfer:
        """Post once and audit what is new. Raises TransferKeyReusedError."""
        with answering():
            async with self._database.writes(actor.organization_id) as connection:
                (posted,) = await post_all(connection, [transfer])
                if posted.is_new:
                    (amount,) = (p.amount for p in transfer.postings if p.account == "wallet")
                    await record_change(
                        connection,
                        actor,
                        action,
                        ("user", user_id),
                        after={
                            "transfer_id": posted.transfer_id,
                            "amount": amount,
                            "currency": transfer.currency,
                            "note": transfer.note,
                        },
                    )
        return posted
