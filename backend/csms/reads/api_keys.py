"""The list of API keys: everything but the keys themselves."""

import msgspec

from csms.domain.identity.api_keys import ApiKeyNotFoundError
from csms.kernel.ids import OrganizationId
from csms.reads.database import ReadDatabase, Row
from csms.reads.moments import Moment
from csms.reads.page import Conditions, Page, PageRequest, joined

SORTS = {
    "id": "k.id",
    "name": "lower(k.name)",
    "created_at": "k.created_at",
    "expires_at": "k.expires_at",
    "last_used_at": "k.last_used_at",
}
COLUMNS = """
SELECT k.*, u.full_name AS owner_name, u.is_active AS owner_is_active,
  k.revoked_at IS NULL AND k.expires_at > now() AND u.is_active AS is_valid
FROM api_key k JOIN app_user u ON u.id = k.user_id
"""


class ApiKeyView(msgspec.Struct, frozen=True):
    """A key. `prefix` is how it begins; `is_valid` while it is neither revoked nor expired and its
    owner is active. `station_ids` null: wherever its owner may go."""

    id: int
    name: str
    prefix: str
    user_id: int
    owner_name: str
    permissions: list[str]
    station_ids: list[int] | None
    is_valid: bool
    created_at: Moment
    expires_at: Moment
    last_used_at: Moment | None
    last_used_from: str | None
    revoked_at: Moment | None


async def list_api_keys(
    database: ReadDatabase, organization_id: OrganizationId, request: PageRequest
) -> Page[ApiKeyView]:
    """Return a page of keys, the newest first."""
    conditions = Conditions()
    conditions.add("k.organization_id = ?", organization_id)
    conditions.add_search(request.search, "k.name", "k.prefix", "u.full_name")
    order = request.order_by(SORTS, default="-id", key="k.id")
    async with database.reads(organization_id) as connection:
        total = await connection.fetchval(
            joined(
                "SELECT count(*) FROM api_key k JOIN app_user u ON u.id = k.user_id",
                conditions.where,
            ),
            *conditions.values,
        )
        limits = (
            f"LIMIT {conditions.place(request.limit)} OFFSET {conditions.place(request.offset)}"
        )
        rows = await connection.fetch(
            joined(COLUMNS, conditions.where, order, limits), *conditions.values
        )
    return Page([_view(row) for row in rows], total, request.page, request.limit)


async def get_api_key(
    database: ReadDatabase, organization_id: OrganizationId, key_id: int
) -> ApiKeyView:
    """Return one key. Raises ApiKeyNotFoundError."""
    async with database.reads(organization_id) as connection:
        row = await connection.fetchrow(
            joined(COLUMNS, "WHERE k.organization_id = $1 AND k.id = $2"), organization_id, key_id
        )
    if row is None:
        raise ApiKeyNotFoundError(f"no API key {key_id}", key_id=key_id)
    return _view(row)


def _view(row: Row) -> ApiKeyView:
    stations = row["station_ids"]
    return ApiKeyView(
        id=row["id"],
        name=row["name"],
        prefix=row["prefix"],
        user_id=row["user_id"],
        owner_name=row["owner_name"],
        permissions=msgspec.json.decode(row["permissions"], type=list[str]),
        station_ids=None if stations is None else msgspec.json.decode(stations, type=list[int]),
        is_valid=row["is_valid"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        last_used_at=row["last_used_at"],
        last_used_from=row["last_used_from"],
        revoked_at=row["revoked_at"],
    )
