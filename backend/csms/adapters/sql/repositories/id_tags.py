"""Id tags."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import asyncpg

from csms.adapters.sql.engine import Database
from csms.adapters.sql.repositories.audit_entries import record_change
from csms.adapters.sql.texts import storable
from csms.domain.authorization.registry import (
    IdTagNotFoundError,
    IdTagTakenError,
    IdTagUserNotFoundError,
    RegisteredTag,
    TagDetails,
)
from csms.domain.identity.actor import Actor
from csms.kernel.ids import IdTag, OrganizationId, UserId, fold_id_tag

_ADD = """
INSERT INTO id_tag (organization_id, id_tag, folded, user_id, parent_id_tag, parent_folded,
  expires_at, is_blocked, forbids_concurrent)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_UPDATE = """
UPDATE id_tag SET user_id = $3, parent_id_tag = $4, parent_folded = $5, expires_at = $6,
  is_blocked = $7, forbids_concurrent = $8, updated_at = now()
WHERE organization_id = $1 AND folded = $2
"""
_LOCK = "SELECT * FROM id_tag WHERE organization_id = $1 AND folded = $2 FOR UPDATE"
_PERSON = """
SELECT 1 FROM app_user WHERE organization_id = $1 AND id = $2 AND erased_at IS NULL FOR SHARE
"""


class SqlIdTagStore:
    """The domain's IdTagStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, actor: Actor, id_tag: IdTag, details: TagDetails) -> None:
        """Store a tag."""
        async with self._database.writes(actor.organization_id) as connection:
            await _require_person(connection, actor.organization_id, details)
            try:
                await connection.execute(
                    _ADD,
                    actor.organization_id,
                    storable(id_tag),
                    storable(fold_id_tag(id_tag)),
                    *_columns(details),
                )
            except asyncpg.UniqueViolationError as error:
                raise IdTagTakenError(f"id tag {id_tag!r} is registered already") from error
            await record_change(
                connection, actor, "id_tag.created", ("id_tag", id_tag), after=asdict(details)
            )

    async def change(
        self, actor: Actor, folded: str, decide: Callable[[RegisteredTag], RegisteredTag]
    ) -> RegisteredTag:
        """Lock, decide, store."""
        async with self._database.writes(actor.organization_id) as connection:
            before = await _locked(connection, actor.organization_id, folded)
            after = decide(before)
            if after == before:
                return before
            await _require_person(connection, actor.organization_id, after.details)
            await connection.execute(
                _UPDATE, actor.organization_id, folded, *_columns(after.details)
            )
            await record_change(
                connection,
                actor,
                "id_tag.updated",
                ("id_tag", after.id_tag),
                before=asdict(before.details),
                after=asdict(after.details),
            )
        return after

    async def remove(
        self, actor: Actor, folded: str, check: Callable[[RegisteredTag], None]
    ) -> None:
        """Delete the tag if `check` lets it."""
        async with self._database.writes(actor.organization_id) as connection:
            tag = await _locked(connection, actor.organization_id, folded)
            check(tag)
            await connection.execute(
                "DELETE FROM id_tag WHERE organization_id = $1 AND folded = $2",
                actor.organization_id,
                folded,
            )
            await record_change(
                connection,
                actor,
                "id_tag.deleted",
                ("id_tag", tag.id_tag),
                before=asdict(tag.details),
            )


async def _locked(
    connection: asyncpg.Connection, organization_id: OrganizationId, folded: str
) -> RegisteredTag:
    row = await connection.fetchrow(_LOCK, organization_id, storable(folded))
    if row is None:
        raise IdTagNotFoundError(f"no id tag {folded!r}")
    return _tag(row)


async def _require_person(
    connection: asyncpg.Connection, organization_id: OrganizationId, details: TagDetails
) -> None:
    if details.user_id is None:
        return
    if not await connection.fetchval(_PERSON, organization_id, details.user_id):
        raise IdTagUserNotFoundError(f"no user {details.user_id}", field="user_id")


def _columns(details: TagDetails) -> tuple[object, ...]:
    parent = details.parent_id_tag
    return (
        details.user_id,
        storable(parent),
        None if parent is None else storable(fold_id_tag(parent)),
        details.expires_at,
        details.is_blocked,
        details.forbids_concurrent,
    )


def _tag(row: Any) -> RegisteredTag:
    parent, user_id = row["parent_id_tag"], row["user_id"]
    return RegisteredTag(
        id_tag=IdTag(row["id_tag"]),
        organization_id=OrganizationId(row["organization_id"]),
        details=TagDetails(
            user_id=None if user_id is None else UserId(user_id),
            parent_id_tag=None if parent is None else IdTag(parent),
            expires_at=row["expires_at"],
            is_blocked=row["is_blocked"],
            forbids_concurrent=row["forbids_concurrent"],
        ),
        is_app_tag=row["is_app_tag"],
    )
