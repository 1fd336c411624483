"""Readings that come after a deadline has closed their session: no kWh is lost."""

from datetime import datetime

from csms.domain.transactions.endings import ended_by_deadline
from csms.domain.transactions.ports import StoredTransaction
from csms.domain.transactions.rules import SessionRules
from csms.kernel.facts import Fact, ReadingsTaken


def correction_of(
    stored: StoredTransaction,
    taken: tuple[ReadingsTaken, ...],
    received_at: datetime,
    rules: SessionRules,
) -> tuple[Fact, ...]:
    """Return the corrected end of a session that a deadline had closed at a lower register.

    An end that the charger or an operator has given stands; the readings are only kept.
    """
    if stored.status != "ENDED" or stored.has_charger_stop or stored.stop_source != "deadline":
        return ()
    registers = [fact for fact in taken if fact.register_wh is not None]
    if not registers:
        return ()
    last = max(registers, key=lambda fact: fact.register_wh or 0)
    if last.register_wh is None or last.register_wh <= stored.highest_register_wh:
        return ()
    return ended_by_deadline(
        stored,
        highest_wh=last.register_wh,
        stopped_at=max(last.sampled_at, stored.stopped_at or stored.started_at),
        received_at=received_at,
        limits=rules.plausibility,
    )
