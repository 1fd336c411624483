"""Bodies and answers about API keys."""

from typing import Annotated

import msgspec
from pydantic import Field

from csms.api.paging import Moment
from csms.api.schemas.access import StationRef
from csms.api.schemas.body import Body, Name
from csms.domain.identity.api_keys import ApiKeyPlan
from csms.domain.identity.permissions import ALL_PERMISSIONS, Permission
from csms.kernel.ids import StationId
from csms.reads.api_keys import ApiKeyView


class ApiKeyBody(Body):
    """A key for a program: what it may do, where and for how long (a year unless said)."""

    name: Annotated[Name, Field(examples=["Fleet dashboard"])]
    permissions: Annotated[
        list[Permission],
        Field(min_length=1, max_length=len(ALL_PERMISSIONS), examples=[["sessions.read"]]),
    ]
    station_ids: Annotated[list[StationRef], Field(min_length=1, max_length=500)] | None = None
    expires_at: Annotated[Moment, Field(examples=["2027-01-01T00:00:00Z"])] | None = None

    def plan(self) -> ApiKeyPlan:
        """Return the plan in the domain's type."""
        return ApiKeyPlan(
            name=self.name,
            permissions=frozenset(self.permissions),
            stations=None
            if self.station_ids is None
            else frozenset(StationId(s) for s in self.station_ids),
            expires_at=self.expires_at,
        )


class MadeApiKeyAnswer(msgspec.Struct, frozen=True):
    """The key in full, this once, and how it is listed from now on."""

    key: str
    api_key: ApiKeyView
