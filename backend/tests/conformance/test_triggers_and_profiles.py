"""Remote Trigger and Smart Charging."""

from typing import Any

import pytest

from tests.conformance.cases import case
from tests.conformance.stage import PATIENCE_S, Stage, Unit

pytestmark = pytest.mark.integration
TRIGGER, SMART = "Remote Trigger", "Smart Charging"
MESSAGES = (
    "BootNotification",
    "DiagnosticsStatusNotification",
    "FirmwareStatusNotification",
    "Heartbeat",
    "MeterValues",
    "StatusNotification",
)


def profile(purpose: str, limit_a: float, **members: Any) -> dict[str, Any]:
    """Return a profile of one flat limit in A, without an id."""
    return {
        "stackLevel": 0,
        "chargingProfilePurpose": purpose,
        "chargingProfileKind": "Relative",
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit_a, "numberPhases": 3}],
        },
        **members,
    }


async def told_profiles(stage: Stage, unit: Unit) -> list[dict[str, Any]]:
    """Return what the charger was told, what is in force first."""
    found = await stage.get(f"/api/admin/chargers/{unit.id}/charging-profiles")
    data: list[dict[str, Any]] = found["data"]
    return data


@case("TC_054", "Trigger each kind of message", block=TRIGGER)
async def test_trigger_each(stage: Stage) -> None:
    unit = await stage.booted()
    for message in MESSAGES:
        body: dict[str, Any] = {"requested_message": message}
        if message in {"MeterValues", "StatusNotification"}:
            body["connector_id"] = 1
        before = unit.charger.sent_count
        asked = await unit.ask("trigger-message", body)
        stage.step("5.17", f"{message} is Accepted", asked["status"] == "Accepted")
        sent = await unit.sent(message, after=before)
        answer = await unit.answer_to(sent)
        stage.step("5.17", f"{message} comes and is answered", answer.kind == "CALLRESULT")


@case("TC_055", "Trigger rejected", block=TRIGGER)
async def test_trigger_rejected(stage: Stage) -> None:
    unit = await stage.booted()
    body = {"requested_message": "StatusNotification", "connector_id": 9}
    asked = await unit.ask("trigger-message", body)
    stage.step("5.17", "Rejected is passed on", asked["status"] == "Rejected")


@case("TC_056", "A default profile during a session", block=SMART)
async def test_default_profile(stage: Stage) -> None:
    unit, tag = await stage.booted(), await stage.tag()
    await unit.begin(tag)
    kept = await stage.post(
        "/api/admin/charging-profiles",
        {"description": "ten", "charging_profile": profile("TxDefaultProfile", 10)},
        201,
    )
    body = {"connector_id": 1, "charging_profile_id": kept["id"]}
    asked = await unit.ask("set-charging-profile", body)
    stage.step("5.16", "SetChargingProfile is Accepted", asked["status"] == "Accepted")
    told = (await unit.told("SetChargingProfile"))["csChargingProfiles"]
    stage.step("7.8", "it goes out under its id", told["chargingProfileId"] == kept["id"])
    stage.step("5.16", "and names no session", "transactionId" not in told)
    in_force = (await told_profiles(stage, unit))[0]
    stage.step("5.16", "it is known to be in force", in_force["status"] == "ACCEPTED")


@case("TC_057", "A profile for one session", block=SMART)
async def test_profile_of_a_session(stage: Stage) -> None:
    unit, tag = await stage.booted(), await stage.tag()
    session = await unit.begin(tag)
    body = {
        "connector_id": 1,
        "charging_profile": profile("TxProfile", 8),
        "transaction_id": session.wire_id,
    }
    asked = await unit.ask("set-charging-profile", body)
    stage.step("5.16", "SetChargingProfile is Accepted", asked["status"] == "Accepted")
    told = (await unit.told("SetChargingProfile"))["csChargingProfiles"]
    stage.step("5.16", "it names the session", told["transactionId"] == session.wire_id)
    stage.step("7.8", "it has an id of ours", told["chargingProfileId"] > 0)
    await unit.end(session)
    await unit.ended()
    ended = (await told_profiles(stage, unit))[0]
    stage.step("3.13.1", "it ends with the session", ended["status"] == "ENDED")


@case("TC_059", "Remote start with a profile", block=SMART)
async def test_remote_start_with_profile(stage: Stage) -> None:
    unit, tag = await stage.booted(), await stage.tag()
    body = {
        "connector_id": 1,
        "id_tag": tag,
        "charging_profile": profile("TxProfile", 6),
    }
    asked = await unit.ask("remote-start", body)
    stage.step("5.11", "RemoteStartTransaction is Accepted", asked["status"] == "Accepted")
    told = (await unit.told("RemoteStartTransaction"))["chargingProfile"]
    stage.step(
        "5.16.2", "the profile is a TxProfile", told["chargingProfilePurpose"] == "TxProfile"
    )
    stage.step("5.16.2", "without a session's id", "transactionId" not in told)
    open_one = await unit.transaction(lambda one: one["status"] == "ACTIVE")
    stage.step("5.11", "the session begins", open_one["id_tag"] == tag)
    wrong = body | {"charging_profile": profile("TxDefaultProfile", 6)}
    await unit.ask("remote-start", wrong, expect=422)
    stage.step("5.16.2", "another purpose is refused here")


@case("TC_066", "Composite schedule", block=SMART)
async def test_composite_schedule(stage: Stage) -> None:
    unit = await stage.booted()
    body = {"connector_id": 1, "charging_profile": profile("TxDefaultProfile", 10)}
    await unit.ask("set-charging-profile", body)
    asked = await unit.ask(
        "get-composite-schedule",
        {"connector_id": 1, "duration_s": 600, "charging_rate_unit": "A"},
    )
    told = await unit.told("GetCompositeSchedule")
    wanted = {"connectorId": 1, "duration": 600, "chargingRateUnit": "A"}
    stage.step("5.7", "the request goes out as asked", told == wanted)
    stage.step("5.7", "the schedule comes", "chargingSchedule" in asked["response"])
    stage.step("6.22", "with the charger's status", asked["status"] == "Accepted")


@case("TC_067", "Remove a profile by its id", block=SMART)
async def test_clear_profile(stage: Stage) -> None:
    unit = await stage.booted()
    body = {"connector_id": 1, "charging_profile": profile("TxDefaultProfile", 10)}
    await unit.ask("set-charging-profile", body)
    number = (await unit.told("SetChargingProfile"))["csChargingProfiles"]["chargingProfileId"]
    asked = await unit.ask("clear-charging-profile", {"charging_profile_id": number})
    stage.step("5.5", "ClearChargingProfile is Accepted", asked["status"] == "Accepted")
    told = await unit.charger.wait_command("ClearChargingProfile", timeout_s=PATIENCE_S)
    stage.step("6.13", "it names the id alone", told.payload == {"id": number})
    stage.step(
        "5.5",
        "it is known to be gone",
        (await told_profiles(stage, unit))[0]["status"] == "CLEARED",
    )
