"""StopTransaction: always answered, counted once, matched where the id says nothing."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

import msgspec

from csms.domain.authorization.authorize import is_free_tag, tag_refusal
from csms.domain.authorization.verdict import IdTagRecord, Verdict
from csms.domain.metering.canonical import REGISTER
from csms.domain.metering.moment import meter_moment, total_of
from csms.domain.metering.plausibility import bounded_register
from csms.domain.stations.charger import Charger
from csms.domain.transactions.commands import StopCommand
from csms.domain.transactions.decision import Decision
from csms.domain.transactions.endings import End, ending, evidence_json, evidence_of
from csms.domain.transactions.energy import energy_of_stop
from csms.domain.transactions.matching import Match, match_stop
from csms.domain.transactions.ports import StoredTransaction, TransactionReads
from csms.domain.transactions.reading_facts import readings_of_stored
from csms.domain.transactions.rules import SessionRules
from csms.domain.transactions.session import ChargerSessions
from csms.domain.transactions.times import is_time_known
from csms.domain.transactions.unique_readings import without_known
from csms.kernel.facts import DeskCaseOpened, Fact, ReadingsTaken
from csms.kernel.ids import fold_id_tag

DEFAULT_REASON: Final = "Local"
"""What an absent reason means (OCPP 1.6 §6.49)."""


@dataclass(frozen=True, slots=True)
class StopAnswer:
    """What StopTransaction.conf carries; `verdict` is None when the stop named no id tag."""

    verdict: Verdict | None


async def stop_session(
    charger: Charger,
    sessions: ChargerSessions,
    command: StopCommand,
    reads: TransactionReads,
    received_at: datetime,
    rules: SessionRules,
) -> Decision[StopAnswer]:
    """Record that a session has ended (OCPP 1.6 §4.10). It is never refused.

    The same stop again changes nothing; a different one after the charger's own goes to the desk,
    and so does one whose session cannot be told. A real stop corrects an end that we inferred.
    """
    command = msgspec.structs.replace(
        command, meter_stop_wh=bounded_register(command.meter_stop_wh)
    )
    tag = await _tag_of(charger, command, reads)
    match = await match_stop(charger, sessions, command, tag, reads, rules)
    stored = match.stored
    answer = StopAnswer(_verdict(charger, command, tag, stored, received_at))
    if stored is None or match.kind == "foreign":
        return Decision(answer, (_desk_case(match, command, received_at),))
    if stored.has_charger_stop:
        if is_same_stop(stored, command):
            return Decision(answer)
        return Decision(answer, (_second_stop(stored, command, received_at),))
    facts = await _end(stored, match, sessions, command, reads, received_at, rules)
    return Decision(answer, facts)


def is_same_stop(stored: StoredTransaction, command: StopCommand) -> bool:
    """Whether the session was ended by this very stop: time, register and reason are equal."""
    is_same_time = (
        stored.charger_stopped_at == command.charger_time or stored.stopped_at == command.stopped_at
    )
    return (
        is_same_time
        and stored.meter_stop_wh == command.meter_stop_wh
        and (stored.stop_reason or DEFAULT_REASON) == (command.reason or DEFAULT_REASON)
    )


async def _end(
    stored: StoredTransaction,
    match: Match,
    sessions: ChargerSessions,
    command: StopCommand,
    reads: TransactionReads,
    received_at: datetime,
    rules: SessionRules,
) -> tuple[Fact, ...]:
    limits = rules.plausibility
    fresh = await without_known(stored.transaction_id, command.samples, reads)
    taken = readings_of_stored(stored, fresh, received_at, limits, is_inferred=match.is_inferred)
    transaction_end_wh = _transaction_end(command)
    evidence = evidence_of(
        stored,
        highest_wh=_highest(stored, sessions, taken),
        stopped_at=command.stopped_at,
        clock_note=command.clock_note,
        meter_stop_wh=command.meter_stop_wh,
        transaction_end_wh=transaction_end_wh,
    )
    end = End(
        stopped_at=command.stopped_at,
        received_at=received_at,
        reason=command.reason or DEFAULT_REASON,
        source="charger",
        meter_stop_wh=command.meter_stop_wh,
        charger_stopped_at=command.charger_time,
        id_tag=command.id_tag,
        note=_note(match, command, stored),
    )
    return (*taken, *ending(stored, energy_of_stop(evidence, limits), end))


def _highest(
    stored: StoredTransaction, sessions: ChargerSessions, taken: tuple[ReadingsTaken, ...]
) -> Decimal:
    """Return the highest good register of the session, those in the Stop's own data included."""
    session = sessions.open.get(stored.transaction_id)
    known = [stored.highest_register_wh]
    if session is not None:
        known.append(session.last_register_wh)
    known += [f.register_wh for f in taken if f.register_wh is not None]
    return max(known)


