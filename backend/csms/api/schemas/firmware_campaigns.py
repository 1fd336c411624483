"""The body of a firmware campaign."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from csms.api.paging import MAX_ROW_ID, Moment
from csms.api.schemas.body import Body, Label, Name
from csms.domain.maintenance.campaign_service import NewCampaign, Selection

Uri = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9+.\-]*:[^\s]+$", max_length=512)
]


class SelectionBody(Body):
    """Chargers by id, or all that fit every word given; at least one of them."""

    charger_ids: Annotated[
        list[Annotated[int, Field(ge=1, le=MAX_ROW_ID)]],
        Field(default_factory=list, max_length=5_000, examples=[[17, 18]]),
    ]
    station_id: Annotated[int | None, Field(ge=1, le=MAX_ROW_ID)] = None
    vendor: Label | None = None
    model: Label | None = None
    firmware_version: Label | None = None

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        words = (self.station_id, self.vendor, self.model, self.firmware_version)
        if not self.charger_ids and all(word is None for word in words):
            raise ValueError(
                "name charger_ids, or one of station_id, vendor, model, firmware_version"
            )
        return self


class FirmwareCampaignBody(Body):
    """One version for many chargers; with certificate and signature as signed firmware."""

    name: Name
    version: Annotated[
        Label, Field(description="What chargers must boot with.", examples=["2.1.0"])
    ]
    location: Annotated[Uri, Field(examples=["https://firmware.example.org/duo/2.1.0.bin"])]
    selection: SelectionBody
    wave_sizes: Annotated[
        list[Annotated[int, Field(ge=1, le=5_000)]],
        Field(
            default_factory=list,
            max_length=20,
            examples=[[1, 10]],
            description="How many chargers the first waves have; the rest is one more wave.",
        ),
    ]
    parallel_max: Annotated[int, Field(ge=1, le=500)] = 10
    attempts_max: Annotated[int, Field(ge=1, le=10)] = 2
    boot_timeout_s: Annotated[int, Field(ge=60, le=86_400)] = 3_600
    failures_max: Annotated[
        int | None, Field(ge=0, le=5_000, description="More failures than these pause it.")
    ] = None
    retrieve_at: Moment | None = None
    signing_certificate: Annotated[str | None, Field(min_length=1, max_length=5_500)] = None
    signature: Annotated[str | None, Field(min_length=1, max_length=800)] = None

    @model_validator(mode="after")
    def _is_signed_wholly(self) -> Self:
        if (self.signing_certificate is None) != (self.signature is None):
            raise ValueError("signed firmware needs both signing_certificate and signature")
        return self

    def campaign(self) -> NewCampaign:
        """Return it in the domain's words."""
        chosen = self.selection
        return NewCampaign(
            name=self.name,
            version=self.version,
            location=self.location,
            selection=Selection(
                tuple(chosen.charger_ids),
                chosen.station_id,
                chosen.vendor,
                chosen.model,
                chosen.firmware_version,
            ),
            wave_sizes=tuple(self.wave_sizes),
            parallel_max=self.parallel_max,
            attempts_max=self.attempts_max,
            boot_timeout_s=self.boot_timeout_s,
            failures_max=self.failures_max,
            retrieve_at=self.retrieve_at,
            signing_certificate=self.signing_certificate,
            signature=self.signature,
        )
