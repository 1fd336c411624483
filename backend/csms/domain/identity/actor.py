"""Who asks: the person, a key, or the server itself, on whose behalf a use case runs.

`Actor.require` is the gate: every use case goes through it with the permission that it needs.
"""

from dataclasses import dataclass
from typing import Literal

from csms.domain.identity.permissions import (
    EVERYWHERE,
    PER_STATION,
    Grant,
    KeyLimits,
    Permission,
    Reach,
    narrowed,
    reach_of_grants,
)
from csms.kernel.errors import ForbiddenError
from csms.kernel.ids import OrganizationId, StationId, UserId

Role = Literal["ADMIN", "USER"]


class OperatorRightMissingError(ForbiddenError):
    """Only operators may do this."""


class PermissionMissingError(ForbiddenError):
    """The person or key does not hold the permission, or not at this station."""


@dataclass(frozen=True, slots=True)
class Actor:
    """`user_id` is None for the server itself and for commands run on its machine.

    `name` and `remote_address` go into audit entries. `grants` are operator roles; `key_limits`
    narrow what a person's API key may do.
    """

    user_id: UserId | None
    role: Role
    organization_id: OrganizationId
    name: str = "system"
    remote_address: str | None = None
    grants: tuple[Grant, ...] = ()
    key_limits: KeyLimits | None = None

    @property
    def is_operator(self) -> bool:
        """Whether this is an administrator in person (role ADMIN) or the server itself."""
        return self.role == "ADMIN" and self.key_limits is None

    def require_operator(self) -> None:
        """Raise OperatorRightMissingError unless the actor is an administrator in person."""
        if not self.is_operator:
            raise OperatorRightMissingError("only operators may do this")

    def reach_of(self, permission: Permission) -> Reach | None:
        """Return where the actor holds the permission, None when nowhere."""
        reach = self._unlimited_reach(permission)
        if reach is None or self.key_limits is None:
            return reach
        if permission not in self.key_limits.permissions:
            return None
        if self.key_limits.stations is not None and permission not in PER_STATION:
            return None
        found = narrowed(reach, self.key_limits.stations)
        return None if found.stations is not None and not found.stations else found

    def may(self, permission: Permission, station_id: StationId | None = None) -> bool:
        """Whether the actor holds the permission: at the station, or anywhere when None."""
        reach = self.reach_of(permission)
        return reach is not None and (station_id is None or reach.covers(station_id))

    def require(self, permission: Permission, station_id: StationId | None = None) -> None:
        """Raise PermissionMissingError unless the actor holds the permission there."""
        if not self.may(permission, station_id):
            where = "" if station_id is None else f" at station {station_id}"
            raise PermissionMissingError(
                f"this needs the permission {permission}{where}", permission=permission
            )

    def require_everywhere(self, permission: Permission) -> None:
        """Raise PermissionMissingError unless it holds in the whole organization."""
        reach = self.reach_of(permission)
        if reach is None or reach.stations is not None:
            raise PermissionMissingError(
                f"this needs the permission {permission} for the whole organization",
                permission=permission,
            )

    def _unlimited_reach(self, permission: Permission) -> Reach | None:
        if self.role == "ADMIN" or permission == "own":
            return EVERYWHERE
        return reach_of_grants(self.grants, permission)
