"""The composite schedule said once more, second by second and straight from the wire's JSON.

It shares nothing with the product but the section numbers of OCPP 1.6.
"""

from datetime import datetime, timedelta
from fractions import Fraction
from math import floor
from typing import Any

ONE_DAY = timedelta(days=1)


def naive_limits(
    told: list[tuple[int, dict[str, Any], int | None]],
    *,
    connector: int,
    sessions: dict[int, tuple[int, datetime]],
    power_max_w: dict[int, int | None],
    now: datetime,
    duration_s: int,
    unit: str,
    voltage_v: int = 230,
) -> list[Fraction | None]:
    """Return the limit in tenths of the unit for each second, None without one."""
    answer: list[Fraction | None] = []
    for second in range(duration_s):
        at = now + timedelta(seconds=second)
        if connector == 0:
            rules = _rules_of_whole(told, sessions, power_max_w, at, now, voltage_v)
        else:
            rules = _rules(told, connector, sessions, power_max_w, at, now)
        answer.append(_tenths(rules, unit, voltage_v))
    return answer


Rule = tuple[str, Fraction, int | None]
"""Unit, limit, phases."""


def _rules(
    told: list[tuple[int, dict[str, Any], int | None]],
    connector: int,
    sessions: dict[int, tuple[int, datetime]],
    power_max_w: dict[int, int | None],
    at: datetime,
    now: datetime,
) -> list[Rule]:
    session = sessions.get(connector)
    begin = session[1] if session else now
    speaking = []
    for place, profile, bound_to in told:
        rule = _said(profile, at, begin)
        if rule is not None:
            purpose = profile["chargingProfilePurpose"]
            speaking.append((purpose, place, profile["stackLevel"], bound_to, rule))
    found: list[Rule] = []
    whole = [(level, rule) for p, place, level, _, rule in speaking if (p, place) == _WHOLE]
    if whole:
        found.append(max(whole, key=lambda one: one[0])[1])
    own = [
        (level, rule)
        for p, place, level, bound_to, rule in speaking
        if p == "TxProfile" and place == connector and session and bound_to in (None, session[0])
    ]
    if not own:
        taken = {
            p["stackLevel"]
            for place, p, _ in told
            if place == connector and p["chargingProfilePurpose"] == "TxDefaultProfile"
        }
        own = [
            (level, rule)
            for p, place, level, _, rule in speaking
            if p == "TxDefaultProfile"
            and (place == connector or (place == 0 and level not in taken))
        ]
    if own:
        found.append(max(own, key=lambda one: one[0])[1])
    most = power_max_w.get(connector)
    if most is not None:
        found.append(("W", Fraction(most), None))
    return found


_WHOLE = ("ChargePointMaxProfile", 0)


def _rules_of_whole(
    told: list[tuple[int, dict[str, Any], int | None]],
    sessions: dict[int, tuple[int, datetime]],
    power_max_w: dict[int, int | None],
    at: datetime,
    now: datetime,
    voltage_v: int,
) -> list[Rule]:
    caps = [one for one in told if one[1]["chargingProfilePurpose"] == "ChargePointMaxProfile"]
    found = _rules(caps, 0, {}, {}, at, now)
    outlets = [number for number in power_max_w if number != 0]
    if outlets:
        total = Fraction(0)
        for number in outlets:
            rules = _rules(told, number, sessions, power_max_w, at, now)
            watts = _most(rules, "W", voltage_v)
            if watts is None:
                return found
            total += watts
        found.append(("W", total, None))
    return found


def _said(profile: dict[str, Any], at: datetime, begin: datetime) -> Rule | None:
    if "validFrom" in profile and at < datetime.fromisoformat(profile["validFrom"]):
        return None
    if "validTo" in profile and not at < datetime.fromisoformat(profile["validTo"]):
        return None
    schedule = profile["chargingSchedule"]
    start = begin
    if profile["chargingProfileKind"] != "Relative" and "startSchedule" in schedule:
        start = datetime.fromisoformat(schedule["startSchedule"])
    if at < start:
        return None
    if profile["chargingProfileKind"] == "Recurring":
        every = 7 * ONE_DAY if profile.get("recurrencyKind") == "Weekly" else ONE_DAY
        while start + every <= at:
            start += every
    gone = at - start
    if "duration" in schedule and gone >= timedelta(seconds=schedule["duration"]):
        return None
    begun = [
        p for p in schedule["chargingSchedulePeriod"] if timedelta(seconds=p["startPeriod"]) <= gone
    ]
    if not begun:
        return None
    last = max(begun, key=lambda p: p["startPeriod"])
    return (schedule["chargingRateUnit"], Fraction(str(last["limit"])), last.get("numberPhases", 3))


def _most(rules: list[Rule], unit: str, voltage_v: int) -> Fraction | None:
    """The most that keeps every rule by itself: power in all, current per phase, phases."""
    phases = min((n for _, _, n in rules if n is not None), default=3)
    factor = voltage_v * phases
    each = [
        limit if said == unit else (limit * factor if unit == "W" else limit / factor)
        for said, limit, _ in rules
    ]
    return min(each) if each else None


def _tenths(rules: list[Rule], unit: str, voltage_v: int) -> Fraction | None:
    most = _most(rules, unit, voltage_v)
    return None if most is None else Fraction(floor(most * 10))
