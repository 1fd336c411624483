"""The list of id tags and one of them."""

from dataclasses import dataclass

import msgspec

from csms.domain.authorization.registry import IdTagNotFoundError
from csms.kernel.ids import OrganizationId, fold_id_tag
from csms.reads.database import ReadDatabase, Row
from csms.reads.moments import Moment
from csms.reads.page import Conditions, Page, PageRequest, joined

SORTS = {
    "id_tag": "g.folded",
    "created_at": "g.created_at",
    "expires_at": "g.expires_at",
    "user_id": "g.user_id",
}
COLUMNS = """
SELECT g.*, u.full_name AS user_name, u.email AS user_email
FROM id_tag g LEFT JOIN app_user u ON u.id = g.user_id
"""
COUNT = "SELECT count(*) FROM id_tag g LEFT JOIN app_user u ON u.id = g.user_id"


class IdTagView(msgspec.Struct, frozen=True):
    """A token that starts sessions, as it was spelled; spellings are compared without case."""

    id_tag: str
    user_id: int | None
    user_name: str | None
    user_email: str | None
    parent_id_tag: str | None
    expires_at: Moment | None
    blocked: bool
    forbids_concurrent: bool
    is_app_tag: bool
    created_at: Moment
    updated_at: Moment


@dataclass(frozen=True, slots=True)
class IdTagFilter:
    """`is_blocked` and `is_app_tag` None: either."""

    user_id: int | None = None
    is_blocked: bool | None = None
    is_app_tag: bool | None = None
    parent_id_tag: str | None = None


async def list_id_tags(
    database: ReadDatabase,
    organization_id: OrganizationId,
    request: PageRequest,
    wanted: IdTagFilter,
) -> Page[IdTagView]:
    """Return a page of id tags."""
    conditions = Conditions()
    conditions.add("g.organization_id = ?", organization_id)
    conditions.add_if("g.user_id = ?", wanted.user_id)
    conditions.add_if("g.is_blocked = ?", wanted.is_blocked)
    conditions.add_if("g.is_app_tag = ?", wanted.is_app_tag)
    parent = wanted.parent_id_tag
    conditions.add_if("g.parent_folded = ?", None if parent is None else fold_id_tag(parent))
    conditions.add_search(request.search, "g.id_tag", "g.parent_id_tag", "u.full_name", "u.email")
    order = request.order_by(SORTS, default="id_tag", key="g.id")
    async with database.reads(organization_id) as connection:
        total = await connection.fetchval(joined(COUNT, conditions.where), *conditions.values)
        limits = (
            f"LIMIT {conditions.place(request.limit)} OFFSET {conditions.place(request.offset)}"
        )
        rows = await connection.fetch(
            joined(COLUMNS, conditions.where, order, limits), *conditions.values
        )
    return Page([_view(row) for row in rows], total, request.page, request.limit)


async def get_id_tag(
    database: ReadDatabase, organization_id: OrganizationId, id_tag: str
) -> IdTagView:
    """Return one id tag, compared without case. Raises IdTagNotFoundError."""
    async with database.reads(organization_id) as connection:
        row = await connection.fetchrow(
            joined(COLUMNS, "WHERE g.organization_id = $1 AND g.folded = $2"),
            organization_id,
            fold_id_tag(id_tag),
        )
    if row is None:
        raise IdTagNotFoundError(f"no id tag {id_tag!r}", id_tag=id_tag)
    return _view(row)


def _view(row: Row) -> IdTagView:
    return IdTagView(
        id_tag=row["id_tag"],
        user_id=row["user_id"],
        user_name=row["user_name"],
        user_email=row["user_email"],
        parent_id_tag=row["parent_id_tag"],
        expires_at=row["expires_at"],
        blocked=row["is_blocked"],
        forbids_concurrent=row["forbids_concurrent"],
        is_app_tag=row["is_app_tag"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
