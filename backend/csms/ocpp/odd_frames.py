"""Reading the frames that the fast decoder refuses: unusual ones are read, bad ones explained.

A byte order mark, NaN, lone surrogates and missing members of a CALLERROR are only unusual.
"""

import json
import math
import re
from typing import Any, Final

import msgspec

from csms.ocpp.envelope import (
    ACTION_LENGTH_MAX,
    BadFrame,
    BadFrameReason,
    Call,
    CallError,
    CallResult,
    Frame,
)

_ARITY: Final = {2: 4, 3: 3, 4: 5}
_HEAD_LENGTH_MAX: Final = 4096
_HEAD = re.compile(r'\s*\[\s*(-?\d{1,9})\s*,\s*("(?:[^"\\]|\\.)*")', re.DOTALL)
_SPACE = re.compile(r"[ \t\r\n]*")


def _number(text: str) -> int | float:
    # Python refuses to read integers of thousands of digits; only the message type matters here.
    return int(text) if len(text) <= 18 else float(text)


_scan = json.JSONDecoder(parse_int=_number).raw_decode


def check_head(frame: Call | CallResult | CallError, id_length_max: int) -> Frame:
    is_call = isinstance(frame, Call)
    fault = _fault_of_id(frame.message_id, id_length_max)
    if fault is not None:
        return _bad_id(fault, frame.message_id, is_call=is_call)
    match frame:
        case Call() if not _is_name(frame.action):
            return _bad_action(frame.message_id)
        case CallError():
            return _call_error(frame.message_id, frame.code, frame.description, frame.details)
        case _:
            return frame


def _fault_of_id(message_id: object, id_length_max: int) -> BadFrameReason | None:
    if not isinstance(message_id, str) or not _is_name(message_id, length_max=None):
        return BadFrameReason.UNREADABLE_ID
    return BadFrameReason.ID_TOO_LONG if len(message_id) > id_length_max else None


def _is_name(value: str, length_max: int | None = ACTION_LENGTH_MAX) -> bool:
    if not value or "\x00" in value or (length_max is not None and len(value) > length_max):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _bad_id(reason: BadFrameReason, message_id: object, *, is_call: bool) -> BadFrame:
    if reason is BadFrameReason.ID_TOO_LONG and isinstance(message_id, str):
        return BadFrame(reason, message_id, f"{len(message_id)} characters", is_call)
    return BadFrame(reason, None, "no text that can be answered to", is_call)


def _bad_action(message_id: str) -> BadFrame:
    reason = BadFrameReason.UNREADABLE_ACTION
    return BadFrame(reason, message_id, "the action is no name", is_call=True)


def _call_error(message_id: str, code: object, description: object, details: object) -> Frame:
    """A CALLERROR whose lesser members may be missing or odd; only the code must be text."""
    if not isinstance(code, str):
        reason = BadFrameReason.UNREADABLE_ERROR
        return BadFrame(reason, message_id, "the error code is no text")
    text = description if isinstance(description, str) else ""
    members = details if isinstance(details, dict) else {}
    return CallError(message_id, _storable(code), _storable(text), _storable(members))


def _storable(value: Any) -> Any:
    """The value without NUL and lone surrogates, which no text column takes."""
    match value:
        case str():
            return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
        case dict():
            return {_storable(name): _storable(member) for name, member in value.items()}
        case list():
            return [_storable(item) for item in value]
        case float() if not math.isfinite(value):
            return None
        case _:
            return value


def read_slowly(data: bytes | str, id_length_max: int) -> Frame:
    """Say what is wrong, and read the frames that are only unusual: BOM, NaN, lone surrogates."""
    text = _decoded(data)
    type_id, message_id = head_of(text)
    is_call = type_id == 2
    try:
        elements = _split(text.removeprefix("\ufeff"))
        return _assemble(elements, id_length_max)
    except RecursionError:
        return BadFrame(BadFrameReason.TOO_DEEP, message_id, "nested too deeply", is_call)
    except _NotAnArrayError as error:
        return BadFrame(BadFrameReason.NOT_AN_ARRAY, message_id, str(error), is_call)
    except ValueError as error:
        reason = BadFrameReason.NOT_JSON if _is_utf8(data) else BadFrameReason.NOT_UTF8
        return BadFrame(reason, message_id, str(error)[:200], is_call)


