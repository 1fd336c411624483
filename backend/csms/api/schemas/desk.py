"""Bodies of decisions at the desk."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, StringConstraints

from csms.api.schemas.body import Body

Reason = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class BillDecisionBody(Body):
    """Bill a failed session on `energy_wh`, or `waive` it: one of the two, with the reason."""

    reason: Annotated[Reason, Field(examples=["the meter was read on site"])]
    energy_wh: Annotated[
        Decimal | None, Field(ge=0, max_digits=16, decimal_places=3, examples=[12340])
    ] = None
    waive: bool = False


class ResolutionBody(Body):
    """What was decided."""

    resolution: Annotated[Reason, Field(examples=["the second stop was a replay; nothing to do"])]
