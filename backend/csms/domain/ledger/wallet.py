"""The transfers of a person's wallet, each balanced and under the key of its effect.

The wallet account holds what can be spent, the hold account what is put aside; the balance shown
is their sum. A wallet may go below zero: that is debt.
"""

from dataclasses import dataclass
from decimal import Decimal

from csms.domain.ledger.transfer import AccountKind, NewTransfer, Posting, TransferKind
from csms.kernel.errors import InvalidError
from csms.kernel.ids import OrganizationId, TransactionId, UserId
from csms.kernel.money import Money


class BadAmountError(InvalidError):
    """The amount is not one that can be transferred."""


@dataclass(frozen=True, slots=True)
class Wallet:
    """Whose wallet, in which organization and currency."""

    organization_id: OrganizationId
    user_id: UserId
    currency: str

    def top_up(self, amount: Money, *, key: str, note: str, by: UserId | None) -> NewTransfer:
        """Return the transfer of money that came in. Raises BadAmountError, CurrencyMismatchError."""
        paid = self._positive(amount)
        return self._transfer("top_up", key, "cash", paid, note, created_by=by)

    def refund(self, amount: Money, *, key: str, note: str, by: UserId | None) -> NewTransfer:
        """Return the transfer of money that went back to the person. Raises as `top_up`."""
        paid = self._positive(amount)
        return self._transfer("refund", key, "cash", -paid, note, created_by=by)

    def adjustment(self, amount: Money, *, key: str, note: str, by: UserId | None) -> NewTransfer:
        """Return an operator's change of the wallet, up or down. Raises as `top_up`."""
        changed = self._exact(amount)
        return self._transfer("adjustment", key, "adjustment", changed, note, created_by=by)

    def charge(
        self, amount: Decimal, transaction_id: TransactionId, revision: int, *, note: str
    ) -> NewTransfer:
        """Return the first bill of a session as a transfer to revenue."""
        return self._bill("charge", amount, transaction_id, revision, note)

    def correction(
        self, difference: Decimal, transaction_id: TransactionId, revision: int, *, note: str
    ) -> NewTransfer:
        """Return what a later bill takes more (positive) or gives back (negative)."""
        return self._bill("correction", difference, transaction_id, revision, note)

    def hold(self, amount: Decimal, transaction_id: TransactionId) -> NewTransfer:
        """Return the transfer that puts `amount` aside for a session."""
        return NewTransfer(
            organization_id=self.organization_id,
            kind="hold",
            idempotency_key=f"hold:{transaction_id}",
            currency=self.currency,
            postings=(
                Posting("wallet", -amount, self.user_id),
                Posting("hold", amount, self.user_id),
            ),
            note=f"hold for session {transaction_id}",
            transaction_id=transaction_id,
        )

    def release(
        self, amount: Decimal, transaction_id: TransactionId, revision: int = 0
    ) -> NewTransfer:
        """Return the transfer that gives back what was put aside for a session."""
        suffix = f":{revision}" if revision else ""
        return NewTransfer(
            organization_id=self.organization_id,
            kind="release",
            idempotency_key=f"release:{transaction_id}{suffix}",
            currency=self.currency,
            postings=(
                Posting("hold", -amount, self.user_id),
                Posting("wallet", amount, self.user_id),
            ),
            note=f"hold of session {transaction_id} ended",
            transaction_id=transaction_id,
        )

    def _bill(
        self,
        kind: TransferKind,
        amount: Decimal,
        transaction_id: TransactionId,
        revision: int,
        note: str,
    ) -> NewTransfer:
        key = f"bill:{transaction_id}:{revision}"
        return self._transfer(kind, key, "revenue", -amount, note, transaction_id=transaction_id)

    def _transfer(
        self,
        kind: TransferKind,
        key: str,
        other: AccountKind,
        amount: Decimal,
        note: str,
        *,
        transaction_id: TransactionId | None = None,
        created_by: UserId | None = None,
    ) -> NewTransfer:
        return NewTransfer(
            organization_id=self.organization_id,
            kind=kind,
            idempotency_key=key,
            currency=self.currency,
            postings=(Posting("wallet", amount, self.user_id), Posting(other, -amount)),
            note=note,
            transaction_id=transaction_id,
            created_by=created_by,
        )

    def _positive(self, amount: Money) -> Decimal:
        exact = self._exact(amount)
        if exact < 0:
            raise BadAmountError("the amount must be more than zero", field="amount")
        return exact

    def _exact(self, amount: Money) -> Decimal:
        """Return the amount, which must be whole minor units of this wallet's currency."""
        checked = Money.zero(self.currency) + amount
        if checked.amount == 0:
            raise BadAmountError("the amount must not be zero", field="amount")
        if checked.rounded().amount != checked.amount:
            raise BadAmountError("the amount has more digits than its currency", field="amount")
        return checked.amount


def available(balance: Decimal, held: Decimal) -> Decimal:
    """Return what can be spent of a wallet with that balance, of which `held` is put aside."""
    return balance - held
