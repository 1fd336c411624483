"""The list of people and one person, each with the wallet."""

from dataclasses import dataclass
from typing import Literal

import msgspec

from csms.domain.identity.errors import AccountNotFoundError
from csms.domain.identity.permissions import OperatorRole
from csms.kernel.ids import OrganizationId, UserId
from csms.reads.database import ReadDatabase, Row
from csms.reads.ledger import WalletView, wallets_of
from csms.reads.moments import Moment
from csms.reads.page import Conditions, Page, PageRequest, joined

SORTS = {
    "id": "u.id",
    "email": "lower(u.email)",
    "full_name": "u.full_name",
    "role": "u.role",
    "created_at": "u.created_at",
}
COLUMNS = """
SELECT u.*, (SELECT json_agg(json_build_object('role', g.role, 'station_id', g.station_id,
                             'station_name', s.name) ORDER BY g.id)
   FROM role_grant g LEFT JOIN station s ON s.id = g.station_id WHERE g.user_id = u.id) AS grants,
  (SELECT min(t.id_tag) FROM id_tag t WHERE t.user_id = u.id AND t.is_app_tag) AS app_tag
FROM app_user u
"""
APP_TAG = "SELECT id_tag FROM id_tag WHERE organization_id = $1 AND user_id = $2 AND is_app_tag"


class GrantView(msgspec.Struct, frozen=True):
    """An operator role; without a station it holds in the whole organization."""

    role: OperatorRole
    station_id: int | None
    station_name: str | None


class UserView(msgspec.Struct, frozen=True):
    """A person. `app_id_tag` is the tag under which the app starts sessions."""

    id: int
    email: str
    full_name: str
    role: Literal["ADMIN", "USER"]
    is_active: bool
    is_erased: bool
    app_id_tag: str | None
    grants: list[GrantView]
    wallet: WalletView
    created_at: Moment
    updated_at: Moment
    deactivated_at: Moment | None


@dataclass(frozen=True, slots=True)
class UserFilter:
    """`only` restricts the list to one person; erased ones are left out."""

    only: UserId | None = None
    role: str | None = None
    is_active: bool | None = None


async def list_users(
    database: ReadDatabase,
    organization_id: OrganizationId,
    request: PageRequest,
    wanted: UserFilter,
) -> Page[UserView]:
    """Return a page of people."""
    conditions = Conditions()
    conditions.add("u.organization_id = ?", organization_id)
    conditions.add("u.erased_at IS NULL")
    conditions.add_if("u.id = ?", wanted.only)
    conditions.add_if("u.role = ?", wanted.role)
    conditions.add_if("u.is_active = ?", wanted.is_active)
    conditions.add_search(request.search, "u.email", "u.full_name")
    order = request.order_by(SORTS, default="email", key="u.id")
    async with database.reads(organization_id) as connection:
        total = await connection.fetchval(
            joined("SELECT count(*) FROM app_user u", conditions.where), *conditions.values
        )
        limits = (
            f"LIMIT {conditions.place(request.limit)} OFFSET {conditions.place(request.offset)}"
        )
        rows = await connection.fetch(
            joined(COLUMNS, conditions.where, order, limits), *conditions.values
        )
        wallets = await wallets_of(connection, organization_id, [row["id"] for row in rows])
    views = [_view(row, wallets[row["id"]]) for row in rows]
    return Page(views, total, request.page, request.limit)


async def get_user(
    database: ReadDatabase, organization_id: OrganizationId, user_id: UserId
) -> UserView:
    """Return one person, erased or not. Raises AccountNotFoundError."""
    async with database.reads(organization_id) as connection:
        row = await connection.fetchrow(
            joined(COLUMNS, "WHERE u.organization_id = $1 AND u.id = $2"), organization_id, user_id
        )
        if row is None:
            raise AccountNotFoundError(f"no user {user_id}", user_id=user_id)
        wallets = await wallets_of(connection, organization_id, [user_id])
    return _view(row, wallets[user_id])


def _view(row: Row, wallet: WalletView) -> UserView:
    return UserView(
        id=row["id"],
        email=row["email"],
        full_name=row["full_name"],
        role=row["role"],
        is_active=row["is_active"],
        is_erased=row["erased_at"] is not None,
        app_id_tag=row["app_tag"],
        grants=msgspec.json.decode(row["grants"] or "[]", type=list[GrantView]),
        wallet=wallet,
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        deactivated_at=row["deactivated_at"],
    )


async def app_tag_of(
    database: ReadDatabase, organization_id: OrganizationId, user_id: UserId
) -> str | None:
    """Return the id tag under which a person starts from the app."""
    async with database.reads(organization_id) as connection:
        found = await connection.fetchval(APP_TAG, organization_id, user_id)
    return None if found is None else str(found)
