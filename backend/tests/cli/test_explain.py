"""`csms ocpp explain` tells what a frame is, whether it is valid, and which rule it breaks."""

import json

import pytest
from typer.testing import CliRunner

from csms.cli.main import app
from csms.ocpp.catalog import Sender, actions_of
from csms.ocpp.envelope import BadFrameReason
from csms.ocpp.explain import UnknownAnswerActionError, explain_frame

pytestmark = pytest.mark.unit

ACTIONS = actions_of("1.6")


@pytest.mark.parametrize("spec", ACTIONS, ids=lambda spec: spec.name)
def test_example_of_each_action_is_valid_in_both_directions(spec) -> None:  # type: ignore[no-untyped-def]
    asked = explain_frame(json.dumps([2, "m1", spec.name, spec.example.request]).encode())
    assert (asked.kind, asked.verdict, asked.action) == ("CALL", "valid", spec.name)
    assert asked.meaning == spec.explanation
    answer = json.dumps([3, "m1", spec.example.response]).encode()
    answered = explain_frame(answer, answer_to=spec.name)
    assert (answered.kind, answered.verdict) == ("CALLRESULT", "valid")


@pytest.mark.parametrize(
    ("frame", "path", "rule", "code"),
    [
        (b'[2,"1","Heartbeat",{"x":1}]', "x", "additionalProperties", "FormationViolation"),
        (
            b'[2,"1","Authorize",{}]',
            "idTag",
            "required",
            "OccurenceConstraintViolation",
        ),
        (b'[2,"1","Authorize",{"idTag":[]}]', "idTag", "type", "TypeConstraintViolation"),
        (b'[2,"1","Reset",{"type":"Warm"}]', "type", "enum", "PropertyConstraintViolation"),
        (b'[2,"1","Authorise",{}]', "", "action", "NotImplemented"),
    ],
)
def test_broken_rule_is_named_with_its_error_class(
    frame: bytes, path: str, rule: str, code: str
) -> None:
    [fault] = explain_frame(frame).faults
    assert (fault.path, fault.rule, fault.error_code) == (path, rule, code)
    assert "J 4.2" in fault.section


def test_repaired_frame_names_the_leniency_rule_with_both_values() -> None:
    explanation = explain_frame(
        b'[2,"1","StartTransaction",{"connectorId":"2","idTag":"A","meterStart":1,'
        b'"timestamp":"2026-01-01T00:00:00Z"}]'
    )
    assert explanation.verdict == "repaired"
    [repair] = explanation.repairs
    assert (repair.rule, repair.path, repair.raw, repair.used) == (
        "text-for-integer",
        "connectorId",
        "'2'",
        "2",
    )


def test_what_we_send_is_never_called_repaired() -> None:
    explanation = explain_frame(b'[2,"1","Reset",{"type":"soft"}]')
    assert explanation.verdict == "invalid"
    assert explanation.direction == "the central system asks, the charger answers"


def test_answer_of_ours_is_held_to_the_schema_and_one_of_a_charger_is_read_leniently() -> None:
    ours = explain_frame(b'[3,"1",{"idTagInfo":{"status":"accepted"}}]', answer_to="Authorize")
    theirs = explain_frame(b'[3,"1",{"status":"accepted"}]', answer_to="Reset")
    assert (ours.verdict, theirs.verdict) == ("invalid", "repaired")


def test_result_without_its_action_is_not_judged() -> None:
    explanation = explain_frame(b'[3,"1",{"status":"nonsense"}]')
    assert explanation.verdict == "unchecked"
    assert "--answer-to" in explanation.consequence


def test_unknown_error_code_is_named() -> None:
    [fault] = explain_frame(b'[4,"1","OccurrenceConstraintViolation","",{}]').faults
    assert fault.section == "J 4.2.3, table 7"


@pytest.mark.parametrize(
    ("frame", "reason", "verdict"),
    [
        (b"hallo", BadFrameReason.NOT_JSON, "invalid"),
        (b"{}", BadFrameReason.NOT_AN_ARRAY, "invalid"),
        (b"[]", BadFrameReason.EMPTY, "invalid"),
        (b'[9,"1"]', BadFrameReason.UNKNOWN_TYPE, "ignored"),
        (b'[2,"1","Heartbeat",{},1]', BadFrameReason.WRONG_ARITY, "invalid"),
        (b'[2,7.5,"Heartbeat",{}]', BadFrameReason.UNREADABLE_ID, "invalid"),
        (b"\xff\xfe", BadFrameReason.NOT_UTF8, "invalid"),
    ],
)
def test_what_is_no_frame_is_explained(frame: bytes, reason: str, verdict: str) -> None:
    explanation = explain_frame(frame)
    assert explanation.verdict == verdict
    assert explanation.faults[0].rule == reason


def test_misspelled_answer_to_gets_a_hint() -> None:
    with pytest.raises(UnknownAnswerActionError, match="did you mean BootNotification"):
        explain_frame(b'[3,"1",{}]', answer_to="BootNotificaton")


def test_every_action_has_a_known_sender() -> None:
    assert {spec.sender for spec in ACTIONS} == set(Sender)


@pytest.mark.parametrize(
    ("arguments", "stdin", "status"),
    [
        (['[2,"1","Heartbeat",{}]'], "", 0),
        (["-"], '[2,"1","Heartbeat",{}]\n', 0),
        ([], '[2,"1","Heartbeat",{}]', 0),
        (['[2,"1","Heartbeat",{"x":1}]'], "", 0),
        (['[2,"1","Heartbeat",{"x":1}]', "--strict"], "", 1),
        (["nonsense"], "", 1),
        (["-"], "  ", 1),
    ],
)
def test_exit_status_tells_whether_it_is_understood(
    arguments: list[str], stdin: str, status: int
) -> None:
    ran = CliRunner().invoke(app, ["ocpp", "explain", *arguments], input=stdin)
    assert ran.exit_code == status, ran.output


def test_json_is_the_whole_explanation() -> None:
    ran = CliRunner().invoke(app, ["ocpp", "explain", '[2,"1","Heartbeat",{"x":1}]', "--json"])
    said = json.loads(ran.stdout)
    assert (said["verdict"], said["repairs"][0]["rule"]) == ("repaired", "unknown-member")


@pytest.mark.parametrize(
    ("frame", "rule"),
    [
        ('[2,7,"Heartbeat",{}]', "numeric-message-id"),
        ('[2,"7","Heartbeat"]', "missing-payload"),
        ('[2,"7","heartbeat.req",{}]', "action-case"),
        ("ping", "text-noise"),
    ],
)
def test_a_frame_that_leniency_mends_is_shown_with_its_rule(frame: str, rule: str) -> None:
    explanation = explain_frame(frame.encode())
    assert explanation.verdict == "repaired"
    assert [made.rule for made in explanation.repairs] == [rule]
    assert explanation.faults[0].section.startswith("J 4")
