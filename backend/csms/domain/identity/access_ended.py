"""Telling whoever watches on behalf of an account that its present sign-ins are over."""

from datetime import datetime
from typing import Final

from csms.domain.identity.accounts import Account
from csms.kernel.live import LiveEvent

ACCESS_ENDED: Final = "account.access_ended"


def access_ended(account: Account, now: datetime) -> LiveEvent:
    """Return the event on which open streams of the account end."""
    return LiveEvent(account.organization_id, ACCESS_ENDED, now, user_id=account.id)
