"""The rows of a CSV file of chargers, each checked and named by its line."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from csms.domain.stations.credentials import KEY_LENGTH
from csms.domain.stations.registry_chargers import CHARGE_POINT_ID, MAX_CONNECTORS, MIN_KEY_BYTES
from csms.kernel.errors import InvalidError

REQUIRED: Final = ("charge_point_id", "station")
OPTIONAL: Final = (
    "password",
    "connectors",
    "power_kw",
    "name",
    "connector_type",
    "security_profile",
)
MAX_ROWS: Final = 200_000
MAX_NAME: Final = 200
MIN_POWER_KW: Final = Decimal("0.001")
MAX_POWER_KW: Final = 10_000
FAULTS_SHOWN: Final = 10
DEFAULT_POWER_KW: Final = Decimal(22)


class BadImportFileError(InvalidError):
    """The file has faults; each is named with its line, up to ten."""


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """One charger as the file describes it."""

    line: int
    charge_point_id: str
    station: str
    password: str | None
    connectors: int
    power_kw: Decimal
    name: str
    connector_type: str | None
    security_profile: int

    @property
    def needs_generated_key(self) -> bool:
        """Whether a key must be made for it."""
        return self.password is None and self.security_profile in {1, 2}


class _RowError(ValueError):
    pass


def read_rows(path: Path) -> list[ImportedRow]:
    """Return all rows of the file. Raises BadImportFileError naming every fault by its line."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            return _checked(path, csv.DictReader(file, strict=True))
    except OSError as error:
        raise BadImportFileError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadImportFileError(f"{path} is not UTF-8 text") from error


def _checked(path: Path, reader: "csv.DictReader[str]") -> list[ImportedRow]:
    rows: list[ImportedRow] = []
    faults: list[str] = []
    first_lines: dict[str, int] = {}
    for line, cells in _cells(path, reader):
        try:
            row = _row(line, cells)
            _require_new(row, first_lines)
            rows.append(row)
        except _RowError as error:
            faults.append(f"line {line}: {error}")
        if len(rows) + len(faults) > MAX_ROWS:
            raise BadImportFileError(f"{path} has more than {MAX_ROWS} rows; split it")
    if faults:
        more = [f"and {len(faults) - FAULTS_SHOWN} more"] if len(faults) > FAULTS_SHOWN else []
        raise BadImportFileError(
            "\n  ".join([f"{path} has {len(faults)} faults:", *faults[:FAULTS_SHOWN], *more])
        )
    if not rows:
        raise BadImportFileError(f"{path} holds no charger")
    return rows


def _cells(
    path: Path, reader: "csv.DictReader[str]"
) -> Iterator[tuple[int, Mapping[str | None, str | None]]]:
    try:
        heads = [(head or "").strip() for head in reader.fieldnames or ()]
        _check_heads(path, heads)
        reader.fieldnames = heads
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise BadImportFileError(f"{path} after line {reader.line_num}: {error}") from error


def _check_heads(path: Path, heads: list[str]) -> None:
    missing = [name for name in REQUIRED if name not in heads]
    unknown = [head for head in heads if head not in REQUIRED + OPTIONAL]
    if missing:
        raise BadImportFileError(
            f"{path}: the first line must name the columns; missing: {', '.join(missing)}"
        )
    if unknown:
        raise BadImportFileError(
            f"{path}: unknown columns {', '.join(map(repr, unknown))}; "
            f"known are {', '.join(REQUIRED + OPTIONAL)}"
        )
    if len(set(heads)) != len(heads):
        raise BadImportFileError(f"{path}: a column stands twice in the first line")


def _require_new(row: ImportedRow, first_lines: dict[str, int]) -> None:
    standing = first_lines.setdefault(row.charge_point_id, row.line)
    if standing != row.line:
        raise _RowError(f"{row.charge_point_id!r} stands in line {standing} already")


def _row(line: int, cells: Mapping[str | None, str | None]) -> ImportedRow:
    if None in cells:
        raise _RowError("more cells than columns")
    values = {name: (text or "").strip() for name, text in cells.items() if name is not None}
    name = values["charge_point_id"]
    if not (CHARGE_POINT_ID.fullmatch(name) and name.isprintable()):
        raise _RowError(
            f"charge_point_id {name[:60]!r} must have 1 to 48 printable characters "
            "without / \\ ? # %"
        )
    if not values["station"]:
        raise _RowError("station is empty")
    profile = _whole(values, "security_profile", 1, 0, 3)
    # Blanks may be part of a password.
    password = cells.get("password") or None
    if password is not None and not MIN_KEY_BYTES <= len(password.encode()) <= KEY_LENGTH:
        raise _RowError(f"password must have {MIN_KEY_BYTES} to {KEY_LENGTH} bytes")
    if password is not None and profile == 0:
        raise _RowError("security profile 0 has no password")
    return ImportedRow(
        line=line,
        charge_point_id=name,
        station=values["station"],
        password=password,
        connectors=_whole(values, "connectors", 1, 1, MAX_CONNECTORS),
        power_kw=_power(values.get("power_kw", "")),
        name=_text(values, "name") or name,
        connector_type=_text(values, "connector_type"),
        security_profile=profile,
    )


def _text(values: Mapping[str, str], column: str) -> str | None:
    text = values.get(column) or None
    if text is not None and (len(text) > MAX_NAME or not text.isprintable()):
        raise _RowError(f"{column} must have at most {MAX_NAME} printable characters")
    return text


def _whole(values: Mapping[str, str], column: str, default: int, least: int, most: int) -> int:
    text = values.get(column) or str(default)
    if not (text.isascii() and text.isdecimal() and len(text) < 9 and least <= int(text) <= most):
        raise _RowError(f"{column} must be a whole number from {least} to {most}, not {text!r}")
    return int(text)


def _power(text: str) -> Decimal:
    if not text:
        return DEFAULT_POWER_KW
    try:
        power_kw = Decimal(text)
    except InvalidOperation:
        power_kw = Decimal("NaN")
    if not (power_kw.is_finite() and MIN_POWER_KW <= power_kw <= MAX_POWER_KW):
        raise _RowError(
            f"power_kw must be a number from {MIN_POWER_KW} to {MAX_POWER_KW}, not {text[:40]!r}"
        )
    return power_kw.quantize(MIN_POWER_KW)
