"""Frames that are none, read under the leniency rules of frames; runs only for what was refused."""

import json
import re
from typing import Final

import msgspec

from csms.ocpp.catalog import actions_of
from csms.ocpp.envelope import BadFrame, Call, Frame
from csms.ocpp.leniency_kinds import Repair
from csms.ocpp.odd_frames import read_slowly

_WORDS: Final = frozenset(
    {b"", b"ping", b"pong", b"hello", b"heartbeat", b"keepalive", b"keep-alive"}
)
_WORD_LENGTH_MAX: Final = 64
_CLOSERS: Final = {"{": "}", "[": "]"}
_CLOSERS_MAX: Final = 12
_WHOLE_VALUES: Final = frozenset('"}]')
_ID_LENGTH_MAX: Final = 18
_NUMERIC_ID = re.compile(rb'^(\s*\[\s*"?[234]"?\s*,\s*)(-?[0-9]{1,18})(\s*,)')
_TEXT_TYPE = re.compile(rb'^(\s*\[\s*)"([234])"(\s*,)')
_RAW_SHOWN_MAX: Final = 200
_ACTIONS: Final = {spec.name.lower(): spec.name for spec in actions_of("1.6")}
_SUFFIXES: Final = (".req", "request", "req")


class MendedFrame(msgspec.Struct, frozen=True):
    """A frame that could be read after all; `numeric_id`: the sender's id is a number."""

    frame: Frame
    repairs: tuple[Repair, ...]
    numeric_id: str | None = None


def noise_of(raw: bytes, rules: frozenset[str]) -> str | None:
    """The word that stands in place of a frame as a sign of life, None where it is something else."""
    if "text-noise" not in rules or len(raw) > _WORD_LENGTH_MAX:
        return None
    word = raw.strip(b" \t\r\n\x00\"'").lower()
    return word.decode() if word in _WORDS else None


def mend_frame(raw: bytes, rules: frozenset[str], *, id_length_max: int) -> MendedFrame | None:
    """The frame that the enabled rules make of `raw`, None where they make none."""
    data, repairs = raw, list[Repair]()
    numeric_id: str | None = None
    if "trailing-nul" in rules and (cut := data.rstrip(b"\x00 \t\r\n")) != data.rstrip():
        repairs.append(_repair("trailing-nul", data[len(cut) :], ""))
        data = cut
    if "text-message-type" in rules and (found := _TEXT_TYPE.match(data)):
        repairs.append(_repair("text-message-type", b'"%b"' % found[2], found[2].decode()))
        data = found[1] + found[2] + found[3] + data[found.end() :]
    if "numeric-message-id" in rules and (found := _NUMERIC_ID.match(data)):
        numeric_id = found[2].decode()
        repairs.append(_repair("numeric-message-id", found[2], numeric_id))
        data = b'%b"%b"%b%b' % (found[1], found[2], found[3], data[found.end() :])
    if "unclosed-frame" in rules and (closers := _open_brackets(data)):
        repairs.append(_repair("unclosed-frame", data[-40:], closers))
        data += closers.encode()
    frame = read_slowly(data, id_length_max)
    if isinstance(frame, BadFrame) and "missing-payload" in rules:
        whole = _with_payload(data)
        if whole is not None:
            repairs.append(_repair("missing-payload", b"", "{}"))
            frame = read_slowly(whole, id_length_max)
    if isinstance(frame, BadFrame) or not repairs:
        return None
    return MendedFrame(frame, tuple(repairs), numeric_id)


def mend_action(call: Call, rules: frozenset[str]) -> tuple[Call, Repair] | None:
    """The call under the action that its odd spelling means, None where it means none."""
    if "action-case" not in rules:
        return None
    folded = call.action.strip().lower()
    names = [folded, *(folded.removesuffix(suffix) for suffix in _SUFFIXES)]
    meant = next((_ACTIONS[name] for name in names if name in _ACTIONS), None)
    if meant is None or meant == call.action:
        return None
    repair = Repair("action-case", "action", call.action[:_RAW_SHOWN_MAX], meant)
    return msgspec.structs.replace(call, action=meant), repair


def _repair(rule: str, raw: bytes, repaired: str) -> Repair:
    return Repair(rule, "", raw[:_RAW_SHOWN_MAX].decode("utf-8", "replace"), repaired)


def _open_brackets(data: bytes) -> str:
    """The closing brackets that a frame lacks at its end; empty where it lacks none or more."""
    text = data.decode("utf-8", "surrogateescape").rstrip()
    if not text.startswith("[") or text[-1] not in _WHOLE_VALUES:
        return ""
    open_ones: list[str] = []
    is_text = is_escaped = False
    for letter in text:
        if is_text:
            is_text = is_escaped or letter != '"'
            is_escaped = letter == "\\" and not is_escaped
        elif letter == '"':
            is_text = True
        elif letter in _CLOSERS:
            open_ones.append(_CLOSERS[letter])
        elif letter in "}]" and (not open_ones or open_ones.pop() != letter):
            return ""
    return "" if is_text or len(open_ones) > _CLOSERS_MAX else "".join(reversed(open_ones))


def _with_payload(data: bytes) -> bytes | None:
    try:
        elements = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(elements, list) or len(elements) != 3 or elements[0] != 2:
        return None
    return msgspec.json.encode([*elements, {}])
