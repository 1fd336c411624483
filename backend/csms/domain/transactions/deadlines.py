"""How long a session without evidence waits: the one place where reconcile_by is computed."""

from datetime import datetime, timedelta

from csms.domain.stations.charger import Charger
from csms.domain.transactions.rules import SessionRules
from csms.domain.transactions.session import OpenSession


def reconcile_after(charger: Charger, rules: SessionRules) -> timedelta:
    """Return how long this organization waits for evidence from a connected charger."""
    own = charger.reconcile_after_s
    return rules.reconcile_after if own is None else timedelta(seconds=own)


def offline_cap(charger: Charger, rules: SessionRules) -> timedelta:
    """Return how long this organization waits for a charger that is offline."""
    own = charger.offline_cap_s
    return rules.offline_cap if own is None else timedelta(seconds=own)


def deadline_when_lost(charger: Charger, now: datetime, rules: SessionRules) -> datetime:
    """Return the cap of a session whose link was lost at `now`."""
    return now + offline_cap(charger, rules)


def deadline_when_back(
    session: OpenSession, charger: Charger, now: datetime, rules: SessionRules
) -> datetime:
    """Return the deadline of a session whose charger has connected or booted at `now`.

    One that runs already is not renewed, so that flapping cannot put it off. One that passed
    while the charger was away leaves a short time for the queue that follows.
    """
    fresh = now + reconcile_after(charger, rules)
    standing = session.reconcile_by
    if session.status == "ACTIVE" or standing is None:
        return fresh
    if standing >= now:
        return min(standing, fresh)
    grace = now + min(rules.reconnect_grace, reconcile_after(charger, rules))
    if session.pending_since is None:
        return grace
    return max(now, min(grace, session.pending_since + offline_cap(charger, rules)))
