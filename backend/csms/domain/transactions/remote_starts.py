"""Remote starts that were sent: the session that comes binds to its request, or it expires."""

from datetime import datetime

from csms.domain.transactions.commands import StartCommand
from csms.domain.transactions.decision import Decision
from csms.domain.transactions.rules import SessionRules
from csms.domain.transactions.session import ChargerSessions, PendingRemoteStart
from csms.kernel.facts import OperationAnswered
from csms.kernel.ids import ConnectorNumber, IdTag, OperationId, fold_id_tag


def remember_remote_start(
    sessions: ChargerSessions,
    operation_id: OperationId,
    id_tag: IdTag,
    connector: ConnectorNumber | None,
    sent_at: datetime,
    rules: SessionRules,
) -> None:
    """Wait for the session of a RemoteStart that has just been sent, answered in time or not."""
    forget_remote_start(sessions, operation_id)
    sessions.remote_starts.append(
        PendingRemoteStart(
            operation_id, connector, id_tag, sent_at + rules.remote_start_wait, requested_at=sent_at
        )
    )


def forget_remote_start(sessions: ChargerSessions, operation_id: OperationId) -> None:
    """Wait no longer: the charger has rejected the request."""
    sessions.remote_starts[:] = [
        w for w in sessions.remote_starts if w.operation_id != operation_id
    ]


def waiting_for(
    sessions: ChargerSessions, command: StartCommand, received_at: datetime, rules: SessionRules
) -> PendingRemoteStart | None:
    """Return the oldest request that a start fulfils: its tag, its connector, sent before it.

    A request that names no connector takes any. That the charger's answer was late or never came
    does not matter. A start that had begun before, replayed from a queue, is not its doing.
    """
    tag = fold_id_tag(command.id_tag)
    for waiting in sessions.remote_starts:
        if fold_id_tag(waiting.id_tag) != tag or received_at > waiting.expires_at:
            continue
        if waiting.connector is not None and waiting.connector != command.connector:
            continue
        sent_at = waiting.requested_at
        if sent_at is not None and command.started_at < sent_at - rules.clock_skew:
            continue
        return waiting
    return None


def expired_remote_starts(sessions: ChargerSessions, now: datetime) -> Decision[None]:
    """Give up requests after which no session came in time; their holds are released."""
    return Decision(
        None,
        tuple(
            OperationAnswered(
                operation_id=waiting.operation_id,
                status="EXPIRED",
                settled_at=now,
                error_code="no_session",
                error_detail="no session has begun in time",
            )
            for waiting in sessions.remote_starts
            if waiting.expires_at < now
        ),
    )
