"""Repairs of single values: texts, numbers, times, enumerations (see `csms.ocpp.leniency`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum, auto
from typing import Any, Final

import msgspec

from csms.ocpp.errors import FormationError
from csms.ocpp.leniency import REPAIRS_MAX, Repair
from csms.ocpp.schema import Schema, faults_of
from csms.ocpp.timestamps import TimeFlag, TimestampError, format_timestamp, parse_timestamp
from csms.ocpp.v16.schemas import Kind
from csms.ocpp.v16.stand_ins import (
    ENUM_ALIASES,
    FIRST_CONNECTORS,
    FREE_TEXTS,
    MISSING_MEMBERS,
    TRANSACTION_IDS,
    UNKNOWN_ENUMS,
    UNKNOWN_TRANSACTION_ID,
    UNSET_CLOCK,
)

_NUMBER_LENGTH_MAX: Final = 40
_EPOCH_SECONDS_MIN, _EPOCH_MILLISECONDS_MIN = 10**8, 10**11
_BOOLEANS: Final[Mapping[str, bool]] = {"true": True, "false": False, "1": True, "0": False}
_json_text = msgspec.json.Encoder(decimal_format="number").encode


class _Absent(Enum):
    """Marks a member or item that a rule took away, or that was never there."""

    ABSENT = auto()


ABSENT: Final = _Absent.ABSENT


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: its path with indices, and without them for the tables."""

    path: str = ""
    pattern: str = ""

    def member(self, name: str) -> "Place":
        if not self.path:
            return Place(name, name)
        return Place(f"{self.path}.{name}", f"{self.pattern}.{name}")

    def item(self, index: int) -> "Place":
        return Place(f"{self.path}[{index}]", f"{self.pattern}[]")


