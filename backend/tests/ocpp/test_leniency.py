"""Each leniency rule alone: what it repairs, what it keeps, and that it can be off."""

import os
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from csms.ocpp.codec import decode_request, decode_response
from csms.ocpp.errors import FormationError, PropertyConstraintError, WireError
from csms.ocpp.leniency import (
    LENIENCY_RULES,
    LENIENT,
    STRICT,
    Repair,
    UnknownRuleError,
    rules_without,
)
from csms.ocpp.repair import repair
from csms.ocpp.v16 import core
from csms.ocpp.v16.schemas import load_schema, node_at
from csms.ocpp.v16.stand_ins import ENUM_ALIASES, MISSING_MEMBERS, UNKNOWN_ENUMS

pytestmark = pytest.mark.unit

T = '"2024-05-01T12:00:00Z"'
AT = "2024-05-01T12:00:00Z"


def status(**members: str) -> str:
    return members_of(
        {"connectorId": "1", "errorCode": '"NoError"', "status": '"Available"'} | members
    )


def start(**members: str) -> str:
    return members_of(
        {"connectorId": "1", "idTag": '"A"', "meterStart": "10", "timestamp": T} | members
    )


def stop(**members: str) -> str:
    return members_of({"meterStop": "10", "timestamp": T, "transactionId": "5"} | members)


def meter(samples: str = '[{"value":"1"}]', timestamp: str = T) -> str:
    return (
        f'{{"connectorId":1,"meterValue":[{{"timestamp":{timestamp},"sampledValue":{samples}}}]}}'
    )


def members_of(members: dict[str, str]) -> str:
    return "{" + ",".join(f'"{name}":{text}' for name, text in members.items() if text) + "}"


@dataclass(frozen=True)
class Case:
    rule: str
    action: str
    payload: str | bytes
    path: str
    raw: Any
    repaired: Any
    is_response: bool = False
    with_rules: frozenset[str] = frozenset()


