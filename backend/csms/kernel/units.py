"""Canonical units: energy in Wh, power in W, current in A, voltage in V, all exact decimals."""

from decimal import Decimal
from typing import Final

WH_PER_KWH: Final = Decimal(1000)


def kwh_of(energy_wh: Decimal) -> Decimal:
    """Return `energy_wh` in kWh, exactly."""
    return energy_wh / WH_PER_KWH


def plain_number(value: Decimal) -> int | float:
    """Return `value` as JSON shows it: an integer where it is whole, otherwise the nearest float."""
    return int(value) if value == value.to_integral_value() else float(value)
