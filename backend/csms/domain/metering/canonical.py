"""One sampled value in canonical units, with the defaults of OCPP 1.6 §7.43 filled in."""

from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

import msgspec

from csms.domain.metering.samples import SampledValue

REGISTER: Final = "Energy.Active.Import.Register"
DEFAULT_CONTEXT: Final = "Sample.Periodic"
DEFAULT_LOCATION: Final = "Outlet"
SIGNED: Final = "SignedData"

MAX_NUMBER_CHARACTERS: Final = 28
"""Longer texts are no meter's figure, and would not fit exact arithmetic."""
MIN_EXPONENT: Final = -28
MAX_EXPONENT: Final = 12
"""No meter counts beyond these powers of ten."""

_THOUSAND: Final = Decimal(1000)
_KELVIN_AT_ZERO: Final = Decimal("273.15")

_UNITS: Final[dict[str, tuple[str, Decimal | None]]] = {
    "Wh": ("Wh", None),
    "kWh": ("Wh", _THOUSAND),
    "varh": ("varh", None),
    "kvarh": ("varh", _THOUSAND),
    "W": ("W", None),
    "kW": ("W", _THOUSAND),
    "VA": ("VA", None),
    "kVA": ("VA", _THOUSAND),
    "var": ("var", None),
    "kvar": ("var", _THOUSAND),
    "A": ("A", None),
    "V": ("V", None),
    "Percent": ("Percent", None),
    "Celsius": ("Celsius", None),
    "Celcius": ("Celsius", None),
    "K": ("Celsius", None),
    # Fahrenheit stays as it is: five ninths have no exact decimal.
    "Fahrenheit": ("Fahrenheit", None),
}

_FAMILIES: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("Energy.Active.", frozenset({"Wh"})),
    # Wh is what an absent unit means for every energy (OCPP 1.6 §7.43).
    ("Energy.Reactive.", frozenset({"varh", "Wh"})),
    ("Power.Active.", frozenset({"W"})),
    ("Power.Reactive.", frozenset({"var"})),
    ("Power.Offered", frozenset({"W", "VA"})),
    ("Current.", frozenset({"A"})),
    ("Voltage", frozenset({"V"})),
    ("SoC", frozenset({"Percent"})),
    ("Temperature", frozenset({"Celsius", "Fahrenheit"})),
)


class CanonicalValue(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A value as it is stored. `value` is text where it is signed data or no number.

    `problem` names why it does not count; it is empty for a good value and for signed data.
    """

    measurand: str
    value: Decimal | str
    unit: str | None = None
    phase: str | None = None
    context: str = DEFAULT_CONTEXT
    location: str = DEFAULT_LOCATION
    format: str = "Raw"
    problem: str = ""


def canonical_value(sampled: SampledValue) -> CanonicalValue:
    """Return `sampled` with its defaults, in canonical units; nothing is dropped."""
    shape = _shape_of(sampled.measurand, sampled.unit)
    context = sampled.context or DEFAULT_CONTEXT
    location = sampled.location or DEFAULT_LOCATION
    value: Decimal | str = sampled.value
    problem = shape.problem
    if sampled.format == SIGNED:
        return CanonicalValue(
            shape.measurand, value, shape.unit, sampled.phase, context, location, SIGNED
        )
    number = exact_number(sampled.value)
    if number is None:
        problem = "not_a_number"
    elif shape.factor is not None:
        value = number * shape.factor
        if value.adjusted() > MAX_EXPONENT:
            problem = "out_of_bounds"
    elif shape.is_kelvin:
        value = number - _KELVIN_AT_ZERO
    else:
        value = number
    return CanonicalValue(
        shape.measurand, value, shape.unit, sampled.phase, context, location, "Raw", problem
    )


def exact_number(text: str) -> Decimal | None:
    """Return the finite number that `text` spells, exactly, or None where it spells none."""
    if len(text) > MAX_NUMBER_CHARACTERS or "_" in text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite() or not MIN_EXPONENT <= number.adjusted() <= MAX_EXPONENT:
        return None
    return number


class _Shape(msgspec.Struct, frozen=True, gc=False):
    """What measurand and unit of a value say before its number is read."""

    measurand: str
    unit: str | None
    factor: Decimal | None
    is_kelvin: bool
    problem: str


@lru_cache(maxsize=1024)
def _shape_of(measurand: str | None, unit: str | None) -> _Shape:
    named = measurand or REGISTER
    if unit is None:
        default = "Wh" if named.startswith("Energy.") else None
        return _Shape(named, default, None, is_kelvin=False, problem="")
    if unit not in _UNITS:
        return _Shape(named, unit, None, is_kelvin=False, problem="unknown_unit")
    canonical, factor = _UNITS[unit]
    return _Shape(named, canonical, factor, unit == "K", _unit_problem(named, canonical))


def _unit_problem(measurand: str, unit: str) -> str:
    for prefix, units in _FAMILIES:
        if measurand.startswith(prefix):
            return "" if unit in units else "wrong_unit"
    return ""
