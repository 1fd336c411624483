"""What status reports, boots and links say about sessions; none of them ends or bills one."""

from datetime import datetime
from typing import Final

from csms.domain.stations.charger import Charger
from csms.domain.stations.faults import faults_of
from csms.domain.transactions.commands import StatusCommand
from csms.domain.transactions.deadlines import deadline_when_back, deadline_when_lost
from csms.domain.transactions.decision import Decision
from csms.domain.transactions.resume import resumed_by_status
from csms.domain.transactions.rules import SessionRules
from csms.domain.transactions.session import ChargerSessions, OpenSession
from csms.kernel.facts import ConnectorReported, Fact, TransactionStatusChanged

CONNECTION_LOST: Final = "connection_lost"
RECONNECTED: Final = "reconnected"
BOOTED: Final = "booted"


def on_status(
    charger: Charger,
    sessions: ChargerSessions,
    command: StatusCommand,
    received_at: datetime,
    rules: SessionRules,
) -> Decision[None]:
    """Take a status report (OCPP 1.6 §4.9).

    One that is older than the report that stands is history. A status that only a session has
    resumes the session that waits on its connector; Available, Finishing and Faulted neither end
    nor bill one: the queued Stop follows.
    """
    is_current = charger.is_newer_report(command.connector, command.reported_at)
    reported = ConnectorReported(
        connector=command.connector,
        status=command.status,
        error_code=command.error_code,
        reported_at=command.reported_at,
        received_at=received_at,
        is_current=is_current,
        info=command.info,
        vendor_id=command.vendor_id,
        vendor_error_code=command.vendor_error_code,
        clock_note=command.clock_note,
    )
    facts: tuple[Fact, ...] = (reported, *faults_of(charger, reported))
    if is_current and sessions.open:
        facts += resumed_by_status(sessions, command.connector, command.status, received_at)
    return Decision(None, facts)


def on_boot(
    charger: Charger, sessions: ChargerSessions, booted_at: datetime, rules: SessionRules
) -> Decision[None]:
    """Take note that a charger has booted: its sessions wait for evidence, with a deadline.

    A BootNotification is no proof of a reboot, so nothing ends.
    """
    return _waiting(charger, sessions, booted_at, BOOTED, rules)


def on_reconnect(
    charger: Charger, sessions: ChargerSessions, connected_at: datetime, rules: SessionRules
) -> Decision[None]:
    """Take note that a charger is connected again: from now on its sessions have a deadline.

    This is also what follows a restart of ours, after which sessions are found ACTIVE.
    """
    return _waiting(charger, sessions, connected_at, RECONNECTED, rules)


def on_disconnect(
    charger: Charger, sessions: ChargerSessions, disconnected_at: datetime, rules: SessionRules
) -> Decision[None]:
    """Take note that the link is lost: ACTIVE sessions wait, for as long as the cap allows.

    Sessions that wait already keep their deadline: flapping does not renew it.
    """
    deadline = deadline_when_lost(charger, disconnected_at, rules)
    return Decision(
        None,
        tuple(
            _pending(session, CONNECTION_LOST, disconnected_at, deadline)
            for session in sessions.open.values()
            if session.status == "ACTIVE"
        ),
    )


def _waiting(
    charger: Charger,
    sessions: ChargerSessions,
    at: datetime,
    reason: str,
    rules: SessionRules,
) -> Decision[None]:
    facts = []
    for session in sessions.open.values():
        deadline = deadline_when_back(session, charger, at, rules)
        if session.status == "ACTIVE":
            facts.append(_pending(session, reason, at, deadline))
        elif deadline != session.reconcile_by:
            since = session.pending_since or at
            kept = session.status_reason or reason
            facts.append(_pending(session, kept, since, deadline))
    return Decision(None, tuple(facts))


def _pending(
    session: OpenSession, reason: str, changed_at: datetime, deadline: datetime
) -> TransactionStatusChanged:
    return TransactionStatusChanged(
        transaction_id=session.transaction_id,
        status="PENDING_RECONCILIATION",
        reason=reason,
        changed_at=changed_at,
        reconcile_by=deadline,
    )
