"""Money and energy as the API shows them."""

from decimal import Decimal

import msgspec

from csms.kernel.money import round_amount
from csms.kernel.units import plain_number


class MoneyView(msgspec.Struct, frozen=True):
    """An exact amount as a decimal string, with its currency (ISO 4217)."""

    amount: str
    currency: str


def money_view(amount: Decimal, currency: str) -> MoneyView:
    """Return `amount` at the currency's minor unit."""
    return MoneyView(format(round_amount(amount, currency), "f"), currency)


def optional_money(amount: Decimal | None, currency: str | None) -> MoneyView | None:
    """Return the amount, or None when there is none yet."""
    return None if amount is None or currency is None else money_view(amount, currency)


def optional_number(value: Decimal | None) -> float | None:
    """Return a figure as JSON shows it, whole where it is whole."""
    return None if value is None else plain_number(value)


def price_text(price: Decimal) -> str:
    """Return a price as a decimal string with at least two digits after the point."""
    text = format(price.normalize(), "f")
    whole, _, digits = text.partition(".")
    return f"{whole}.{digits.ljust(2, '0')}"


def optional_price(price: Decimal | None) -> str | None:
    """Return a price as a decimal string, or None where the tariff has none."""
    return None if price is None else price_text(price)
