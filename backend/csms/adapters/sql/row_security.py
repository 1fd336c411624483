"""Row-level security: as csms_api nothing is seen or written but the call's organization.

Gateway and worker serve every organization and are exempt: csms_app, which is a member of all three
groups, sees all rows until a transaction of the API makes it csms_api alone (engine.py).
"""

from typing import Final

import asyncpg

API_ROLE: Final = "csms_api"
VERSION: Final = 1
"""Rises with any change of what stands below, so that the next migration lays it anew."""

_ORGANIZATION: Final = "(SELECT nullif(current_setting('csms.organization_id', true), '')::bigint)"
_STATIONS: Final = (
    "(SELECT string_to_array(nullif(current_setting('csms.stations', true), ''), ','))::bigint[]"
)
_EVERY_STATION: Final = "(SELECT coalesce(current_setting('csms.stations', true), '') = '')"

THROUGH_PARENT: Final = {
    "charger_credential": "EXISTS (SELECT 1 FROM charger p WHERE p.id = charger_id)",
    "charger_epoch": "EXISTS (SELECT 1 FROM charger p WHERE p.id = charger_id)",
    "configuration_key": "EXISTS (SELECT 1 FROM charger p WHERE p.id = charger_id)",
    "ledger_entry": "EXISTS (SELECT 1 FROM ledger_account p WHERE p.id = account_id)",
    "organization": f"id = {_ORGANIZATION}",
}
"""Parts of an owned row: seen when the whole is, by the policy of its table."""
NOBODYS: Final = frozenset(
    {"journal_marker", "retention", "server_secret", "tortoise_migrations", "webhook_receipt"}
)
"""Tables of the installation, which no organization owns."""
SHARED_WHERE_UNKNOWN: Final = frozenset({"handshake_attempt"})
"""Attempts under a name that no charger has belong to nobody, and are shown to every operator."""

_TABLES = """
SELECT c.relname AS name,
       bool_or(a.attname = 'organization_id') AS is_owned,
       bool_or(a.attname = 'charger_id') AS has_charger,
       bool_or(a.attname = 'station_id') AS has_station
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
 GROUP BY c.relname ORDER BY c.relname
"""
_LAID = "SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public'"


async def lay_row_security(connection: asyncpg.Connection) -> None:
    """Give each table its policies, unless it has this version's; no lock is taken then."""
    laid = {(row["tablename"], row["policyname"]) for row in await connection.fetch(_LAID)}
    wanted = f"csms_api_v{VERSION}"
    for row in await connection.fetch(_TABLES):
        name = row["name"]
        condition = _condition(row)
        if condition is None or (name, wanted) in laid:
            continue
        for table, policy in laid:
            if table == name and policy.startswith("csms_"):
                await connection.execute(f'DROP POLICY "{policy}" ON "{name}"')
        await connection.execute(f'ALTER TABLE "{name}" ENABLE ROW LEVEL SECURITY')
        await connection.execute(
            f'CREATE POLICY "{wanted}" ON "{name}" TO {API_ROLE} '
            f"USING ({condition}) WITH CHECK ({condition})"
        )
        await connection.execute(
            f'CREATE POLICY "csms_exempt_v{VERSION}" ON "{name}" TO csms_gateway, csms_worker '
            "USING (true) WITH CHECK (true)"
        )


def _condition(row: asyncpg.Record) -> str | None:
    """Return what a row must fulfil, None for tables that nobody owns."""
    name = row["name"]
    if name in THROUGH_PARENT:
        return THROUGH_PARENT[name]
    if not row["is_owned"]:
        return None
    owned = f"organization_id = {_ORGANIZATION}"
    if name in SHARED_WHERE_UNKNOWN:
        owned = f"(organization_id IS NULL AND {_ORGANIZATION} IS NOT NULL OR {owned})"
    place = _place(row)
    return owned if place is None else f"{owned} AND ({_EVERY_STATION} OR {place})"


def _place(row: asyncpg.Record) -> str | None:
    """Return what limits rows to stations, None where a table has no place."""
    if row["name"] == "station":
        return f"id = ANY ({_STATIONS})"
    if row["name"] == "charger" or (row["has_station"] and not row["has_charger"]):
        return f"station_id = ANY ({_STATIONS})"
    if row["has_charger"]:
        return "charger_id IN (SELECT p.id FROM charger p)"
    return None
