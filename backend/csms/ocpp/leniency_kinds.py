"""What a leniency rule is, and what one repair was."""

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class LeniencyRule:
    """A deviation that chargers show, what we do about it, why, and where the documents speak.

    `scope`: `payload` rules repair what strict reading refuses, `frame` rules what is no frame,
    `handshake` rules how a charger comes in. `meaning` rules read anew what is valid and still
    means something else; they are off unless a charger model asks for them.
    """

    name: str
    deviation: str
    repair: str
    reason: str
    section: str
    scope: Literal["payload", "frame", "handshake", "meaning"] = "payload"
    is_default: bool = True


@dataclass(frozen=True, slots=True)
class Repair:
    """One repair: the rule, the member's path, its value as sent and as used.

    `repaired` is None where the member or item was set aside.
    """

    rule: str
    path: str
    raw: Any
    repaired: Any
