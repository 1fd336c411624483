"""Takes committed facts over into a charger's state in memory."""

from collections.abc import Iterable
from typing import assert_never

from csms.domain.stations.charger import Charger
from csms.domain.stations.faults import apply_fault
from csms.domain.transactions.session import ChargerSessions, OpenSession
from csms.kernel.facts import (
    ConnectorReported,
    Fact,
    FaultCleared,
    FaultReported,
    OperationAnswered,
    ReadingsTaken,
    RegistrationChanged,
    TransactionRestamped,
    TransactionStarted,
    TransactionStatusChanged,
    TransactionStopped,
)

SessionFact = (
    TransactionStarted
    | TransactionRestamped
    | TransactionStatusChanged
    | TransactionStopped
    | ReadingsTaken
)


def apply_facts(charger: Charger, sessions: ChargerSessions, facts: Iterable[Fact]) -> None:
    """Take over facts after their commit. Facts that say nothing about this state are passed by."""
    for fact in facts:
        if isinstance(fact, ReadingsTaken):
            _apply_reading(sessions, fact)
        elif isinstance(fact, ConnectorReported):
            charger.apply_report(fact)
            _apply_report(sessions, fact)
        elif isinstance(fact, TransactionStarted):
            _apply_start(sessions, fact)
        elif isinstance(fact, TransactionRestamped | TransactionStatusChanged | TransactionStopped):
            _apply_change(sessions, fact)
        elif isinstance(fact, FaultReported | FaultCleared):
            apply_fault(charger, fact)
        elif isinstance(fact, RegistrationChanged):
            charger.registration = fact.registration
        elif isinstance(fact, OperationAnswered) and fact.status == "EXPIRED":
            sessions.remote_starts[:] = [
                w for w in sessions.remote_starts if w.operation_id != fact.operation_id
            ]


def _apply_reading(sessions: ChargerSessions, fact: ReadingsTaken) -> None:
    if fact.transaction_id is None:
        return
    session = sessions.open.get(fact.transaction_id)
    if session is None:
        return
    session.has_evidence = True
    session.last_sampled_at = max(session.last_sampled_at, fact.sampled_at)
    if fact.register_wh is not None:
        session.last_register_wh = max(session.last_register_wh, fact.register_wh)


def _apply_report(sessions: ChargerSessions, fact: ConnectorReported) -> None:
    if not sessions.open or not fact.is_current:
        return
    for session in sessions.open_on(fact.connector):
        session.has_evidence = True


def _apply_start(sessions: ChargerSessions, fact: TransactionStarted) -> None:
    is_active = fact.status == "ACTIVE"
    sessions.open[fact.transaction_id] = OpenSession(
        transaction_id=fact.transaction_id,
        connector=fact.connector,
        id_tag=fact.id_tag,
        status=fact.status,
        started_at=fact.started_at,
        received_at=fact.received_at,
        meter_start_wh=fact.meter_start_wh,
        last_register_wh=fact.meter_start_wh,
        last_sampled_at=fact.started_at,
        start_key=fact.start_key,
        is_billable=fact.is_billable,
        user_id=fact.user_id,
        parent_id_tag=fact.parent_id_tag,
        tariff_terms=fact.tariff_terms,
        hold_amount=fact.hold_amount,
        reconcile_by=fact.reconcile_by,
        remote_start_operation_id=fact.remote_start_operation_id,
        authorization=fact.authorization,
        charger_started_at=fact.charger_started_at,
        note=fact.note,
        status_reason=None if is_active else fact.note,
        pending_since=None if is_active else fact.received_at,
    )
    if fact.remote_start_operation_id is not None:
        sessions.remote_starts[:] = [
            w for w in sessions.remote_starts if w.operation_id != fact.remote_start_operation_id
        ]


def _apply_change(
    sessions: ChargerSessions,
    fact: TransactionRestamped | TransactionStatusChanged | TransactionStopped,
) -> None:
    session = sessions.open.get(fact.transaction_id)
    if session is None:
        return
    match fact:
        case TransactionStopped():
            del sessions.open[fact.transaction_id]
        case TransactionRestamped():
            session.started_at = fact.started_at
            session.charger_started_at = fact.charger_started_at
            session.start_key = fact.start_key
            session.last_sampled_at = fact.started_at
            session.note = None
        case TransactionStatusChanged():
            is_active = fact.status == "ACTIVE"
            session.status = fact.status
            session.reconcile_by = fact.reconcile_by
            session.status_reason = None if is_active else fact.reason
            session.pending_since = None if is_active else fact.changed_at
        case _:
            assert_never(fact)
