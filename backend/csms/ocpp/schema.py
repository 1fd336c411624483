"""Checking a payload against the subset of JSON Schema that the OCA's files use.

Slower than the wire types and exact about what is wrong: it names the faults that decide the
error code, and serves the raw-request API (OCPP-J 1.6 §4.2.3, EJ 3.6).
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from csms.ocpp.errors import (
    FormationError,
    OccurrenceError,
    PropertyConstraintError,
    TypeConstraintError,
    WireError,
)
from csms.ocpp.timestamps import is_rfc_3339

Keyword = Literal[
    "object",
    "additionalProperties",
    "required",
    "minItems",
    "maxItems",
    "type",
    "enum",
    "maxLength",
    "minimum",
    "maximum",
    "multipleOf",
    "format",
    "text",
]
Schema = Mapping[str, Any]

# What the checker understands; a test compares it with what the shipped files contain.
UNDERSTOOD_KEYWORDS = frozenset(
    {
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "minItems",
        "maxItems",
        "enum",
        "maxLength",
        "minimum",
        "maximum",
        "multipleOf",
        "format",
    }
)
IGNORED_KEYWORDS = frozenset(
    {"$schema", "$id", "id", "title", "comment", "javaType", "definitions", "additionalItems"}
)
URI_PATTERN = re.compile(r"^[A-Za-z][A-Za-z0-9+.\-]*:[^\s]+$")

_ERROR_OF: Mapping[Keyword, type[WireError]] = {
    "object": FormationError,
    "additionalProperties": FormationError,
    "required": OccurrenceError,
    "minItems": OccurrenceError,
    "maxItems": OccurrenceError,
    "type": TypeConstraintError,
    "enum": PropertyConstraintError,
    "maxLength": PropertyConstraintError,
    "minimum": PropertyConstraintError,
    "maximum": PropertyConstraintError,
    "multipleOf": PropertyConstraintError,
    "format": PropertyConstraintError,
    "text": PropertyConstraintError,
}
_GRAVEST_FIRST = (FormationError, OccurrenceError, TypeConstraintError, PropertyConstraintError)


@dataclass(frozen=True, slots=True)
class SchemaFault:
    """One way in which a payload breaks its schema; `path` is empty for the payload itself."""

    path: str
    keyword: Keyword
    detail: str


def error_of(faults: list[SchemaFault]) -> WireError:
    """The exception for the gravest fault: form, then occurrence, then type, then value."""
    gravest = min(faults, key=lambda fault: _GRAVEST_FIRST.index(_ERROR_OF[fault.keyword]))
    return _ERROR_OF[gravest.keyword](gravest.detail, gravest.path)


def faults_of_payload(schema: Schema, payload: Any) -> list[SchemaFault]:
    """Every fault of a payload; not being an object at all is one of its own."""
    if not isinstance(payload, dict):
        return [SchemaFault("", "object", "the payload is not a JSON object")]
    return faults_of(schema, payload)


def faults_of(schema: Schema, value: Any, path: str = "") -> list[SchemaFault]:
    """Every fault of a value against a schema without references, in document order."""
    return list(_walk(schema, value, path))


def _walk(schema: Schema, value: Any, path: str) -> Iterator[SchemaFault]:
    wanted = schema.get("type")
    if wanted is not None and not _has_type(wanted, value):
        yield SchemaFault(path, "type", f"expected {wanted}, got {type_name(value)}")
        return
    if isinstance(value, dict):
        yield from _walk_object(schema, value, path)
    elif isinstance(value, list):
        yield from _walk_array(schema, value, path)
    elif isinstance(value, str):
        yield from _walk_text(schema, value, path)
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        yield from _walk_number(schema, value, path)


def _walk_object(schema: Schema, value: dict[str, Any], path: str) -> Iterator[SchemaFault]:
    members: Schema = schema.get("properties", {})
    prefix = f"{path}." if path else ""
    for name, member in value.items():
        if name in members:
            yield from _walk(members[name], member, prefix + name)
        elif schema.get("additionalProperties") is False:
            yield SchemaFault(
                (prefix + name)[:200], "additionalProperties", "the message has no such member"
            )
    for name in schema.get("required", ()):
        if name not in value:
            yield SchemaFault(prefix + name, "required", "the member is required")


def _walk_array(schema: Schema, value: list[Any], path: str) -> Iterator[SchemaFault]:
    if len(value) < schema.get("minItems", 0):
        yield SchemaFault(path, "minItems", f"at least {schema['minItems']} item is needed")
    if "maxItems" in schema and len(value) > schema["maxItems"]:
        yield SchemaFault(path, "maxItems", f"at most {schema['maxItems']} items are allowed")
    items = schema.get("items")
    if items is not None:
        for index, item in enumerate(value):
            yield from _walk(items, item, f"{path}[{index}]")


def _walk_text(schema: Schema, value: str, path: str) -> Iterator[SchemaFault]:
    if "enum" in schema and value not in schema["enum"]:
        yield SchemaFault(path, "enum", f"{value[:50]!r} is not a value of this enumeration")
    if "maxLength" in schema and len(value) > schema["maxLength"]:
        detail = f"{len(value)} characters, at most {schema['maxLength']} are allowed"
        yield SchemaFault(path, "maxLength", detail)
    match schema.get("format"):
        case "date-time" if not is_rfc_3339(value):
            yield SchemaFault(path, "format", "not a date and time with a zone (RFC 3339)")
        case "uri" if not URI_PATTERN.match(value):
            yield SchemaFault(path, "format", "not a URI")
        case _:
            pass
    if "\x00" in value or (not value.isascii() and _has_surrogate(value)):
        yield SchemaFault(path, "text", "NUL and lone surrogates are not text")


def _walk_number(schema: Schema, value: float | Decimal, path: str) -> Iterator[SchemaFault]:
    if not _is_finite(value):
        yield SchemaFault(path, "maximum", "the number is out of range")
        return
    if "minimum" in schema and value < schema["minimum"]:
        yield SchemaFault(path, "minimum", f"at least {schema['minimum']} is required")
    if "maximum" in schema and value > schema["maximum"]:
        yield SchemaFault(path, "maximum", f"at most {schema['maximum']} is allowed")
    step = schema.get("multipleOf")
    if step is not None and not _is_multiple(value, step):
        yield SchemaFault(path, "multipleOf", f"not a multiple of {step}")


def _is_multiple(value: float | Decimal, step: float) -> bool:
    # In decimal digits, as §7.14 means it: in binary floats 8.1 is no multiple of 0.1.
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    unit = Decimal(str(step))
    if exact.adjusted() > 25:
        return exact == exact.to_integral_value()
    return exact % unit == 0


def _is_finite(value: float | Decimal) -> bool:
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False


def _has_surrogate(value: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in value)


def _has_type(wanted: str, value: Any) -> bool:
    match wanted:
        case "object":
            return isinstance(value, dict)
        case "array":
            return isinstance(value, list)
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
        case _:
            raise ValueError(f"the type {wanted!r} is not one that the OCA's schemas use")


def type_name(value: Any) -> str:
    """The JSON name of a value's type, for messages to people."""
    return _TYPE_NAMES.get(type(value), "object")


_TYPE_NAMES: Mapping[type, str] = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    float: "number",
    Decimal: "number",
    str: "string",
    list: "array",
}
