"""Bodies of charging profiles that operators keep."""

from typing import Annotated, Any

from pydantic import Field

from csms.api.schemas.body import Body, Changes, Text
from csms.api.schemas.charger_commands import Profile


class ChargingProfileBody(Body):
    """A profile as on the wire; its chargingProfileId is the id that it gets."""

    description: Annotated[Text, Field(examples=["16 A at night"])] = ""
    charging_profile: Profile
    is_default: Annotated[
        bool, Field(description="Sent to connector 0 where default profiles are switched on.")
    ] = False


class ChargingProfileChanges(Changes):
    """What is to change; what is left out stays."""

    description: Annotated[Text | None, Field(examples=["16 A at night"])] = None
    charging_profile: Profile | None = None
    is_default: bool | None = None


def wire_faults_body(profile: dict[str, Any]) -> dict[str, Any]:
    """Return the request in which the profile would be sent, for the check of its schema."""
    return {
        "connectorId": 0,
        "csChargingProfiles": {"chargingProfileId": 1} | profile,
    }
