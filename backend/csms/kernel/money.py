"""Money: an exact decimal amount with its currency, and the one place where amounts are rounded."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from csms.kernel.errors import InvalidError

MINOR_DIGITS = {
    "BHD": 3,
    "CLP": 0,
    "ISK": 0,
    "JPY": 0,
    "KRW": 0,
    "KWD": 3,
    "OMR": 3,
    "TND": 3,
    "VND": 0,
}
"""Digits after the point of the currencies that do not have two (ISO 4217)."""


class CurrencyMismatchError(InvalidError):
    """Two amounts of different currencies met in one sum."""


def round_amount(amount: Decimal, currency: str) -> Decimal:
    """Round `amount` half up to the minor unit of `currency`. The only rounding of money there is."""
    digits = MINOR_DIGITS.get(currency, 2)
    return amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in `currency` (ISO 4217, three capital letters)."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isupper()):
            raise InvalidError(f"currency must be three capital letters, not {self.currency!r}")
        if not self.amount.is_finite():
            raise InvalidError("an amount of money must be finite")

    @classmethod
    def zero(cls, currency: str) -> "Money":
        """Return nothing, in `currency`."""
        return cls(Decimal(0), currency)

    def rounded(self) -> "Money":
        """Return the amount at the currency's minor unit, half up."""
        return Money(round_amount(self.amount, self.currency), self.currency)

    def __add__(self, other: "Money") -> "Money":
        self._require_same_currency(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._require_same_currency(other)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def _require_same_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatchError(f"{self.currency} and {other.currency} cannot be added")
