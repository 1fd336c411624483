"""Bodies of id tag requests."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field, StringConstraints

from csms.api.paging import Moment
from csms.api.schemas.body import Body, Changes
from csms.domain.authorization.registry import TagDetails
from csms.kernel.ids import IdTag, UserId

TagText = Annotated[str, StringConstraints(min_length=1, max_length=20)]


UserRef = Annotated[int | None, Field(ge=1, le=2**63 - 1, examples=[17])]
ParentTag = Annotated[TagText | None, Field(examples=["FLEET-1"])]
Expiry = Annotated[
    Moment | None, Field(description="May be past.", examples=["2030-01-01T00:00:00Z"])
]


class NewIdTagBody(Body):
    """A tag to be registered, as it is spelled."""

    id_tag: Annotated[TagText, Field(examples=["04A224B9C3"])]
    user_id: UserRef = None
    parent_id_tag: ParentTag = None
    expires_at: Expiry = None
    blocked: bool = False
    forbids_concurrent: Annotated[
        bool, Field(description="A second session at the same time is refused.")
    ] = False

    def details(self) -> TagDetails:
        """Return the domain's type."""
        return TagDetails(
            user_id=None if self.user_id is None else UserId(self.user_id),
            parent_id_tag=None if self.parent_id_tag is None else IdTag(self.parent_id_tag),
            expires_at=self.expires_at,
            is_blocked=self.blocked,
            forbids_concurrent=self.forbids_concurrent,
        )


class IdTagChanges(Changes):
    """What is to change of a tag; what is left out stays, null takes away."""

    user_id: UserRef = None
    parent_id_tag: ParentTag = None
    expires_at: Expiry = None
    blocked: bool | None = None
    forbids_concurrent: bool | None = None

    def applied_to(self, details: TagDetails) -> TagDetails:
        """Return the details with these changes."""
        given = self.given(nullable=frozenset({"user_id", "parent_id_tag", "expires_at"}))
        if "blocked" in given:
            given["is_blocked"] = given.pop("blocked")
        return replace(details, **given)
