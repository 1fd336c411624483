"""The named limits and policies of sessions. Times are durations, amounts in the wallet's currency."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Final

from csms.domain.authorization.rules import CreditRules
from csms.domain.metering.plausibility import PlausibilityLimits

REMOTE_START_WAIT: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class SessionRules(CreditRules):
    """Defaults of an installation; what an organization sets itself stands in its chargers.

    `reconcile_after`: how long after reconnect or boot a session waits for evidence; longer than
    a charger's own retry schedule. `offline_cap`: how long it waits while the charger is offline.
    `reconnect_grace`: what a charger gets after reconnect when its deadline passed while it was
    away. `clock_skew`: how far a charger's times may contradict each other.
    `remote_start_wait`: ConnectionTimeOut plus a margin. `limit_margin`: how much of a session's
    limit is kept for the charger's delay in stopping. `stop_retry` and `stop_retry_max`: the
    back-off with which a stop at the limit is asked again.
    """

    reconcile_after: timedelta = timedelta(minutes=30)
    offline_cap: timedelta = timedelta(days=7)
    reconnect_grace: timedelta = timedelta(minutes=5)
    clock_skew: timedelta = timedelta(minutes=5)
    remote_start_wait: timedelta = REMOTE_START_WAIT
    limit_margin: Decimal = Decimal("0.50")
    stop_retry: timedelta = timedelta(minutes=1)
    stop_retry_max: timedelta = timedelta(minutes=15)
    plausibility: PlausibilityLimits = field(default_factory=PlausibilityLimits)
