"""Whether a start has been recorded before: the same one again, or with a corrected time."""

from dataclasses import dataclass
from typing import cast

from csms.domain.stations.charger import Charger
from csms.domain.transactions.commands import StartCommand
from csms.domain.transactions.ports import StartReads, StoredTransaction, TransactionReads
from csms.domain.transactions.resume import SUPERSEDED
from csms.domain.transactions.session import ChargerSessions, OpenSession
from csms.domain.transactions.times import is_clock_unset, is_time_known
from csms.kernel.facts import AuthorizationStatus, Fact, TransactionRestamped
from csms.kernel.ids import TransactionId, fold_id_tag


@dataclass(frozen=True, slots=True)
class RepeatedStart:
    """A start that is there already. `authorization` is the first answer's, None: not known."""

    transaction_id: TransactionId
    authorization: AuthorizationStatus | None
    facts: tuple[Fact, ...] = ()


async def repeated_start(
    charger: Charger,
    sessions: ChargerSessions,
    command: StartCommand,
    start_key: str | None,
    found: StartReads,
    reads: TransactionReads,
) -> RepeatedStart | None:
    """Return the session that this very start has begun before, or None when it is new.

    With an unset clock only sessions without a Stop count, so that two real ones never merge.
    """
    stored = found.same_start
    if stored is not None:
        return _stored(stored)
    alike = [s for s in sessions.open_on(command.connector) if _is_alike(s, command)]
    for session in alike:
        if start_key is not None and session.start_key == start_key:
            return RepeatedStart(session.transaction_id, session.authorization)
        if start_key is None and session.charger_started_at == command.charger_time:
            return RepeatedStart(session.transaction_id, session.authorization)
    if is_clock_unset(command.clock_note):
        for one in await reads.without_charger_stop(charger.id):
            if (
                one.connector == command.connector
                and fold_id_tag(one.id_tag) == fold_id_tag(command.id_tag)
                and one.meter_start_wh == command.meter_start_wh
                and one.charger_started_at == command.charger_time
            ):
                return _stored(one)
    fresh = [session for session in alike if _has_no_evidence(session, sessions)]
    return _restamped(fresh[-1], command, start_key) if fresh else None


def _restamped(session: OpenSession, command: StartCommand, start_key: str | None) -> RepeatedStart:
    if not is_time_known(command.clock_note):
        # What we know of the time is better than a clock that cannot be right.
        return RepeatedStart(session.transaction_id, session.authorization)
    fact = TransactionRestamped(
        transaction_id=session.transaction_id,
        started_at=command.started_at,
        charger_started_at=command.charger_time,
        start_key=start_key,
    )
    return RepeatedStart(session.transaction_id, session.authorization, (fact,))


def _has_no_evidence(session: OpenSession, sessions: ChargerSessions) -> bool:
    """Whether nothing came after the start; another start on the connector counts as evidence."""
    if session.has_evidence or session.status_reason == SUPERSEDED:
        return False
    return all(
        other is session or other.received_at <= session.received_at
        for other in sessions.open_on(session.connector)
    )


def _stored(stored: StoredTransaction) -> RepeatedStart:
    return RepeatedStart(stored.transaction_id, cast("AuthorizationStatus", stored.authorization))


def _is_alike(session: OpenSession, command: StartCommand) -> bool:
    return session.meter_start_wh == command.meter_start_wh and fold_id_tag(
        session.id_tag
    ) == fold_id_tag(command.id_tag)
