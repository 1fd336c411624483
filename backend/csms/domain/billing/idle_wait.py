"""When a bill is due: at once, unless idle minutes after the Stop are for sale and still run. Pure.

A charger reports Finishing until the connector is free for the next driver (OCPP 1.6 §4.9, §7.7), and
those minutes belong to the session. A bill made before that would be too low.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec

from csms.domain.billing.ports import BillableTransaction, Settlement
from csms.domain.billing.settlement import decide_bill
from csms.domain.tariffs.rating import terms_of
from csms.kernel.errors import UnavailableError

_FINISHING: Final = "Finishing"
IDLE_BOUND: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class IdleWait:
    """`bound`: how long after the Stop idle minutes count, and a bill waits for them at most.

    `look_again`: how long after a Stop came a report about its connector is waited for, and how
    often a connector that is still Finishing is looked at.
    """

    bound: timedelta = IDLE_BOUND
    look_again: timedelta = timedelta(seconds=30)


class BillNotDueError(UnavailableError):
    """Idle minutes still run: the bill is made at `due_at`, or looked at again then."""

    def __init__(self, due_at: datetime) -> None:
        super().__init__("the connector is not free yet and idle minutes have a price")
        self.due_at = due_at


def decide_due_bill(b: BillableTransaction, wait: IdleWait) -> Settlement:
    """Return what follows from a stopped session. Raises BillNotDueError while idle minutes run."""
    due_at = not_before(b, wait)
    if due_at is not None:
        raise BillNotDueError(due_at)
    return decide_bill(b)


def not_before(b: BillableTransaction, wait: IdleWait) -> datetime | None:
    """Return when to look at the bill again; None: it is due.

    Only the charger's own Stop is waited upon, never longer than the bound, and not once the next
    session has begun on the connector.
    """
    session = b.transaction
    seen = b.idle
    if seen is None or session.stopped_at is None or session.stop_source != "charger":
        return None
    if seen.has_next_session or not _sells_idle_minutes(b):
        return None
    status, reported_at = seen.last_report or (None, None)
    if status == _FINISHING:
        until = session.stopped_at + wait.bound
    elif reported_at is not None and reported_at > session.stopped_at:
        return None
    else:
        until = seen.stop_received_at + wait.look_again
    if seen.now >= until:
        return None
    return min(until, seen.now + wait.look_again)


def _sells_idle_minutes(b: BillableTransaction) -> bool:
    session = b.transaction
    if not session.is_billable or session.user_id is None or session.energy_wh is None:
        return False
    if b.tariff_terms is None:
        return False
    try:
        price = terms_of(b.tariff_terms).idle_price_per_minute
    except msgspec.MsgspecError:
        return False  # the bill fails, and says so
    return price is not None and price > 0
