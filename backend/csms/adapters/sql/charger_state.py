"""Rebuilds the state of chargers in memory from what is stored of them."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import msgspec

from csms.adapters.sql import admission_statements as statements
from csms.domain.stations.charger import Charger, ConnectorState
from csms.domain.transactions.admission import AdmittedCharger, RecentExchange
from csms.domain.transactions.session import ChargerSessions, OpenSession, PendingRemoteStart
from csms.kernel.ids import (
    ChargePointId,
    ChargerId,
    ConnectorNumber,
    Epoch,
    IdTag,
    OperationId,
    OrganizationId,
    StationId,
    TransactionId,
    UserId,
)


async def load_states(
    connection: asyncpg.Connection,
    epochs: Mapping[ChargerId, Epoch],
    *,
    recent_since: datetime,
    recent_limit: int,
    remote_starts_since: datetime,
    remote_start_wait: timedelta,
) -> dict[ChargerId, AdmittedCharger]:
    """Return the state of each charger, in five reads however many there are."""
    ids = list(epochs)
    chargers = {
        row["id"]: _charger(row) for row in await connection.fetch(statements.CHARGERS, ids)
    }
    sessions = {charger_id: ChargerSessions() for charger_id in chargers}
    recent: dict[int, list[RecentExchange]] = {charger_id: [] for charger_id in chargers}
    for row in await connection.fetch(statements.CONNECTORS, ids):
        state = _connector(row)
        chargers[row["charger_id"]].connectors[state.connector] = state
    for row in await connection.fetch(statements.OPEN_SESSIONS, ids):
        session = _session(row)
        sessions[row["charger_id"]].open[session.transaction_id] = session
    for row in await connection.fetch(statements.REMOTE_STARTS, ids, remote_starts_since):
        start = _remote_start(row, remote_start_wait)
        if start is not None:
            sessions[row["charger_id"]].remote_starts.append(start)
    for row in await connection.fetch(statements.RECENT, ids, recent_since, recent_limit):
        recent[row["charger_id"]].append(
            RecentExchange(row["action"], row["message_id"], row["request"], row["answer"])
        )
    return {
        ChargerId(charger_id): AdmittedCharger(
            charger, sessions[charger_id], epochs[ChargerId(charger_id)], tuple(recent[charger_id])
        )
        for charger_id, charger in chargers.items()
    }


def model_rules(stored: str | None) -> dict[str, bool]:
    """Return which leniency rules a model has on or off, by name."""
    return {} if stored is None else msgspec.json.decode(stored, type=dict[str, bool])


def _charger(row: asyncpg.Record) -> Charger:
    return Charger(
        id=ChargerId(row["id"]),
        organization_id=OrganizationId(row["organization_id"]),
        charge_point_id=ChargePointId(row["charge_point_id"]),
        station_id=StationId(row["station_id"]),
        registration=row["registration"],
        is_disabled=row["is_disabled"],
        is_strict=row["is_strict"],
        leniency_off=frozenset(msgspec.json.decode(row["leniency"])),
        heartbeat_interval_s=row["heartbeat_interval_s"],
        ping_interval_s=row["ping_interval_s"],
        free_id_tag=row["free_id_tag"],
        serial_number=row["serial_number"],
        vendor=row["vendor"],
        model=row["model"],
        model_rules=model_rules(row["model_rules"]),
        keeps_serial_number=row["keeps_serial_number"],
        currency=row["currency"],
        minimum_balance=row["minimum_balance"],
        hold_amount=row["hold_amount"],
        reconcile_after_s=row["reconcile_after_s"],
        offline_cap_s=row["offline_cap_s"],
    )


def _connector(row: asyncpg.Record) -> ConnectorState:
    power_kw: Decimal | None = row["max_power_kw"]
    return ConnectorState(
        connector=ConnectorNumber(row["connector_id"]),
        status=row["status"],
        error_code=row["error_code"],
        reported_at=row["status_at"],
        max_power_w=None if power_kw is None else int(power_kw * 1000),
    )


def _session(row: asyncpg.Record) -> OpenSession:
    start_wh: Decimal = row["meter_start_wh"]
    register_wh: Decimal | None = row["last_register_wh"]
    has_register = register_wh is not None and register_wh >= start_wh
    operation_id = row["remote_start_operation_id"]
    return OpenSession(
        transaction_id=TransactionId(row["id"]),
        connector=ConnectorNumber(row["connector_id"]),
        id_tag=IdTag(row["id_tag"]),
        status=row["status"],
        started_at=row["started_at"],
        received_at=row["received_at"],
        meter_start_wh=start_wh,
        last_register_wh=register_wh if has_register and register_wh is not None else start_wh,
        last_sampled_at=max(row["last_sampled_at"] or row["started_at"], row["started_at"]),
        start_key=row["start_key"],
        has_evidence=row["has_evidence"],
        is_billable=row["is_billable"],
        user_id=None if row["user_id"] is None else UserId(row["user_id"]),
        parent_id_tag=None if row["parent_id_tag"] is None else IdTag(row["parent_id_tag"]),
        tariff_terms=row["tariff_terms"],
        hold_amount=row["hold_amount"],
        reconcile_by=row["reconcile_by"],
        remote_start_operation_id=None if operation_id is None else OperationId(operation_id),
        authorization=row["authorization_status"],
        charger_started_at=row["charger_started_at"],
        note=row["note"],
        status_reason=row["status_reason"],
        pending_since=row["pending_since"],
    )


def _remote_start(row: asyncpg.Record, ttl: timedelta) -> PendingRemoteStart | None:
    """Read a request back; the raw request of a person carries the wire's own words."""
    request = msgspec.json.decode(row["request"])
    asked: Any = request.get("payload", request)
    id_tag = _first(asked, ("id_tag", "idTag"))
    connector = _first(asked, ("connector", "connector_id", "connectorId"))
    if not isinstance(id_tag, str):
        return None
    return PendingRemoteStart(
        operation_id=OperationId(row["id"]),
        connector=ConnectorNumber(connector) if isinstance(connector, int) else None,
        id_tag=IdTag(id_tag),
        expires_at=row["requested_at"] + ttl,
        hold_amount=row["hold_amount"],
        requested_at=row["requested_at"],
    )


def _first(asked: dict[str, Any], names: Iterable[str]) -> Any:
    return next((asked[name] for name in names if name in asked), None)
