"""The frames of OCPP-J as values: CALL, CALLRESULT, CALLERROR, and what is none of them."""

from enum import StrEnum
from typing import Any, Final

import msgspec

ID_LENGTH_MAX: Final = 36
ID_LENGTH_TOLERATED: Final = 255
ACTION_LENGTH_MAX: Final = 255
ERROR_DESCRIPTION_LENGTH_MAX: Final = 255


class Call(
    msgspec.Struct, array_like=True, frozen=True, tag=2, forbid_unknown_fields=True, gc=False
):
    """A request; `payload_raw` is its JSON text, not yet read (OCPP-J 1.6 §4.2.1)."""

    message_id: str
    action: str
    payload_raw: msgspec.Raw


class CallResult(
    msgspec.Struct, array_like=True, frozen=True, tag=3, forbid_unknown_fields=True, gc=False
):
    """The answer to a request (OCPP-J 1.6 §4.2.2)."""

    message_id: str
    payload_raw: msgspec.Raw


class CallError(msgspec.Struct, array_like=True, frozen=True, tag=4, forbid_unknown_fields=True):
    """The refusal of a request; `code` is kept as sent (OCPP-J 1.6 §4.2.3)."""

    message_id: str
    code: str
    description: str
    details: dict[str, Any]


class BadFrameReason(StrEnum):
    """Why a frame could not be read."""

    NOT_UTF8 = "not_utf8"
    NOT_JSON = "not_json"
    TOO_DEEP = "too_deep"
    NOT_AN_ARRAY = "not_an_array"
    EMPTY = "empty"
    UNKNOWN_TYPE = "unknown_type"
    WRONG_ARITY = "wrong_arity"
    UNREADABLE_ID = "unreadable_id"
    ID_TOO_LONG = "id_too_long"
    UNREADABLE_ACTION = "unreadable_action"
    UNREADABLE_ERROR = "unreadable_error"


class BadFrame(msgspec.Struct, frozen=True):
    """What could not be read as a frame.

    `message_id` is set when one could be made out, and `is_call` when the head says that a
    request stood there, so that an answer is possible; an unknown message type is ignored
    (OCPP-J 1.6 §4.1.3).
    """

    reason: BadFrameReason
    message_id: str | None
    detail: str
    is_call: bool = False


Frame = Call | CallResult | CallError | BadFrame
