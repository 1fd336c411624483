"""The readings of one moment: every value kept, and the few figures that decisions use."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

import msgspec

from csms.domain.metering.canonical import (
    DEFAULT_LOCATION,
    REGISTER,
    SIGNED,
    CanonicalValue,
    canonical_value,
)
from csms.domain.metering.samples import SampledValue

POWER: Final = "Power.Active.Import"
STATE_OF_CHARGE: Final = "SoC"
_LINES: Final = frozenset({"L1", "L2", "L3"})
_LINES_TO_NEUTRAL: Final = frozenset({"L1-N", "L2-N", "L3-N"})
_HUNDRED: Final = Decimal(100)

_encoder: Final = msgspec.json.Encoder(decimal_format="number")


class MeterMoment(msgspec.Struct, frozen=True, gc=False):
    """All values of one moment in canonical units, and what they say at the outlet in total.

    `register_wh`, `power_w` and `soc_percent` are None where absent or not to be trusted.
    `problems` names what does not count, without repeats.
    """

    values: tuple[CanonicalValue, ...]
    register_wh: Decimal | None = None
    power_w: Decimal | None = None
    soc_percent: Decimal | None = None
    problems: tuple[str, ...] = ()


def meter_moment(sampled: Iterable[SampledValue]) -> MeterMoment:
    """Read the values of one moment (OCPP 1.6 §7.33, §7.43)."""
    values = tuple([canonical_value(one) for one in sampled])
    measurands = {v.measurand for v in values}
    problems: tuple[str, ...] = ()
    for v in values:
        if v.problem and v.problem not in problems:
            problems += (v.problem,)
    register_wh = total_of(values, REGISTER) if REGISTER in measurands else None
    if register_wh is not None and register_wh < 0:
        register_wh = None
        problems += ("negative_register",)
    power_w = total_of(values, POWER) if POWER in measurands else None
    soc_percent = None
    if STATE_OF_CHARGE in measurands:
        soc_percent = total_of(values, STATE_OF_CHARGE, location=None)
        if soc_percent is not None and not 0 <= soc_percent <= _HUNDRED:
            soc_percent = None
            problems += ("state_of_charge_out_of_range",)
    return MeterMoment(values, register_wh, power_w, soc_percent, problems)


def total_of(
    values: Iterable[CanonicalValue],
    measurand: str,
    *,
    location: str | None = DEFAULT_LOCATION,
    context: str | None = None,
) -> Decimal | None:
    """Return what `values` say of `measurand` in total, or None.

    A value without a phase is the total (OCPP 1.6 §7.43), the last one where there are several.
    With phases only, the total is their sum: of L1, L2, L3, or else of L1-N, L2-N, L3-N.
    """
    total: Decimal | None = None
    by_phase: dict[str, Decimal] = {}
    for v in values:
        if v.measurand != measurand or v.problem or v.format == SIGNED:
            continue
        if location is not None and v.location != location:
            continue
        if context is not None and v.context != context:
            continue
        number = v.value
        if not isinstance(number, Decimal):
            continue
        if v.phase is None:
            total = number
        else:
            by_phase[v.phase] = number
    if total is not None or not by_phase:
        return total
    for lines in (_LINES, _LINES_TO_NEUTRAL):
        found = [number for phase, number in by_phase.items() if phase in lines]
        if found:
            return sum(found, Decimal(0))
    return None


def samples_json(values: Iterable[CanonicalValue]) -> str:
    """Return values as they are stored: a JSON list, numbers exact."""
    return _encoder.encode([*values]).decode()
