"""Anything by name or id: stations, chargers, people, id tags and sessions, in one query."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from csms.kernel.ids import OrganizationId
from csms.reads.database import ReadDatabase
from csms.reads.page import like_pattern

PER_KIND = 5

FOUND = """
(SELECT 'station' AS kind, id::text AS id, name AS title, address AS subtitle FROM station
 WHERE organization_id = $1 AND archived_at IS NULL AND (name ILIKE $2 OR address ILIKE $2)
 ORDER BY name LIMIT $3)
UNION ALL
(SELECT 'charger', id::text, name, charge_point_id FROM charger
 WHERE organization_id = $1 AND archived_at IS NULL
   AND (name ILIKE $2 OR charge_point_id ILIKE $2 OR serial_number ILIKE $2)
 ORDER BY name LIMIT $3)
UNION ALL
(SELECT 'user', id::text, full_name, email FROM app_user
 WHERE organization_id = $1 AND erased_at IS NULL AND (full_name ILIKE $2 OR email ILIKE $2)
 ORDER BY email LIMIT $3)
UNION ALL
(SELECT 'id_tag', id_tag, id_tag, NULL FROM id_tag
 WHERE organization_id = $1 AND id_tag ILIKE $2 ORDER BY id_tag LIMIT $3)
UNION ALL
(SELECT 'transaction', t.id::text, t.id::text, c.charge_point_id || ' ' || t.id_tag
 FROM transaction t JOIN charger c ON c.id = t.charger_id
 WHERE t.organization_id = $1 AND t.id = $4 LIMIT $3)
"""
MAX_ID = 2**31 - 1

Kind = Literal["station", "charger", "user", "id_tag", "transaction"]


class Finding(msgspec.Struct, frozen=True):
    """One thing that was found; `id` is what its own address takes."""

    kind: Kind
    id: str
    title: str
    subtitle: str | None


class Findings(msgspec.Struct, frozen=True):
    """What was found, at most five of each kind."""

    data: list[Finding]
    query: str


async def search_everything(
    database: ReadDatabase, organization_id: OrganizationId, query: str, kinds: Sequence[Kind]
) -> Findings:
    """Return what bears `query` in its name, or has it as its id; only of these kinds."""
    text = query.strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 11 else None
    async with database.reads(organization_id) as connection:
        rows = await connection.fetch(
            FOUND,
            organization_id,
            like_pattern(text),
            PER_KIND,
            number if number is not None and number <= MAX_ID else None,
        )
    return Findings([Finding(**dict(row)) for row in rows if row["kind"] in kinds], text)
