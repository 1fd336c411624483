"""Each scenario runs to its end against an independent central system and says what it should."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from ocpp.v16 import call  # type: ignore[import-untyped]

from csms_simulator.charger import VirtualCharger
from csms_simulator.clock import parse_timestamp
from csms_simulator.fleet import Fleet
from csms_simulator.run_options import Credentials, RunOptions
from csms_simulator.scenarios.table import SCENARIOS
from tests.stub_central_system import StubCentralSystem

pytestmark = pytest.mark.integration

Operator = Callable[[StubCentralSystem], Awaitable[None]]


async def play(
    central: StubCentralSystem, scenario: str, operator: Operator | None = None, **options: Any
) -> Fleet:
    """Play one scenario with one charger to its end and check that nothing went wrong."""
    run = RunOptions(
        url=central.url,
        chargers=(Credentials("CP1"),),
        scenario=scenario,
        id_tags=options.pop("id_tags", ("TAG1",)),
        speed=options.pop("speed", 600),
        is_clock_fast=True,
        reconnect_min_real_s=0.001,
        reconnect_max_real_s=0.01,
        patience_real_s=5,
        is_quiet=True,
        **options,
    )
    fleet = Fleet(run, lambda _line: None)
    playing = asyncio.create_task(fleet.run(asyncio.Event()))
    if operator is not None:
        async with asyncio.timeout(10):
            await central.until(lambda: "BootNotification" in central.actions())
            await operator(central)
    outcome = await playing
    assert outcome.as_dict() == {
        "chargers_completed": 1,
        "chargers_ended": 0,
        "chargers_failed": 0,
        "failures": {},
    }
    return fleet


def statuses(central: StubCentralSystem, connector_id: int = 1) -> list[str]:
    return [
        call["status"]
        for call in central.calls("StatusNotification")
        if call["connectorId"] == connector_id
    ]


def registers(central: StubCentralSystem) -> list[int]:
    return [
        int(sample["value"])
        for payload in central.calls("MeterValues")
        for value in payload["meterValue"]
        for sample in value["sampledValue"]
        if sample["measurand"] == "Energy.Active.Import.Register"
    ]


async def test_full_session_is_one_whole_session(central: StubCentralSystem) -> None:
    fleet = await play(central, "full-session")
    actions = [a for a in central.actions() if a not in {"MeterValues", "Heartbeat"}]
    assert actions == [
        "BootNotification",
        "StatusNotification",
        "StatusNotification",
        "StatusNotification",
        "Authorize",
        "StartTransaction",
        "StatusNotification",
        "StopTransaction",
        "StatusNotification",
        "StatusNotification",
    ]
    assert statuses(central) == ["Available", "Preparing", "Charging", "Finishing", "Available"]
    [start], [stop] = central.calls("StartTransaction"), central.calls("StopTransaction")
    readings = registers(central)
    assert len(readings) >= 3
    assert readings == sorted(readings)
    assert start["meterStart"] <= readings[0] <= readings[-1] <= stop["meterStop"]
    assert stop["meterStop"] - start["meterStart"] == fleet.statistics.energy_wh > 0
    assert {m["transactionId"] for m in central.calls("MeterValues")} == {stop["transactionId"]}


async def test_energy_never_exceeds_power_times_time(central: StubCentralSystem) -> None:
    await play(central, "full-session", power_kw=22.0)
    [start], [stop] = central.calls("StartTransaction"), central.calls("StopTransaction")
    duration = parse_timestamp(stop["timestamp"]) - parse_timestamp(start["timestamp"])
    energy_wh = stop["meterStop"] - start["meterStart"]
    assert 0 < energy_wh <= 22_000 * duration.total_seconds() / 3600 + 1


async def test_several_connectors_charge_at_once(central: StubCentralSystem) -> None:
    await play(central, "several-connectors", connectors=3)
    actions = [a for a in central.actions() if a.endswith("Transaction")]
    assert actions == ["StartTransaction"] * 3 + ["StopTransaction"] * 3
    assert [s["connectorId"] for s in central.calls("StartTransaction")] == [1, 2, 3]


async def test_offline_messages_are_replayed_in_order_with_their_true_times(
    central: StubCentralSystem,
) -> None:
    await play(central, "offline-and-replay")
    kinds = [a for a in central.actions() if a.endswith("Transaction")]
    assert kinds == ["StartTransaction", "StopTransaction"] * 2
    first_stop, second_stop = central.calls("StopTransaction")
    second_start = central.calls("StartTransaction")[1]
    times = [first_stop["timestamp"], second_start["timestamp"], second_stop["timestamp"]]
    assert times == sorted(times)
    assert len(set(times)) == 3
    assert second_stop["reason"] == "EVDisconnected"
    assert second_stop["transactionId"] == central.last_transaction_id
    times = [m["meterValue"][0]["timestamp"] for m in central.calls("MeterValues")]
    assert times == sorted(times)
    assert central.actions().count("BootNotification") == 1


async def test_a_dropped_link_ends_no_session_and_needs_no_boot(
    central: StubCentralSystem,
) -> None:
    fleet = await play(central, "drop-in-session")
    assert fleet.statistics.connects == 2
    assert central.actions().count("BootNotification") == 1
    assert len(central.calls("StartTransaction")) == len(central.calls("StopTransaction")) == 1


async def test_power_loss_stops_the_session_after_the_next_boot(
    central: StubCentralSystem,
) -> None:
    await play(central, "reboot-in-session")
    actions = central.actions()
    second_boot = len(actions) - 1 - actions[::-1].index("BootNotification")
    assert actions.count("BootNotification") == 2
    assert actions.index("StopTransaction") > second_boot
    assert central.calls("StopTransaction")[0]["reason"] == "PowerLoss"


async def test_a_rejected_tag_starts_nothing(central: StubCentralSystem) -> None:
    central.tags["BAD"] = "Invalid"
    await play(central, "rejected-tag", id_tags=("BAD",))
    assert central.calls("Authorize") == [{"idTag": "BAD"}]
    assert "StartTransaction" not in central.actions()
    assert statuses(central) == ["Available", "Preparing", "Available"]


async def test_duplicates_repeat_the_content_with_same_and_new_ids(
    central: StubCentralSystem,
) -> None:
    await play(central, "duplicates")
    for action in ("StartTransaction", "MeterValues", "StopTransaction"):
        first, second, third = central.ids(action)
        assert first == second != third
        assert len({str(payload) for payload in central.calls(action)}) == 1


async def test_wrong_clocks_show_on_the_wire(central: StubCentralSystem) -> None:
    await play(central, "wrong-clock")
    past, future, zoneless = [s["timestamp"] for s in central.calls("StartTransaction")]
    stopped = [s["timestamp"] for s in central.calls("StopTransaction")]
    booted = parse_timestamp(central.calls("StatusNotification")[0]["timestamp"])
    assert past.startswith("1970-01-01T")
    assert (parse_timestamp(future) - booted).days >= 364
    assert not zoneless.endswith("Z")
    assert not stopped[2].endswith("Z")


async def test_a_swapped_meter_falls_in_mid_session(central: StubCentralSystem) -> None:
    await play(central, "register-reset")
    readings = registers(central)
    assert readings != sorted(readings)
    assert central.calls("StopTransaction")[0]["meterStop"] < 50_000
    assert central.calls("StartTransaction")[0]["meterStart"] == 50_000


async def test_a_late_stop_carries_its_true_time(central: StubCentralSystem) -> None:
    await play(central, "late-stop")
    assert central.actions()[-1] == "StopTransaction"
    [stop] = central.calls("StopTransaction")
    freed = [c for c in central.calls("StatusNotification") if c["status"] == "Finishing"]
    assert stop["timestamp"] <= freed[0]["timestamp"]


async def test_a_lost_stop_never_comes(central: StubCentralSystem) -> None:
    await play(central, "lost-stop")
    assert len(central.calls("StartTransaction")) == 1
    assert "StopTransaction" not in central.actions()
    assert statuses(central)[-1] == "Available"


async def test_two_units_take_turns_with_one_id(central: StubCentralSystem) -> None:
    fleet = await play(central, "two-units-one-id")
    serials = [boot["chargePointSerialNumber"] for boot in central.calls("BootNotification")]
    assert serials == ["VC-CP1", "VC-THE-OTHER-UNIT"] * 3
    assert fleet.statistics.connects == 6


async def test_faults_come_go_and_are_replayed_with_old_times(central: StubCentralSystem) -> None:
    await play(central, "faults")
    reports = [c for c in central.calls("StatusNotification") if c["connectorId"] == 1]
    faulted = [c for c in reports if c["status"] == "Faulted"]
    assert [c["vendorErrorCode"] for c in faulted] == ["E-117", "E-204", "E-999"] * 2
    recovered = max(c["timestamp"] for c in reports if c["status"] == "Available")
    assert all(c["timestamp"] < recovered for c in faulted[3:])
    assert [c["timestamp"] for c in faulted[3:]] == sorted(c["timestamp"] for c in faulted[3:])


async def test_remote_start_and_stop_wait_for_the_operator(central: StubCentralSystem) -> None:
    async def operator(system: StubCentralSystem) -> None:
        await system.until(lambda: "Available" in statuses(system))
        request = call.RemoteStartTransaction(id_tag="APP1", connector_id=1)
        assert (await system.ask("CP1", request)).status == "Accepted"
        await system.until(lambda: system.calls("MeterValues"))
        stop = call.RemoteStopTransaction(transaction_id=system.last_transaction_id)
        assert (await system.ask("CP1", stop)).status == "Accepted"

    await play(central, "remote-start-stop", operator)
    assert central.calls("StartTransaction")[0]["idTag"] == "APP1"
    assert central.calls("StopTransaction")[0]["reason"] == "Remote"


async def test_availability_is_scheduled_until_the_session_ends(
    central: StubCentralSystem,
) -> None:
    async def operator(system: StubCentralSystem) -> None:
        await system.until(lambda: "Charging" in statuses(system))
        off = call.ChangeAvailability(connector_id=1, type="Inoperative")
        assert (await system.ask("CP1", off)).status == "Scheduled"
        await system.until(lambda: "Unavailable" in statuses(system))
        again = call.ChangeAvailability(connector_id=1, type="Operative")
        assert (await system.ask("CP1", again)).status == "Accepted"

    await play(central, "change-availability", operator)
    assert statuses(central)[-3:] == ["Finishing", "Unavailable", "Available"]


async def test_a_reservation_is_used_by_its_tag_alone(central: StubCentralSystem) -> None:
    async def operator(system: StubCentralSystem) -> None:
        await system.until(lambda: "Available" in statuses(system))
        request = call.ReserveNow(
            connector_id=1, expiry_date="2999-01-01T00:00:00Z", id_tag="VIP", reservation_id=42
        )
        assert (await system.ask("CP1", request)).status == "Accepted"

    await play(central, "reservation", operator)
    [start] = central.calls("StartTransaction")
    assert (start["idTag"], start["reservationId"]) == ("VIP", 42)
    assert "Reserved" in statuses(central)


@pytest.mark.parametrize("is_signed", [False, True])
async def test_firmware_goes_through_its_statuses_and_a_boot(
    central: StubCentralSystem, signing_certificate: str, *, is_signed: bool
) -> None:
    async def operator(system: StubCentralSystem) -> None:
        await system.until(lambda: "Available" in statuses(system))
        past, place = "2020-01-01T00:00:00Z", "ftp://files.example/v2.0.7.bin"
        if not is_signed:
            await system.ask("CP1", call.UpdateFirmware(location=place, retrieve_date=past))
            return
        firmware = {
            "location": place,
            "retrieveDateTime": past,
            "signingCertificate": signing_certificate,
            "signature": "c2lnbmVk",
        }
        request = call.SignedUpdateFirmware(request_id=7, firmware=firmware)
        assert (await system.ask("CP1", request)).status == "Accepted"

    await play(central, "firmware", operator)
    assert central.calls("BootNotification")[1]["firmwareVersion"] == "v2.0.7"
    if is_signed:
        told = [c["status"] for c in central.calls("SignedFirmwareStatusNotification")]
        assert told == [
            "Downloading",
            "Downloaded",
            "SignatureVerified",
            "Installing",
            "InstallRebooting",
            "Installed",
        ]
    else:
        told = [c["status"] for c in central.calls("FirmwareStatusNotification")]
        assert told == ["Downloading", "Downloaded", "Installing", "Installed"]


async def test_idle_sends_heartbeats_until_it_is_told_to_end(central: StubCentralSystem) -> None:
    run = RunOptions(
        central.url, (Credentials("CP1"),), "idle", heartbeat_interval_real_s=0.005, is_quiet=True
    )
    fleet, stop = Fleet(run, lambda _line: None), asyncio.Event()
    playing = asyncio.create_task(fleet.run(stop))
    await central.until(lambda: central.actions().count("Heartbeat") >= 3)
    stop.set()
    assert (await playing).as_dict()["chargers_ended"] == 1
    assert fleet.connected == 0


async def test_idle_with_auto_start_survives_a_refused_tag(central: StubCentralSystem) -> None:
    central.tags["BAD"] = "Blocked"
    run = RunOptions(
        central.url,
        (Credentials("CP1"),),
        "idle",
        ("BAD",),
        speed=2000,
        auto_start_s=10,
        auto_stop_s=10,
        is_quiet=True,
    )
    fleet, stop = Fleet(run, lambda _line: None), asyncio.Event()
    playing = asyncio.create_task(fleet.run(stop))
    await central.until(lambda: playing.done() or len(central.calls("Authorize")) >= 3)
    stop.set()
    assert (await playing).as_dict()["chargers_ended"] == 1
    assert "StartTransaction" not in central.actions()


@pytest.mark.parametrize("end_sessions_s", [10.0, 0.0])
async def test_a_fleet_that_is_told_to_end_ends_its_sessions_where_asked(
    central: StubCentralSystem, end_sessions_s: float
) -> None:
    run = RunOptions(
        central.url,
        (Credentials("CP1"), Credentials("CP2")),
        "demo",
        connectors=2,
        speed=20,
        seed=3,
        end_sessions_real_s=end_sessions_s,
        is_quiet=True,
    )
    fleet, stop = Fleet(run, lambda _line: None), asyncio.Event()
    playing = asyncio.create_task(fleet.run(stop))
    await central.until(lambda: playing.done() or fleet.charging >= 2)
    stop.set()
    outcome = await playing
    assert outcome.reasons == {}
    starts, stops = central.calls("StartTransaction"), central.calls("StopTransaction")
    if end_sessions_s:
        assert len(stops) == len(starts)
        assert "PowerLoss" in {one.get("reason") for one in stops}
    else:
        assert len(stops) < len(starts)


async def test_demo_keeps_starting_sessions_on_every_connector(
    central: StubCentralSystem,
) -> None:
    run = RunOptions(
        central.url,
        (Credentials("CP1"), Credentials("CP2")),
        "demo",
        connectors=2,
        speed=2000,
        is_clock_fast=True,
        seed=3,
        is_quiet=True,
    )
    fleet, stop = Fleet(run, lambda _line: None), asyncio.Event()
    playing = asyncio.create_task(fleet.run(stop))
    await central.until(lambda: playing.done() or len(central.calls("StopTransaction")) >= 8)
    stop.set()
    outcome = await playing
    assert outcome.reasons == {}
    used = {(s["connectorId"]) for s in central.calls("StartTransaction")}
    assert used == {1, 2}


def test_every_scenario_has_a_line_and_a_name_in_kebab_case() -> None:
    assert len(SCENARIOS) == 19
    for name, scenario in SCENARIOS.items():
        assert name == name.lower().replace("_", "-")
        assert 0 < len(scenario.line) < 80


def test_library_and_command_line_share_one_charger() -> None:
    fleet = Fleet(RunOptions("ws://x", (Credentials("A"),)), lambda _line: None)
    assert type(fleet.make_charger("A")) is VirtualCharger
