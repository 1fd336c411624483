"""Core: what an operator asks of a charger."""

import pytest

from tests.conformance.cases import case
from tests.conformance.stage import Stage

pytestmark = pytest.mark.integration
CORE = "Core"


@case("TC_010", "Remote start, remote stop", block=CORE)
async def test_remote_start_and_stop(stage: Stage) -> None:
    unit, tag = await stage.booted(), await stage.tag()
    await unit.charger.plug_in(1)
    await unit.until_status(1, "Preparing")
    asked = await unit.ask("remote-start", {"connector_id": 1, "id_tag": tag})
    stage.step("5.11", "RemoteStartTransaction is Accepted", asked["status"] == "Accepted")
    open_one = await unit.transaction(lambda one: one["status"] == "ACTIVE")
    stage.step("5.11", "a session follows", open_one["id_tag"] == tag)
    asked = await unit.ask("remote-stop", {"transaction_id": open_one["id"]})
    stage.step("5.12", "RemoteStopTransaction is Accepted", asked["status"] == "Accepted")
    closed = await unit.ended()
    stage.step("5.12", "the session ends with Remote", closed["stop_reason"] == "Remote")


@case("TC_011_1", "Remote start, then plug in", block=CORE)
async def test_remote_start_first(stage: Stage) -> None:
    unit, tag = await stage.booted(), await stage.tag()
    unit.charger.habits.plugs_in_after_remote_start = False
    asked = await unit.ask("remote-start", {"connector_id": 1, "id_tag": tag})
    stage.step("5.11", "RemoteStartTransaction is Accepted", asked["status"] == "Accepted")
    await unit.until_status(1, "Preparing")
    stage.step("4.9", "Preparing without a cable is shown")
    await unit.charger.plug_in(1)
    open_one = await unit.transaction(lambda one: one["status"] == "ACTIVE")
    stage.step("4.8", "the session belongs to the tag", open_one["id_tag"] == tag)
    operation = await stage.get(f"/api/admin/operations/{asked['operation_id']}")
    stage.step("5.11", "and to the request", operation["transaction_id"] == open_one["id"])


@case("TC_011_2", "Remote start, nobody plugs in", block=CORE)
async def test_remote_start_times_out(stage: Stage) -> None:
    unit = await stage.booted(configuration={"ConnectionTimeOut": "1"})
    tag = await stage.tag()
    unit.charger.habits.plugs_in_after_remote_start = False
    asked = await unit.ask("remote-start", {"connector_id": 1, "id_tag": tag})
    stage.step("5.11", "RemoteStartTransaction is Accepted", asked["status"] == "Accepted")
    await unit.until_status(1, "Preparing")
    await unit.until_status(1, "Available")
    stage.step("9.1.6", "after ConnectionTimeOut the connector is Available again")
    stage.step("4.8", "no session is on record", await unit.transactions() == [])


@case("TC_012", "Remote stop of a local session", block=CORE)
async def test_remote_stop_of_local(stage: Stage) -> None:
    unit, tag = await stage.booted(), await stage.tag()
    session = await unit.begin(tag)
    asked = await unit.ask("remote-stop", {"transaction_id": session.wire_id})
    stage.step("5.12", "RemoteStopTransaction is Accepted", asked["status"] == "Accepted")
    closed = await unit.ended()
    stage.step("5.12", "the session ends with Remote", closed["stop_reason"] == "Remote")


@case("TC_026", "Remote start rejected", block=CORE)
async def test_remote_start_rejected(stage: Stage) -> None:
    unit, tag = await stage.booted(), await stage.tag()
    unit.charger.answer("RemoteStartTransaction", {"status": "Rejected"})
    asked = await unit.ask("remote-start", {"connector_id": 1, "id_tag": tag})
    stage.step("5.11", "the charger's Rejected is passed on", asked["status"] == "Rejected")
    stage.step("4.8", "no session is on record", await unit.transactions() == [])


@case("TC_028", "Remote stop rejected", block=CORE)
async def test_remote_stop_rejected(stage: Stage) -> None:
    unit, tag = await stage.booted(), await stage.tag()
    session = await unit.begin(tag)
    unit.charger.answer("RemoteStopTransaction", {"status": "Rejected"})
    asked = await unit.ask("remote-stop", {"transaction_id": session.wire_id})
    stage.step("5.12", "the charger's Rejected is passed on", asked["status"] == "Rejected")
    open_one = await unit.transaction()
    stage.step("5.12", "the session goes on", open_one["status"] == "ACTIVE")
    await unit.end(session)
    stage.step("4.10", "and is closed by the local stop", (await unit.ended())["id_tag"] == tag)


async def _reset(stage: Stage, kind: str, reason: str) -> None:
    unit, tag = await stage.booted(), await stage.tag()
    session = await unit.begin(tag)
    before = unit.charger.sent_count
    asked = await unit.ask("reset", {"type": kind})
    stage.step("5.14", "Reset is Accepted", asked["status"] == "Accepted")
    boot = await unit.answer_to(await unit.sent("BootNotification", after=before))
    stage.step("4.2", "the charger boots again", boot.payload["status"] == "Accepted")
    await unit.charger.queue.wait_drained(15)
    closed = await unit.ended()
    stage.step("5.14", f"the session ends with {reason}", closed["stop_reason"] == reason)
    stage.step("4.10", "it is the same session", closed["id"] == session.wire_id)