START, STOP, STATUS, METER = (
    "StartTransaction",
    "StopTransaction",
    "StatusNotification",
    "MeterValues",
)
SAMPLE = "meterValue[0].sampledValue[0]"
CASES = [
    Case("invalid-utf8", STATUS, status(info='"a?"').encode().replace(b"?", b"\xff"), "", ..., ...),
    Case("lone-surrogate", STATUS, status(info='"a\\ud83d"'), "info", "a\\ud83d", "a\ufffd"),
    Case("nul-character", STATUS, status(info='"a\\u0000b"'), "info", "a\\u0000b", "a\ufffdb"),
    Case(
        "non-finite-number",
        STATUS,
        status(info="NaN"),
        "",
        "NaN",
        None,
        with_rules=frozenset({"null-member"}),
    ),
    Case("duplicate-member", STATUS, '{"connectorId":"x",' + status()[1:], "connectorId", "x", 1),
    Case(
        "null-payload",
        "BootNotification",
        "null",
        "",
        None,
        {},
    ),
    Case("member-case", START, start(idTag="", idtag='"A"'), "idTag", "idtag", "idTag"),
    Case("unknown-member", START, start(vendorExtra='{"a":1}'), "vendorExtra", {"a": 1}, None),
    Case("null-member", START, start(reservationId="null"), "reservationId", None, None),
    Case("null-member", METER, meter('[null,{"value":"1"}]'), SAMPLE, None, None),
    Case("empty-text", START, start(reservationId='""'), "reservationId", "", None),
    Case("empty-text", STOP, stop(reason='""'), "reason", "", None),
    Case("empty-text", STATUS, status(timestamp='""'), "timestamp", "", None),
    Case("empty-array", METER, '{"connectorId":1,"meterValue":[]}', "meterValue", [], []),
    Case("empty-array", METER, meter("[]"), "meterValue[0].sampledValue", [], []),
    Case(
        "empty-array",
        STOP,
        stop(transactionData=f'[{{"timestamp":{T},"sampledValue":[]}}]'),
        "transactionData[0].sampledValue",
        [],
        [],
    ),
    Case(
        "single-for-array",
        METER,
        meter('{"value":"1"}'),
        "meterValue[0].sampledValue",
        {"value": "1"},
        [{"value": "1"}],
    ),
    Case("number-for-integer", START, start(meterStart="10.0"), "meterStart", Decimal("10.0"), 10),
    Case("number-for-integer", START, start(meterStart="11.5"), "meterStart", Decimal("11.5"), 12),
    Case("number-for-integer", START, start(meterStart="1e3"), "meterStart", Decimal("1e3"), 1000),
    Case("text-for-integer", START, start(meterStart='" 10 "'), "meterStart", " 10 ", 10),
    Case("text-for-integer", START, start(connectorId='"1"'), "connectorId", "1", 1),
    Case(
        "text-for-number",
        "GetCompositeSchedule",
        '{"status":"Accepted","chargingSchedule":{"chargingRateUnit":"A",'
        '"chargingSchedulePeriod":[{"startPeriod":0,"limit":"8.1"}]}}',
        "chargingSchedule.chargingSchedulePeriod[0].limit",
        "8.1",
        Decimal("8.1"),
        is_response=True,
    ),
    Case(
        "text-for-boolean",
        "GetConfiguration",
        '{"configurationKey":[{"key":"k","readonly":"False"}]}',
        "configurationKey[0].readonly",
        "False",
        False,
        is_response=True,
    ),
    Case("scalar-for-text", START, start(idTag="12345678"), "idTag", 12345678, "12345678"),
    Case(
        "scalar-for-text",
        METER,
        meter('[{"value":12.50}]'),
        f"{SAMPLE}.value",
        Decimal("12.50"),
        "12.50",
    ),
    Case(
        "scalar-for-text",
        "GetConfiguration",
        '{"configurationKey":[{"key":"k","readonly":false,"value":true}]}',
        "configurationKey[0].value",
        True,
        "true",
        is_response=True,
    ),
    Case(
        "structure-for-text",
        "DataTransfer",
        '{"vendorId":"v","data":{"a":[1,2.50]}}',
        "data",
        {"a": [1, Decimal("2.50")]},
        '{"a":[1,2.50]}',
    ),
    Case("overlong-text", START, start(idTag=f'"{"x" * 25}"'), "idTag", "x" * 25, "x" * 20),
    Case("enum-case", STATUS, status(status='" available "'), "status", " available ", "Available"),
    Case("enum-case", METER, meter('[{"value":"1","unit":"KWH"}]'), f"{SAMPLE}.unit", "KWH", "kWh"),
    Case(
        "enum-case",
        "Reset",
        '{"status":"ACCEPTED"}',
        "status",
        "ACCEPTED",
        "Accepted",
        is_response=True,
    ),
    Case("enum-alias", STATUS, status(status='"Occupied"'), "status", "Occupied", "Preparing"),
    Case(
        "enum-alias",
        METER,
        meter('[{"value":"1","measurand":"SoC","unit":"%"}]'),
        f"{SAMPLE}.unit",
        "%",
        "Percent",
    ),
    Case("unknown-enum", STATUS, status(errorCode='"Odd"'), "errorCode", "Odd", "OtherError"),
    Case("unknown-enum", STATUS, status(status='"Odd"'), "status", "Odd", "Unavailable"),
    Case("unknown-enum", STOP, stop(reason='"Odd"'), "reason", "Odd", "Other"),
    Case(
        "unknown-enum",
        METER,
        meter('[{"value":"1","context":"Odd"}]'),
        f"{SAMPLE}.context",
        "Odd",
        "Other",
    ),
    *(
        Case(
            "sample-set-aside",
            METER,
            meter(f'[{{"value":{value},"{name}":{text}}},{{"value":"2"}}]'),
            SAMPLE,
            {"value": value.strip('"'), name: text.strip('"')},
            None,
        )
        for value, name, text in (
            ('"1"', "measurand", '"Odd"'),
            ('"1"', "unit", '"MWh"'),
            ('"1"', "phase", '"L4"'),
            ('"1"', "location", '"Roof"'),
            ('"n/a"', "unit", '"Wh"'),
            ('"nan"', "unit", '"Wh"'),
        )
    ),
    Case(
        "decimal-comma", METER, meter('[{"value":"-12,50"}]'), f"{SAMPLE}.value", "-12,50", "-12.50"
    ),
    Case(
        "missing-zone",
        START,
        start(timestamp='"2024-05-01T12:00:00"'),
        "timestamp",
        "2024-05-01T12:00:00",
        AT,
    ),
    Case(
        "timestamp-format",
        START,
        start(timestamp='"2024-05-01 14:00:00+0200"'),
        "timestamp",
        "2024-05-01 14:00:00+0200",
        AT,
    ),
    Case("epoch-timestamp", START, start(timestamp="1714564800"), "timestamp", 1714564800, AT),
    Case(
        "epoch-timestamp", START, start(timestamp="1714564800000"), "timestamp", 1714564800000, AT
    ),
    Case(
        "unreadable-timestamp",
        START,
        start(timestamp='"soon"'),
        "timestamp",
        "soon",
        "1970-01-01T00:00:00Z",
    ),
    Case("missing-member", STOP, stop(transactionId=""), "transactionId", None, -1),
    Case("missing-member", STATUS, status(errorCode=""), "errorCode", None, "NoError"),
    Case("missing-member", START, start(timestamp=""), "timestamp", None, "1970-01-01T00:00:00Z"),
    Case(
        "unreadable-transaction-id", STOP, stop(transactionId='"abc"'), "transactionId", "abc", -1
    ),
    Case(
        "unreadable-transaction-id",
        STOP,
        stop(transactionId="4294967295"),
        "transactionId",
        4294967295,
        -1,
    ),
    Case("connector-zero", START, start(connectorId="0"), "connectorId", 0, 1),
    Case(
        "excess-decimals",
        "GetCompositeSchedule",
        '{"status":"Accepted","chargingSchedule":{"chargingRateUnit":"A",'
        '"chargingSchedulePeriod":[{"startPeriod":0,"limit":8.123}]}}',
        "chargingSchedule.chargingSchedulePeriod[0].limit",
        Decimal("8.123"),
        Decimal("8.1"),
        is_response=True,
    ),
    Case("unusable-optional", START, start(reservationId="[1]"), "reservationId", [1], None),
    Case("unusable-optional", STATUS, status(timestamp='"soon"'), "timestamp", "soon", None),
]