def _transaction_end(command: StopCommand) -> Decimal | None:
    for sample in reversed(command.samples):
        values = meter_moment(sample.values).values
        register_wh = total_of(values, REGISTER, context="Transaction.End")
        if register_wh is not None:
            return register_wh
    return None


async def _tag_of(
    charger: Charger, command: StopCommand, reads: TransactionReads
) -> IdTagRecord | None:
    if command.id_tag is None:
        return None
    found = await reads.for_start(charger.organization_id, charger.id, command.id_tag, None)
    return found.tag


def _verdict(
    charger: Charger,
    command: StopCommand,
    tag: IdTagRecord | None,
    stored: StoredTransaction | None,
    now: datetime,
) -> Verdict | None:
    """Judge the tag that stopped, without credit: whoever may end a session need not pay for it.

    The answer to the same stop is the same, so what changes with the bill is left out.
    """
    if command.id_tag is None:
        return None
    parent = None if tag is None else tag.parent_id_tag
    if stored is not None and fold_id_tag(stored.id_tag) == fold_id_tag(command.id_tag):
        return Verdict("Accepted", "the tag that started", parent_id_tag=parent)
    if is_free_tag(charger, command.id_tag):
        return Verdict("Accepted", "the charger's free id tag", parent_id_tag=parent, is_free=True)
    if tag is None:
        return Verdict("Invalid", "the id tag is not known")
    refusal = tag_refusal(tag, now)
    if refusal is not None:
        return Verdict(refusal[0], refusal[1], tag.user_id, parent)
    return Verdict("Accepted", "the id tag may charge", tag.user_id, parent)


def _note(match: Match, command: StopCommand, stored: StoredTransaction) -> str | None:
    words = []
    if match.is_inferred:
        words.append(f"matched_stop_of_id_{command.transaction_id}")
    if command.clock_note is not None:
        words.append(command.clock_note)
    if command.stopped_at < stored.started_at and is_time_known(stored.note, command.clock_note):
        words.append("stop_before_start")
    return "; ".join(words) or None


def _second_stop(
    stored: StoredTransaction, command: StopCommand, received_at: datetime
) -> DeskCaseOpened:
    return DeskCaseOpened(
        kind="second_stop",
        case_key=f"second_stop:{stored.transaction_id}:{_words_of(command)}",
        summary=(
            f"Session {stored.transaction_id} was stopped at {stored.meter_stop_wh} Wh; "
            f"another stop says {command.meter_stop_wh} Wh. The bill rests on the first."
        ),
        evidence=evidence_json({"first": stored, "second": command}),
        opened_at=received_at,
        transaction_id=stored.transaction_id,
    )


def _desk_case(match: Match, command: StopCommand, received_at: datetime) -> DeskCaseOpened:
    kind: Literal["foreign_stop", "ambiguous_stop", "unmatched_stop"] = "unmatched_stop"
    summary = f"A stop of id {command.transaction_id} fits no session of this charger."
    if match.kind == "foreign":
        kind = "foreign_stop"
        summary = f"A stop names session {command.transaction_id} of another charger."
    elif match.kind == "ambiguous":
        kind = "ambiguous_stop"
        ids = ", ".join(str(one.transaction_id) for one in match.candidates)
        summary = f"A stop of id {command.transaction_id} fits more than one session: {ids}."
    return DeskCaseOpened(
        kind=kind,
        case_key=f"{kind}:{match.charger_id}:{command.transaction_id}:{_words_of(command)}",
        summary=summary,
        evidence=evidence_json({"stop": command, "candidates": match.candidates}),
        opened_at=received_at,
    )


def _words_of(command: StopCommand) -> str:
    meter = f"{command.meter_stop_wh.normalize():f}"
    return f"{command.charger_time}:{meter}:{command.reason or DEFAULT_REASON}"
