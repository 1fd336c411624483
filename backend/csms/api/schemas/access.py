"""Bodies and answers about granted roles."""

from typing import Annotated

import msgspec
from pydantic import Field

from csms.api.schemas.body import Body
from csms.domain.identity.operator_roles import MAX_GRANTS
from csms.domain.identity.permissions import Grant, OperatorRole
from csms.kernel.ids import StationId

StationRef = Annotated[int, Field(ge=1, le=2**63 - 1, examples=[17])]


class GrantBody(Body):
    """One role; without a station it holds in the whole organization."""

    role: Annotated[OperatorRole, Field(examples=["manager"])]
    station_id: StationRef | None = None


class GrantsBody(Body):
    """All the roles that the person has from now on."""

    grants: Annotated[list[GrantBody], Field(max_length=MAX_GRANTS)]

    def granted(self) -> tuple[Grant, ...]:
        """Return the grants in the domain's type."""
        return tuple(
            Grant(g.role, None if g.station_id is None else StationId(g.station_id))
            for g in self.grants
        )


class HeldPermission(msgspec.Struct, frozen=True):
    """A permission; `stations` null: in the whole organization."""

    permission: str
    stations: list[int] | None


class HeldPermissions(msgspec.Struct, frozen=True):
    """Everything that the caller may do."""

    permissions: list[HeldPermission]


class RoleDescription(msgspec.Struct, frozen=True):
    """What a role gives; `per_station` is what of it a grant for one station gives."""

    role: str
    permissions: list[str]
    per_station: list[str]


class RoleTable(msgspec.Struct, frozen=True):
    """The roles that can be granted, and what a key can be given."""

    roles: list[RoleDescription]
    key_permissions: list[str]
