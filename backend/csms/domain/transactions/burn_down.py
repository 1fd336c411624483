"""A session's limit: readings burn it down, and at the limit the charger is asked to stop."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from csms.domain.tariffs.rating import Usage, cost_so_far, terms_of
from csms.domain.transactions.decision import StopSession
from csms.domain.transactions.rules import SessionRules
from csms.domain.transactions.session import ChargerSessions, OpenSession

LIMIT_REACHED: Final = "limit_reached"
_MARGIN_SHARE: Final = Decimal("0.1")
_DOUBLINGS_MAX: Final = 16


def stop_at_limit(
    session: OpenSession, register_wh: Decimal, now: datetime, rules: SessionRules
) -> StopSession | None:
    """Return the request to stop a session that has used up its hold, or None.

    A margin for the charger's delay is kept: the named one, at most a tenth of the limit. The
    request is repeated with back-off while readings come. That it was asked is remembered here
    and now, not as a fact: a request that is lost with a commit is only asked later.
    """
    limit = session.hold_amount
    if not session.is_billable or limit is None or session.tariff_terms is None:
        return None
    usage = Usage(
        energy_wh=register_wh - session.meter_start_wh,
        duration_s=_seconds(now - session.started_at),
    )
    spent = cost_so_far(terms_of(session.tariff_terms), usage)
    if spent < limit - min(rules.limit_margin, limit * _MARGIN_SHARE):
        return None
    return _ask(session, now, rules)


def stops_to_repeat(
    sessions: ChargerSessions, now: datetime, rules: SessionRules
) -> tuple[StopSession, ...]:
    """Return the requests that are due again, also where no reading has come since."""
    asked = [s for s in sessions.open.values() if s.stop_asked_at is not None]
    requests = [_ask(session, now, rules) for session in asked]
    return tuple(request for request in requests if request is not None)


def _ask(session: OpenSession, now: datetime, rules: SessionRules) -> StopSession | None:
    if session.stop_asked_at is not None:
        doublings = min(max(0, session.stop_requests - 1), _DOUBLINGS_MAX)
        wait: timedelta = min(rules.stop_retry * 2**doublings, rules.stop_retry_max)
        if now < session.stop_asked_at + wait:
            return None
    session.stop_asked_at = now
    session.stop_requests += 1
    return StopSession(session.transaction_id, session.connector, LIMIT_REACHED)


def _seconds(time: timedelta) -> Decimal:
    return Decimal(max(0, time.days * 86_400 + time.seconds))
