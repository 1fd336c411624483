"""The charging profiles that operators keep; the id is the chargingProfileId on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NewType, Protocol

from csms.domain.identity.actor import Actor
from csms.kernel.errors import NotFoundError
from csms.kernel.ids import OrganizationId

ProfileId = NewType("ProfileId", int)


class ProfileNotFoundError(NotFoundError):
    """No such charging profile in this organization."""


@dataclass(frozen=True, slots=True)
class ProfileDetails:
    """What an operator says of a profile; `charging_profile` is as on the wire, without its id."""

    description: str
    charging_profile: Mapping[str, Any]
    is_default: bool = False


class ChargingProfiles(Protocol):
    """Keeps profiles. Each change is one database transaction with one audit entry."""

    async def add(self, actor: Actor, details: ProfileDetails) -> ProfileId:
        """Store a profile under an id of ours."""
        ...

    async def change(
        self, actor: Actor, profile_id: ProfileId, details: Mapping[str, object]
    ) -> None:
        """Change what `details` names of a profile; chargers keep what they were told.

        Raises ProfileNotFoundError.
        """
        ...

    async def remove(self, actor: Actor, profile_id: ProfileId) -> None:
        """Keep a profile no longer; chargers keep what they were told. Raises ProfileNotFoundError."""
        ...

    async def find(self, organization_id: OrganizationId, profile_id: ProfileId) -> dict[str, Any]:
        """Return a profile as on the wire, with its chargingProfileId. Raises ProfileNotFoundError."""
        ...


def with_id(profile: Mapping[str, Any], profile_id: int) -> dict[str, Any]:
    """Return the profile under that chargingProfileId."""
    return {"chargingProfileId": profile_id} | {
        name: value for name, value in profile.items() if name != "chargingProfileId"
    }