def _decoded(data: bytes | str) -> str:
    # Bytes that are not UTF-8 become lone surrogates, so that a payload keeps them as they were.
    return data if isinstance(data, str) else data.decode("utf-8", "surrogateescape")


def _is_utf8(data: bytes | str) -> bool:
    try:
        if isinstance(data, str):
            data.encode()
        else:
            data.decode()
    except UnicodeError:
        return False
    return True


def head_of(raw: bytes | str) -> tuple[int | None, str | None]:
    text = _decoded(raw[:_HEAD_LENGTH_MAX]).removeprefix("\ufeff")
    match = _HEAD.match(text)
    if match is None:
        return None, None
    try:
        message_id = json.loads(match[2], strict=False)
    except ValueError:
        return int(match[1]), None
    return int(match[1]), message_id if _fault_of_id(message_id, _HEAD_LENGTH_MAX) is None else None


class _NotAnArrayError(Exception):
    """The text is JSON and no array."""


def _split(text: str) -> list[tuple[Any, str]]:
    """The elements of a JSON array, each with its own text; ValueError when it is not JSON."""
    at = _after_space(text, 0)
    if text[at : at + 1] != "[":
        _, end = _scan(text, at)
        if _after_space(text, end) != len(text):
            raise ValueError(f"more text at character {end}")
        raise _NotAnArrayError("the message is not a JSON array")
    elements: list[tuple[Any, str]] = []
    at = _after_space(text, at + 1)
    is_open = text[at : at + 1] != "]"
    while is_open:
        value, end = _scan(text, at)
        elements.append((value, text[at:end]))
        at = _after_space(text, end)
        if text[at : at + 1] not in {",", "]"}:
            raise ValueError(f"expected ',' or ']' at character {at}")
        is_open = text[at] == ","
        at = _after_space(text, at + 1) if is_open else at
    if _after_space(text, at + 1) != len(text):
        raise ValueError(f"more text after the array at character {at + 1}")
    return elements


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _assemble(elements: list[tuple[Any, str]], id_length_max: int) -> Frame:
    bad = _fault_of_shape(elements, id_length_max)
    if bad is not None:
        return bad
    type_id, message_id = elements[0][0], elements[1][0]
    if type_id == 3:
        return CallResult(message_id, _raw(elements[2][1]))
    if type_id == 4:
        values = [value for value, _ in elements[2:]] + [None, None]
        return _call_error(message_id, values[0], values[1], values[2])
    action, payload_text = elements[2][0], elements[3][1]
    if not isinstance(action, str) or not _is_name(action):
        return _bad_action(message_id)
    return Call(message_id, action, _raw(payload_text))


def _fault_of_shape(elements: list[tuple[Any, str]], id_length_max: int) -> BadFrame | None:
    if not elements:
        return BadFrame(BadFrameReason.EMPTY, None, "the array is empty")
    type_id, message_id = elements[0][0], elements[1][0] if len(elements) > 1 else None
    fault = _fault_of_id(message_id, id_length_max)
    if type(type_id) is not int or type_id not in _ARITY:
        readable = None if fault else message_id
        return BadFrame(BadFrameReason.UNKNOWN_TYPE, readable, f"type {str(type_id)[:40]}")
    if fault is not None:
        return _bad_id(fault, message_id, is_call=type_id == 2)
    # Chargers leave out the description or the details of a CALLERROR.
    if len(elements) != _ARITY[type_id] and not (type_id == 4 and len(elements) in {3, 4}):
        detail = f"{len(elements)} elements instead of {_ARITY[type_id]}"
        return BadFrame(BadFrameReason.WRONG_ARITY, message_id, detail, type_id == 2)
    return None


def _raw(text: str) -> msgspec.Raw:
    try:
        return msgspec.Raw(text.encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:
        return msgspec.Raw(text.encode("utf-8", "surrogatepass"))
