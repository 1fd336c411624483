"""The list of transactions with its summary, and the rows of its CSV export."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec

from csms.kernel.ids import OrganizationId, fold_id_tag
from csms.reads.amounts import MoneyView, money_view, optional_money, optional_number
from csms.reads.database import ReadConnection, ReadDatabase, Row
from csms.reads.moments import Moment
from csms.reads.page import Conditions, PageRequest, joined

SORTS = {
    "id": "t.id",
    "started_at": "t.started_at",
    "stopped_at": "t.stopped_at",
    "energy_wh": "t.energy_wh",
    "cost": "t.cost_amount",
    "charge_point_id": "c.charge_point_id",
    "id_tag": "t.id_tag_folded",
    "status": "t.status",
    "billing_status": "t.billing_status",
}

COLUMNS = """
SELECT t.*, c.charge_point_id, c.station_id, s.name AS station_name, s.time_zone,
  u.full_name AS user_name, last.sampled_at AS last_sampled_at,
  last.register_wh AS last_register_wh, last.power_w AS last_power_w, last.soc_percent AS last_soc
FROM transaction t
JOIN charger c ON c.id = t.charger_id
JOIN station s ON s.id = c.station_id
LEFT JOIN app_user u ON u.id = t.user_id
LEFT JOIN LATERAL (
  SELECT m.register_wh, m.power_w, m.soc_percent, m.sampled_at FROM meter_value m
  WHERE t.status <> 'ENDED' AND m.transaction_id = t.id AND m.register_wh IS NOT NULL
    AND NOT m.is_suspect
  ORDER BY m.sampled_at DESC LIMIT 1) AS last ON true
"""
SUMMARY = """
SELECT count(*) AS total, count(*) FILTER (WHERE t.status <> 'ENDED') AS open,
  coalesce(sum(t.energy_wh), 0) AS energy_wh,
  coalesce(sum(extract(epoch FROM t.stopped_at - t.started_at)), 0)::bigint AS duration_s
