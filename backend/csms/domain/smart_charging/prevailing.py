"""Which profile prevails at one moment, and what it allows then (OCPP 1.6 §3.13.1, §3.13.2)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from csms.domain.smart_charging.installed import InstalledProfile, Period, Purpose
from csms.kernel.ids import ConnectorNumber, TransactionId

_RECURRENCE_S: Final = {"Daily": 86_400, "Weekly": 7 * 86_400}
WHOLE_CHARGER: Final = ConnectorNumber(0)


@dataclass(frozen=True, slots=True)
class RunningSession:
    """The session on a connector, and when it began: relative schedules count from there."""

    transaction_id: TransactionId
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Prevailing:
    """A profile with the period of it that counts at the moment."""

    profile: InstalledProfile
    period: Period


def prevailing_at(
    profiles: Iterable[InstalledProfile],
    connector: ConnectorNumber,
    session: RunningSession | None,
    moment: datetime,
    begins_at: datetime,
) -> tuple[Prevailing, ...]:
    """Return what rules on the connector at `moment`: at most one per purpose that counts.

    A TxProfile that says something then overrules the TxDefaultProfiles; the limit of the whole
    charger always counts. `begins_at` is where relative schedules start.
    """
    known = tuple(profiles)
    whole = _highest(max_profiles(known), moment, begins_at)
    own = _highest(session_profiles(known, connector, session), moment, begins_at)
    if own is None:
        own = _highest(default_profiles(known, connector), moment, begins_at)
    return tuple(one for one in (whole, own) if one is not None)


def max_profiles(profiles: Iterable[InstalledProfile]) -> Iterator[InstalledProfile]:
    """The limits of the charger as a whole; only set at connector 0 (§3.13.1)."""
    return _of(profiles, "ChargePointMaxProfile", WHOLE_CHARGER)


def session_profiles(
    profiles: Iterable[InstalledProfile],
    connector: ConnectorNumber,
    session: RunningSession | None,
) -> Iterator[InstalledProfile]:
    """The profiles of the session that runs on the connector; none without one (§3.13.1)."""
    if session is None:
        return
    for profile in _of(profiles, "TxProfile", connector):
        if profile.transaction_id in {None, session.transaction_id}:
            yield profile


def default_profiles(
    profiles: Iterable[InstalledProfile], connector: ConnectorNumber
) -> Iterator[InstalledProfile]:
    """The connector's default profiles, and those of connector 0 that it has no own like of.

    One of its own replaces that of connector 0 on the same stack level, for it alone (§3.13.1, §3.13.2).
    """
    known = tuple(profiles)
    own = tuple(_of(known, "TxDefaultProfile", connector))
    yield from own
    if connector == WHOLE_CHARGER:
        return
    levels = {profile.stack_level for profile in own}
    for profile in _of(known, "TxDefaultProfile", WHOLE_CHARGER):
        if profile.stack_level not in levels:
            yield profile


def period_at(profile: InstalledProfile, moment: datetime, begins_at: datetime) -> Period | None:
    """Return the period that counts at `moment`; None where the profile says nothing.

    Silent are: before and after its validity, before its start, after its duration.
    """
    if profile.valid_from is not None and moment < profile.valid_from:
        return None
    if profile.valid_to is not None and moment >= profile.valid_to:
        return None
    elapsed_s = (moment - origin_of(profile, begins_at)).total_seconds()
    repeat_s = repeat_of(profile)
    if elapsed_s < 0:
        return None
    if repeat_s is not None:
        elapsed_s %= repeat_s
    duration_s = profile.schedule.duration_s
    if duration_s is not None and elapsed_s >= duration_s:
        return None
    current = None
    for period in profile.schedule.periods:
        if period.start_s <= elapsed_s:
            current = period
    return current


def changes_of(
    profile: InstalledProfile, begins_at: datetime, start: datetime, end: datetime
) -> Iterator[datetime]:
    """Return every moment in `start` up to `end` at which what the profile says may change."""
    for edge in (profile.valid_from, profile.valid_to):
        if edge is not None and start <= edge < end:
            yield edge
    schedule = profile.schedule
    offsets = {0, *(period.start_s for period in schedule.periods)}
    if schedule.duration_s is not None:
        offsets.add(schedule.duration_s)
    repeat_s = repeat_of(profile)
    origin = origin_of(profile, begins_at)
    if repeat_s is not None:
        offsets = {offset for offset in offsets if offset < repeat_s}
        rounds = max(0, int((start - origin).total_seconds()) // repeat_s)
        origin += timedelta(seconds=rounds * repeat_s)
    while origin < end:
        for offset in offsets:
            edge = origin + timedelta(seconds=offset)
            if start <= edge < end:
                yield edge
        if repeat_s is None:
            return
        origin += timedelta(seconds=repeat_s)


def origin_of(profile: InstalledProfile, begins_at: datetime) -> datetime:
    """Return the moment that the profile's periods count from (§7.9, §7.13)."""
    starts_at = profile.schedule.starts_at
    return begins_at if profile.kind == "Relative" or starts_at is None else starts_at


def repeat_of(profile: InstalledProfile) -> int | None:
    """Return after how many seconds the schedule begins again: 24 hours or 7 days (E 3.78)."""
    if profile.kind != "Recurring":
        return None
    return _RECURRENCE_S[profile.recurs_every or "Daily"]


def _of(
    profiles: Iterable[InstalledProfile], purpose: Purpose, connector: ConnectorNumber
) -> Iterator[InstalledProfile]:
    return (one for one in profiles if one.purpose == purpose and one.connector == connector)


def _highest(
    profiles: Iterable[InstalledProfile], moment: datetime, begins_at: datetime
) -> Prevailing | None:
    """The one with the highest stack level among those that say something (§3.13.2, §5.16.4)."""
    best: Prevailing | None = None
    for profile in profiles:
        if best is not None and profile.stack_level <= best.profile.stack_level:
            continue
        period = period_at(profile, moment, begins_at)
        if period is not None:
            best = Prevailing(profile, period)
    return best
