"""Frames that are none, read under the rules of frames: what is mended, and what never is."""

import json

import pytest

from csms.ocpp.envelope import BadFrame, Call, CallResult
from csms.ocpp.frame_repair import MendedFrame, mend_action, mend_frame, noise_of
from csms.ocpp.frames import ID_LENGTH_TOLERATED, decode_frame
from csms.ocpp.leniency import LENIENT, RULES_BY_NAME, STRICT

pytestmark = pytest.mark.unit

HEARTBEAT = b'[2,"7","Heartbeat",{}]'


def mend(raw: bytes, rules: frozenset[str] = LENIENT) -> MendedFrame | None:
    assert isinstance(decode_frame(raw), BadFrame), "only what is refused is mended"
    return mend_frame(raw, rules, id_length_max=ID_LENGTH_TOLERATED)


CASES = [
    ("trailing-nul", HEARTBEAT + b"\x00\x00"),
    ("unclosed-frame", b'[2,"7","Heartbeat",{}'),
    ("unclosed-frame", b'[2,"7","Heartbeat",{"a":[{"b":"c"}'),
    ("text-message-type", b'["2","7","Heartbeat",{}]'),
    ("numeric-message-id", b'[2,7,"Heartbeat",{}]'),
    ("missing-payload", b'[2,"7","Heartbeat"]'),
]


@pytest.mark.parametrize(("rule", "raw"), CASES)
def test_a_frame_is_mended_under_its_rule_alone(rule: str, raw: bytes) -> None:
    mended = mend(raw)
    assert mended is not None
    assert isinstance(mended.frame, Call)
    assert (mended.frame.message_id, mended.frame.action) == ("7", "Heartbeat")
    assert [done.rule for done in mended.repairs] == [rule]
    assert mend(raw, LENIENT - {rule}) is None
    assert mend(raw, STRICT) is None


def test_several_rules_work_together() -> None:
    mended = mend(b'["2", 17,"Heartbeat"]\x00')
    assert mended is not None
    assert isinstance(mended.frame, Call)
    assert mended.numeric_id == "17"
    assert [done.rule for done in mended.repairs] == [
        "trailing-nul",
        "text-message-type",
        "numeric-message-id",
        "missing-payload",
    ]


def test_a_cut_answer_is_closed() -> None:
    mended = mend(b'[3,"62",{"configurationKey":[]')
    assert mended is not None
    assert isinstance(mended.frame, CallResult)
    assert json.loads(bytes(mended.frame.payload_raw)) == {"configurationKey": []}


@pytest.mark.parametrize(
    "raw",
    [
        # A cut number may lack digits: nobody may complete it.
        b'[2,"7","StopTransaction",{"meterStop":12',
        b'[2,"7","StopTransaction",{"idTag":"AB',
        b'[2,"7","Heartbeat",{}}',
        b'[2,"7","Heartbeat",{"a":}',
        b'{"a":1}',
        b"[2]",
        b"GET / HTTP/1.1",
        b'[2,"7"]',
        b'[2,1.5,"Heartbeat",{}]',
        b'[2,99999999999999999999,"Heartbeat",{}]',
        b"[" * 2000,
        b'[9,"7",{}]',
    ],
)
def test_what_no_rule_understands_stays_refused(raw: bytes) -> None:
    assert mend(raw) is None


@pytest.mark.parametrize("raw", [b"ping", b"PONG\r\n", b'"hello"', b"", b"  \n", b"heartbeat\x00"])
def test_words_that_are_signs_of_life(raw: bytes) -> None:
    assert noise_of(raw, LENIENT) is not None
    assert noise_of(raw, LENIENT - {"text-noise"}) is None


@pytest.mark.parametrize("raw", [b"pingpong", b"x" * 100, HEARTBEAT, b"[]"])
def test_other_words_are_none(raw: bytes) -> None:
    assert noise_of(raw, LENIENT) is None


@pytest.mark.parametrize(
    "spelled", ["heartbeat", "HEARTBEAT", "Heartbeat.req", "HeartbeatRequest", " HeartBeat "]
)
def test_an_odd_action_is_read_as_the_specified_one(spelled: str) -> None:
    call = decode_frame(json.dumps([2, "7", spelled, {}]).encode())
    assert isinstance(call, Call)
    mended = mend_action(call, LENIENT)
    assert mended is not None
    assert mended[0].action == "Heartbeat"
    assert (mended[1].rule, mended[1].raw) == ("action-case", spelled)
    assert mend_action(call, LENIENT - {"action-case"}) is None


def test_an_unknown_action_stays_unknown() -> None:
    call = decode_frame(b'[2,"7","Hartbeat",{}]')
    assert isinstance(call, Call)
    assert mend_action(call, LENIENT) is None


def test_every_rule_of_frames_has_a_case() -> None:
    told = {rule for rule, _ in CASES} | {"text-noise", "action-case"}
    assert {name for name, rule in RULES_BY_NAME.items() if rule.scope == "frame"} == told
