"""The composite schedule: what all profiles together allow over time (OCPP 1.6 §3.13.3, §5.7)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Final

from csms.domain.smart_charging.installed import (
    PHASES_ASSUMED,
    InstalledProfile,
    RateUnit,
)
from csms.domain.smart_charging.prevailing import (
    WHOLE_CHARGER,
    Prevailing,
    RunningSession,
    changes_of,
    prevailing_at,
)
from csms.kernel.ids import ConnectorNumber

HORIZON_S: Final = 7 * 86_400
"""The longest schedule that is computed; what is asked beyond it is left out."""
CHANGES_MAX: Final = 2_000
"""A schedule ends where the profiles have changed that often."""
LINE_VOLTAGE_V: Final = 230
"""The set voltage of the area, with which §7.12 turns power into current."""
_TENTH: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Outlets:
    """What is known of a charger besides its profiles.

    `sessions` run now; `power_max_w` is the most that each outlet can give, None where unknown.
    """

    sessions: Mapping[ConnectorNumber, RunningSession] = field(default_factory=dict)
    power_max_w: Mapping[ConnectorNumber, int | None] = field(default_factory=dict)
    line_voltage_v: int = LINE_VOLTAGE_V


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What several limits leave: power in all, current per phase, and phases. None: no limit.

    Each holds by itself, so that power and current never promise more than any profile does.
    """

    power_w: Decimal | None = None
    current_a: Decimal | None = None
    phases: int | None = None
    minimum_w: Decimal | None = None
    profile_ids: tuple[int, ...] = ()

    def limit(self, unit: RateUnit, voltage_v: int) -> Decimal | None:
        """Return the limit in that unit, rounded down to the one decimal of the wire (§7.14)."""
        phases = self.phases or PHASES_ASSUMED
        per_ampere_w = Decimal(voltage_v * phases)
        limits = []
        if self.power_w is not None:
            limits.append(self.power_w if unit == "W" else self.power_w / per_ampere_w)
        if self.current_a is not None:
            limits.append(self.current_a * per_ampere_w if unit == "W" else self.current_a)
        return min(limits).quantize(_TENTH, ROUND_DOWN) if limits else None

    def minimum(self, unit: RateUnit, voltage_v: int) -> Decimal | None:
        """Return the rate below which charging is inefficient (§7.13), in that unit."""
        if self.minimum_w is None:
            return None
        per_ampere_w = Decimal(voltage_v * (self.phases or PHASES_ASSUMED))
        rate = self.minimum_w if unit == "W" else self.minimum_w / per_ampere_w
        return rate.quantize(_TENTH, ROUND_DOWN)


@dataclass(frozen=True, slots=True)
class Step:
    """A piece of the schedule, from `start_s` on; `limit` None: nothing limits it.

    `profile_ids` are the profiles that rule in it, `minimum_rate` the highest they name.
    """

    start_s: int
    limit: Decimal | None
    phases: int | None
    profile_ids: tuple[int, ...]
    minimum_rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CompositeSchedule:
    """What a connector may take from `starts_at` for `duration_s`, in `unit`."""

    connector: ConnectorNumber
    starts_at: datetime
    duration_s: int
    unit: RateUnit
    steps: tuple[Step, ...]

    def step_at(self, elapsed_s: float) -> Step:
        """Return the step that holds that long after the start."""
        return next(step for step in reversed(self.steps) if step.start_s <= elapsed_s)


def composite_schedule(
    profiles: Sequence[InstalledProfile],
    outlets: Outlets,
    *,
    connector: ConnectorNumber,
    starts_at: datetime,
    duration_s: int,
    unit: RateUnit,
) -> CompositeSchedule:
    """Return what the profiles allow the connector; 0 asks for the charger as a whole.

    The whole is what its outlets may take together, capped by the ChargePointMaxProfile (E 3.30).
    At most HORIZON_S and CHANGES_MAX are computed: `duration_s` of the answer says how far it
    goes. Fractions of a second are rounded up to the next.
    """
    duration_s = max(0, min(duration_s, HORIZON_S))
    end = starts_at + timedelta(seconds=max(1, duration_s))
    parts = _outlets_of(outlets) if connector == WHOLE_CHARGER else (connector,)
    edges = {starts_at}
    for begins_at in {starts_at, *(_begin(outlets, part, starts_at) for part in parts)}:
        for profile in profiles:
            edges.update(changes_of(profile, begins_at, starts_at, end))
    starts = sorted({_whole_seconds(edge - starts_at) for edge in edges})
    starts = [start_s for start_s in starts if start_s < max(1, duration_s)]
    if len(starts) > CHANGES_MAX:
        duration_s = starts[CHANGES_MAX]
    steps: list[Step] = []
    for start_s in starts[:CHANGES_MAX]:
        moment = starts_at + timedelta(seconds=start_s)
        if connector == WHOLE_CHARGER:
            ceiling = _of_whole(profiles, outlets, parts, moment, starts_at)
        else:
            ceiling = _of_connector(profiles, outlets, connector, moment, starts_at)
        step = Step(
            start_s,
            ceiling.limit(unit, outlets.line_voltage_v),
            ceiling.phases,
            ceiling.profile_ids,
            ceiling.minimum(unit, outlets.line_voltage_v),
        )
        if not steps or _says_else(steps[-1], step):
            steps.append(step)
    return CompositeSchedule(connector, starts_at, duration_s, unit, tuple(steps))


