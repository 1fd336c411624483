"""What a meter can have counted: it never runs backwards, nor faster than the connector's power."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

import msgspec

MAX_REGISTER_WH: Final = Decimal(10) ** 13 - 1
"""What storage holds; a meter would need a thousand years for it."""

_SECONDS_PER_HOUR: Final = Decimal(3600)


@dataclass(frozen=True, slots=True)
class PlausibilityLimits:
    """Tolerances of the checks on energy.

    A connector may deliver `power_tolerance` times its power for `power_slack_s` longer than the
    times say. Where its power is not on record `unknown_power_w` stands in. A register may fall
    by `register_slack_wh` (rounding to whole Wh on the wire). Where a time is not known,
    `unknown_time_s` is the longest that a session can have taken.
    """

    power_tolerance: Decimal = Decimal("1.1")
    power_slack_s: int = 300
    unknown_power_w: int = 1_000_000
    register_slack_wh: Decimal = Decimal(1)
    unknown_time_s: int = 7 * 24 * 3600


def max_energy_wh(
    max_power_w: int | None, time: timedelta | None, limits: PlausibilityLimits
) -> Decimal:
    """Return the most energy that a connector can have delivered in `time`; None: not known."""
    power_w = max_power_w or limits.unknown_power_w
    seconds = limits.unknown_time_s if time is None else whole_seconds(time)
    return power_w * (seconds + limits.power_slack_s) * limits.power_tolerance / _SECONDS_PER_HOUR


def whole_seconds(time: timedelta) -> int:
    """Return a length of time in whole seconds, never below zero."""
    return max(0, time.days * 86_400 + time.seconds)


def bounded_register(register_wh: Decimal) -> Decimal:
    """Return a register that can be stored; one out of bounds contradicts all others anyway."""
    return max(-MAX_REGISTER_WH, min(MAX_REGISTER_WH, register_wh))


class RegisterSoFar(msgspec.Struct, frozen=True, gc=False):
    """What is known of a session's register before one more reading.

    `time` is how long the session had lasted at the new reading, None where that is not known.
    `is_newer`: the new reading is not older than any before.
    """

    meter_start_wh: Decimal
    highest_wh: Decimal
    time: timedelta | None
    is_newer: bool
    max_power_w: int | None


def register_problem(
    register_wh: Decimal, so_far: RegisterSoFar, limits: PlausibilityLimits
) -> str | None:
    """Return why a reading of the energy register cannot be right, or None."""
    if register_wh < so_far.meter_start_wh - limits.register_slack_wh:
        return "register_below_start"
    if so_far.is_newer and register_wh < so_far.highest_wh - limits.register_slack_wh:
        return "register_fell"
    energy_wh = register_wh - so_far.meter_start_wh
    time, power_w = so_far.time, so_far.max_power_w
    # Most readings are below the plain product; only the others are worth exact arithmetic.
    if (
        time is not None
        and power_w is not None
        and energy_wh * 3600 <= power_w * whole_seconds(time)
    ):
        return None
    if energy_wh > max_energy_wh(so_far.max_power_w, so_far.time, limits):
        return "register_jumped"
    return None
