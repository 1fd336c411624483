"""The codec at its edges: unknown actions, odd JSON, recorded payloads, checked writing."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csms.ocpp import codec
from csms.ocpp.catalog import Sender, actions_of
from csms.ocpp.errors import (
    ErrorCode,
    FormationError,
    GenericWireError,
    InternalFailureError,
    OccurrenceError,
    PropertyConstraintError,
    ProtocolViolationError,
    SecurityRefusalError,
    TypeConstraintError,
    UnknownActionError,
    UnsupportedActionError,
    WireError,
)
from csms.ocpp.frames import Call, decode_frame
from csms.ocpp.leniency import LENIENT, REPAIRS_MAX, STRICT
from csms.ocpp.v16 import core, smart_charging, types

pytestmark = pytest.mark.unit


def test_the_error_codes_are_spelled_as_in_1_6() -> None:
    by_class = {
        UnknownActionError: "NotImplemented",
        UnsupportedActionError: "NotSupported",
        InternalFailureError: "InternalError",
        ProtocolViolationError: "ProtocolError",
        SecurityRefusalError: "SecurityError",
        FormationError: "FormationViolation",
        PropertyConstraintError: "PropertyConstraintViolation",
        OccurrenceError: "OccurenceConstraintViolation",
        TypeConstraintError: "TypeConstraintViolation",
        GenericWireError: "GenericError",
    }
    assert {error: error.code.value for error in by_class} == by_class
    assert {code.value for code in ErrorCode} == set(by_class.values())


def test_an_unknown_action_is_not_implemented() -> None:
    for action in ("", "heartbeat", "NotifyReport", "x" * 300):
        with pytest.raises(UnknownActionError):
            codec.decode_request(action, b"{}")
    with pytest.raises(UnknownActionError):
        codec.decode_response("NotifyReport", b"{}")


def test_what_only_we_send_is_not_supported() -> None:
    for spec in actions_of("1.6"):
        if spec.sender is Sender.CENTRAL_SYSTEM:
            with pytest.raises(UnsupportedActionError):
                codec.decode_request(spec.name, b"{}")
        else:
            raw = json.dumps(spec.example.request).encode()
            assert isinstance(codec.decode_request(spec.name, raw).request, spec.request_type)


RECORDED: list[tuple[str, types.WireType]] = [
    ('[2,"1","Heartbeat",{}]', core.HeartbeatRequest()),
    ('[2,"1","Heartbeat",null]', core.HeartbeatRequest()),
    (
        '[2, "a-7", "Authorize", {"idTag": "04A2B3C4"}]',
        core.AuthorizeRequest(id_tag="04A2B3C4"),
    ),
    (
        '[2,"2","StatusNotification",{"connectorId":0,"errorCode":"NoError","status":"Available"}]',
        core.StatusNotificationRequest(connector_id=0, error_code="NoError", status="Available"),
    ),
    (
        (
            '[2,"3","StartTransaction",{"connectorId":1,"idTag":"A","meterStart":3000000000,'
            '"timestamp":"2024-05-01T14:00:00+02:00"}]'
        ),
        core.StartTransactionRequest(
            connector_id=1,
            id_tag="A",
            meter_start=3_000_000_000,
            timestamp="2024-05-01T14:00:00+02:00",
        ),
    ),
    (
        (
            '[2,"4","StopTransaction",{"meterStop":5,"timestamp":"2024-05-01T12:00:00Z",'
            '"transactionId":-1}]'
        ),
        core.StopTransactionRequest(
            meter_stop=5, timestamp="2024-05-01T12:00:00Z", transaction_id=-1
        ),
    ),
    (
        (
            '[2,"5","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"2024-05-01T12:00:00Z",'
            '"sampledValue":[{"value":"OCMF|{}","format":"SignedData"},'
            '{"value":"21","unit":"Celcius","measurand":"Temperature"}]}]}]'
        ),
        core.MeterValuesRequest(
            connector_id=1,
            meter_value=[
                types.MeterValue(
                    timestamp="2024-05-01T12:00:00Z",
                    sampled_value=[
                        types.SampledValue(value="OCMF|{}", format="SignedData"),
                        types.SampledValue(value="21", unit="Celcius", measurand="Temperature"),
                    ],
                )
            ],
        ),
    ),
]


@pytest.mark.parametrize(("text", "expected"), RECORDED)
def test_a_recorded_call_is_read_strictly(text: str, expected: types.WireType) -> None:
    frame = decode_frame(text)
    assert isinstance(frame, Call)
    decoded = codec.decode_request(frame.action, frame.payload_raw, rules=STRICT)
    assert decoded == codec.Decoded(expected)


def test_the_specification_s_own_example_answer_needs_leniency() -> None:
    raw = (
        b'{"status":"Accepted","currentTime":"2013-02-01T20:53:32.486Z",'
        b'"heartbeatInterval":300,"interval":300}'
    )
    with pytest.raises(FormationError):
        codec.decode_response("BootNotification", raw, rules=STRICT)
    decoded = codec.decode_response("BootNotification", raw)
    assert decoded.response == core.BootNotificationResponse(
        status="Accepted", current_time="2013-02-01T20:53:32.486Z", interval=300
    )
    assert [repair.path for repair in decoded.repairs] == ["heartbeatInterval"]


STATUS = b'{"connectorId":1,"errorCode":"NoError","status":"Available","info":%b}'


@pytest.mark.parametrize(
    "info",
    [b"NaN", b"-Infinity", b'"\\ud800"', b'"\xff"', b'"a', b"01", b"tru", b'"a",}', b"[" * 100_000],
)
def test_what_is_no_json_is_a_formation_violation_when_strict(info: bytes) -> None:
    with pytest.raises(FormationError):
        codec.decode_request("StatusNotification", STATUS % info, rules=STRICT)


@pytest.mark.parametrize("info", [b'"a', b"01", b"tru", b'"a",}', b"[" * 100_000])
def test_no_rule_repairs_what_is_no_json_at_all(info: bytes) -> None:
    with pytest.raises(FormationError):
        codec.decode_request("StatusNotification", STATUS % info, rules=LENIENT)


def test_an_escaped_nul_is_no_text_and_a_written_backslash_is() -> None:
    with pytest.raises(PropertyConstraintError) as caught:
        codec.decode_request("StatusNotification", STATUS % b'"a\\u0000"', rules=STRICT)
    assert caught.value.path == "info"
    decoded = codec.decode_request("StatusNotification", STATUS % b'"a\\\\u0000"', rules=STRICT)
    assert isinstance(decoded.request, core.StatusNotificationRequest)
    assert decoded.request.info == "a\\u0000"


@pytest.mark.parametrize("digits", [30, 5000, 100_000])
def test_a_huge_integer_is_refused_or_repaired_never_a_crash(digits: int) -> None:
    stop = b'{"meterStop":%b,"timestamp":"2024-05-01T12:00:00Z","transactionId":%b}'
    with pytest.raises((PropertyConstraintError, TypeConstraintError)):
        codec.decode_request("StopTransaction", stop % (b"9" * digits, b"1"))
    decoded = codec.decode_request("StopTransaction", stop % (b"7", b"9" * digits))
    assert isinstance(decoded.request, core.StopTransactionRequest)
    assert decoded.request.transaction_id == -1
    exponent = stop % (b"1e999999999999999999999", b"1")
    with pytest.raises(WireError):
        codec.decode_request("StopTransaction", exponent)
    with pytest.raises(WireError):
        codec.decode_request("StopTransaction", stop % (b"1e99999999", b"1"))


def test_a_payload_with_endless_oddities_is_given_up() -> None:
    members = ",".join(f'"k{number}":{number}' for number in range(REPAIRS_MAX))
    few = '{"idTag":"A",' + members + "}"
    assert len(codec.decode_request("Authorize", few.encode()).repairs) == REPAIRS_MAX
    with pytest.raises(FormationError, match="repairs"):
        codec.decode_request("Authorize", few.replace("{", '{"x":1,').encode())
    twice = '{"idTag":"A"' + ',"idTag":"A"' * (REPAIRS_MAX + 1) + ',"x":1}'
    with pytest.raises(FormationError, match="repairs"):
        codec.decode_request("Authorize", twice.encode())


def test_several_faults_give_the_gravest_class() -> None:
    raw = b'{"connectorId":"1","status":"Nonsense","vendorId":7,"extra":1}'
    with pytest.raises(FormationError, match="extra"):
        codec.decode_request("StatusNotification", raw, rules=STRICT)
    with pytest.raises(OccurrenceError, match="errorCode"):
        codec.decode_request("StatusNotification", raw.replace(b',"extra":1', b""), rules=STRICT)


def test_a_wrong_value_of_ours_never_reaches_the_wire() -> None:
    with pytest.raises(PropertyConstraintError, match="idTag"):
        codec.encode_request(core.RemoteStartTransactionRequest(id_tag="x" * 21))
    with pytest.raises(PropertyConstraintError, match="connectorId"):
        codec.encode_request(core.UnlockConnectorRequest(connector_id=0))
    with pytest.raises(PropertyConstraintError, match="currentTime"):
        codec.encode_response(core.HeartbeatResponse(current_time="2024-05-01T12:00:00"))
    with pytest.raises(TypeConstraintError, match="transactionId"):
        codec.encode_request(core.RemoteStopTransactionRequest(transaction_id=True))
    with pytest.raises(PropertyConstraintError, match="surrogate"):
        codec.encode_request(core.ChangeConfigurationRequest(key="k", value="\ud800"))
    with pytest.raises(PropertyConstraintError):
        codec.encode_request(core.ChangeConfigurationRequest(key="k", value="\x00"))
    with pytest.raises(TypeError, match="not a request"):
        codec.encode_request(core.HeartbeatResponse(current_time="2024-05-01T12:00:00Z"))


@pytest.mark.parametrize(
    ("limit", "error"),
    [
        (8.15, PropertyConstraintError),
        (float("nan"), TypeConstraintError),
        ("8", TypeConstraintError),
    ],
)
def test_a_limit_has_one_decimal_place(limit: Any, error: type[WireError]) -> None:
    def schedule(amount: Any) -> smart_charging.GetCompositeScheduleResponse:
        return smart_charging.GetCompositeScheduleResponse(
            status="Accepted",
            charging_schedule=types.ChargingSchedule(
                charging_rate_unit="A",
                charging_schedule_period=[
                    types.ChargingSchedulePeriod(start_period=0, limit=amount)
                ],
            ),
        )

    assert b'"limit":8.1' in codec.encode_response(schedule(8.1))
    with pytest.raises(error, match="limit"):
        codec.encode_response(schedule(limit))


def test_a_raw_payload_is_sent_as_it_is_in_the_schema_s_order() -> None:
    raw = codec.encode_payload("Reset", "request", {"vendorExtra": [1], "type": "Firm"})
    assert raw == b'{"type":"Firm","vendorExtra":[1]}'


def test_wire_types_cannot_be_changed_and_are_keyword_only() -> None:
    request = core.AuthorizeRequest(id_tag="A")
    with pytest.raises(AttributeError):
        request.id_tag = "B"  # type: ignore[misc]
    with pytest.raises(TypeError):
        core.AuthorizeRequest("A")  # type: ignore[call-arg]


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
FROM_CHARGER = [s for s in actions_of("1.6") if s.sender is not Sender.CENTRAL_SYSTEM]


@given(st.sampled_from(FROM_CHARGER), st.data(), st.sets(st.sampled_from(sorted(LENIENT))))
def test_any_member_may_hold_anything_without_a_crash(
    spec: Any, data: st.DataObject, rules: set[str]
) -> None:
    payload = dict(spec.example.request)
    names = [*payload, "meterValue", "x"]
    payload[data.draw(st.sampled_from(names))] = data.draw(JSON)
    for raw in (json.dumps(payload).encode(), data.draw(st.binary(max_size=30))):
        for enabled in (frozenset(rules), LENIENT):
            try:
                decoded = codec.decode_request(spec.name, msgspec.Raw(raw), rules=enabled)
            except InternalFailureError:
                raise
            except WireError as error:
                assert error.detail  # noqa: PT017
            else:
                assert codec.encode_trusted(decoded.request)
