"""The envelope of OCPP-J: reading and writing CALL, CALLRESULT and CALLERROR (OCPP-J 1.6 §4)."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from csms.ocpp.envelope import (
    ERROR_DESCRIPTION_LENGTH_MAX,
    ID_LENGTH_MAX,
    ID_LENGTH_TOLERATED,
    BadFrame,
    BadFrameReason,
    Call,
    CallError,
    CallResult,
    Frame,
)
from csms.ocpp.odd_frames import check_head, head_of, read_slowly

__all__ = [
    "ID_LENGTH_MAX",
    "ID_LENGTH_TOLERATED",
    "BadFrame",
    "BadFrameReason",
    "Call",
    "CallError",
    "CallResult",
    "Frame",
    "decode_frame",
    "encode_call",
    "encode_call_error",
    "encode_call_result",
    "find_message_id",
]

_json_text = msgspec.json.Encoder().encode
_read: Callable[[bytes | str], Call | CallResult | CallError] = msgspec.json.Decoder(
    Call | CallResult | CallError
).decode


def decode_frame(data: bytes | str, *, id_length_max: int = ID_LENGTH_TOLERATED) -> Frame:
    """Read one WebSocket message; what is no frame becomes a `BadFrame`. Never raises.

    Source: OCPP-J 1.6 §4.1.3, §4.1.4, §4.2. `id_length_max` is `ID_LENGTH_MAX` where strict.
    """
    try:
        frame = _read(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return read_slowly(data, id_length_max)
    if not 0 < len(frame.message_id) <= id_length_max or (
        "\\" in data if isinstance(data, str) else b"\\" in data
    ):
        return check_head(frame, id_length_max)
    return frame


def find_message_id(raw: bytes | str) -> str | None:
    """The message id at the head of a frame that may be broken further on, or None."""
    return head_of(raw)[1]


def encode_call(message_id: str, action: str, payload: bytes) -> bytes:
    """Write a CALL; `payload` is the compact JSON of its object (OCPP-J 1.6 §4.2.1)."""
    return b"[2,%b,%b,%b]" % (_json_text(message_id), _json_text(action), payload)


def encode_call_result(message_id: str, payload: bytes) -> bytes:
    """Write a CALLRESULT; `payload` is the compact JSON of its object (OCPP-J 1.6 §4.2.2)."""
    return b"[3,%b,%b]" % (_json_text(message_id), payload)


def encode_call_error(
    message_id: str, code: str, description: str = "", details: Mapping[str, Any] | None = None
) -> bytes:
    """Write a CALLERROR; a long description is cut (OCPP-J 1.6 §4.2.3)."""
    text = description[:ERROR_DESCRIPTION_LENGTH_MAX]
    return _json_text((4, message_id, code, text, details or {}))