def read(case: Case, rules: frozenset[str]) -> tuple[Any, tuple[Repair, ...]]:
    raw = case.payload if isinstance(case.payload, bytes) else case.payload.encode()
    if case.is_response:
        answer = decode_response(case.action, raw, rules=rules)
        return answer.response, answer.repairs
    decoded = decode_request(case.action, raw, rules=rules)
    return decoded.request, decoded.repairs


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}-{case.path}")
def test_a_rule_repairs_its_deviation_and_keeps_both_values(case: Case) -> None:
    if case.rule == "null-payload":
        repaired, done_now = repair(case.action, None, frozenset({case.rule}))
        assert repaired == {}
        repairs = tuple(done_now)
    else:
        _, repairs = read(case, case.with_rules | {case.rule})
    found = [done for done in repairs if done.rule == case.rule]
    assert [done.path for done in found] == [case.path] or case.rule == "empty-array"
    if case.raw is not ...:
        assert found[0] == Repair(case.rule, case.path, case.raw, case.repaired)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}-{case.path}")
def test_without_any_rule_the_same_payload_is_refused(case: Case) -> None:
    with pytest.raises(WireError):
        read(case, STRICT)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}-{case.path}")
def test_a_rule_that_is_off_repairs_nothing(case: Case) -> None:
    try:
        _, repairs = read(case, rules_without(case.rule))
    except WireError:
        return
    assert case.rule not in {done.rule for done in repairs}


def test_every_rule_has_a_case() -> None:
    of_payloads = {rule.name for rule in LENIENCY_RULES if rule.scope == "payload"}
    assert {case.rule for case in CASES} == of_payloads


def test_a_clean_payload_needs_no_repair_under_any_rules() -> None:
    for payload, action in ((start(), START), (stop(), STOP), (status(), STATUS), (meter(), METER)):
        assert decode_request(action, payload.encode(), rules=LENIENT).repairs == ()


def test_a_start_with_many_oddities_is_still_understood() -> None:
    raw = (
        b'{"ConnectorId":"0","idTag":4711,"meterStart":"12.0","timestamp":"2024/05/01 12:00",'
        b'"reservationId":null,"vendor":{}}'
    )
    decoded = decode_request(START, raw)
    assert decoded.request == core.StartTransactionRequest(
        connector_id=1, id_tag="4711", meter_start=12, timestamp=AT
    )
    assert {done.rule for done in decoded.repairs} == {
        "member-case",
        "text-for-integer",
        "connector-zero",
        "scalar-for-text",
        "timestamp-format",
        "null-member",
        "unknown-member",
    }


