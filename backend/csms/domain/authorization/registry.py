"""The registry of id tags: which cards are known, whose they are, until when."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from csms.domain.identity.actor import Actor
from csms.kernel.errors import ConflictError, InvalidError, NotFoundError
from csms.kernel.ids import IdTag, OrganizationId, UserId, fold_id_tag

MAX_ID_TAG: Final = 20
"""OCPP 1.6 §7.28: CiString20Type."""


class IdTagNotFoundError(NotFoundError):
    """No such id tag in this organization."""


class IdTagTakenError(ConflictError):
    """The id tag is registered already, perhaps spelled otherwise."""


class IdTagUserNotFoundError(InvalidError):
    """The person that the tag should belong to does not exist."""


class BadIdTagError(InvalidError):
    """A charger could not send this id tag."""


class AppTagError(ConflictError):
    """The tag belongs to a person's account and lives as long as that."""


@dataclass(frozen=True, slots=True)
class TagDetails:
    """What an operator enters. `expires_at` may be past; `forbids_concurrent`: one session only."""

    user_id: UserId | None = None
    parent_id_tag: IdTag | None = None
    expires_at: datetime | None = None
    is_blocked: bool = False
    forbids_concurrent: bool = False


@dataclass(frozen=True, slots=True)
class RegisteredTag:
    """An id tag on record. App tags are made with a person's account."""

    id_tag: IdTag
    organization_id: OrganizationId
    details: TagDetails
    is_app_tag: bool = False


class IdTagStore(Protocol):
    """Keeps id tags. Each change is one database transaction with one audit entry."""

    async def add(self, actor: Actor, id_tag: IdTag, details: TagDetails) -> None:
        """Store a tag. Raises IdTagTakenError, IdTagUserNotFoundError."""
        ...

    async def change(
        self, actor: Actor, folded: str, decide: Callable[[RegisteredTag], RegisteredTag]
    ) -> RegisteredTag:
        """Lock the tag, let the pure `decide` say what it becomes, store that.

        Raises IdTagNotFoundError, IdTagUserNotFoundError.
        """
        ...

    async def remove(
        self, actor: Actor, folded: str, check: Callable[[RegisteredTag], None]
    ) -> None:
        """Delete the tag if `check` lets it. Raises IdTagNotFoundError."""
        ...


class IdTagRegistry:
    """Changes to id tags, for operators."""

    def __init__(self, store: IdTagStore) -> None:
        self._store = store

    async def create(self, actor: Actor, id_tag: str, details: TagDetails) -> IdTag:
        """Register a tag as spelled. Raises BadIdTagError, IdTagTakenError."""
        actor.require("id_tags.write")
        spelled = _checked(id_tag, "id_tag")
        await self._store.add(actor, spelled, _checked_details(spelled, details))
        return spelled

    async def update(
        self, actor: Actor, id_tag: str, change: Callable[[TagDetails], TagDetails]
    ) -> RegisteredTag:
        """Change what is on record. Raises IdTagNotFoundError, AppTagError, BadIdTagError."""
        actor.require("id_tags.write")

        def decide(tag: RegisteredTag) -> RegisteredTag:
            checked = _checked_details(tag.id_tag, change(tag.details))
            if tag.is_app_tag and checked.user_id != tag.details.user_id:
                raise AppTagError("an app tag stays with its person")
            return replace(tag, details=checked)

        return await self._store.change(actor, fold_id_tag(id_tag), decide)

    async def delete(self, actor: Actor, id_tag: str) -> None:
        """Forget a tag; its sessions keep its spelling. Raises IdTagNotFoundError, AppTagError."""
        actor.require("id_tags.write")
        await self._store.remove(actor, fold_id_tag(id_tag), _require_card)


def _require_card(tag: RegisteredTag) -> None:
    if tag.is_app_tag:
        raise AppTagError("an app tag lives as long as its person's account; block it instead")


def _checked(id_tag: str, field: str) -> IdTag:
    spelled = id_tag.strip()
    if not (1 <= len(spelled) <= MAX_ID_TAG and spelled.isprintable()):
        raise BadIdTagError(f"{field} has 1 to {MAX_ID_TAG} printable characters")
    return IdTag(spelled)


def _checked_details(id_tag: IdTag, details: TagDetails) -> TagDetails:
    if details.parent_id_tag is None:
        return details
    parent = _checked(details.parent_id_tag, "parent_id_tag")
    if fold_id_tag(parent) == fold_id_tag(id_tag):
        raise BadIdTagError("a tag cannot be its own parent")
    return replace(details, parent_id_tag=parent)