def _of_connector(
    profiles: Iterable[InstalledProfile],
    outlets: Outlets,
    connector: ConnectorNumber,
    moment: datetime,
    starts_at: datetime,
) -> Ceiling:
    ruling = prevailing_at(
        profiles,
        connector,
        outlets.sessions.get(connector),
        moment,
        _begin(outlets, connector, starts_at),
    )
    return _together(ruling, outlets.power_max_w.get(connector), outlets.line_voltage_v)


def _of_whole(
    profiles: Sequence[InstalledProfile],
    outlets: Outlets,
    parts: Sequence[ConnectorNumber],
    moment: datetime,
    starts_at: datetime,
) -> Ceiling:
    """The sum over the outlets, unlimited where one of them is, under the charger's own limit."""
    cap = _together(
        [
            one
            for one in prevailing_at(profiles, WHOLE_CHARGER, None, moment, starts_at)
            if one.profile.purpose == "ChargePointMaxProfile"
        ],
        None,
        outlets.line_voltage_v,
    )
    total: Decimal | None = Decimal(0) if parts else None
    used = list(cap.profile_ids)
    for part in parts:
        ceiling = _of_connector(profiles, outlets, part, moment, starts_at)
        used += [number for number in ceiling.profile_ids if number not in used]
        power_w = _power_of(ceiling, outlets.line_voltage_v)
        total = None if total is None or power_w is None else total + power_w
    powers = [power_w for power_w in (cap.power_w, total) if power_w is not None]
    return Ceiling(
        power_w=min(powers) if powers else None,
        current_a=cap.current_a,
        phases=cap.phases,
        minimum_w=cap.minimum_w,
        profile_ids=tuple(used),
    )


def _together(ruling: Iterable[Prevailing], power_max_w: int | None, voltage_v: int) -> Ceiling:
    """The smallest of each limit (§3.13.3); what the outlet can give is one more of them."""
    powers = [] if power_max_w is None else [Decimal(power_max_w)]
    currents: list[Decimal] = []
    phases, minima, used = [], [], []
    for one in ruling:
        schedule, period = one.profile.schedule, one.period
        (powers if schedule.unit == "W" else currents).append(period.limit)
        phases.append(period.phases)
        used.append(one.profile.profile_id)
        if schedule.minimum_rate is not None:
            per_unit = 1 if schedule.unit == "W" else voltage_v * period.phases
            minima.append(schedule.minimum_rate * per_unit)
    return Ceiling(
        min(powers, default=None),
        min(currents, default=None),
        min(phases, default=None),
        max(minima, default=None),
        tuple(used),
    )


def _power_of(ceiling: Ceiling, voltage_v: int) -> Decimal | None:
    limits = [] if ceiling.power_w is None else [ceiling.power_w]
    if ceiling.current_a is not None:
        limits.append(ceiling.current_a * voltage_v * (ceiling.phases or PHASES_ASSUMED))
    return min(limits, default=None)


def _begin(outlets: Outlets, connector: ConnectorNumber, starts_at: datetime) -> datetime:
    """Where relative schedules start: with the session, or now for one that would start now."""
    session = outlets.sessions.get(connector)
    return starts_at if session is None else session.started_at


def _outlets_of(outlets: Outlets) -> tuple[ConnectorNumber, ...]:
    return tuple(sorted(n for n in outlets.power_max_w if n != WHOLE_CHARGER))


def _whole_seconds(elapsed: timedelta) -> int:
    return -(-elapsed // timedelta(seconds=1))


def _says_else(before: Step, after: Step) -> bool:
    return (before.limit, before.phases, before.profile_ids, before.minimum_rate) != (
        after.limit,
        after.phases,
        after.profile_ids,
        after.minimum_rate,
    )
