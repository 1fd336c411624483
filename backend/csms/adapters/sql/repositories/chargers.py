"""Chargers with their keys and planned connectors."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import asyncpg

from csms.adapters.sql.engine import Database
from csms.adapters.sql.repositories.audit_entries import record_change
from csms.adapters.sql.texts import storable
from csms.domain.identity.actor import Actor
from csms.domain.stations.errors import (
    ChargePointIdTakenError,
    ChargerNotFoundError,
    StationArchivedError,
    StationNotFoundError,
)
from csms.domain.stations.handshakes import StoredCredential
from csms.domain.stations.registry_chargers import ChargerPlan, ConnectorPlan, RegisteredCharger
from csms.kernel.ids import ChargePointId, ChargerId, ConnectorNumber, OrganizationId, StationId

_ADD = """
INSERT INTO charger (organization_id, charge_point_id, station_id, name, vendor, model,
  serial_number, security_profile, is_strict, leniency, is_disabled, heartbeat_interval_s,
  ping_interval_s, free_id_tag, assumes_subprotocol, pushes_authorizations, resends_availability)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) RETURNING id
"""
_UPDATE = """
UPDATE charger SET station_id = $2, name = $3, vendor = $4, model = $5, serial_number = $6,
  security_profile = $7,
  pending_security_profile = CASE WHEN security_profile = $7 THEN pending_security_profile END,
  is_strict = $8, leniency = $9, is_disabled = $10,
  heartbeat_interval_s = $11, ping_interval_s = $12, free_id_tag = $13, assumes_subprotocol = $14,
  pushes_authorizations = $15, resends_availability = $16, archived_at = $17, updated_at = now()
WHERE id = $1
"""
_LOCK = "SELECT * FROM charger WHERE organization_id = $1 AND id = $2 FOR UPDATE"
_PLANNED = """
SELECT connector_id, connector_type, max_power_kw FROM connector
WHERE charger_id = $1 AND connector_id > 0 ORDER BY connector_id
"""
_PLAN_CONNECTOR = """
INSERT INTO connector (organization_id, charger_id, connector_id, connector_type, max_power_kw)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (charger_id, connector_id)
DO UPDATE SET connector_type = EXCLUDED.connector_type, max_power_kw = EXCLUDED.max_power_kw
"""
_DROP_CONNECTORS = """
DELETE FROM connector WHERE charger_id = $1 AND connector_id > 0 AND status IS NULL
  AND NOT connector_id = ANY($2)
"""
_ADD_KEY = "INSERT INTO charger_credential (charger_id, kind, hash, salt) VALUES ($1, $2, $3, $4)"
_RETIRE_KEYS = """
UPDATE charger_credential SET retired_at = now() WHERE charger_id = $1 AND retired_at IS NULL
"""
_HAS_HISTORY = """
SELECT EXISTS (SELECT 1 FROM transaction WHERE charger_id = $1)
  OR EXISTS (SELECT 1 FROM connection WHERE charger_id = $1)
  OR EXISTS (SELECT 1 FROM operation WHERE charger_id = $1)
  OR EXISTS (SELECT 1 FROM message WHERE charger_id = $1)
  OR EXISTS (SELECT 1 FROM meter_value WHERE charger_id = $1)
  OR EXISTS (SELECT 1 FROM desk_case WHERE charger_id = $1)
  OR EXISTS (SELECT 1 FROM quarantine WHERE charger_id = $1)
"""


class SqlChargerStore:
    """The domain's ChargerStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        actor: Actor,
        charge_point_id: ChargePointId,
        plan: ChargerPlan,
        credential: StoredCredential | None,
    ) -> ChargerId:
        """Store a charger with its connectors and key."""
        async with self._database.writes(actor.organization_id) as connection:
            await _require_open_station(connection, actor.organization_id, plan.station_id)
            try:
                charger_id = await connection.fetchval(
                    _ADD, actor.organization_id, charge_point_id, *_columns(plan)
                )
            except asyncpg.UniqueViolationError as error:
                raise ChargePointIdTakenError(
                    f"another charger connects as {charge_point_id!r}",
                    charge_point_id=charge_point_id,
                ) from error
            await _plan_connectors(connection, actor.organization_id, charger_id, plan)
            if credential is not None:
                await _add_key(connection, charger_id, credential)
            await record_change(
                connection,
                actor,
                "charger.created",
                ("charger", charger_id),
                after=asdict(plan) | {"charge_point_id": charge_point_id},
            )
        return ChargerId(charger_id)

    async def change(
        self,
        actor: Actor,
        charger_id: ChargerId,
        action: str,
        decide: Callable[[RegisteredCharger], RegisteredCharger],
        credential: StoredCredential | None = None,
    ) -> RegisteredCharger:
        """Lock, decide, store; connectors that reported stay, planned or not."""
        async with self._database.writes(actor.organization_id) as connection:
            before = await _locked(connection, actor.organization_id, charger_id)
            after = decide(before)
            if after == before and credential is None:
                return before
            if after.plan.station_id != before.plan.station_id:
                await _require_open_station(
                    connection, actor.organization_id, after.plan.station_id
                )
            await connection.execute(_UPDATE, charger_id, *_columns(after.plan), after.archived_at)
            await _plan_connectors(connection, actor.organization_id, charger_id, after.plan)
            if credential is not None:
                await connection.execute(_RETIRE_KEYS, charger_id)
                await _add_key(connection, charger_id, credential)
            await record_change(
                connection,
                actor,
                action,
                ("charger", charger_id),
                before=asdict(before.plan) | {"archived_at": before.archived_at},
                after=asdict(after.plan)
                | {"archived_at": after.archived_at}
                | ({} if credential is None else {"password": "changed"}),
            )
        return after

    async def remove(
        self, actor: Actor, charger_id: ChargerId, check: Callable[[bool], None]
    ) -> None:
        """Delete the charger if `check`, told whether history hangs on it, lets it."""
        async with self._database.writes(actor.organization_id) as connection:
            charger = await _locked(connection, actor.organization_id, charger_id)
            check(await connection.fetchval(_HAS_HISTORY, charger_id))
            await connection.execute("DELETE FROM charger WHERE id = $1", charger_id)
            await record_change(
                connection,
                actor,
                "charger.deleted",
                ("charger", charger_id),
                before=asdict(charger.plan) | {"charge_point_id": charger.charge_point_id},
            )


