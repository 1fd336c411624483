"""The verdict on an id tag: pure, from what is on record at one moment."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from csms.kernel.facts import AuthorizationStatus
from csms.kernel.ids import IdTag, UserId


@dataclass(frozen=True, slots=True)
class IdTagRecord:
    """What is on record about one id tag and its person.

    `available` is the wallet's balance less its holds, in the organization's currency; None
    without a person. `open_elsewhere` counts the tag's open sessions on other connectors.
    `is_staff`: the app tag of an operator; its sessions are recorded and not billed.
    """

    id_tag: IdTag
    parent_id_tag: IdTag | None
    expires_at: datetime | None
    is_blocked: bool
    forbids_concurrent: bool
    user_id: UserId | None
    is_user_active: bool
    available: Decimal | None
    open_elsewhere: int
    is_staff: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a charger is told about a tag. `reason` is for people and never goes on the wire."""

    status: AuthorizationStatus
    reason: str
    user_id: UserId | None = None
    parent_id_tag: IdTag | None = None
    expires_at: datetime | None = None
    is_free: bool = False