@dataclass(slots=True)
class ValueRepairer:
    """Repairs the values of one payload under the enabled rules and keeps what it did."""

    action: str
    kind: Kind
    enabled: frozenset[str]
    repairs: list[Repair] = field(default_factory=list)

    def apply(self, rule: str, place: Place, raw: Any, repaired: Any) -> Any:
        """The repaired value, noted, when the rule is on; otherwise the raw one.

        Raises `FormationError` past `REPAIRS_MAX`.
        """
        if rule not in self.enabled:
            return raw
        if len(self.repairs) >= REPAIRS_MAX:
            raise FormationError(f"more than {REPAIRS_MAX} repairs would be needed", place.path)
        self.repairs.append(
            Repair(
                rule,
                place.path[:200],
                None if raw is ABSENT else raw,
                None if repaired is ABSENT else repaired,
            )
        )
        return repaired

    def scalar(self, schema: Schema, value: Any, place: Place) -> Any:
        match schema.get("type"):
            case "string":
                return self.text(schema, value, place)
            case "integer":
                return self.integer(schema, value, place)
            case "number":
                return self.number(schema, value, place)
            case "boolean":
                return self.boolean(value, place)
            case _:
                return value

    def has_stand_in(self, place: Place) -> bool:
        return self.kind == "request" and (self.action, place.pattern) in MISSING_MEMBERS

    def text(self, schema: Schema, value: Any, place: Place) -> Any:
        if schema.get("format") == "date-time":
            return self.timestamp(value, place)
        if isinstance(value, bool | int | float | Decimal):
            value = self.apply("scalar-for-text", place, value, _text_of(value))
        elif isinstance(value, dict | list) and (self.action, place.pattern) in FREE_TEXTS:
            value = self.apply("structure-for-text", place, value, _json_text(value).decode())
        if not isinstance(value, str):
            return value
        if "enum" in schema:
            return self.enum(schema["enum"], value, place)
        length_max = schema.get("maxLength")
        if length_max is not None and len(value) > length_max:
            return self.apply("overlong-text", place, value, value[:length_max])
        return value

    def enum(self, values: list[str], value: str, place: Place) -> str:
        if value in values:
            return value
        key = (self.action, place.pattern)
        folded = value.strip().casefold()
        for rule, candidates in (
            ("enum-case", {name.casefold(): name for name in values}),
            ("enum-alias", _folded(ENUM_ALIASES.get(key, {}))),
        ):
            if folded in candidates and rule in self.enabled:
                return str(self.apply(rule, place, value, candidates[folded]))
        if self.kind == "request" and key in UNKNOWN_ENUMS:
            return str(self.apply("unknown-enum", place, value, UNKNOWN_ENUMS[key]))
        return value

    def sampled(self, sample: dict[str, Any], place: Place) -> dict[str, Any]:
        """The sample with a decimal point; signed data is never touched."""
        value = sample.get("value")
        if not isinstance(value, str) or sample.get("format") == "SignedData":
            return sample
        whole, comma, places = value.strip().partition(",")
        if not (comma and places.isdigit() and whole.lstrip("+-").isdigit()):
            return sample
        repaired = self.apply("decimal-comma", place.member("value"), value, f"{whole}.{places}")
        return sample | {"value": repaired}

    def integer(self, schema: Schema, value: Any, place: Place) -> Any:
        raw = value
        if isinstance(value, str):
            number = _decimal_of(value)
            if number is not None:
                value = self.apply("text-for-integer", place, value, _rounded(number))
        elif isinstance(value, float | Decimal):
            number = _decimal_of(str(value))
            if number is not None:
                value = self.apply("number-for-integer", place, value, _rounded(number))
        key = (self.action, place.pattern)
        if key in FIRST_CONNECTORS and type(value) is int and value == 0:
            return self.apply("connector-zero", place, raw, 1)
        if key in TRANSACTION_IDS and raw is not None and faults_of(schema, value):
            return self.apply("unreadable-transaction-id", place, raw, UNKNOWN_TRANSACTION_ID)
        return value

    def number(self, schema: Schema, value: Any, place: Place) -> Any:
        if isinstance(value, str) and (number := _decimal_of(value)) is not None:
            value = self.apply("text-for-number", place, value, number)
        if isinstance(value, float | Decimal) and faults_of(schema, value):
            number = _decimal_of(str(value))
            if number is not None:
                return self.apply("excess-decimals", place, value, round(number, 1))
        return value

    def boolean(self, value: Any, place: Place) -> Any:
        if isinstance(value, str | int) and not isinstance(value, bool):
            word = str(value).strip().lower()
            if word in _BOOLEANS:
                return self.apply("text-for-boolean", place, value, _BOOLEANS[word])
        return value

    def timestamp(self, value: Any, place: Place) -> Any:
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            at = _time_of_epoch(value)
            if at is not None:
                return self.apply("epoch-timestamp", place, value, format_timestamp(at))
        if isinstance(value, str):
            try:
                parsed = parse_timestamp(value)
            except TimestampError:
                pass
            else:
                return self.odd_time(value, parsed.at_utc, parsed.flags, place)
        if self.has_stand_in(place) and value is not None:
            return self.apply("unreadable-timestamp", place, value, UNSET_CLOCK)
        return value

    def odd_time(self, value: str, at: datetime, flags: TimeFlag, place: Place) -> Any:
        if flags & TimeFlag.ODD_FORMAT:
            text = format_timestamp(at)
            # A spelling that also lacks its zone needs both rules.
            if flags & TimeFlag.MISSING_ZONE and "missing-zone" not in self.enabled:
                return value
            return self.apply("timestamp-format", place, value, text)
        if flags & TimeFlag.MISSING_ZONE:
            return self.apply("missing-zone", place, value, value + "Z")
        return value


def _folded(aliases: Mapping[str, str]) -> dict[str, str]:
    return {spelling.casefold(): value for spelling, value in aliases.items()}


def _text_of(value: bool | float | Decimal) -> str:  # noqa: FBT001
    return str(value).lower() if isinstance(value, bool) else str(value)


def _decimal_of(text: str) -> Decimal | None:
    text = text.strip()
    if len(text) > _NUMBER_LENGTH_MAX:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    # An exponent that would make a number of thousands of digits is no number of a charger.
    return number if number.is_finite() and abs(number.adjusted()) <= _NUMBER_LENGTH_MAX else None


def _rounded(number: Decimal) -> int:
    return int(number.to_integral_value())


def _time_of_epoch(value: float | Decimal) -> datetime | None:
    number = _decimal_of(str(value))
    if number is None or number < _EPOCH_SECONDS_MIN:
        return None
    seconds = number / 1000 if number >= _EPOCH_MILLISECONDS_MIN else number
    try:
        return datetime.fromtimestamp(float(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None
