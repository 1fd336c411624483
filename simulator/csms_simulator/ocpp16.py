"""The one door to the public `ocpp` library: OCPP 1.6 frames, payload types and schemas."""

import json
from dataclasses import dataclass
from typing import Any, Literal

import ocpp.messages  # type: ignore[import-untyped]
from ocpp.charge_point import (  # type: ignore[import-untyped]
    remove_nones,
    serialize_as_dict,
    snake_to_camel_case,
)
from ocpp.exceptions import OCPPError  # type: ignore[import-untyped]
from ocpp.messages import Call, CallError, CallResult
from ocpp.v16 import call, call_result, enums  # type: ignore[import-untyped]

from csms_simulator.errors import CallRefusedError, InvalidFrameError

__all__ = [
    "DecodedFrame",
    "Payload",
    "call",
    "call_result",
    "check_request",
    "check_result",
    "decode",
    "encode_call",
    "encode_error",
    "encode_result",
    "enums",
    "is_known_action",
    "to_wire",
]

Payload = dict[str, Any]
FrameKind = Literal["CALL", "CALLRESULT", "CALLERROR"]

# The library names this one as OCPP 2.0.1 does; 1.6 keeps its own spelling (OCPP-J 1.6 §4.2.3).
SPELLINGS_1_6 = {"FormatViolation": "FormationViolation"}

# A thread per validation costs more than the validation; the library documents this switch.
ocpp.messages.ASYNC_VALIDATION = False


@dataclass(frozen=True, slots=True)
class DecodedFrame:
    """One OCPP-J frame taken apart; `action` only on a CALL, `code` only on a CALLERROR."""

    kind: FrameKind
    message_id: str
    payload: Payload
    action: str = ""
    code: str = ""
    description: str = ""


def to_wire(message: object) -> Payload:
    """Turn one of the library's `call` or `call_result` objects into its JSON members."""
    payload: Payload = snake_to_camel_case(remove_nones(serialize_as_dict(message)))
    return payload


def encode_call(message_id: str, action: str, payload: Payload) -> str:
    """Write a CALL frame (OCPP-J 1.6 §4.2.1)."""
    return str(Call(message_id, action, payload).to_json())


def encode_result(message_id: str, payload: Payload) -> str:
    """Write a CALLRESULT frame (OCPP-J 1.6 §4.2.2)."""
    return str(CallResult(message_id, payload).to_json())


def encode_error(message_id: str, code: str, description: str, details: Payload) -> str:
    """Write a CALLERROR frame (OCPP-J 1.6 §4.2.3)."""
    return str(CallError(message_id, code, description, details).to_json())


def decode(text: str | bytes) -> DecodedFrame:
    """Take one frame apart.

    Raises InvalidFrameError for what is no CALL, CALLRESULT or CALLERROR.
    """
    try:
        frame = ocpp.messages.unpack(text)
    except (OCPPError, IndexError, KeyError) as error:
        raise InvalidFrameError(f"not an OCPP-J frame: {text!r:.120}") from error
    if isinstance(frame, Call):
        return DecodedFrame("CALL", str(frame.unique_id), frame.payload, action=str(frame.action))
    if isinstance(frame, CallResult):
        return DecodedFrame("CALLRESULT", str(frame.unique_id), frame.payload)
    return DecodedFrame(
        "CALLERROR",
        str(frame.unique_id),
        frame.error_details or {},
        code=str(frame.error_code),
        description=str(frame.error_description),
    )


def is_known_action(action: str) -> bool:
    """Say whether OCPP 1.6 or its security extension names this action."""
    return action in {member.value for member in enums.Action}


async def check_request(message_id: str, action: str, payload: Payload) -> None:
    """Check a CALL's payload against the OCA's schema.

    Raises CallRefusedError with the error code that belongs to the violation.
    """
    try:
        await ocpp.messages.validate_payload(Call(message_id, action, _copy(payload)), "1.6")
    except OCPPError as error:
        code = SPELLINGS_1_6.get(error.code, error.code)
        raise CallRefusedError(code, _cause(error)) from error


async def check_result(action: str, payload: Payload) -> None:
    """Check a CALLRESULT's payload against the OCA's schema.

    Raises InvalidFrameError when it does not fit.
    """
    try:
        await ocpp.messages.validate_payload(CallResult("", _copy(payload), action), "1.6")
    except OCPPError as error:
        raise InvalidFrameError(f"answer to {action} breaks its schema: {_cause(error)}") from error


def _copy(payload: Payload) -> Payload:
    # The library swaps floats for decimals inside the object that it validates.
    copied: Payload = json.loads(json.dumps(payload))
    return copied


def _cause(error: Any) -> str:
    cause = error.details.get("cause") if isinstance(error.details, dict) else None
    return str(cause or error.description)[:255]
