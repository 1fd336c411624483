"""What billing needs from the outside."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, Protocol

from csms.domain.ledger.transfer import NewTransfer
from csms.domain.transactions.ports import StoredTransaction
from csms.kernel.ids import OrganizationId, TransactionId


@dataclass(frozen=True, slots=True)
class StatusSpan:
    """How long a connector stood in one status, in seconds; `is_after_stop` counts from the Stop."""

    status: str
    seconds: Decimal
    is_after_stop: bool


@dataclass(frozen=True, slots=True)
class IdleSight:
    """What tells whether idle minutes still run after a Stop that came at `stop_received_at`.

    `last_report` is the connector's last status and its time, before or after the Stop.
    """

    now: datetime
    stop_received_at: datetime
    last_report: tuple[str, datetime] | None
    has_next_session: bool


@dataclass(frozen=True, slots=True)
class BillableTransaction:
    """A stopped session under a row lock, with all that its bill is computed from.

    `charged` is the sum already taken from the wallet for it, `held` what is still on hold.
    `revision` counts the bills so far: the next transfer's key carries it. `spans` leave out the
    time in which the charger was offline. `available` is what the wallet has, less all holds;
    None when it was not read. `bill_explanation` and `energy_explanation` are those that stand.
    """

    organization_id: OrganizationId
    transaction: StoredTransaction
    tariff_terms: str | None
    currency: str
    duration_s: Decimal
    spans: tuple[StatusSpan, ...]
    charged: Decimal
    held: Decimal
    revision: int
    available: Decimal | None = None
    bill_explanation: str | None = None
    energy_explanation: str | None = None
    idle: IdleSight | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """The outcome of billing one session: transfers to post and what the session then says."""

    status: Literal["BILLED", "FAILED", "NOT_BILLABLE"]
    cost: Decimal | None
    explanation: str
    transfers: tuple[NewTransfer, ...] = ()
    failure: str | None = None


class Bills(Protocol):
    """Settles sessions, each in one database transaction."""

    async def settle(
        self,
        transaction_id: TransactionId,
        decide: Callable[[BillableTransaction], Settlement],
    ) -> Settlement:
        """Lock the session, let the pure `decide` say what follows, store it; all or nothing.

        Raises NotFoundError, or ConflictError while the session has no Stop.
        """
        ...
