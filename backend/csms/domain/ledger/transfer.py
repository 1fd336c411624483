"""Transfers: immutable, balanced, each under a key that makes a repeat a no-op."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from csms.kernel.errors import ConflictError, InvalidError
from csms.kernel.ids import OrganizationId, TransactionId, TransferId, UserId

AccountKind = Literal["wallet", "hold", "cash", "revenue", "adjustment"]
TransferKind = Literal["top_up", "charge", "correction", "hold", "release", "refund", "adjustment"]


class UnbalancedTransferError(InvalidError):
    """The postings of a transfer do not sum to zero."""


class TransferKeyReusedError(ConflictError):
    """The idempotency key belongs to a transfer with other content."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of a transfer. `user_id` names the person of a wallet or hold account.

    A positive `amount` raises the account's balance, a negative one lowers it.
    """

    account: AccountKind
    amount: Decimal
    user_id: UserId | None = None


@dataclass(frozen=True, slots=True)
class NewTransfer:
    """A transfer to be posted, all lines in one `currency`, at the currency's minor unit."""

    organization_id: OrganizationId
    kind: TransferKind
    idempotency_key: str
    currency: str
    postings: tuple[Posting, ...]
    note: str
    transaction_id: TransactionId | None = None
    created_by: UserId | None = None

    def __post_init__(self) -> None:
        if len(self.postings) < 2 or sum(p.amount for p in self.postings) != 0:
            raise UnbalancedTransferError(
                f"transfer {self.idempotency_key} does not balance",
                postings=self.postings,
            )


@dataclass(frozen=True, slots=True)
class PostedTransfer:
    """A transfer that is in the ledger. `is_new` is false when the key was there already."""

    transfer_id: TransferId
    is_new: bool
