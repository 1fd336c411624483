"""Core: booting, identifying, charging, stopping, on the charger's own initiative."""

from datetime import UTC, datetime, timedelta

import pytest

from csms_simulator.clock import parse_timestamp
from tests.conformance.cases import case
from tests.conformance.stage import Stage, connector_of

pytestmark = pytest.mark.integration
CORE = "Core"


@case("TC_001", "Cold boot", block=CORE)
async def test_cold_boot(stage: Stage) -> None:
    unit = await stage.unit(connectors=2)
    await unit.charger.power_on()
    boot = await unit.answer_to(await unit.sent("BootNotification"))
    stage.step("4.2", "BootNotification is Accepted", boot.payload["status"] == "Accepted")
    stage.step("4.2", "with our interval", boot.payload["interval"] > 0)
    age = datetime.now(UTC) - parse_timestamp(boot.payload["currentTime"])
    stage.step("6.4", "currentTime is the present", abs(age) < timedelta(seconds=30))
    for number in (0, 1, 2):
        await unit.until_status(number, "Available")
    stage.step("4.9", "every connector is shown Available")
    beat = await unit.charger.heartbeat()
    stage.step("4.6", "Heartbeat tells the time", parse_timestamp(beat["currentTime"]))
    shown = await unit.shown()
    stage.step("4.2", "what it said of itself is on record", shown["model"] == "VC-22")
    stage.step("4", "every request has its result", await unit.all_answered())


@case("TC_003", "Plug in first, then identify", block=CORE)
async def test_plug_in_first(stage: Stage) -> None:
    unit, tag = await stage.booted(), await stage.tag()
    await unit.charger.plug_in(1)
    await unit.until_status(1, "Preparing")
    stage.step("4.9", "Preparing is shown")
    stage.step("4.1", "Authorize is Accepted", await unit.charger.authorize(tag) == "Accepted")
    session = await unit.begin(tag)
    open_one = await unit.transaction(lambda one: one["status"] == "ACTIVE")
    stage.step("4.8", "StartTransaction opens a session", open_one["id"] == session.wire_id)
    stage.step("4.8", "under a positive 32-bit id of ours", 0 < session.wire_id < 2**31)
    unit.charger.queue_reading(unit.charger.connectors[1])
    await unit.end(session)
    closed = await unit.ended()
    stage.step("4.10", "StopTransaction closes it", closed["id_tag"] == tag)
    readings = await stage.get(f"/api/admin/transactions/{closed['id']}/meter-values")
    stage.step("4.7", "its readings are kept", len(readings["data"]) >= 1)
    await unit.until_status(1, "Available")
    stage.step("4.9", "the connector is Available again")
    stage.step("4", "every request has its result", await unit.all_answered())


@case("TC_004_1", "Identify first", block=CORE)
async def test_identify_first(stage: Stage) -> None:
    unit, tag = await stage.booted(), await stage.tag()
    stage.step("4.1", "Authorize is Accepted", await unit.charger.authorize(tag) == "Accepted")
    await unit.charger.set_status(unit.charger.connectors[1], "Preparing")
    await unit.until_status(1, "Preparing")
    stage.step("4.9", "Preparing before the cable is shown")
    session = await unit.begin(tag)
    await unit.end(session)
    closed = await unit.ended()
    stage.step("4.10", "the session is closed with that tag", closed["id_tag"] == tag)


@case("TC_004_2", "Identify, then nobody plugs in", block=CORE)
async def test_identify_and_leave(stage: Stage) -> None:
    unit, tag = await stage.booted(), await stage.tag()
    stage.step("4.1", "Authorize is Accepted", await unit.charger.authorize(tag) == "Accepted")
    connector = unit.charger.connectors[1]
    await unit.charger.set_status(connector, "Preparing")
    await unit.until_status(1, "Preparing")
    await unit.charger.set_status(connector, "Available")
    await unit.until_status(1, "Available")
    stage.step("9.1.6", "after ConnectionTimeOut the connector is Available again")
    stage.step("4.8", "no session is on record", await unit.transactions() == [])


@case("TC_005", "Cable pulled at the car", block=CORE)
async def test_ev_side_disconnect(stage: Stage) -> None:
    unit, tag = await stage.booted(), await stage.tag()
    await unit.begin(tag)
    await unit.charger.unplug(1)
    await unit.charger.queue.wait_drained(15)
    closed = await unit.ended()
    stage.step("4.10", "the reason is kept", closed["stop_reason"] == "EVDisconnected")
    await unit.until_status(1, "Available")
    stage.step("4.9", "the connector is Available again")


@case("TC_007", "A cached id starts without Authorize", block=CORE)
async def test_cached_id(stage: Stage) -> None:
    unit = await stage.booted(configuration={"LocalPreAuthorize": "true"})
    tag = await stage.tag()
    await unit.charger.authorize(tag)
    before = unit.charger.sent_count
    session = await unit.begin(tag)
    sent = [frame.action for frame in unit.charger.sent[before:]]
    stage.step("3.5.1", "the charger starts from its cache", "Authorize" not in sent)
    stage.step("4.8", "the tag is Accepted", session.id_status == "Accepted")
    await unit.end(session)
    stage.step("4.10", "the session is closed", (await unit.ended())["id_tag"] == tag)


async def _refuse(stage: Stage, tag: str, status: str) -> None:
    unit = await stage.booted()
    stage.step("4.1", f"Authorize is {status}", await unit.charger.authorize(tag) == status)
    await unit.charger.plug_in(1)
    refused = await unit.charger.begin_session(1, tag)
    stage.step("3.5", "nothing starts", refused is None)
    stage.step("4.8", "no session is on record", await unit.transactions() == [])


