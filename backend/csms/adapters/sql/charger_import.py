"""Chargers in bulk: the SQL behind `csms chargers import`, a few statements per batch."""

from collections.abc import Sequence

import asyncpg

from csms.adapters.sql.engine import Database
from csms.adapters.sql.repositories.audit_entries import record_change
from csms.domain.identity.actor import Actor
from csms.domain.stations.errors import ChargePointIdTakenError
from csms.domain.stations.handshakes import StoredCredential
from csms.domain.stations.registry_chargers import ChargerPlan

ImportedCharger = tuple[str, ChargerPlan, StoredCredential | None]
"""Charge point id, plan and the stored form of its key, None where its profile needs none."""

_TAKEN = "SELECT charge_point_id FROM charger WHERE charge_point_id = ANY ($1::text[])"
_CHARGERS = """
INSERT INTO charger (organization_id, charge_point_id, station_id, name, security_profile)
SELECT $1, r.charge_point_id, r.station_id, r.name, r.security_profile
  FROM unnest($2::text[], $3::bigint[], $4::text[], $5::smallint[])
       AS r (charge_point_id, station_id, name, security_profile)
RETURNING id, charge_point_id
"""
_CONNECTORS = """
INSERT INTO connector (organization_id, charger_id, connector_id, connector_type, max_power_kw)
SELECT $1, r.* FROM unnest($2::bigint[], $3::smallint[], $4::text[], $5::numeric[]) AS r
"""
_KEYS = """
INSERT INTO charger_credential (charger_id, kind, hash, salt)
SELECT * FROM unnest($1::bigint[], $2::text[], $3::bytea[], $4::bytea[])
"""


async def taken_charge_point_ids(database: Database, wanted: Sequence[str]) -> set[str]:
    """Return those of the ids under which chargers are registered, archived ones too."""
    rows = await database.pool.fetch(_TAKEN, list(wanted))
    return {row["charge_point_id"] for row in rows}


async def store_chargers(
    database: Database,
    actor: Actor,
    batch: Sequence[ImportedCharger],
    audit: tuple[str, dict[str, object]] | None,
) -> None:
    """Store a batch in one transaction, with the import's audit entry (its name, what it says).

    Raises ChargePointIdTakenError when somebody else registered one of the ids meanwhile.
    """
    async with database.writes(actor.organization_id) as connection:
        try:
            rows = await connection.fetch(
                _CHARGERS,
                actor.organization_id,
                [name for name, _, _ in batch],
                [plan.station_id for _, plan, _ in batch],
                [plan.name for _, plan, _ in batch],
                [plan.security_profile for _, plan, _ in batch],
            )
        except asyncpg.UniqueViolationError as error:
            raise ChargePointIdTakenError(f"registered meanwhile: {error.detail}") from error
        ids = {row["charge_point_id"]: row["id"] for row in rows}
        await _store_parts(connection, actor, batch, ids)
        if audit is not None:
            name, said = audit
            await record_change(
                connection, actor, "chargers.imported", ("charger_import", name), after=said
            )


async def _store_parts(
    connection: asyncpg.Connection,
    actor: Actor,
    batch: Sequence[ImportedCharger],
    ids: dict[str, int],
) -> None:
    outlets = [(ids[name], one) for name, plan, _ in batch for one in plan.connectors]
    await connection.execute(
        _CONNECTORS,
        actor.organization_id,
        [charger_id for charger_id, _ in outlets],
        [one.connector for _, one in outlets],
        [one.connector_type for _, one in outlets],
        [one.max_power_kw for _, one in outlets],
    )
    keys = [(ids[name], key) for name, _, key in batch if key is not None]
    await connection.execute(
        _KEYS,
        [charger_id for charger_id, _ in keys],
        [key.kind for _, key in keys],
        [key.hash for _, key in keys],
        [key.salt for _, key in keys],
    )
