"""Money booked by hand: by operators, in the wallet's currency, once per key."""

from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from csms.domain.identity.actor import Actor, PermissionMissingError
from csms.domain.ledger.bookings import (
    BookingAction,
    CorrectionReasonError,
    WalletBookings,
    WalletCurrencyError,
)
from csms.domain.ledger.transfer import NewTransfer, PostedTransfer
from csms.domain.ledger.wallet import BadAmountError
from csms.kernel.ids import OrganizationId, TransferId, UserId
from csms.kernel.money import Money

pytestmark = pytest.mark.unit

OPERATOR = Actor(UserId(1), "ADMIN", OrganizationId(1), "user 1")
DRIVER = Actor(UserId(7), "USER", OrganizationId(1), "user 7")
DANA = UserId(7)


def euros(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


@dataclass
class Store:
    """Remembers what was booked."""

    booked: list[tuple[NewTransfer, BookingAction]] = field(default_factory=list)

    async def currency(self, organization_id: OrganizationId) -> str:
        return "EUR"

    async def book(
        self, actor: Actor, transfer: NewTransfer, action: BookingAction, user_id: UserId
    ) -> PostedTransfer:
        self.booked.append((transfer, action))
        return PostedTransfer(TransferId(len(self.booked)), is_new=True)


@pytest.mark.parametrize("amount", ["-5.00", "5.00"])
async def test_a_correction_moves_the_wallet_either_way(amount: str) -> None:
    store = Store()
    await WalletBookings(store).correct(
        OPERATOR, DANA, euros(amount), reason=" complaint ", key="k"
    )
    ((transfer, action),) = store.booked
    amounts = {p.account: p.amount for p in transfer.postings}
    assert amounts == {"wallet": Decimal(amount), "adjustment": -Decimal(amount)}
    assert (transfer.kind, transfer.note, action) == (
        "adjustment",
        "complaint",
        "wallet.corrected",
    )
    assert transfer.idempotency_key == "adjustment:7:1:k"
    assert transfer.created_by == 1


async def test_without_a_key_two_bookings_are_two() -> None:
    store = Store()
    bookings = WalletBookings(store)
    await bookings.top_up(OPERATOR, DANA, euros("5"), note="", key=None)
    await bookings.top_up(OPERATOR, DANA, euros("5"), note="", key=None)
    assert len({transfer.idempotency_key for transfer, _ in store.booked}) == 2


async def test_a_key_makes_a_top_up_and_a_correction_two_effects() -> None:
    store = Store()
    bookings = WalletBookings(store)
    await bookings.top_up(OPERATOR, DANA, euros("5"), note="", key="k")
    await bookings.correct(OPERATOR, DANA, euros("5"), reason="r", key="k")
    assert len({transfer.idempotency_key for transfer, _ in store.booked}) == 2


@pytest.mark.parametrize("amount", ["0", "0.001"])
async def test_what_is_no_amount_is_not_booked(amount: str) -> None:
    store = Store()
    with pytest.raises(BadAmountError):
        await WalletBookings(store).correct(OPERATOR, DANA, euros(amount), reason="r", key=None)
    with pytest.raises(BadAmountError):
        await WalletBookings(store).top_up(OPERATOR, DANA, euros("-1"), note="", key=None)
    assert store.booked == []


async def test_a_wallet_takes_no_other_currency() -> None:
    store = Store()
    dollars = Money(Decimal(5), "USD")
    with pytest.raises(WalletCurrencyError, match="EUR, not USD"):
        await WalletBookings(store).top_up(OPERATOR, DANA, dollars, note="", key=None)
    assert store.booked == []


async def test_a_correction_has_a_reason_and_an_operator() -> None:
    store = Store()
    with pytest.raises(CorrectionReasonError):
        await WalletBookings(store).correct(OPERATOR, DANA, euros("5"), reason=" ", key=None)
    with pytest.raises(PermissionMissingError):
        await WalletBookings(store).correct(DRIVER, DANA, euros("5"), reason="r", key=None)
    assert store.booked == []
