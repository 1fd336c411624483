"""Transactions as a spreadsheet reads them."""

import csv
import io
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from typing import Final

from csms.reads.transactions import TransactionView

COLUMNS: Final = (
    "id",
    "charge_point_id",
    "station_name",
    "connector_id",
    "id_tag",
    "user_id",
    "user_name",
    "status",
    "started_at",
    "stopped_at",
    "stop_reason",
    "meter_start_wh",
    "meter_stop_wh",
    "energy_wh",
    "energy_basis",
    "cost_amount",
    "cost_currency",
    "billing_status",
)
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


async def csv_lines(transactions: AsyncIterator[TransactionView]) -> AsyncIterator[str]:
    """Yield the header and a line per transaction."""
    yield _line(COLUMNS)
    async for transaction in transactions:
        cost = transaction.cost
        shown = {
            "cost_amount": cost.amount if cost else "",
            "cost_currency": cost.currency if cost else "",
        }
        yield _line([shown[c] if c in shown else _cell(getattr(transaction, c)) for c in COLUMNS])


def _cell(value: object) -> object:
    match value:
        case None:
            return ""
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case str() if value.startswith(FORMULA_STARTS):
            return "'" + value  # a spreadsheet would run it as a formula
        case _:
            return value


def _line(cells: Iterable[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()
