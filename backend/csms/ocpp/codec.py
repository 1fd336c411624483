"""From the payload of a frame to a wire type and back, checked both ways (RULES of the codec).

Strict reading comes first and is fast; only what it refuses goes through the leniency rules.
Error classes: OCPP-J 1.6 §4.2.3, E 3.24, E 3.38.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from csms.ocpp.catalog import ActionSpec, Sender, actions_of, find_action, validate_payload
from csms.ocpp.errors import (
    InternalFailureError,
    PropertyConstraintError,
    UnknownActionError,
    UnsupportedActionError,
)
from csms.ocpp.frames import find_message_id
from csms.ocpp.leniency import LENIENT, Repair
from csms.ocpp.readings import faults_of_payload_readings
from csms.ocpp.repair import repair
from csms.ocpp.schema import SchemaFault, error_of, faults_of_payload
from csms.ocpp.tolerant_json import read_tolerantly, without_decimals
from csms.ocpp.v16.checks import CHECKS, Check
from csms.ocpp.v16.schemas import Kind, load_schema
from csms.ocpp.v16.types import WireType

__all__ = [
    "EMPTY_PAYLOAD",
    "Decoded",
    "DecodedResponse",
    "decode_request",
    "decode_response",
    "encode_payload",
    "encode_request",
    "encode_response",
    "encode_trusted",
    "find_message_id",
    "validate_payload",
]

# The payload of every answer without members.
EMPTY_PAYLOAD: Final = b"{}"

_READINGS: Final = frozenset({"MeterValues", "StopTransaction"})
_LIST_EMPTIED: Final = frozenset({"empty-array", "sample-set-aside"})
_encode = msgspec.json.Encoder().encode


class Decoded(msgspec.Struct, frozen=True, gc=False):
    """A request as its wire type, with the repairs that were needed to read it."""

    request: WireType
    repairs: tuple[Repair, ...] = ()


class DecodedResponse(msgspec.Struct, frozen=True):
    """An answer as its wire type, with the repairs that were needed to read it."""

    response: WireType
    repairs: tuple[Repair, ...] = ()


_Read = tuple[WireType, tuple[Repair, ...]]


class _Wire(msgspec.Struct, frozen=True):
    action: str
    kind: Kind
    type: type[WireType]
    decode: Callable[[bytes], WireType]
    check: Check | None


def _wire(spec: ActionSpec, kind: Kind) -> _Wire:
    wire_type = spec.request_type if kind == "request" else spec.response_type
    decoder = msgspec.json.Decoder(wire_type)
    return _Wire(spec.name, kind, wire_type, decoder.decode, CHECKS.get(wire_type))


_REQUESTS: Final = {spec.name: _wire(spec, "request") for spec in actions_of("1.6")}
_RESPONSES: Final = {spec.name: _wire(spec, "response") for spec in actions_of("1.6")}
_FROM_CHARGER: Final = {
    spec.name: _REQUESTS[spec.name]
    for spec in actions_of("1.6")
    if spec.sender is not Sender.CENTRAL_SYSTEM
}
_BY_TYPE: Final[Mapping[type, _Wire]] = {
    wire.type: wire for table in (_REQUESTS, _RESPONSES) for wire in table.values()
}


def decode_request(
    action: str, payload_raw: bytes | msgspec.Raw, *, rules: frozenset[str] = LENIENT
) -> Decoded:
    """Read what a charger asks of us, repairing under the given leniency rules.

    Raises a `WireError` whose class says which CALLERROR it earns.
    """
    wire = _FROM_CHARGER.get(action)
    if wire is None:
        if find_action("1.6", action) is None:
            raise UnknownActionError(f"OCPP 1.6 has no action {action[:50]!r}")
        raise UnsupportedActionError(f"{action} is not for a Central System")
    message, repairs = _decode(wire, bytes(payload_raw), rules)
    return Decoded(message, repairs)


def decode_response(
    action: str, payload_raw: bytes | msgspec.Raw, *, rules: frozenset[str] = LENIENT
) -> DecodedResponse:
    """Read what a charger answers to a request of ours.

    Raises a `WireError` when the answer is invalid; `UnknownActionError` for an unknown action.
    """
    wire = _RESPONSES.get(action)
    if wire is None:
        raise UnknownActionError(f"OCPP 1.6 has no action {action[:50]!r}")
    message, repairs = _decode(wire, bytes(payload_raw), rules)
    return DecodedResponse(message, repairs)


def encode_request(request: WireType) -> bytes:
    """The compact JSON of a request, members in the schema's order, checked against it.

    Raises a `WireError` that names the member when a value is not allowed on the wire.
    """
    return _encode_checked(request, "request")


def encode_response(response: WireType) -> bytes:
    """The compact JSON of an answer, checked like `encode_request`."""
    return _encode_checked(response, "response")


def encode_trusted(message: WireType) -> bytes:
    """The compact JSON without a check, for values that were made by our own formatters."""
    return _encode(message)


def encode_payload(action: str, kind: Kind, payload: Mapping[str, Any]) -> bytes:
    """The compact JSON of a raw payload, members in the schema's order where it knows them.

    The payload is sent as it is; `validate_payload` says whether it should be.
    """
    return _encode(_in_order(load_schema(action, kind, "fixed"), payload))


def _decode(wire: _Wire, data: bytes, rules: frozenset[str]) -> _Read:
    try:
        message = wire.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return _decode_slowly(wire, data, rules)
    # An escaped NUL passes strict reading and no text column takes it.
    if (wire.check is not None and not wire.check(message)) or (
        b"\\" in data and b"\\u0000" in data
    ):
        return _decode_slowly(wire, data, rules)
    return message, ()


def _decode_slowly(wire: _Wire, data: bytes, rules: frozenset[str]) -> _Read:
    payload, repairs = read_tolerantly(data, rules)
    schema = load_schema(wire.action, wire.kind, "wire")
    # Null is the specified other notation of a payload without members (OCPP-J 1.6 §4.2.1).
    if payload is None and not schema.get("required"):
        payload = {}
    repaired, more = repair(wire.action, payload, rules, kind=wire.kind)
    repairs.extend(more)
    faults = [
        fault
        for fault in _faults(wire, repaired)
        if not (_is_emptied_list(fault) and any(done.rule in _LIST_EMPTIED for done in more))
    ]
    if faults:
        raise error_of(faults)
    try:
        message = msgspec.convert(without_decimals(repaired), wire.type)
    except (msgspec.ValidationError, RecursionError) as error:
        raise InternalFailureError(f"wire type and schema disagree: {error}") from error
    return message, tuple(repairs)


def _faults(wire: _Wire, payload: Any) -> list[SchemaFault]:
    faults = faults_of_payload(load_schema(wire.action, wire.kind, "wire"), payload)
    if wire.kind == "request" and wire.action in _READINGS and isinstance(payload, dict):
        faults += faults_of_payload_readings(payload)
    return faults


def _is_emptied_list(fault: SchemaFault) -> bool:
    return fault.keyword == "minItems" and fault.path == "meterValue"


def _encode_checked(message: WireType, kind: Kind) -> bytes:
    wire = _BY_TYPE.get(type(message))
    if wire is None or wire.kind != kind:
        raise TypeError(f"{type(message).__name__} is not a {kind} of OCPP 1.6")
    try:
        data = _encode(message)
    except UnicodeEncodeError as error:
        raise PropertyConstraintError("a text holds a lone surrogate") from error
    try:
        read_back = wire.decode(data)
        is_valid = wire.check is None or wire.check(read_back)
    except msgspec.ValidationError:
        is_valid = False
    if is_valid and b"\\u0000" not in data:
        return data
    faults = _faults(wire, msgspec.json.decode(data))
    if not faults:
        raise InternalFailureError(f"wire type and schema of {wire.action} disagree")
    raise error_of(faults)


def _in_order(schema: Mapping[str, Any], value: Any) -> Any:
    if isinstance(value, list):
        return [_in_order(schema.get("items", {}), item) for item in value]
    if not isinstance(value, Mapping):
        return value
    members: Mapping[str, Any] = schema.get("properties", {})
    names = [name for name in members if name in value]
    names += [name for name in value if name not in members]
    return {name: _in_order(members.get(name, {}), value[name]) for name in names}