def test_a_meter_values_without_one_readable_sample_is_still_answered() -> None:
    decoded = decode_request(METER, meter('[{"value":"n/a"}]').encode())
    assert decoded.request == core.MeterValuesRequest(connector_id=1, meter_value=[])
    raw = decoded.repairs[0].raw
    assert (decoded.repairs[0].rule, raw) == ("sample-set-aside", {"value": "n/a"})


def test_the_other_samples_of_a_reading_stay() -> None:
    decoded = decode_request(METER, meter('[{"value":"1","unit":"MWh"},{"value":"2"}]').encode())
    assert isinstance(decoded.request, core.MeterValuesRequest)
    assert [sample.value for sample in decoded.request.meter_value[0].sampled_value] == ["2"]


def test_a_stop_is_never_refused_for_its_readings() -> None:
    for data in ("7", '"x"', "{}", '[7,{"timestamp":5}]', "[[]]", "null", "[null]"):
        decoded = decode_request(STOP, stop(transactionData=data).encode())
        assert isinstance(decoded.request, core.StopTransactionRequest)
        assert decoded.request.transaction_id == 5


def test_a_signed_value_is_never_touched() -> None:
    samples = '[{"value":"1,5","format":"SignedData"},{"value":"x|y","format":"SignedData"}]'
    decoded = decode_request(METER, meter(samples).encode())
    assert decoded.repairs == ()
    odd = samples.replace("}]", ',"extra":1}]')
    again = decode_request(METER, meter(odd).encode())
    assert again.request == decoded.request


def test_a_status_of_an_answer_is_never_guessed() -> None:
    with pytest.raises(PropertyConstraintError):
        decode_response("Reset", b'{"status":"Maybe"}')


def test_a_null_payload_lacks_its_required_members() -> None:
    with pytest.raises(FormationError):
        decode_request("BootNotification", b"null", rules=STRICT)
    with pytest.raises(WireError, match="required"):
        decode_request("BootNotification", b"null")


def test_a_misspelled_rule_is_an_error() -> None:
    with pytest.raises(UnknownRuleError, match="unknown-membre"):
        rules_without("unknown-membre")
    assert rules_without("unknown-member") == LENIENT - {"unknown-member"}


def test_every_table_entry_names_a_place_and_a_value_of_the_schema() -> None:
    targets = [
        *((key, value) for key, value in UNKNOWN_ENUMS.items()),
        *((key, value) for key, table in ENUM_ALIASES.items() for value in table.values()),
    ]
    for (action, path), value in targets:
        assert value in node_at(load_schema(action, "request", "wire"), path)["enum"]
    for (action, path), value in MISSING_MEMBERS.items():
        node = node_at(load_schema(action, "request", "wire"), path)
        assert node["type"] == ("integer" if isinstance(value, int) else "string")


def test_raw_and_repaired_can_be_stored_as_json() -> None:
    for case in CASES:
        if case.rule != "null-payload":
            for done in read(case, LENIENT)[1]:
                assert msgspec.json.encode((done.rule, done.path, done.raw, done.repaired))


HEADINGS = {
    "frame": "Frames",
    "payload": "Payloads",
    "handshake": "Handshakes",
    "meaning": "Meanings",
}


def rendered() -> str:
    """The tables of the document, by what the rules run on."""
    parts = []
    for scope, heading in HEADINGS.items():
        rows = [
            f"| `{rule.name}` | {rule.deviation} | {rule.repair} | {rule.reason} | "
            f"{rule.section} | {'on' if rule.is_default else 'off'} |"
            for rule in LENIENCY_RULES
            if rule.scope == scope
        ]
        head = "| Rule | What chargers send | What we do | Why | Section | Default |"
        parts.append("\n".join([f"## {heading}", "", head, "|---|---|---|---|---|---|", *rows]))
    return "\n\n".join(parts)


def test_the_document_is_made_from_the_table() -> None:
    """After a wanted change, write it anew with CSMS_WRITE_LENIENCY=1 and commit it."""
    document = Path(__file__).parents[3] / "docs" / "leniency.md"
    text = document.read_text()
    begin, end = text.index("\n", text.index("<!-- rules:")) + 1, text.index("<!-- end of rules")
    wanted = f"\n{rendered()}\n\n"
    if os.environ.get("CSMS_WRITE_LENIENCY"):
        document.write_text(text[:begin] + wanted + text[end:])
    else:
        assert text[begin:end] == wanted, "docs/leniency.md is not what the table says"
