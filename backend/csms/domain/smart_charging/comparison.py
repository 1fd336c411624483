"""Our composite schedule beside the charger's: where they part, in sentences for a person."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from csms.domain.smart_charging.composite import CompositeSchedule
from csms.domain.smart_charging.installed import (
    ProfileUnreadableError,
    RateUnit,
    Schedule,
    read_moment,
    read_schedule,
)

TOLERANCE: Final = Decimal("0.1")
"""One step of the wire's precision (OCPP 1.6 §7.14): rounding, no difference."""
TOLERANCE_SHARE: Final = Decimal("0.01")
"""And a hundredth of the limit: another line voltage than ours, or a rounded conversion."""
SHORTEST_DIFFERENCE_S: Final = 5
"""Clocks and the way of the answer move edges by moments."""
CLOCK_OFFSET_MAX_S: Final = 60
DIFFERENCES_MAX: Final = 20


@dataclass(frozen=True, slots=True)
class ToldSchedule:
    """The charger's own composite schedule (OCPP 1.6 §6.22)."""

    starts_at: datetime
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Difference:
    """A stretch in which the charger tells another limit than its profiles give."""

    start_s: int
    end_s: int
    told: Decimal
    computed: Decimal

    @property
    def is_above(self) -> bool:
        """Whether the charger would allow more than its profiles do."""
        return self.told > self.computed


def read_told(answer: Mapping[str, Any]) -> ToldSchedule | None:
    """Return the schedule of a GetCompositeSchedule answer; None where it was Rejected or bare.

    Raises ProfileUnreadableError.
    """
    schedule, starts_at = answer.get("chargingSchedule"), answer.get("scheduleStart")
    if answer.get("status") != "Accepted" or schedule is None or starts_at is None:
        return None
    try:
        moment = read_moment(starts_at)
        if moment is None:
            return None
        return ToldSchedule(moment, read_schedule(schedule))
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise ProfileUnreadableError(f"the charger's schedule cannot be read: {error}") from error


def differences(computed: CompositeSchedule, told: ToldSchedule) -> tuple[Difference, ...]:
    """Return where the limits part by more than rounding, for longer than moments.

    Both are in the same unit. Stretches in which one of them is silent are left out.
    """
    end_s = computed.duration_s
    if told.schedule.duration_s is not None:
        end_s = min(end_s, told.schedule.duration_s)
    edges = {step.start_s for step in computed.steps}
    edges |= {period.start_s for period in told.schedule.periods}
    starts = sorted(edge for edge in edges if 0 <= edge < end_s)
    found: list[Difference] = []
    for start_s, until_s in zip(starts, [*starts[1:], end_s], strict=True):
        ours, theirs = computed.step_at(start_s).limit, _limit_at(told.schedule, start_s)
        if ours is None or theirs is None or _is_equal(ours, theirs):
            continue
        last = found[-1] if found else None
        if last and (last.end_s, last.told, last.computed) == (start_s, theirs, ours):
            found[-1] = Difference(last.start_s, until_s, theirs, ours)
        else:
            found.append(Difference(start_s, until_s, theirs, ours))
    return tuple(one for one in found if one.end_s - one.start_s > SHORTEST_DIFFERENCE_S)


def warnings_of(
    found: tuple[Difference, ...], unit: RateUnit, told: ToldSchedule, now: datetime
) -> Iterator[str]:
    """Say what stands out, the charger's clock among it."""
    offset_s = (told.starts_at - now).total_seconds()
    if abs(offset_s) > CLOCK_OFFSET_MAX_S:
        yield f"the charger's schedule starts {abs(offset_s):.0f} s {_side(offset_s)} our time"
    for one in found[:DIFFERENCES_MAX]:
        reason = "more than its profiles allow" if one.is_above else "a limit of its own, perhaps"
        yield (
            f"from {_clock(told.starts_at, one.start_s)} to {_clock(told.starts_at, one.end_s)} the"
            f" charger tells {one.told} {unit}, its profiles give {one.computed} {unit}: {reason}"
        )
    if len(found) > DIFFERENCES_MAX:
        yield f"{len(found) - DIFFERENCES_MAX} more differences are not listed"


def _limit_at(schedule: Schedule, elapsed_s: int) -> Decimal | None:
    limit = None
    for period in schedule.periods:
        if period.start_s <= elapsed_s:
            limit = period.limit
    return limit


def _is_equal(ours: Decimal, theirs: Decimal) -> bool:
    return abs(ours - theirs) <= max(TOLERANCE, ours * TOLERANCE_SHARE)


def _side(offset_s: float) -> str:
    return "after" if offset_s > 0 else "before"


def _clock(start: datetime, elapsed_s: int) -> str:
    return (start + timedelta(seconds=elapsed_s)).strftime("%Y-%m-%dT%H:%M:%SZ")
