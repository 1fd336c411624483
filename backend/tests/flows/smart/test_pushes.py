"""What chargers are sent by themselves: nothing, until it is switched on for one of them."""

from typing import Any

import pytest

from tests.conformance.stage import Stage, Unit

pytestmark = pytest.mark.integration


def calls(unit: Unit, action: str) -> list[dict[str, Any]]:
    return [f.payload for f in unit.charger.received if f.kind == "CALL" and f.action == action]


async def put(stage: Stage, path: str, body: dict[str, Any], expect: int = 200) -> None:
    answer = stage.rest.client.put(path, json=body)
    assert answer.status_code == expect, answer.text


async def test_a_template_is_compared_applied_and_kept_in_step(stage: Stage) -> None:
    unit, other = await stage.booted(), await stage.booted()
    values = {"HeartbeatInterval": "777", "NumberOfConnectors": "9", "BlinkRepeat": "3"}
    made = await stage.post(
        "/api/admin/configuration-templates", {"name": unit.name, "values": values}, 201
    )
    path = f"/api/admin/configuration-templates/{made['id']}"
    await unit.ask("get-configuration")
    found = await stage.get(f"{path}/compare", charger_id=unit.id)
    states = {one["key"]: one["state"] for one in found["keys"]}
    assert states == {
        "BlinkRepeat": "same",
        "HeartbeatInterval": "differs",
        "NumberOfConnectors": "read_only",
    }
    assert (await stage.post(f"{path}/apply", {"charger_ids": [unit.id]})) == {"queued": 1}
    await stage.until(
        f"{path}/compare",
        lambda one: {k["key"]: k["state"] for k in one["keys"]}["HeartbeatInterval"] == "same",
        charger_id=unit.id,
    )
    assert calls(unit, "ChangeConfiguration") == [{"key": "HeartbeatInterval", "value": "777"}]

    pushes = f"/api/admin/chargers/{other.id}/pushes"
    assert (await stage.get(pushes)) == {"template_id": None, "has_default_profiles": False}
    assert calls(other, "ChangeConfiguration") == []
    await put(stage, pushes, {"template_id": made["id"]})
    told = await other.told("ChangeConfiguration")
    assert told == {"key": "HeartbeatInterval", "value": "777"}
    assert stage.rest.client.delete(path).status_code == 409


async def test_default_profiles_go_where_they_are_switched_on(stage: Stage) -> None:
    unit, other = await stage.booted(), await stage.booted()
    profile = {
        "stackLevel": 0,
        "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": "Relative",
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 13}],
        },
    }
    kept = await stage.post(
        "/api/admin/charging-profiles",
        {"description": "default", "charging_profile": profile, "is_default": True},
        201,
    )
    await put(stage, f"/api/admin/chargers/{unit.id}/pushes", {"has_default_profiles": True})
    told = await unit.told("SetChargingProfile")
    assert told["connectorId"] == 0
    assert told["csChargingProfiles"]["chargingProfileId"] == kept["id"]
    await stage.until(
        f"/api/admin/chargers/{unit.id}/charging-profiles",
        lambda page: page["data"] and page["data"][0]["status"] == "ACCEPTED",
    )
    assert calls(other, "SetChargingProfile") == []
    assert len(calls(unit, "SetChargingProfile")) == 1
