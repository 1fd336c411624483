"""One transaction with energy and cost explained, and its readings."""

from decimal import Decimal
from typing import Any

import msgspec

from csms.domain.tariffs.rating import Usage, cost_so_far
from csms.domain.tariffs.terms import TariffTerms
from csms.kernel.errors import NotFoundError
from csms.kernel.ids import OrganizationId, TransactionId, UserId
from csms.reads.amounts import MoneyView, money_view, optional_money, optional_price, price_text
from csms.reads.database import ReadDatabase, Row
from csms.reads.ledger import TRANSFERS, TransferView, transfer_view
from csms.reads.moments import Moment
from csms.reads.page import Page, PageRequest, joined
from csms.reads.signed_readings import SignedSummary, signed_summary
from csms.reads.transactions import COLUMNS, TransactionView, transaction_view


class TransactionNotFoundError(NotFoundError):
    """No such session, or not this person's."""


class TermsView(msgspec.Struct, frozen=True):
    """The price as it was fixed at the start: decimal strings, tax included."""

    tariff_id: int
    name: str
    currency: str
    price_per_kwh: str
    price_per_minute: str | None
    price_per_session: str | None
    idle_price_per_minute: str | None
    idle_grace_minutes: int | None
    tax_percent: str | None


class TransactionDetail(TransactionView, frozen=True, kw_only=True):
    """A session with how each kWh and each cent was computed.

    `energy_explained` and `cost_explained` are null until there is a figure to explain. While the
    session is open, `cost_so_far` is what it has cost by its last good reading, `last_reading_at`,
    and `limit` is what was put aside for it: once that is used up the charger is asked to stop.
    """

    charger_started_at: str
    charger_stopped_at: str | None
    stop_id_tag: str | None
    stop_received_at: Moment | None
    has_charger_stop: bool
    reservation_number: int | None
    remote_start_operation_id: int | None
    note: str | None
    tariff: TermsView | None
    cost_so_far: MoneyView | None
    last_reading_at: Moment | None
    limit: MoneyView | None
    energy_explained: Any
    cost_explained: Any
    signed_readings: SignedSummary | None
    transfers: list[TransferView]


async def get_transaction(
    database: ReadDatabase,
    organization_id: OrganizationId,
    transaction_id: TransactionId,
    *,
    of_user: UserId | None = None,
) -> TransactionDetail:
    """Return one session; with `of_user` only if it is that person's.

    Raises TransactionNotFoundError.
    """
    async with database.reads(organization_id) as connection:
        row = await connection.fetchrow(
            joined(
                COLUMNS,
                "WHERE t.organization_id = $1 AND t.id = $2",
                "AND ($3::bigint IS NULL OR t.user_id = $3)",
            ),
            organization_id,
            transaction_id,
            of_user,
        )
        if row is None:
            raise TransactionNotFoundError(
                f"no transaction {transaction_id}", transaction_id=transaction_id
            )
        transfers = await connection.fetch(
            joined(TRANSFERS, "WHERE t.transaction_id = $1 ORDER BY t.id"), transaction_id
        )
        signed = await signed_summary(connection, organization_id, transaction_id)
    view = transaction_view(row)
    return TransactionDetail(
        **{name: getattr(view, name) for name in TransactionView.__struct_fields__},
        charger_started_at=row["charger_started_at"],
        charger_stopped_at=row["charger_stopped_at"],
        stop_id_tag=row["stop_id_tag"],
        stop_received_at=row["stop_received_at"],
        has_charger_stop=row["has_charger_stop"],
        reservation_number=row["reservation_number"],
        remote_start_operation_id=row["remote_start_operation_id"],
        note=row["note"],
        tariff=_terms(row["tariff_terms"]),
        cost_so_far=_cost_so_far(row),
        last_reading_at=row["last_sampled_at"],
        limit=_limit(row),
        energy_explained=parsed(row["explanation"]),
        cost_explained=parsed(row["bill_explanation"]),
        signed_readings=signed,
        transfers=[transfer_view(t, row["user_id"]) for t in transfers],
    )


