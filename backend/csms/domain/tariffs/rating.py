"""What a session costs: pure arithmetic on its terms, each line explained, rounded once."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final, Literal

import msgspec

from csms.domain.tariffs.terms import TariffTerms
from csms.kernel.money import Money, round_amount
from csms.kernel.units import kwh_of

LineKind = Literal["energy", "time", "session", "idle"]

_SECONDS_PER_MINUTE: Final = 60
_SHOWN: Final = Decimal("0.000001")
_HUNDREDTH: Final = Decimal("0.01")


class RatedLine(msgspec.Struct, frozen=True):
    """One line of a bill. `price` and `amount` are shown with two to six decimals.

    `amount` is not what is rounded.
    """

    kind: LineKind
    quantity: Decimal
    unit: str
    price: Decimal
    amount: Decimal
    sentence: str


@dataclass(frozen=True, slots=True)
class Rating:
    """The bill of a session: what it costs, tax included, and the part of that which is tax."""

    total: Money
    tax: Money | None
    lines: tuple[RatedLine, ...]


class Usage(msgspec.Struct, frozen=True, gc=False):
    """What is paid for: energy in Wh, the session's length and its idle time in seconds.

    `idle_s` is all idle time; the terms' grace is taken off here.
    """

    energy_wh: Decimal
    duration_s: Decimal = Decimal(0)
    idle_s: Decimal = Decimal(0)


def rate(terms: TariffTerms, usage: Usage) -> Rating:
    """Return what `usage` costs on `terms`. Sums are exact; the total alone is rounded."""
    exact = _exact_lines(terms, usage)
    total = sum((amount for _, amount in exact), Fraction(0))
    cost = Money(round_amount(_decimal(total), terms.currency), terms.currency)
    lines = tuple(line for line, _ in exact)
    return Rating(cost, _tax_in(cost, terms.tax_percent), lines)


def cost_so_far(terms: TariffTerms, usage: Usage) -> Decimal:
    """Return the cost of a session that goes on, not rounded: what its hold has to cover."""
    amount = kwh_of(usage.energy_wh) * terms.price_per_kwh
    if terms.price_per_session is not None:
        amount += terms.price_per_session
    if terms.price_per_minute is not None:
        amount += terms.price_per_minute * usage.duration_s / _SECONDS_PER_MINUTE
    return amount


@lru_cache(maxsize=4096)
def terms_of(text: str) -> TariffTerms:
    """Read terms as they were fixed at a start. Raises msgspec.ValidationError."""
    return msgspec.json.decode(text, type=TariffTerms)


def _exact_lines(terms: TariffTerms, usage: Usage) -> list[tuple[RatedLine, Fraction]]:
    lines: list[tuple[RatedLine, Fraction]] = []
    if usage.energy_wh > 0:
        kwh = kwh_of(usage.energy_wh)
        lines.append(_line("energy", Fraction(kwh), "kWh", terms.price_per_kwh, terms.currency))
    if terms.price_per_minute is not None and usage.duration_s > 0:
        minutes = Fraction(usage.duration_s) / _SECONDS_PER_MINUTE
        lines.append(_line("time", minutes, "min", terms.price_per_minute, terms.currency))
    if terms.price_per_session is not None:
        lines.append(
            _line("session", Fraction(1), "session", terms.price_per_session, terms.currency)
        )
    idle = _paid_idle_minutes(terms, usage)
    if terms.idle_price_per_minute is not None and idle > 0:
        lines.append(_line("idle", idle, "idle min", terms.idle_price_per_minute, terms.currency))
    return lines


def _paid_idle_minutes(terms: TariffTerms, usage: Usage) -> Fraction:
    grace = terms.idle_grace_minutes or 0
    return max(Fraction(0), Fraction(usage.idle_s) / _SECONDS_PER_MINUTE - grace)


def _line(
    kind: LineKind, quantity: Fraction, unit: str, price: Decimal, currency: str
) -> tuple[RatedLine, Fraction]:
    amount = quantity * Fraction(price)
    shown, shown_price, shown_amount = _shown(quantity), _shown_money(price), _shown_money(amount)
    sentence = f"{shown:f} {unit} at {shown_price:f} {currency} = {shown_amount:f} {currency}"
    return RatedLine(kind, shown, unit, shown_price, shown_amount, sentence), amount


def _tax_in(cost: Money, tax_percent: Decimal | None) -> Money | None:
    if tax_percent is None:
        return None
    tax = Fraction(cost.amount) * Fraction(tax_percent) / (100 + Fraction(tax_percent))
    return Money(_decimal(tax), cost.currency).rounded()


def _decimal(exact: Fraction) -> Decimal:
    # Exact where it can be half a minor unit; otherwise 28 digits, which decide a rounding.
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def _shown(exact: Fraction) -> Decimal:
    return _decimal(exact).quantize(_SHOWN).normalize() + Decimal(0)


def _shown_money(exact: Fraction | Decimal) -> Decimal:
    """Return an amount as a person reads it: no zeros behind the second decimal."""
    shown = _shown(Fraction(exact))
    hundredths = shown.quantize(_HUNDREDTH)
    return hundredths if hundredths == shown else shown
