"""The audit as a spreadsheet or a program reads it: lines of CSV, or of JSON."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Final

import msgspec

from csms.reads.audit import AuditView

COLUMNS: Final = (
    "id",
    "at",
    "actor_user_id",
    "actor",
    "actor_name",
    "action",
    "target_kind",
    "target_id",
    "before",
    "after",
    "remote_address",
)
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


async def csv_of(entries: AsyncIterator[AuditView]) -> AsyncIterator[str]:
    """Yield the header and a line per entry; before and after as JSON."""
    yield _line(list(COLUMNS))
    async for entry in entries:
        plain = msgspec.to_builtins(entry)
        yield _line([_cell(plain[column]) for column in COLUMNS])


async def json_of(entries: AsyncIterator[AuditView]) -> AsyncIterator[bytes]:
    """Yield one JSON object a line."""
    async for entry in entries:
        yield msgspec.json.encode(entry) + b"\n"


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            # A spreadsheet would run it as a formula.
            return "'" + value if value.startswith(FORMULA_STARTS) else value
        case int():
            return str(value)
        case _:
            return msgspec.json.encode(value).decode()


def _line(cells: list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()
