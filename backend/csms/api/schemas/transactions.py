"""Bodies of requests about sessions."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from csms.api.schemas.body import Body
from csms.api.schemas.operations import OperationBody


class StopBody(OperationBody):
    """Ask the charger to stop the session."""


class CloseBody(Body):
    """End a session without its charger; without a register, at its last good reading."""

    reason: Annotated[
        str, Field(min_length=1, max_length=500, examples=["the charger was replaced"])
    ]
    meter_stop_wh: Annotated[
        Decimal | None, Field(ge=0, max_digits=16, decimal_places=3, examples=[16840])
    ] = None


class StartBody(OperationBody):
    """Start a session at a connector, for oneself."""

    connector_id: Annotated[int, Field(ge=1, le=2**31 - 1, examples=[1])]
