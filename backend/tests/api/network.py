"""A small network in the database: what chargers would have left there."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from csms.adapters.memory.presence import MemoryPresence
from csms.adapters.sql.engine import Database
from csms.adapters.sql.ledger import SqlLedger
from csms.domain.ledger.transfer import NewTransfer, Posting
from csms.domain.stations.presence import OnlineCharger
from csms.kernel.ids import ChargePointId, ChargerId, Epoch, OrganizationId, UserId
from tests.api.caller import Caller

STATION = {
    "name": "Harbour",
    "latitude": 53.5413,
    "longitude": 9.9841,
    "address": "12 Harbour Street",
    "time_zone": "Europe/Berlin",
}
TRANSACTION = {
    "organization_id": 1,
    "connector_id": 1,
    "id_tag": "CARD1",
    "id_tag_folded": "card1",
    "charger_started_at": "2026-03-14T09:26:53Z",
    "meter_start_wh": 1000,
    "status": "ACTIVE",
    "authorization_status": "Accepted",
    "is_billable": False,
    "billing_status": "NOT_BILLABLE",
}
MESSAGE = {
    "organization_id": 1,
    "epoch": 1,
    "direction": "IN",
    "action": "Heartbeat",
    "message_id": "m1",
    "request": "{}",
    "answer": '{"currentTime":"2026-03-14T09:26:53Z"}',
    "outcome": "answered",
    "is_repeat": False,
}


class Network:
    """A station, a charger, and rows as the journal writes them."""

    def __init__(self, operator: Caller, database: Database, presence: MemoryPresence) -> None:
        self.operator = operator
        self.database = database
        self.presence = presence
        self.station: dict[str, Any] = {}
        self.charger: dict[str, Any] = {}
        self._numbers = count(1)

    async def build(self) -> "Network":
        self.station = await self.operator.post("/api/admin/stations", STATION, expect=201)
        self.charger = await self.add_charger("CP001")
        return self

    async def add_charger(self, charge_point_id: str, **fields: Any) -> dict[str, Any]:
        made = await self.operator.post(
            "/api/admin/chargers",
            {
                "station_id": self.station["id"],
                "name": f"Quay {charge_point_id}",
                "charge_point_id": charge_point_id,
                "connectors": [{"connector_id": 1, "connector_type": "TYPE2", "max_power_kw": 22}],
                **fields,
            },
            expect=201,
        )
        charger: dict[str, Any] = made["charger"]
        return charger

    async def connect(self, charger: dict[str, Any]) -> None:
        now = datetime.now(UTC)
        await self.presence.arrived(
            OnlineCharger(
                charger_id=ChargerId(charger["id"]),
                charge_point_id=ChargePointId(charger["charge_point_id"]),
                organization_id=OrganizationId(1),
                node="node-1",
                epoch=Epoch(1),
                protocol="ocpp1.6",
                remote_address="192.0.2.80",
                connected_at=now,
                last_seen_at=now,
            )
        )

    async def report(self, charger: dict[str, Any], connector: int, status: str) -> None:
        await self.database.pool.execute(
            "INSERT INTO connector (organization_id, charger_id, connector_id, status, error_code, "
            "status_at, status_received_at) VALUES (1, $1, $2, $3, 'NoError', now(), now()) "
            "ON CONFLICT (charger_id, connector_id) DO UPDATE SET status = EXCLUDED.status",
            charger["id"],
            connector,
            status,
        )

    async def top_up(self, user_id: int, amount: str) -> dict[str, Any]:
        body = {"amount": {"amount": amount, "currency": "EUR"}, "note": "cash"}
        made: dict[str, Any] = await self.operator.post(
            f"/users/{user_id}/wallet/top-ups", body, expect=201
        )
        return made

    async def hold(self, user_id: int, amount: str) -> None:
        person, sum_held = UserId(user_id), Decimal(amount)
        await SqlLedger(self.database).post(
            NewTransfer(
                organization_id=OrganizationId(1),
                kind="hold",
                idempotency_key=f"hold:{next(self._numbers)}",
                currency="EUR",
                postings=(
                    Posting("wallet", -sum_held, person),
                    Posting("hold", sum_held, person),
                ),
                note="a session",
            )
        )

    async def add_transaction(self, **fields: Any) -> int:
        number = next(self._numbers)
        now = datetime.now(UTC)
        row = TRANSACTION | {
            "id": 4000 + number,
            "charger_id": self.charger["id"],
            "started_at": now - timedelta(minutes=number),
            "received_at": now - timedelta(minutes=number),
        }
        if fields.get("status") == "ENDED":
            row |= {
                "stopped_at": now,
                "stop_received_at": now,
                "stop_reason": "Local",
                "stop_source": "charger",
                "has_charger_stop": True,
                "meter_stop_wh": 5000,
                "energy_wh": 4000,
                "energy_basis": "registers",
            }
        await self._insert("transaction", row | fields)
        return 4000 + number

    async def add_reading(self, transaction_id: int, register_wh: int, **fields: Any) -> None:
        now = datetime.now(UTC)
        samples = [
            {
                "measurand": "Energy.Active.Import.Register",
                "value": str(register_wh),
                "unit": "Wh",
                "context": "Sample.Periodic",
            },
            {"measurand": "Power.Active.Import", "value": "11000.5", "unit": "W"},
        ]
        row = {
            "organization_id": 1,
            "charger_id": self.charger["id"],
            "connector_id": 1,
            "transaction_id": transaction_id,
            "sampled_at": now,
            "received_at": now,
            "register_wh": register_wh,
            "power_w": 11000,
            "is_suspect": False,
            "is_inferred": False,
            "samples": json.dumps(samples),
        }
        await self._insert("meter_value", row | fields)

    async def add_message(self, **fields: Any) -> int:
        number = next(self._numbers)
        now = datetime.now(UTC)
        row = MESSAGE | {
            "id": number,
            "charger_id": self.charger["id"],
            "charge_point_id": self.charger["charge_point_id"],
            "received_at": now,
            "answered_at": now,
        }
        await self._insert("message", row | fields)
        return number

    async def add_operation(self, **fields: Any) -> int:
        row = {
            "organization_id": 1,
            "charger_id": self.charger["id"],
            "charge_point_id": self.charger["charge_point_id"],
            "action": "Reset",
            "request": '{"type":"Reset","kind":"Soft"}',
        }
        return await self._insert("operation", row | fields, "id")

    async def _insert(self, table: str, row: dict[str, Any], returning: str = "1") -> int:
        places = ", ".join(f"${place}" for place in range(1, len(row) + 1))
        clauses = ("INSERT INTO", table, f"({', '.join(row)})", f"VALUES ({places})")
        statement = " ".join((*clauses, "RETURNING", returning))
        found: int = await self.database.pool.fetchval(statement, *row.values())
        return found
