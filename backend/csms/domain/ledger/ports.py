"""What the ledger needs from the outside."""

from decimal import Decimal
from typing import Protocol

from csms.domain.ledger.transfer import NewTransfer, PostedTransfer
from csms.kernel.ids import OrganizationId, UserId


class Ledger(Protocol):
    """Posts transfers and derives balances from them."""

    async def post(self, transfer: NewTransfer) -> PostedTransfer:
        """Post once: the same key with the same content returns the first posting.

        Raises TransferKeyReusedError when the key stands for other content.
        """
        ...

    async def balance(
        self, organization_id: OrganizationId, user_id: UserId, currency: str
    ) -> tuple[Decimal, Decimal]:
        """Return (balance, held) of a person's wallet; what can be spent is their difference."""
        ...
