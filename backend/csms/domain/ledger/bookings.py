"""What operators book by hand on a person's wallet: money taken in, and adjustments."""

import secrets
from typing import Literal, Protocol

from csms.domain.identity.actor import Actor
from csms.domain.ledger.transfer import NewTransfer, PostedTransfer
from csms.domain.ledger.wallet import Wallet
from csms.kernel.errors import InvalidError
from csms.kernel.ids import OrganizationId, TransferId, UserId
from csms.kernel.money import Money

BookingAction = Literal["wallet.topped_up", "wallet.corrected"]


class WalletCurrencyError(InvalidError):
    """Wallets are kept in the organization's currency alone."""


class CorrectionReasonError(InvalidError):
    """An adjustment is booked only with a reason."""


class BookingStore(Protocol):
    """Posts what was booked by hand, with its audit entry."""

    async def currency(self, organization_id: OrganizationId) -> str:
        """Return the currency of the organization's wallets."""
        ...

    async def book(
        self, actor: Actor, transfer: NewTransfer, action: BookingAction, user_id: UserId
    ) -> PostedTransfer:
        """Post and audit at once; a repeat under the same key does neither.

        Raises TransferKeyReusedError.
        """
        ...


class WalletBookings:
    """Books for operators. `key` is the caller's own and makes a repeat a no-op."""

    def __init__(self, store: BookingStore) -> None:
        self._store = store

    async def top_up(
        self, actor: Actor, user_id: UserId, amount: Money, *, note: str, key: str | None
    ) -> TransferId:
        """Book money that was taken in.

        Raises PermissionMissingError, BadAmountError, WalletCurrencyError,
        TransferKeyReusedError.
        """
        wallet = await self._wallet(actor, user_id, amount)
        unique = _key("top_up", actor, user_id, key)
        transfer = wallet.top_up(amount, key=unique, note=note, by=actor.user_id)
        posted = await self._store.book(actor, transfer, "wallet.topped_up", user_id)
        return posted.transfer_id

    async def correct(
        self, actor: Actor, user_id: UserId, amount: Money, *, reason: str, key: str | None
    ) -> TransferId:
        """Book an adjustment up (positive) or down (negative), for a reason.

        Raises CorrectionReasonError and what `top_up` does.
        """
        if not reason.strip():
            raise CorrectionReasonError("say why the wallet is adjusted", field="reason")
        wallet = await self._wallet(actor, user_id, amount)
        unique = _key("adjustment", actor, user_id, key)
        transfer = wallet.adjustment(amount, key=unique, note=reason.strip(), by=actor.user_id)
        posted = await self._store.book(actor, transfer, "wallet.corrected", user_id)
        return posted.transfer_id

    async def _wallet(self, actor: Actor, user_id: UserId, amount: Money) -> Wallet:
        actor.require("wallets.write")
        currency = await self._store.currency(actor.organization_id)
        if amount.currency != currency:
            raise WalletCurrencyError(
                f"wallets here are in {currency}, not {amount.currency}", field="amount"
            )
        return Wallet(actor.organization_id, user_id, currency)


def _key(kind: str, actor: Actor, user_id: UserId, key: str | None) -> str:
    unique = f"{actor.user_id}:{key}" if key else secrets.token_hex(16)
    return f"{kind}:{user_id}:{unique}"