@case("TC_013", "Hard reset during a session", block=CORE)
async def test_hard_reset(stage: Stage) -> None:
    await _reset(stage, "Hard", "HardReset")


@case("TC_014", "Soft reset during a session", block=CORE)
async def test_soft_reset(stage: Stage) -> None:
    await _reset(stage, "Soft", "SoftReset")


@case("TC_017", "Unlock while charging", block=CORE)
async def test_unlock_while_charging(stage: Stage) -> None:
    unit, tag = await stage.booted(), await stage.tag()
    await unit.begin(tag)
    asked = await unit.ask("unlock-connector", {"connector_id": 1})
    stage.step("5.18", "the charger says Unlocked", asked["status"] == "Unlocked")
    closed = await unit.ended()
    stage.step("5.18", "the session is closed", closed["stop_reason"] == "UnlockCommand")


@case("TC_018", "Unlock fails with a session", block=CORE)
async def test_unlock_fails_with_session(stage: Stage) -> None:
    unit, tag = await stage.booted(), await stage.tag()
    session = await unit.begin(tag)
    unit.charger.connectors[1].is_lock_stuck = True
    asked = await unit.ask("unlock-connector", {"connector_id": 1})
    stage.step("5.18", "UnlockFailed is passed on", asked["status"] == "UnlockFailed")
    open_one = await unit.transaction()
    stage.step("5.18", "the session stands", open_one["id"] == session.wire_id)


@case("TC_030", "Unlock fails", block=CORE)
async def test_unlock_fails(stage: Stage) -> None:
    unit = await stage.booted()
    unit.charger.connectors[1].is_lock_stuck = True
    asked = await unit.ask("unlock-connector", {"connector_id": 1})
    stage.step("5.18", "UnlockFailed is passed on", asked["status"] == "UnlockFailed")


@case("TC_031", "Unlock of an unknown connector", block=CORE)
async def test_unlock_unknown(stage: Stage) -> None:
    unit = await stage.booted()
    asked = await unit.ask("unlock-connector", {"connector_id": 9})
    told = await unit.told("UnlockConnector")
    stage.step("5.18", "it reaches the charger", told == {"connectorId": 9})
    stage.step("5.18", "NotSupported is passed on", asked["status"] == "NotSupported")


@case("TC_019", "Read the configuration: all keys, one key", block=CORE)
async def test_get_configuration(stage: Stage) -> None:
    unit = await stage.booted()
    asked = await unit.ask("get-configuration")
    told = await unit.told("GetConfiguration")
    stage.step("5.8", "without keys all are asked for", told == {})
    keys = {one["key"] for one in asked["response"]["configurationKey"]}
    stage.step("9", "all keys come", {"HeartbeatInterval", "NumberOfConnectors"} <= keys)
    before = unit.charger.received_count
    asked = await unit.ask("get-configuration", {"keys": ["SupportedFeatureProfiles"]})
    told = await unit.told("GetConfiguration", after=before)
    stage.step("5.8", "one key is asked for", told == {"key": ["SupportedFeatureProfiles"]})
    (one,) = asked["response"]["configurationKey"]
    stage.step("5.8", "and comes", one["key"] == "SupportedFeatureProfiles")
    shown = {one["key"]: one for one in (await unit.shown())["configuration"]}
    stage.step("5.8", "what is read-only is known", shown["NumberOfConnectors"]["is_readonly"])


@case("TC_021", "Change the configuration", block=CORE)
async def test_change_configuration(stage: Stage) -> None:
    unit = await stage.booted()
    body = {"key": "MeterValueSampleInterval", "value": "17"}
    asked = await unit.ask("change-configuration", body)
    stage.step("5.3", "ChangeConfiguration is Accepted", asked["status"] == "Accepted")
    shown = await unit.until_shown(lambda one: one["configuration"])
    values = {one["key"]: one["value"] for one in shown["configuration"]}
    stage.step("5.3", "the new value is known", values["MeterValueSampleInterval"] == "17")


@case("TC_040_1", "Change an unknown key", block=CORE)
async def test_change_unknown_key(stage: Stage) -> None:
    unit = await stage.booted()
    asked = await unit.ask("change-configuration", {"key": "NoSuchKey", "value": "1"})
    stage.step("5.3", "NotSupported is passed on", asked["status"] == "NotSupported")


@case("TC_040_2", "Change a key to what it cannot be", block=CORE)
async def test_change_to_nonsense(stage: Stage) -> None:
    unit = await stage.booted()
    body = {"key": "MeterValueSampleInterval", "value": "-1"}
    asked = await unit.ask("change-configuration", body)
    stage.step("5.3", "Rejected is passed on", asked["status"] == "Rejected")


@case("TC_061", "Clear the cache", block=CORE)
async def test_clear_cache(stage: Stage) -> None:
    unit, tag = await stage.booted(), await stage.tag()
    await unit.charger.authorize(tag)
    asked = await unit.ask("clear-cache")
    stage.step("5.4", "ClearCache is Accepted", asked["status"] == "Accepted")
    stage.step("3.5.1", "the cache is empty", len(unit.charger.cache) == 0)
