"""Every frame the generator sends is valid OCPP 1.6."""

import asyncio
import json
from datetime import datetime

import ocpp.messages  # type: ignore[import-untyped]
import pytest

from benchmarks.load import frames

pytestmark = pytest.mark.unit

_STAMP = b"2026-01-31T12:00:00.123Z"
_CALLS = {
    "boot": frames.boot(1, "BENCH000001"),
    "authorize": frames.authorize(2, "TAG"),
    "start": frames.start_transaction(3, "TAG", 1000, _STAMP),
    "stop": frames.stop_transaction(4, 17, 1200, _STAMP),
    "heartbeat": frames.heartbeat(5),
    "status": frames.status(6, b"Charging", _STAMP),
    "meter_values": frames.meter_values(7, 17, 1100, _STAMP),
}


@pytest.mark.parametrize("name", _CALLS)
def test_frame_passes_the_schema_of_its_action(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocpp.messages, "ASYNC_VALIDATION", False)
    call = ocpp.messages.unpack(_CALLS[name].decode())
    assert isinstance(call, ocpp.messages.Call)
    assert call.unique_id == str(list(_CALLS).index(name) + 1)
    asyncio.run(ocpp.messages.validate_payload(call, "1.6"))


def test_meter_values_carry_register_power_current_and_voltage() -> None:
    payload = json.loads(frames.meter_values(7, 17, 1100, _STAMP))[3]
    (sample,) = payload["meterValue"]
    assert [value["unit"] for value in sample["sampledValue"]] == ["Wh", "W", "A", "V"]
    assert sample["sampledValue"][0]["value"] == "1100"


def test_charging_charger_mixes_its_kinds_and_its_register_never_falls() -> None:
    script = frames.Script(frames.WallClock(), offset=0)
    script.begin_transaction(17, now_s=0.0)
    calls = [json.loads(script.next_call(number)[1]) for number in range(1, 13)]
    actions = [call[2] for call in calls]
    assert [actions.count(a) for a in ("MeterValues", "StatusNotification", "Heartbeat")] == [
        8,
        2,
        2,
    ]
    registers = [
        int(call[3]["meterValue"][0]["sampledValue"][0]["value"])
        for call in calls
        if call[2] == "MeterValues"
    ]
    assert registers == sorted(registers)


def test_idle_charger_sends_no_meter_values() -> None:
    script = frames.Script(frames.WallClock(), offset=1)
    actions = [frames.ACTIONS[script.next_call(number)[0]] for number in range(1, 5)]
    assert actions == ["StatusNotification", "Heartbeat"] * 2


def test_stamp_is_utc_with_milliseconds() -> None:
    clock = frames.WallClock()
    for now_s in (1_700_000_000.25, 1_700_000_000.5, 1_700_000_061.0):
        stamp = clock.stamp(now_s).decode()
        assert datetime.fromisoformat(stamp).timestamp() == now_s
        assert stamp.endswith("Z")