def _cost_so_far(row: Row) -> MoneyView | None:
    """Return the cost of an open session up to its last good reading, with its fixed terms."""
    register = row["last_register_wh"]
    if row["status"] == "ENDED" or not row["is_billable"] or row["tariff_terms"] is None:
        return None
    if register is None:
        return None
    terms = msgspec.json.decode(row["tariff_terms"], type=TariffTerms)
    lasted = row["last_sampled_at"] - row["started_at"]
    usage = Usage(
        energy_wh=max(register - row["meter_start_wh"], Decimal(0)),
        duration_s=Decimal(max(0, int(lasted.total_seconds()))),
    )
    return money_view(cost_so_far(terms, usage), terms.currency)


def _limit(row: Row) -> MoneyView | None:
    if row["status"] == "ENDED":
        return None
    return optional_money(row["hold_amount"], row["currency"])


def _terms(text: str | None) -> TermsView | None:
    if text is None:
        return None
    terms = msgspec.json.decode(text, type=TariffTerms)
    return TermsView(
        tariff_id=terms.tariff_id,
        name=terms.name,
        currency=terms.currency,
        price_per_kwh=price_text(terms.price_per_kwh),
        price_per_minute=optional_price(terms.price_per_minute),
        price_per_session=optional_price(terms.price_per_session),
        idle_price_per_minute=optional_price(terms.idle_price_per_minute),
        idle_grace_minutes=terms.idle_grace_minutes,
        tax_percent=optional_price(terms.tax_percent),
    )


def parsed(text: str | None) -> Any:
    """Return stored JSON as it goes out; a plain sentence stays one."""
    if text is None:
        return None
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


METER_SORTS = {"timestamp": "m.sampled_at", "received_at": "m.received_at"}
METER_VALUES = """
SELECT m.sampled_at, m.received_at, m.connector_id, m.is_suspect, m.is_inferred,
  sample.value AS sample
FROM meter_value m CROSS JOIN LATERAL
  json_array_elements(m.samples::json) WITH ORDINALITY AS sample(value, place)
WHERE m.organization_id = $1 AND m.transaction_id = $2
"""
METER_COUNT = """
SELECT coalesce(sum(json_array_length(m.samples::json)), 0)::bigint FROM meter_value m
WHERE m.organization_id = $1 AND m.transaction_id = $2
"""


class _Sample(msgspec.Struct):
    measurand: str
    value: float | str
    unit: str | None = None
    phase: str | None = None
    context: str | None = None
    location: str | None = None
    format: str | None = None


class MeterValueView(msgspec.Struct, frozen=True):
    """One sampled value in canonical units; `value` is text only where it is signed data."""

    timestamp: Moment
    received_at: Moment
    connector_id: int
    measurand: str
    value: float | str
    unit: str | None
    phase: str | None
    context: str | None
    location: str | None
    format: str | None
    is_suspect: bool
    is_inferred: bool


async def list_meter_values(
    database: ReadDatabase,
    organization_id: OrganizationId,
    transaction_id: TransactionId,
    request: PageRequest,
) -> Page[MeterValueView]:
    """Return a page of a session's readings, the oldest first."""
    order = request.order_by(METER_SORTS, default="timestamp", key="m.id")
    async with database.reads(organization_id) as connection:
        total = await connection.fetchval(METER_COUNT, organization_id, transaction_id)
        rows = await connection.fetch(
            joined(METER_VALUES, order + ", sample.place", "LIMIT $3 OFFSET $4"),
            organization_id,
            transaction_id,
            request.limit,
            request.offset,
        )
    return Page([_meter_value(row) for row in rows], total, request.page, request.limit)


def _meter_value(row: Row) -> MeterValueView:
    sample = msgspec.json.decode(row["sample"], type=_Sample, strict=False)
    return MeterValueView(
        timestamp=row["sampled_at"],
        received_at=row["received_at"],
        connector_id=row["connector_id"],
        measurand=sample.measurand,
        value=_figure(sample.value),
        unit=sample.unit,
        phase=sample.phase,
        context=sample.context,
        location=sample.location,
        format=sample.format,
        is_suspect=row["is_suspect"],
        is_inferred=row["is_inferred"],
    )


def _figure(value: float | str) -> float | str:
    """Return a figure as JSON shows it: whole where it is whole."""
    try:
        number = float(value)
    except ValueError:
        return value
    return int(number) if number.is_integer() else number
