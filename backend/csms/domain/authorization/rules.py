"""The named limits of credit and of what a charger may remember about a tag."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class CreditRules:
    """Defaults of an installation; an organization's own figures stand in its chargers.

    `minimum_balance`: below it a person's tags are Blocked. `hold_amount` is put aside at the
    start of a session. `low_credit_expiry`: how long a charger may remember the tag of a person
    whose wallet does not cover a full hold.
    """

    minimum_balance: Decimal = Decimal(0)
    hold_amount: Decimal = Decimal(20)
    low_credit_expiry: timedelta = timedelta(minutes=15)
