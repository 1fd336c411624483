"""The charger as a library: every frame under the caller's control."""

import asyncio
import base64
from functools import partial

import pytest
from ocpp.exceptions import OCPPError  # type: ignore[import-untyped]
from ocpp.v16 import call  # type: ignore[import-untyped]

from csms_simulator.errors import CallRefusedError, LinkLostError, NoAnswerError
from csms_simulator.frames import Frame
from tests.stub_central_system import MakeCharger, StubCentralSystem

pytestmark = pytest.mark.integration


def _has_id(message_id: str, frame: Frame) -> bool:
    return frame.message_id == message_id


async def test_explicit_values_go_out_as_given(
    central: StubCentralSystem, make_charger: MakeCharger
) -> None:
    charger = make_charger()
    await charger.connect()
    assert (await charger.boot())["status"] == "Accepted"
    assert await charger.authorize("TAG1") == "Accepted"
    transaction_id, status = await charger.start(
        1, "TAG1", meter_start_wh=500, timestamp="1970-01-01T00:00:05Z", message_id="start-1"
    )
    assert (transaction_id, status) == (1001, "Accepted")
    await charger.meter(1, 700, timestamp="1970-01-01T00:10:05Z")
    await charger.stop(transaction_id, meter_stop_wh=900, timestamp="x", reason="Local")
    assert central.ids("StartTransaction") == ["start-1"]
    assert central.calls("StartTransaction") == [
        {"connectorId": 1, "idTag": "TAG1", "meterStart": 500, "timestamp": "1970-01-01T00:00:05Z"}
    ]
    [reading] = central.calls("MeterValues")
    assert reading["transactionId"] == 1001
    assert reading["meterValue"][0]["timestamp"] == "1970-01-01T00:10:05Z"
    assert reading["meterValue"][0]["sampledValue"][0]["value"] == "700"
    [stop] = central.calls("StopTransaction")
    assert stop == {"meterStop": 900, "timestamp": "x", "transactionId": 1001, "reason": "Local"}
    assert charger.statistics.energy_wh == 400


async def test_raw_text_goes_out_unchanged_and_both_directions_are_recorded(
    central: StubCentralSystem, make_charger: MakeCharger
) -> None:
    charger = make_charger()
    await charger.connect()
    await charger.send_raw('[2, "h1", "Heartbeat", {}]')
    answer = await charger.wait_received(lambda frame: frame.message_id == "h1")
    assert charger.sent[0].text == '[2, "h1", "Heartbeat", {}]'
    assert (answer.kind, answer.payload) == (
        "CALLRESULT",
        {"currentTime": "2026-01-01T00:00:00.000Z"},
    )
    assert answer.monotonic_s >= charger.sent[0].monotonic_s


async def test_call_error_and_silence_are_told_apart(
    central: StubCentralSystem, make_charger: MakeCharger
) -> None:
    charger = make_charger()
    await charger.connect()
    central.fail_next("Heartbeat", "error")
    with pytest.raises(CallRefusedError, match="InternalError: told to fail"):
        await charger.call("Heartbeat")
    central.fail_next("Heartbeat", "silence")
    with pytest.raises(NoAnswerError):
        await charger.call("Heartbeat", timeout_s=0.02)
    central.fail_next("Heartbeat", "drop")
    with pytest.raises(LinkLostError):
        await charger.call("Heartbeat")
    assert charger.statistics.errors == {
        "Heartbeat: InternalError": 1,
        "Heartbeat: no answer": 1,
        "Heartbeat: link lost": 1,
    }


async def test_handlers_can_refuse_stay_silent_and_answer_late(
    central: StubCentralSystem, make_charger: MakeCharger
) -> None:
    charger = make_charger()
    await charger.connect()
    await charger.boot()
    charger.answer("ClearCache", {"status": "Rejected"})
    assert (await central.ask("CP1", call.ClearCache())).status == "Rejected"

    def refuse(_request: dict[str, object]) -> dict[str, object]:
        raise CallRefusedError("SecurityError", "no")

    charger.on("ClearCache", refuse)
    with pytest.raises(OCPPError, match="SecurityError"):
        await central.ask("CP1", call.ClearCache())

    charger.stay_silent("ClearCache")
    central.charge_points["CP1"]._response_timeout = 0.02
    with pytest.raises(TimeoutError):
        await central.ask("CP1", call.ClearCache())

    central.charge_points["CP1"]._response_timeout = 5
    release = asyncio.Event()
    charger.answer_after("GetLocalListVersion", release)
    asking = asyncio.create_task(central.ask("CP1", call.GetLocalListVersion()))
    await charger.wait_command("GetLocalListVersion")
    assert not asking.done()
    release.set()
    assert (await asking).list_version == 0


async def test_basic_credentials_may_hold_colons_and_bytes(
    central: StubCentralSystem, make_charger: MakeCharger
) -> None:
    charger = make_charger("CP:1", password=b"a:\xff", headers={"X-Test": "yes"})
    await charger.connect()
    await charger.boot()
    connection = central.charge_points["CP%3A1"].connection
    assert connection.request is not None
    token = connection.request.headers["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(token) == b"CP:1:a:\xff"
    assert connection.request.headers["X-Test"] == "yes"


async def test_unknown_actions_get_the_error_codes_of_the_specification(
    central: StubCentralSystem, make_charger: MakeCharger
) -> None:
    charger = make_charger()
    await charger.connect()
    await charger.boot()
    connection = central.charge_points["CP1"].connection
    for action, payload, code in [
        ("Fly", "{}", "NotImplemented"),
        ("Heartbeat", "{}", "NotSupported"),
        ("ClearCache", '{"more":1}', "FormationViolation"),
        ("Reset", '{"type":7}', "TypeConstraintViolation"),
    ]:
        await connection.send(f'[2,"{action}","{action}",{payload}]')
        frame = await charger.wait_sent(partial(_has_id, action))
        assert frame.decoded is not None
        assert frame.decoded.code == code
