"""Configuration templates, and what a charger is sent by itself."""

from typing import Literal

import msgspec

from csms.domain.maintenance.templates import TemplateNotFoundError
from csms.kernel.ids import OrganizationId
from csms.reads.database import ReadDatabase, Row
from csms.reads.moments import Moment
from csms.reads.page import Conditions, Page, PageRequest, joined

SORTS = {"id": "t.id", "name": "t.name", "updated_at": "t.updated_at"}
COLUMNS = (
    "SELECT t.*, (SELECT count(*) FROM charger_pushes p WHERE p.template_id = t.id) AS chargers"
)
FROM = "FROM configuration_template t"
PUSHES = """
SELECT template_id, has_default_profiles FROM charger_pushes
 WHERE organization_id = $1 AND charger_id = $2
"""


class ConfigurationTemplateView(msgspec.Struct, frozen=True):
    """Keys with the values that chargers should have; `chargers` are kept in step with it."""

    id: int
    name: str
    vendor: str | None
    model: str | None
    values: dict[str, str]
    chargers: int
    created_at: Moment
    updated_at: Moment


class ComparedKeyView(msgspec.Struct, frozen=True):
    """A key of a template beside what the charger told. `unknown`: it never told of this key."""

    key: str
    wanted: str
    has: str | None
    state: Literal["same", "differs", "waits_for_reboot", "read_only", "unknown"]


class TemplateComparison(msgspec.Struct, frozen=True):
    """A charger beside a template."""

    charger_id: int
    is_same: bool
    keys: list[ComparedKeyView]


class TemplateApplied(msgspec.Struct, frozen=True):
    """For how many chargers it is under way; each change is an operation."""

    queued: int


class PushesView(msgspec.Struct, frozen=True):
    """What a charger is sent by itself; nothing, until somebody switches it on."""

    template_id: int | None
    has_default_profiles: bool


async def list_templates(
    database: ReadDatabase, organization_id: OrganizationId, request: PageRequest
) -> Page[ConfigurationTemplateView]:
    """Return a page of templates."""
    conditions = Conditions()
    conditions.add("t.organization_id = ?", organization_id)
    conditions.add_search(request.search, "t.name", "t.vendor", "t.model")
    order = request.order_by(SORTS, default="name", key="t.id")
    async with database.reads(organization_id) as connection:
        total = await connection.fetchval(
            joined("SELECT count(*)", FROM, conditions.where), *conditions.values
        )
        limits = (
            f"LIMIT {conditions.place(request.limit)} OFFSET {conditions.place(request.offset)}"
        )
        rows = await connection.fetch(
            joined(COLUMNS, FROM, conditions.where, order, limits), *conditions.values
        )
    return Page([_view(row) for row in rows], total, request.page, request.limit)


async def get_template(
    database: ReadDatabase, organization_id: OrganizationId, template_id: int
) -> ConfigurationTemplateView:
    """Return one template. Raises TemplateNotFoundError."""
    async with database.reads(organization_id) as connection:
        row = await connection.fetchrow(
            joined(COLUMNS, FROM, "WHERE t.organization_id = $1 AND t.id = $2"),
            organization_id,
            template_id,
        )
    if row is None:
        raise TemplateNotFoundError(f"no configuration template {template_id}", id=template_id)
    return _view(row)


async def get_pushes(
    database: ReadDatabase, organization_id: OrganizationId, charger_id: int
) -> PushesView:
    """Return what is switched on for the charger."""
    async with database.reads(organization_id) as connection:
        row = await connection.fetchrow(PUSHES, organization_id, charger_id)
    return PushesView(None, has_default_profiles=False) if row is None else PushesView(**dict(row))


def _view(row: Row) -> ConfigurationTemplateView:
    return ConfigurationTemplateView(
        id=row["id"],
        name=row["name"],
        vendor=row["vendor"],
        model=row["model"],
        values=msgspec.json.decode(row["values"], type=dict[str, str]),
        chargers=row["chargers"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
