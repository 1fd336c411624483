"""MeterValues: every reading is kept, once, with the session that it belongs to."""

from datetime import datetime
from typing import Final

import msgspec

from csms.domain.stations.charger import Charger
from csms.domain.transactions.burn_down import stop_at_limit
from csms.domain.transactions.commands import MeterSample, ReadingsCommand
from csms.domain.transactions.decision import Decision, FollowUp
from csms.domain.transactions.late_readings import correction_of
from csms.domain.transactions.owners import Owner, Owners
from csms.domain.transactions.ports import TransactionReads
from csms.domain.transactions.reading_facts import (
    reading_without_session,
    readings_of_open,
    readings_of_stored,
)
from csms.domain.transactions.resume import resumed_by_reading
from csms.domain.transactions.rules import SessionRules
from csms.domain.transactions.session import ChargerSessions, OpenSession
from csms.domain.transactions.unique_readings import without_known
from csms.kernel.facts import Fact
from csms.kernel.ids import TransactionId

_NOTHING: Final[Decision[None]] = Decision(None)


class _Taking(msgspec.Struct, frozen=True, gc=False):
    """One message's readings, where they are taken."""

    charger: Charger
    sessions: ChargerSessions
    command: ReadingsCommand
    received_at: datetime
    rules: SessionRules


def take_usual_readings(
    charger: Charger,
    sessions: ChargerSessions,
    command: ReadingsCommand,
    received_at: datetime,
    rules: SessionRules,
) -> Decision[None] | None:
    """Take newer readings of a session that is open and named; None for all others."""
    session = _usual_session(sessions, command)
    if session is None:
        return None
    taking = _Taking(charger, sessions, command, received_at, rules)
    return _of_open(taking, session, command.samples, is_inferred=False)


async def take_readings(
    charger: Charger,
    sessions: ChargerSessions,
    command: ReadingsCommand,
    reads: TransactionReads,
    received_at: datetime,
    rules: SessionRules,
) -> Decision[None]:
    """Take the readings of a connector (OCPP 1.6 §4.7).

    The usual message, newer readings of a session that is open, asks nobody; everything else
    (older readings, other ids, none) is sorted out with reads.
    """
    if not command.samples:
        return _NOTHING
    usual = take_usual_readings(charger, sessions, command, received_at, rules)
    if usual is not None:
        return usual
    return await _sort_out(_Taking(charger, sessions, command, received_at, rules), reads)


def _usual_session(sessions: ChargerSessions, command: ReadingsCommand) -> OpenSession | None:
    """Return the open session that is named, when every reading is newer than the last one."""
    if command.transaction_id is None or command.connector <= 0 or not command.samples:
        return None
    session = sessions.open.get(TransactionId(command.transaction_id))
    if session is None or session.connector != command.connector:
        return None
    latest = session.last_sampled_at
    for sample in command.samples:
        if sample.sampled_at <= latest:
            return None
        latest = sample.sampled_at
    return session


async def _sort_out(taking: _Taking, reads: TransactionReads) -> Decision[None]:
    owners = Owners(taking.charger, taking.sessions, taking.command, reads, taking.rules)
    by_owner: dict[tuple[TransactionId | None, str | None], tuple[Owner, list[MeterSample]]] = {}
    for sample in taking.command.samples:
        owner = await owners.of(sample, taking.received_at)
        key = (owner.transaction_id, owner.note)
        by_owner.setdefault(key, (owner, []))[1].append(sample)
    facts: list[Fact] = []
    follow_ups: list[FollowUp] = []
    for owner, found in by_owner.values():
        samples = tuple(found)
        if owner.transaction_id is not None:
            samples = await without_known(owner.transaction_id, samples, reads)
        decision = _of_owner(taking, owner, samples)
        facts += decision.facts
        follow_ups += decision.follow_ups
    return Decision(None, tuple(facts), tuple(follow_ups))


def _of_owner(taking: _Taking, owner: Owner, samples: tuple[MeterSample, ...]) -> Decision[None]:
    if not samples:
        return _NOTHING
    if owner.session is not None:
        return _of_open(taking, owner.session, samples, is_inferred=owner.is_inferred)
    received_at, rules = taking.received_at, taking.rules
    if owner.stored is not None:
        taken = readings_of_stored(
            owner.stored, samples, received_at, rules.plausibility, is_inferred=owner.is_inferred
        )
        return Decision(None, (*taken, *correction_of(owner.stored, taken, received_at, rules)))
    connector = taking.command.connector
    return Decision(
        None, tuple(reading_without_session(connector, s, received_at, owner.note) for s in samples)
    )


def _of_open(
    taking: _Taking, session: OpenSession, samples: tuple[MeterSample, ...], *, is_inferred: bool
) -> Decision[None]:
    received_at, rules = taking.received_at, taking.rules
    power_w = taking.charger.connector(session.connector).max_power_w
    taken = readings_of_open(
        session, samples, received_at, power_w, rules.plausibility, is_inferred=is_inferred
    )
    facts: tuple[Fact, ...] = taken.facts
    if session.status != "ACTIVE":
        facts += resumed_by_reading(
            taking.charger, taking.sessions, session, samples[-1], received_at, rules
        )
    if taken.register_wh is None:
        return Decision(None, facts)
    stop = stop_at_limit(session, taken.register_wh, received_at, rules)
    return Decision(None, facts, () if stop is None else (stop,))
