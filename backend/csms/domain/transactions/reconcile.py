"""The end of waiting: a session whose deadline has passed is closed with its last good register."""

from collections.abc import Callable
from datetime import datetime

from csms.domain.transactions.endings import ended_by_deadline
from csms.domain.transactions.ports import Closable, SessionCloser
from csms.domain.transactions.rules import SessionRules
from csms.kernel.clock import Clock
from csms.kernel.facts import Fact
from csms.kernel.ids import TransactionId


def decide_deadline(now: datetime, rules: SessionRules) -> Callable[[Closable], tuple[Fact, ...]]:
    """Return what a deadline does to a session: nothing while the charger may still tell.

    A session that has ended, goes on, or whose deadline was moved stays as it is. While the
    charger is offline only the cap counts. A later Stop corrects the bill by a new transfer.
    """

    def decide(closable: Closable) -> tuple[Fact, ...]:
        session = closable.transaction
        if session.status != "PENDING_RECONCILIATION":
            return ()
        if session.reconcile_by is not None and now < session.reconcile_by:
            return ()
        offline_since = closable.offline_since
        cap = rules.offline_cap if closable.offline_cap is None else closable.offline_cap
        if offline_since is not None and now < offline_since + cap:
            return ()
        return ended_by_deadline(
            session,
            highest_wh=session.highest_register_wh,
            stopped_at=session.last_sampled_at or session.started_at,
            received_at=now,
            limits=rules.plausibility,
        )

    return decide


class Reconciliation:
    """Closes overdue sessions, one job each."""

    def __init__(self, closer: SessionCloser, clock: Clock, rules: SessionRules) -> None:
        self._closer = closer
        self._clock = clock
        self._rules = rules

    async def close_overdue(self, transaction_id: TransactionId) -> bool:
        """Close the session if its waiting is over; return whether it was. Raises NotFoundError."""
        decide = decide_deadline(self._clock.now(), self._rules)
        return bool(await self._closer.close(transaction_id, decide))
