"""Bodies of configuration templates and of what is sent by itself."""

from typing import Annotated

from pydantic import Field, StringConstraints

from csms.api.paging import MAX_ROW_ID
from csms.api.schemas.body import Body, Label, Name
from csms.api.schemas.operations import ConfigurationName
from csms.domain.maintenance.templates import TemplateDetails

Value = Annotated[str, StringConstraints(max_length=500)]


class ConfigurationTemplateBody(Body):
    """Keys with values; for one vendor and model, or for all (OCPP 1.6 §9)."""

    name: Name
    vendor: Label | None = None
    model: Label | None = None
    values: Annotated[
        dict[ConfigurationName, Value],
        Field(min_length=1, max_length=200, examples=[{"HeartbeatInterval": "300"}]),
    ]

    def details(self) -> TemplateDetails:
        """Return it in the domain's words."""
        return TemplateDetails(self.name, self.values, self.vendor, self.model)


class ApplyTemplateBody(Body):
    """Which chargers to bring to the template."""

    charger_ids: Annotated[
        list[Annotated[int, Field(ge=1, le=MAX_ROW_ID)]],
        Field(min_length=1, max_length=1_000, examples=[[17]]),
    ]


class PushesBody(Body):
    """What the charger is sent by itself: a template's values, the default profiles."""

    template_id: Annotated[int | None, Field(ge=1, le=MAX_ROW_ID)] = None
    has_default_profiles: bool = False
