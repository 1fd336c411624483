"""From samples to facts: canonical units, checks against the session, and what stands out."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

import msgspec

from csms.domain.metering.moment import MeterMoment, meter_moment, samples_json
from csms.domain.metering.plausibility import (
    PlausibilityLimits,
    RegisterSoFar,
    register_problem,
)
from csms.domain.transactions.commands import MeterSample
from csms.domain.transactions.ports import StoredTransaction
from csms.domain.transactions.session import OpenSession
from csms.domain.transactions.times import is_time_known
from csms.kernel.facts import ReadingsTaken
from csms.kernel.ids import ConnectorNumber, TransactionId

_NO_TIME: Final = timedelta(0)
_MAX_NOTE_CHARACTERS: Final = 500


class TakenReadings(msgspec.Struct, frozen=True):
    """Facts of one session's readings; `register_wh` is its highest good register after them.

    It is None when none of them had a good register.
    """

    facts: tuple[ReadingsTaken, ...]
    register_wh: Decimal | None


class _Course(msgspec.Struct):
    """What is known of a session's register while its readings are gone through."""

    transaction_id: TransactionId
    connector: ConnectorNumber
    started_at: datetime
    meter_start_wh: Decimal
    highest_wh: Decimal
    latest: datetime
    max_power_w: int | None
    is_start_known: bool


def readings_of_open(
    session: OpenSession,
    samples: tuple[MeterSample, ...],
    received_at: datetime,
    max_power_w: int | None,
    limits: PlausibilityLimits,
    *,
    is_inferred: bool,
) -> TakenReadings:
    """Return the facts of an open session's readings, each checked against those before it."""
    course = _Course(
        session.transaction_id,
        session.connector,
        session.started_at,
        session.meter_start_wh,
        session.last_register_wh,
        session.last_sampled_at,
        max_power_w,
        is_time_known(session.note),
    )
    facts = tuple([_taken(course, s, received_at, limits, is_inferred) for s in samples])
    for fact in facts:
        if fact.register_wh is not None:
            return TakenReadings(facts, course.highest_wh)
    return TakenReadings(facts, None)


def readings_of_stored(
    stored: StoredTransaction,
    samples: tuple[MeterSample, ...],
    received_at: datetime,
    limits: PlausibilityLimits,
    *,
    is_inferred: bool,
) -> tuple[ReadingsTaken, ...]:
    """Return the facts of readings that belong to a session as it is stored, in or after it."""
    course = _Course(
        stored.transaction_id,
        stored.connector,
        stored.started_at,
        stored.meter_start_wh,
        stored.highest_register_wh,
        stored.last_sampled_at or stored.stopped_at or stored.started_at,
        stored.max_power_w,
        is_time_known(stored.note),
    )
    return tuple(_taken(course, s, received_at, limits, is_inferred) for s in samples)


def reading_without_session(
    connector: ConnectorNumber, sample: MeterSample, received_at: datetime, note: str | None
) -> ReadingsTaken:
    """Return the fact of readings that belong to no session."""
    moment = meter_moment(sample.values)
    return ReadingsTaken(
        connector=connector,
        sampled_at=sample.sampled_at,
        received_at=received_at,
        samples=samples_json(moment.values),
        register_wh=moment.register_wh,
        power_w=moment.power_w,
        soc_percent=moment.soc_percent,
        is_suspect=bool(moment.problems),
        note=_note(note, sample.clock_note, *moment.problems),
    )


def _taken(
    course: _Course,
    sample: MeterSample,
    received_at: datetime,
    limits: PlausibilityLimits,
    is_inferred: bool,  # noqa: FBT001 - a flag of the fact, passed through
) -> ReadingsTaken:
    moment = meter_moment(sample.values)
    register_wh = moment.register_wh
    problem = None
    if register_wh is not None:
        problem = _problem(course, sample, register_wh, limits)
        if problem is None:
            course.highest_wh = max(course.highest_wh, register_wh)
        else:
            register_wh = None
    course.latest = max(course.latest, sample.sampled_at)
    return _fact(course, sample, moment, received_at, register_wh, problem, is_inferred)


def _problem(
    course: _Course, sample: MeterSample, register_wh: Decimal, limits: PlausibilityLimits
) -> str | None:
    is_known = course.is_start_known and is_time_known(sample.clock_note)
    so_far = RegisterSoFar(
        course.meter_start_wh,
        course.highest_wh,
        max(_NO_TIME, sample.sampled_at - course.started_at) if is_known else None,
        sample.sampled_at >= course.latest,
        course.max_power_w,
    )
    return register_problem(register_wh, so_far, limits)


def _fact(
    course: _Course,
    sample: MeterSample,
    moment: MeterMoment,
    received_at: datetime,
    register_wh: Decimal | None,
    problem: str | None,
    is_inferred: bool,  # noqa: FBT001 - a flag of the fact, passed through
) -> ReadingsTaken:
    is_odd = problem is not None or sample.clock_note is not None or bool(moment.problems)
    return ReadingsTaken(
        course.connector,
        sample.sampled_at,
        received_at,
        samples_json(moment.values),
        course.transaction_id,
        register_wh,
        moment.power_w,
        moment.soc_percent,
        problem is not None or bool(moment.problems),
        is_inferred,
        _note(sample.clock_note, problem, *moment.problems) if is_odd else None,
    )


def _note(*words: str | None) -> str | None:
    said = "; ".join(word for word in words if word)
    return said[:_MAX_NOTE_CHARACTERS] or None