async def _require_open_station(
    connection: asyncpg.Connection, organization_id: OrganizationId, station_id: StationId
) -> None:
    row = await connection.fetchrow(
        "SELECT archived_at FROM station WHERE organization_id = $1 AND id = $2 FOR SHARE",
        organization_id,
        station_id,
    )
    if row is None:
        raise StationNotFoundError(f"no station {station_id}", station_id=station_id)
    if row["archived_at"] is not None:
        raise StationArchivedError("nothing can be put at an archived station")


async def _locked(
    connection: asyncpg.Connection, organization_id: OrganizationId, charger_id: ChargerId
) -> RegisteredCharger:
    row = await connection.fetchrow(_LOCK, organization_id, charger_id)
    if row is None:
        raise ChargerNotFoundError(f"no charger {charger_id}", charger_id=charger_id)
    return _charger(row, await connection.fetch(_PLANNED, charger_id))


async def _plan_connectors(
    connection: asyncpg.Connection,
    organization_id: OrganizationId,
    charger_id: ChargerId,
    plan: ChargerPlan,
) -> None:
    await connection.execute(
        _DROP_CONNECTORS, charger_id, [planned.connector for planned in plan.connectors]
    )
    await connection.executemany(
        _PLAN_CONNECTOR,
        [
            (
                organization_id,
                charger_id,
                planned.connector,
                storable(planned.connector_type),
                planned.max_power_kw,
            )
            for planned in plan.connectors
        ],
    )


async def _add_key(
    connection: asyncpg.Connection, charger_id: ChargerId, credential: StoredCredential
) -> None:
    await connection.execute(
        _ADD_KEY, charger_id, credential.kind, credential.hash, credential.salt
    )


def _columns(plan: ChargerPlan) -> tuple[object, ...]:
    return (
        plan.station_id,
        storable(plan.name),
        storable(plan.vendor),
        storable(plan.model),
        storable(plan.serial_number),
        plan.security_profile,
        plan.is_strict,
        json.dumps(plan.leniency_off),
        plan.is_disabled,
        plan.heartbeat_interval_s,
        plan.ping_interval_s,
        storable(plan.free_id_tag),
        plan.assumes_subprotocol,
        plan.pushes_authorizations,
        plan.resends_availability,
    )


def _charger(row: Any, connectors: list[Any]) -> RegisteredCharger:
    plan = ChargerPlan(
        station_id=StationId(row["station_id"]),
        name=row["name"],
        vendor=row["vendor"],
        model=row["model"],
        serial_number=row["serial_number"],
        security_profile=row["security_profile"],
        is_strict=row["is_strict"],
        leniency_off=tuple(json.loads(row["leniency"])),
        is_disabled=row["is_disabled"],
        heartbeat_interval_s=row["heartbeat_interval_s"],
        ping_interval_s=row["ping_interval_s"],
        free_id_tag=row["free_id_tag"],
        assumes_subprotocol=row["assumes_subprotocol"],
        pushes_authorizations=row["pushes_authorizations"],
        resends_availability=row["resends_availability"],
        connectors=tuple(
            ConnectorPlan(
                ConnectorNumber(c["connector_id"]), c["connector_type"], c["max_power_kw"]
            )
            for c in connectors
        ),
    )
    return RegisteredCharger(
        id=ChargerId(row["id"]),
        organization_id=OrganizationId(row["organization_id"]),
        charge_point_id=ChargePointId(row["charge_point_id"]),
        plan=plan,
        archived_at=row["archived_at"],
    )
