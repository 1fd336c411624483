"""The composite schedule beside a second, naive implementation, for any profiles at all."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csms.domain.smart_charging.composite import Outlets, composite_schedule
from csms.domain.smart_charging.installed import RateUnit, read_profile
from csms.domain.smart_charging.prevailing import RunningSession
from csms.kernel.ids import ConnectorNumber, TransactionId
from tests.properties.naive_composite import naive_limits

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
WINDOW_S = 90
PURPOSES = ["ChargePointMaxProfile", "TxDefaultProfile", "TxDefaultProfile", "TxProfile"]
Told = tuple[int, dict[str, Any], int | None]

moments = st.integers(-120, 120).map(lambda s: NOW + timedelta(seconds=s))
day_old = st.tuples(st.sampled_from([0, 1, 2, 7, 9]), moments).map(
    lambda at: at[1] - timedelta(days=at[0])
)
limits = st.integers(0, 400).map(lambda tenths: tenths / 10)


@st.composite
def schedules(draw: st.DrawFn) -> dict[str, Any]:
    unit = draw(st.sampled_from(["A", "W"]))
    starts = draw(st.lists(st.integers(0, 100), max_size=4, unique=True))
    periods = []
    for start in sorted({draw(st.sampled_from([0, 0, 0, 7])), *starts}):
        limit = draw(limits)
        period: dict[str, Any] = {
            "startPeriod": start,
            "limit": limit if unit == "A" else round(limit * 500, 1),
        }
        phases = draw(st.sampled_from([None, 1, 2, 3]))
        if phases is not None:
            period["numberPhases"] = phases
        periods.append(period)
    schedule: dict[str, Any] = {"chargingRateUnit": unit, "chargingSchedulePeriod": periods}
    if draw(st.booleans()):
        schedule["duration"] = draw(st.integers(0, 150))
    if draw(st.booleans()):
        schedule["startSchedule"] = draw(day_old).isoformat()
    return schedule


@st.composite
def profiles(draw: st.DrawFn) -> Told:
    purpose = draw(st.sampled_from(PURPOSES))
    place = 0
    if purpose != "ChargePointMaxProfile":
        place = draw(st.integers(1 if purpose == "TxProfile" else 0, 2))
    profile: dict[str, Any] = {
        "chargingProfileId": draw(st.integers(1, 10**6)),
        "stackLevel": draw(st.integers(0, 2)),
        "chargingProfilePurpose": purpose,
        "chargingProfileKind": draw(st.sampled_from(["Absolute", "Recurring", "Relative"])),
        "chargingSchedule": draw(schedules()),
    }
    if profile["chargingProfileKind"] == "Recurring":
        profile["recurrencyKind"] = draw(st.sampled_from(["Daily", "Weekly"]))
    for name in ("validFrom", "validTo"):
        if draw(st.integers(0, 3)) == 0:
            profile[name] = draw(moments).isoformat()
    bound_to = draw(st.sampled_from([None, 71, 72])) if purpose == "TxProfile" else None
    return place, profile, bound_to


def _one_per_place(told: list[Told]) -> list[Told]:
    """A charger holds one profile per purpose, stack level and connector (§3.13.2)."""
    kept = {(p["chargingProfilePurpose"], p["stackLevel"], c): (c, p, t) for c, p, t in told}
    return list(kept.values())


installed = st.lists(profiles(), max_size=8).map(_one_per_place)
running = st.dictionaries(
    st.sampled_from([1, 2]),
    st.tuples(
        st.sampled_from([71, 72]), st.integers(-200, 0).map(lambda s: NOW + timedelta(seconds=s))
    ),
)
powers = st.fixed_dictionaries(
    {1: st.sampled_from([None, 7400, 22000]), 2: st.sampled_from([None, 7400, 22000])}
)


@settings(max_examples=400)
@given(
    told=installed,
    sessions=running,
    power_max_w=powers,
    connector=st.integers(0, 2),
    unit=st.sampled_from(["A", "W"]),
)
def test_every_second_has_the_limit_of_the_naive_reading(
    told: list[Told],
    sessions: dict[int, tuple[int, datetime]],
    power_max_w: dict[int, int | None],
    connector: int,
    unit: str,
) -> None:
    computed = composite_schedule(
        [read_profile(p, ConnectorNumber(c), _session(t)) for c, p, t in told],
        Outlets(
            {
                ConnectorNumber(c): RunningSession(TransactionId(number), began)
                for c, (number, began) in sessions.items()
            },
            {ConnectorNumber(c): power for c, power in power_max_w.items()},
        ),
        connector=ConnectorNumber(connector),
        starts_at=NOW,
        duration_s=WINDOW_S,
        unit=cast("RateUnit", unit),
    )
    expected = naive_limits(
        told,
        connector=connector,
        sessions=sessions,
        power_max_w=power_max_w,
        now=NOW,
        duration_s=WINDOW_S,
        unit=unit,
    )
    ours = [_tenths(computed.step_at(second).limit) for second in range(WINDOW_S)]
    assert ours == expected
    assert computed.steps[0].start_s == 0
    assert len({step.start_s for step in computed.steps}) == len(computed.steps)


def _session(number: int | None) -> TransactionId | None:
    return None if number is None else TransactionId(number)


def _tenths(limit: Decimal | None) -> Fraction | None:
    return None if limit is None else Fraction(limit * 10)
