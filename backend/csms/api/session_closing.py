"""What the API needs to close a session without its charger."""

from decimal import Decimal
from typing import Protocol

from csms.domain.identity.actor import Actor
from csms.kernel.ids import TransactionId


class SessionClosing(Protocol):
    """Ends sessions on an operator's word; audited, and nothing is sent."""

    async def close(
        self,
        actor: Actor,
        transaction_id: TransactionId,
        *,
        reason: str,
        meter_stop_wh: Decimal | None,
    ) -> object:
        """End the session at `meter_stop_wh`, or at its last good register.

        Raises NotFoundError, ConflictError when it has ended, InvalidError for a register that
        cannot be.
        """
        ...