FROM transaction t
JOIN charger c ON c.id = t.charger_id
JOIN station s ON s.id = c.station_id
"""
COSTS = """
SELECT t.currency, sum(t.cost_amount) AS amount
FROM transaction t
JOIN charger c ON c.id = t.charger_id
JOIN station s ON s.id = c.station_id
"""


class TransactionView(msgspec.Struct, frozen=True, kw_only=True):
    """A charging session. While it is open, `energy_wh` is what the last good reading says.

    `time_zone` is the station's (IANA name), in which its times are told to people.
    """

    id: int
    ocpp_transaction_id: str
    charger_id: int
    charge_point_id: str
    station_id: int
    station_name: str
    time_zone: str
    connector_id: int
    id_tag: str
    user_id: int | None
    user_name: str | None
    status: Literal["ACTIVE", "PENDING_RECONCILIATION", "ENDED"]
    status_reason: str | None
    authorization_status: str
    started_at: Moment
    stopped_at: Moment | None
    stop_reason: str | None
    stop_source: str | None
    meter_start_wh: float
    meter_stop_wh: float | None
    energy_wh: float | None
    energy_basis: str | None
    power_w: float | None
    soc_percent: float | None
    cost: MoneyView | None
    is_billable: bool
    billing_status: Literal["NOT_BILLABLE", "PENDING", "BILLED", "FAILED"]
    billing_error: str | None
    tariff_id: int | None
    reconcile_by: Moment | None
    received_at: Moment


class TransactionSummary(msgspec.Struct, frozen=True):
    """Sums over the whole filter; one entry of `costs` per currency."""

    total: int
    open: int
    energy_wh: float
    duration_s: int
    costs: list[MoneyView]


class TransactionPage(msgspec.Struct, frozen=True):
    """A page of transactions; `total` and `summary` are over the whole filter."""

    data: list[TransactionView]
    total: int
    page: int
    limit: int
    summary: TransactionSummary


@dataclass(frozen=True, slots=True)
class TransactionFilter:
    """`since` and `until` bound the start, `ended_since` and `ended_until` the end; `is_open`: none."""

    charger_id: int | None = None
    charge_point_id: str | None = None
    station_id: int | None = None
    user_id: int | None = None
    id_tag: str | None = None
    status: str | None = None
    billing_status: str | None = None
    is_open: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    ended_since: datetime | None = None
    ended_until: datetime | None = None


def _conditions(
    organization_id: OrganizationId, request: PageRequest, wanted: TransactionFilter
) -> Conditions:
    conditions = Conditions()
    conditions.add("t.organization_id = ?", organization_id)
    conditions.add_if("t.charger_id = ?", wanted.charger_id)
    conditions.add_if("c.charge_point_id = ?", wanted.charge_point_id)
    conditions.add_if("c.station_id = ?", wanted.station_id)
    conditions.add_if("t.user_id = ?", wanted.user_id)
    conditions.add_if(
        "t.id_tag_folded = ?", None if wanted.id_tag is None else fold_id_tag(wanted.id_tag)
    )
    conditions.add_if("t.status = ?", wanted.status)
    conditions.add_if("t.billing_status = ?", wanted.billing_status)
    conditions.add_if("(t.status <> 'ENDED') = ?", wanted.is_open)
    conditions.add_if("t.started_at >= ?", wanted.since)
    conditions.add_if("t.started_at < ?", wanted.until)
    conditions.add_if("t.stopped_at >= ?", wanted.ended_since)
    conditions.add_if("t.stopped_at < ?", wanted.ended_until)
    conditions.add_search(
        request.search, "t.id::text", "t.id_tag", "c.charge_point_id", "c.name", "s.name"
    )
    return conditions


async def list_transactions(
    database: ReadDatabase,
    organization_id: OrganizationId,
    request: PageRequest,
    wanted: TransactionFilter,
) -> TransactionPage:
    """Return a page of transactions with the summary of the whole filter."""
    conditions = _conditions(organization_id, request, wanted)
    order = request.order_by(SORTS, default="-started_at", key="t.id")
    async with database.reads(organization_id) as connection:
        summary = await _summary(connection, conditions)
        limits = (
            f"LIMIT {conditions.place(request.limit)} OFFSET {conditions.place(request.offset)}"
        )
        rows = await connection.fetch(
            joined(COLUMNS, conditions.where, order, limits), *conditions.values
        )
    return TransactionPage(
        [transaction_view(row) for row in rows],
        summary.total,
        request.page,
        request.limit,
        summary,
    )


async def export_transactions(
    database: ReadDatabase,
    organization_id: OrganizationId,
    request: PageRequest,
    wanted: TransactionFilter,
) -> AsyncIterator[TransactionView]:
    """Yield every transaction of the filter, a few at a time, in the asked order."""
    conditions = _conditions(organization_id, request, wanted)
    order = request.order_by(SORTS, default="-started_at", key="t.id")
    async with database.reads(organization_id) as connection:
        rows = connection.cursor(
            joined(COLUMNS, conditions.where, order), *conditions.values, prefetch=500
        )
        async for row in rows:
            yield transaction_view(row)


async def _summary(connection: ReadConnection, conditions: Conditions) -> TransactionSummary:
    sums = await connection.fetch(joined(SUMMARY, conditions.where), *conditions.values)
    costs = await connection.fetch(
        joined(
            COSTS,
            conditions.where,
            "AND t.cost_amount IS NOT NULL GROUP BY t.currency ORDER BY t.currency",
        ),
        *conditions.values,
    )
    (row,) = sums
    return TransactionSummary(
        total=row["total"],
        open=row["open"],
        energy_wh=optional_number(row["energy_wh"]) or 0,
        duration_s=row["duration_s"],
        costs=[money_view(cost["amount"], cost["currency"]) for cost in costs],
    )


def transaction_view(row: Row) -> TransactionView:
    """Return one row of `COLUMNS` as a transaction."""
    energy_wh = row["energy_wh"]
    if row["status"] != "ENDED":
        register = row["last_register_wh"]
        energy_wh = None if register is None else max(register - row["meter_start_wh"], 0)
    return TransactionView(
        id=row["id"],
        ocpp_transaction_id=str(row["id"]),
        charger_id=row["charger_id"],
        charge_point_id=row["charge_point_id"],
        station_id=row["station_id"],
        station_name=row["station_name"],
        time_zone=row["time_zone"],
        connector_id=row["connector_id"],
        id_tag=row["id_tag"],
        user_id=row["user_id"],
        user_name=row["user_name"],
        status=row["status"],
        status_reason=row["status_reason"],
        authorization_status=row["authorization_status"],
        started_at=row["started_at"],
        stopped_at=row["stopped_at"],
        stop_reason=row["stop_reason"],
        stop_source=row["stop_source"],
        meter_start_wh=optional_number(row["meter_start_wh"]) or 0,
        meter_stop_wh=optional_number(row["meter_stop_wh"]),
        energy_wh=optional_number(energy_wh),
        energy_basis=row["energy_basis"],
        power_w=optional_number(row["last_power_w"]),
        soc_percent=optional_number(row["last_soc"]),
        cost=optional_money(row["cost_amount"], row["currency"]),
        is_billable=row["is_billable"],
        billing_status=row["billing_status"],
        billing_error=row["billing_error"],
        tariff_id=row["tariff_id"],
        reconcile_by=row["reconcile_by"],
        received_at=row["received_at"],
    )
