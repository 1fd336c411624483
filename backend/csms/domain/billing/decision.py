"""What a person decided about a bill: kept in the bill's explanation, and honoured by later bills."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec


class Decision(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who decided what, and why. `kind` energy: the bill rests on `energy_wh`; waiver: no bill."""

    kind: Literal["energy", "waiver"]
    decided_by: str
    reason: str
    decided_at: datetime
    energy_wh: Decimal | None = None

    def says_the_same_as(self, other: "Decision") -> bool:
        """Whether this is the same decision of the same person again."""
        return (self.kind, self.decided_by, self.reason, self.energy_wh) == (
            other.kind,
            other.decided_by,
            other.reason,
            other.energy_wh,
        )


class _Decided(msgspec.Struct, frozen=True):
    decision: Decision | None = None


def decision_in(explanation: str | None) -> Decision | None:
    """Return the decision that a bill's explanation carries, or None."""
    if explanation is None:
        return None
    try:
        return msgspec.json.decode(explanation, type=_Decided, strict=False).decision
    except msgspec.MsgspecError:
        return None
