"""How a session that waits comes back: by a reading or a status, and by whom it then stands."""

from datetime import datetime
from typing import Final

from csms.domain.stations.charger import Charger
from csms.domain.transactions.commands import MeterSample
from csms.domain.transactions.deadlines import reconcile_after
from csms.domain.transactions.rules import SessionRules
from csms.domain.transactions.session import ChargerSessions, OpenSession
from csms.kernel.facts import TransactionStatusChanged
from csms.kernel.ids import ConnectorNumber

SUPERSEDED: Final = "superseded"
BY_READING: Final = "resumed_by_reading"
BY_STATUS: Final = "resumed_by_status"
IN_SESSION: Final = frozenset({"Charging", "SuspendedEV", "SuspendedEVSE"})
"""Statuses that a connector has only during a session (OCPP 1.6 §4.9)."""


def resumed_by_reading(
    charger: Charger,
    sessions: ChargerSessions,
    session: OpenSession,
    sample: MeterSample,
    received_at: datetime,
    rules: SessionRules,
) -> tuple[TransactionStatusChanged, ...]:
    """Return what a reading does to a session that waits.

    It is ACTIVE again, unless another session stands on its connector: then a reading newer than
    all of the other's shows which of the two goes on, and an older one only puts off the deadline.
    """
    standing = sessions.active_on(session.connector)
    if standing is None or standing is session:
        return (_active(session, BY_READING, received_at),)
    newest = max(standing.last_sampled_at, standing.received_at)
    if sample.clock_note is None and sample.sampled_at > newest:
        deadline = received_at + reconcile_after(charger, rules)
        return (
            _pending(standing, SUPERSEDED, received_at, deadline),
            _active(session, BY_READING, received_at),
        )
    return _renewed(charger, session, received_at, rules)


def resumed_by_status(
    sessions: ChargerSessions, connector: ConnectorNumber, status: str, received_at: datetime
) -> tuple[TransactionStatusChanged, ...]:
    """Return the newest session that a status of its connector shows to go on, if one waits."""
    if connector <= 0 or status not in IN_SESSION or sessions.active_on(connector) is not None:
        return ()
    waiting = [s for s in sessions.open_on(connector) if s.status_reason != SUPERSEDED]
    return (_active(waiting[-1], BY_STATUS, received_at),) if waiting else ()


def _renewed(
    charger: Charger, session: OpenSession, received_at: datetime, rules: SessionRules
) -> tuple[TransactionStatusChanged, ...]:
    wait = reconcile_after(charger, rules)
    standing = session.reconcile_by
    if standing is not None and standing - received_at > wait / 2:
        return ()
    reason = session.status_reason or SUPERSEDED
    return (_pending(session, reason, received_at, received_at + wait),)


def _active(session: OpenSession, reason: str, at: datetime) -> TransactionStatusChanged:
    return TransactionStatusChanged(
        transaction_id=session.transaction_id, status="ACTIVE", reason=reason, changed_at=at
    )


def _pending(
    session: OpenSession, reason: str, at: datetime, deadline: datetime
) -> TransactionStatusChanged:
    return TransactionStatusChanged(
        transaction_id=session.transaction_id,
        status="PENDING_RECONCILIATION",
        reason=reason,
        changed_at=at,
        reconcile_by=deadline,
    )
