"""Reading and writing the envelope of OCPP-J."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csms.ocpp.frames import (
    ID_LENGTH_MAX,
    BadFrame,
    BadFrameReason,
    Call,
    CallError,
    CallResult,
    decode_frame,
    encode_call,
    encode_call_error,
    encode_call_result,
    find_message_id,
)

pytestmark = pytest.mark.unit

BOOT = (
    '[2, "19223201", "BootNotification",'
    ' {"chargePointVendor": "VendorX", "chargePointModel": "SingleSocketCharger"}]'
)


def test_a_call_keeps_its_payload_as_text() -> None:
    frame = decode_frame(BOOT)
    assert isinstance(frame, Call)
    assert (frame.message_id, frame.action) == ("19223201", "BootNotification")
    assert json.loads(bytes(frame.payload_raw))["chargePointVendor"] == "VendorX"
    assert decode_frame(BOOT.encode()) == frame


def test_a_result_and_an_error_are_told_apart() -> None:
    result = decode_frame('[3,"7",{"status":"Accepted"}]')
    assert isinstance(result, CallResult)
    assert bytes(result.payload_raw) == b'{"status":"Accepted"}'
    error = decode_frame('[4,"7","NotSupported","no list here",{"hint":1}]')
    assert error == CallError("7", "NotSupported", "no list here", {"hint": 1})


@pytest.mark.parametrize(
    "text",
    ['[4,"7","GenericError"]', '[4,"7","GenericError",null,null]', '[4,"7","GenericError",""]'],
)
def test_an_error_without_its_lesser_members_is_still_read(text: str) -> None:
    assert decode_frame(text) == CallError("7", "GenericError", "", {})


def test_a_byte_order_mark_does_not_hide_the_frame() -> None:
    frame = decode_frame(b'\xef\xbb\xbf[2,"1","Heartbeat",{}]')
    assert isinstance(frame, Call)
    assert frame.action == "Heartbeat"


@pytest.mark.parametrize(
    ("payload", "raw"),
    [
        ('{"v":NaN}', b'{"v":NaN}'),
        ('{"v":"\\ud83d"}', b'{"v":"\\ud83d"}'),
        ('{"v":' + "9" * 5000 + "}", b'{"v":' + b"9" * 5000 + b"}"),
    ],
)
def test_an_odd_payload_reaches_the_codec_unchanged(payload: str, raw: bytes) -> None:
    frame = decode_frame(f'[2,"1","DataTransfer",{payload}]')
    assert isinstance(frame, Call)
    assert bytes(frame.payload_raw) == raw


def test_bytes_that_are_not_utf8_stay_as_they_are_in_the_payload() -> None:
    frame = decode_frame(b'\xef\xbb\xbf[2,"1","DataTransfer",{"vendorId":"\xff"}]')
    assert isinstance(frame, Call)
    assert bytes(frame.payload_raw) == b'{"vendorId":"\xff"}'


R = BadFrameReason
BAD: list[tuple[str | bytes, BadFrameReason, str | None, bool]] = [
    ("", R.NOT_JSON, None, False),
    ("hello", R.NOT_JSON, None, False),
    ('[2,"1","Heartbeat",{}', R.NOT_JSON, "1", True),
    ('[2,"1","Heartbeat",{"a":', R.NOT_JSON, "1", True),
    ('[2,"1","Heartbeat",{}] []', R.NOT_JSON, "1", True),
    ('[2,"1","Heartbeat",{},]', R.NOT_JSON, "1", True),
    ('{"a":1} x', R.NOT_JSON, None, False),
    (b'[2,"1","\xff",{}', R.NOT_UTF8, "1", True),
    (b"\xff\xfe\x00", R.NOT_UTF8, None, False),
    ("{}", R.NOT_AN_ARRAY, None, False),
    ("2", R.NOT_AN_ARRAY, None, False),
    ("null", R.NOT_AN_ARRAY, None, False),
    ("[]", R.EMPTY, None, False),
    (" [ ] ", R.EMPTY, None, False),
    ('[5,"1","Heartbeat",{}]', R.UNKNOWN_TYPE, "1", False),
    ('["2","1","Heartbeat",{}]', R.UNKNOWN_TYPE, "1", False),
    ('[2.0,"1","Heartbeat",{}]', R.UNKNOWN_TYPE, "1", False),
    ('[true,"1","Heartbeat",{}]', R.UNKNOWN_TYPE, "1", False),
    ('[null,"1"]', R.UNKNOWN_TYPE, "1", False),
    ("[[2],1]", R.UNKNOWN_TYPE, None, False),
    ("[2]", R.UNREADABLE_ID, None, True),
    ('[2,17,"Heartbeat",{}]', R.UNREADABLE_ID, None, True),
    ('[2,null,"Heartbeat",{}]', R.UNREADABLE_ID, None, True),
    ('[2,"","Heartbeat",{}]', R.UNREADABLE_ID, None, True),
    ('[2,"a\\u0000","Heartbeat",{}]', R.UNREADABLE_ID, None, True),
    ('[2,"\\ud800","Heartbeat",{}]', R.UNREADABLE_ID, None, True),
    ('[2,"1","Heartbeat"]', R.WRONG_ARITY, "1", True),
    ('[2,"1","Heartbeat",{},1]', R.WRONG_ARITY, "1", True),
    ('[3,"1"]', R.WRONG_ARITY, "1", False),
    ('[3,"1",{},{}]', R.WRONG_ARITY, "1", False),
    ('[4,"1"]', R.WRONG_ARITY, "1", False),
    ('[4,"1","GenericError","",{},1]', R.WRONG_ARITY, "1", False),
    ('[2,"1",7,{}]', R.UNREADABLE_ACTION, "1", True),
    ('[2,"1","Heart\\u0000beat",{}]', R.UNREADABLE_ACTION, "1", True),
    ('[4,"1",7,"",{}]', R.UNREADABLE_ERROR, "1", False),
]


@pytest.mark.parametrize(("data", "reason", "message_id", "is_call"), BAD)
def test_what_is_no_frame_is_named(
    data: str | bytes, reason: BadFrameReason, message_id: str | None, is_call: bool
) -> None:
    frame = decode_frame(data)
    assert isinstance(frame, BadFrame)
    assert (frame.reason, frame.message_id, frame.is_call) == (reason, message_id, is_call)


def test_an_overlong_id_is_tolerated_unless_strict() -> None:
    text = json.dumps([2, "x" * (ID_LENGTH_MAX + 1), "Heartbeat", {}])
    assert isinstance(decode_frame(text), Call)
    frame = decode_frame(text, id_length_max=ID_LENGTH_MAX)
    assert isinstance(frame, BadFrame)
    assert frame.reason is BadFrameReason.ID_TOO_LONG
    assert frame.message_id == "x" * 37
    assert isinstance(decode_frame(json.dumps([2, "x" * 256, "Heartbeat", {}])), BadFrame)
    exact = decode_frame(json.dumps([2, "é" * 36, "Heartbeat", {}]), id_length_max=ID_LENGTH_MAX)
    assert isinstance(exact, Call)


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
@pytest.mark.parametrize("prefix", ["", '[2,"1","DataTransfer",'])
def test_deep_nesting_is_refused_without_harm(opening: str, prefix: str) -> None:
    frame = decode_frame(prefix + opening * 200_000)
    assert isinstance(frame, BadFrame)
    assert frame.reason is BadFrameReason.TOO_DEEP
    assert frame.message_id == ("1" if prefix else None)


def test_an_error_with_texts_that_no_database_takes_is_cleaned() -> None:
    frame = decode_frame('[4,"1","GenericError","a\\u0000\\ud800",{"k":["\\u0000"],"n":NaN}]')
    assert isinstance(frame, CallError)
    assert frame.description == "a\ufffd?"
    assert frame.details == {"k": ["\ufffd"], "n": None}


def test_frames_are_written_compactly() -> None:
    assert encode_call("1", "Reset", b'{"type":"Soft"}') == b'[2,"1","Reset",{"type":"Soft"}]'
    assert encode_call_result('a"b', b"{}") == b'[3,"a\\"b",{}]'
    error = encode_call_error("1", "InternalError", "x" * 300, {"n": 1})
    assert json.loads(error) == [4, "1", "InternalError", "x" * 255, {"n": 1}]
    assert encode_call_error("1", "GenericError") == b'[4,"1","GenericError","",{}]'


def test_the_id_of_a_broken_frame_is_found() -> None:
    assert find_message_id(b'[2,"abc","Meter') == "abc"
    assert find_message_id(' [ 2 , "a\\"b" , ') == 'a"b'
    assert find_message_id('[2,"abc') is None
    assert find_message_id(b"\xff") is None


IDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1)
JSON_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@given(st.binary() | st.text())
def test_nothing_makes_the_reader_raise(data: bytes | str) -> None:
    assert isinstance(decode_frame(data), Call | CallResult | CallError | BadFrame)
    find_message_id(data)


@given(st.lists(JSON_VALUES, max_size=6), st.booleans(), st.data())
def test_no_array_makes_the_reader_raise(
    elements: list[Any], as_bytes: bool, data: st.DataObject
) -> None:
    heads: list[list[Any]] = [[], [2], [2, "1"], [3, "1"], [4, "1", "x"]]
    head = data.draw(st.sampled_from(heads))
    text = json.dumps(head + elements)
    cut = data.draw(st.integers(0, len(text)))
    for candidate in (text, text[:cut]):
        frame = decode_frame(candidate.encode() if as_bytes else candidate)
        assert isinstance(frame, Call | CallResult | CallError | BadFrame)


@given(IDS.filter(lambda text: len(text) <= 36), JSON_VALUES)
def test_a_written_call_is_read_back(message_id: str, payload: Any) -> None:
    raw = json.dumps(payload).encode()
    frame = decode_frame(encode_call(message_id, "DataTransfer", raw))
    assert isinstance(frame, Call)
    assert (frame.message_id, frame.action) == (message_id, "DataTransfer")
    assert json.loads(bytes(frame.payload_raw)) == json.loads(raw)
