"""Lists on a terminal or in a pipe: aligned columns, or JSON."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
import typer


def print_json(value: Any) -> None:
    """Print as JSON: moments end in Z, decimals are texts."""
    plain = msgspec.json.decode(msgspec.json.encode(value))
    typer.echo(json.dumps(plain, indent=2, ensure_ascii=False))


def print_table(heads: Sequence[str], rows: Sequence[Sequence[object]], *, empty: str) -> None:
    """Print rows under their heads, or the sentence `empty` when there are none."""
    if not rows:
        typer.echo(empty)
        return
    cells = [list(heads), *[[_cell(value) for value in row] for row in rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
    for row in cells:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.echo("  ".join(padded).rstrip())


def moment_text(moment: datetime | None) -> str:
    """Return a moment to the second in UTC, or a dash."""
    if moment is None:
        return "-"
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def _cell(value: object) -> str:
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case datetime():
            return moment_text(value)
        case _:
            # What chargers and people entered must not move the terminal's cursor.
            return "".join(
                c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(value)
            )
