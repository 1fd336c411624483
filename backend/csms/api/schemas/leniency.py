"""Bodies of leniency requests."""

from typing import Annotated

from pydantic import Field

from csms.api.schemas.body import Body, Label


class ModelLeniencyBody(Body):
    """What all chargers of a model get; rules that are left out are as by default."""

    vendor: Annotated[Label, Field(description="As chargers report it; case does not count.")]
    model: Annotated[Label, Field(description="As chargers report it; case does not count.")]
    rules: Annotated[
        dict[str, bool],
        Field(max_length=200, examples=[{"kwh-without-unit": True, "enum-alias": False}]),
    ]
    note: Annotated[str | None, Field(max_length=500, examples=["firmware 1.2 sends kWh"])] = None
