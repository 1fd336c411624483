"""Bodies of station requests."""

from dataclasses import replace
from decimal import Decimal
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field

from csms.api.schemas.body import Body, Changes, Name, Text
from csms.domain.stations.registry import StationDetails


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("must be a time zone of the IANA list, such as Europe/Berlin")
    return name


Latitude = Annotated[Decimal, Field(ge=-90, le=90, allow_inf_nan=False, examples=[53.5413])]
Longitude = Annotated[Decimal, Field(ge=-180, le=180, allow_inf_nan=False, examples=[9.9841])]
TimeZone = Annotated[str, AfterValidator(_known_zone), Field(examples=["Europe/Berlin"])]


class StationBody(Body):
    """A station as an operator enters it; degrees are WGS 84."""

    name: Annotated[Name, Field(examples=["Harbour"])]
    latitude: Latitude
    longitude: Longitude
    address: Annotated[Text, Field(examples=["12 Harbour Street, 20457 Hamburg"])] = ""
    time_zone: TimeZone = "UTC"

    def details(self) -> StationDetails:
        """Return the domain's type, degrees to six digits."""
        return StationDetails(
            name=self.name,
            latitude=round(self.latitude, 6),
            longitude=round(self.longitude, 6),
            address=self.address,
            time_zone=self.time_zone,
        )


class StationChanges(Changes):
    """What is to change of a station; what is left out stays."""

    name: Annotated[Name | None, Field(examples=["Harbour"])] = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    address: Annotated[Text | None, Field(examples=["12 Harbour Street, 20457 Hamburg"])] = None
    time_zone: TimeZone | None = None

    def applied_to(self, details: StationDetails) -> StationDetails:
        """Return the details with these changes, degrees to six digits."""
        given = self.given()
        degrees = {n: round(given[n], 6) for n in ("latitude", "longitude") if n in given}
        return replace(details, **(given | degrees))