@case("TC_023_1", "Authorize an unknown id", block=CORE)
async def test_unknown_id(stage: Stage) -> None:
    await _refuse(stage, "UNKNOWN1", "Invalid")


@case("TC_023_2", "Authorize an expired id", block=CORE)
async def test_expired_id(stage: Stage) -> None:
    await _refuse(stage, await stage.tag(expires_at="2020-01-01T00:00:00Z"), "Expired")


@case("TC_023_3", "Authorize a blocked id", block=CORE)
async def test_blocked_id(stage: Stage) -> None:
    await _refuse(stage, await stage.tag(blocked=True), "Blocked")


@case("TC_024", "The cable cannot be locked", block=CORE)
async def test_lock_failure(stage: Stage) -> None:
    unit = await stage.booted()
    await unit.charger.plug_in(1)
    await unit.charger.status(1, "Faulted", "ConnectorLockFailure")
    shown = await unit.until_status(1, "Faulted")
    stage.step(
        "7.6", "Faulted is shown with its reason", shown["error_code"] == "ConnectorLockFailure"
    )
    stage.step("4.8", "no session is on record", await unit.transactions() == [])


@case("TC_032_1", "Power failure during a session", block=CORE)
async def test_power_failure(stage: Stage) -> None:
    unit, tag = await stage.booted(), await stage.tag()
    session = await unit.begin(tag)
    before = unit.charger.sent_count
    await unit.charger.reboot("PowerLoss", is_hard=True)
    await unit.sent("BootNotification", after=before)
    await unit.charger.queue.wait_drained(15)
    closed = await unit.ended()
    stage.step("4.2", "the charger boots again")
    stage.step("4.10", "the same session ends with PowerLoss", closed["stop_reason"] == "PowerLoss")
    stage.step("3.7", "and keeps its id", closed["id"] == session.wire_id)


@case("TC_037_1", "Offline start with a valid id", block=CORE)
async def test_offline_start_valid(stage: Stage) -> None:
    unit = await stage.booted(configuration={"AllowOfflineTxForUnknownId": "true"})
    tag = await stage.tag()
    unit.charger.go_offline()
    await unit.charger.plug_in(1)
    session = await unit.charger.begin_session(1, tag)
    assert session is not None
    await unit.charger.come_back()
    await unit.charger.queue.wait_drained(15)
    stage.step("3.5.4", "the queued start is Accepted", session.id_status == "Accepted")
    open_one = await unit.transaction(lambda one: one["status"] == "ACTIVE")
    stage.step("4.8", "the session is open", open_one["id"] == session.wire_id)
    same = parse_timestamp(open_one["started_at"]) == parse_timestamp(session.started_at)
    stage.step("3.7", "it began when the charger says", same)
    await unit.end(session)
    stage.step("4.10", "and closes as any other", (await unit.ended())["id_tag"] == tag)


@case("TC_037_3", "Offline start with an invalid id", block=CORE)
async def test_offline_start_invalid(stage: Stage) -> None:
    unit = await stage.booted(configuration={"AllowOfflineTxForUnknownId": "true"})
    unit.charger.go_offline()
    await unit.charger.plug_in(1)
    session = await unit.charger.begin_session(1, "NOBODY")
    assert session is not None
    await unit.charger.come_back()
    await session.ended.wait()
    await unit.charger.queue.wait_drained(15)
    stage.step("4.8", "the start gets an id of ours all the same", session.wire_id > 0)
    stage.step("4.8", "and the true status", session.id_status == "Invalid")
    closed = await unit.ended()
    stage.step("9.1.24", "the charger ends it by itself", closed["stop_reason"] == "DeAuthorized")
    stage.step("4.8", "the session is on record", closed["id"] == session.wire_id)


@case("TC_039", "Offline session, replayed", block=CORE)
async def test_offline_session(stage: Stage) -> None:
    unit = await stage.booted(configuration={"AllowOfflineTxForUnknownId": "true"})
    tag = await stage.tag()
    unit.charger.go_offline()
    await unit.charger.plug_in(1)
    session = await unit.charger.begin_session(1, tag)
    assert session is not None
    await unit.charger.end_session(session, "Local", tag)
    await unit.charger.unplug(1)
    stop_at = datetime.now(UTC)
    await unit.charger.come_back()
    await unit.charger.queue.wait_drained(15)
    closed = await unit.ended()
    same = parse_timestamp(closed["started_at"]) == parse_timestamp(session.started_at)
    stage.step("3.7", "the start keeps its time", same)
    stage.step("3.7", "and so does the stop", parse_timestamp(closed["stopped_at"]) <= stop_at)
    stage.step("4.10", "both belong to one session", closed["id"] == session.wire_id)


@case("TC_064", "DataTransfer from the charger", block=CORE)
async def test_data_transfer_to_us(stage: Stage) -> None:
    unit = await stage.booted()
    answer = await unit.charger.call(
        "DataTransfer", {"vendorId": "org.example", "messageId": "m", "data": "d"}
    )
    known = {"Accepted", "Rejected", "UnknownMessageId", "UnknownVendorId"}
    stage.step("4.3", "it is answered with a status", answer["status"] in known)
    logged = await stage.until(
        f"/api/logs/{unit.name}",
        lambda page: any(one["action"] == "DataTransfer" for one in page["data"]),
    )
    stage.step("4.3", "and what it said is in the log", "org.example" in str(logged))
    assert connector_of(await unit.shown(), 1)["status"] == "Available"
