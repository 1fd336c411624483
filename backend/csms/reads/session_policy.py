"""What anybody may know before a start: what a wallet must have, and what happens at the limit."""

from typing import Literal

import msgspec

from csms.reads.amounts import MoneyView, money_view
from csms.reads.database import Row

POLICY = "SELECT minimum_balance, hold_amount, currency FROM organization WHERE id = $1"


class SessionPolicy(msgspec.Struct, frozen=True):
    """The stated policy of paid sessions.

    Below `minimum_balance` none starts. `hold` is put aside, or what the wallet has where that is
    less: it is the session's limit. `at_limit` says what happens when it is used up, `overrun` what
    becomes of what is delivered beyond it; `sentence` says both to a person.
    """

    minimum_balance: MoneyView
    hold: MoneyView
    at_limit: Literal["asked_to_stop", "goes_on"]
    overrun: Literal["owed"]
    sentence: str


def session_policy(row: Row) -> SessionPolicy:
    """Return the policy of an organization, from its row of `POLICY`."""
    minimum = money_view(row["minimum_balance"], row["currency"])
    hold = money_view(row["hold_amount"], row["currency"])
    needs = f"To start, a wallet needs something to spend and at least {_told(minimum)}."
    if row["hold_amount"] > 0:
        limit = (
            f"Up to {_told(hold)} of it is put aside for the session; when that is nearly used up, "
            "the charger is asked to stop. What it delivers beyond that is charged too"
        )
    else:
        limit = "Nothing is put aside, and no session is stopped for its cost. All of it is charged"
    return SessionPolicy(
        minimum_balance=minimum,
        hold=hold,
        at_limit="asked_to_stop" if row["hold_amount"] > 0 else "goes_on",
        overrun="owed",
        sentence=f"{needs} {limit}; what the wallet does not cover is owed.",
    )


def _told(money: MoneyView) -> str:
    return f"{money.amount} {money.currency}"
