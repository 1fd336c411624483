"""Firmware campaigns over real sockets: the boot with the new version is what counts."""

from typing import Any

import pytest

from csms_simulator.options import Habits
from tests.conformance.stage import Stage, Unit

pytestmark = pytest.mark.integration
SLOW = 120


async def begun(stage: Stage, units: list[Unit], **more: Any) -> dict[str, Any]:
    body = {
        "name": "spring",
        "version": "v2.0",
        "location": "https://firmware.example.org/v2.0.bin",
        "selection": {"charger_ids": [unit.id for unit in units]},
        **more,
    }
    made: dict[str, Any] = await stage.post("/api/admin/firmware-campaigns", body, 201)
    return made


def by_charger(campaign: dict[str, Any]) -> dict[int, dict[str, Any]]:
    return {one["charger_id"]: one for one in campaign["members"]}


async def test_waves_boot_with_the_new_version_and_failures_say_why(stage: Stage) -> None:
    bad = Habits(firmware_outcome="DownloadFailed", transfer_s=0.02, reboot_s=0.1)
    good = [await stage.booted(), await stage.booted()]
    failing = await stage.booted(habits=bad)
    away = await stage.unit()
    made = await begun(
        stage, [good[0], failing, good[1], away], wave_sizes=[1], parallel_max=2, attempts_max=1
    )
    assert (made["status"], made["waves"]) == ("RUNNING", 2)
    path = f"/api/admin/firmware-campaigns/{made['id']}"
    found = await stage.until(path, lambda one: one["done"] == 2 and one["failed"] == 1)
    members = by_charger(found)
    for unit in good:
        assert members[unit.id]["version_after"] == "v2.0"
        assert (await unit.shown())["firmware_version"] == "v2.0"
        boots = [f for f in unit.charger.sent if f.action == "BootNotification"]
        assert boots[-1].payload["firmwareVersion"] == "v2.0"
    assert members[failing.id]["reason"] == "the charger reported DownloadFailed"
    assert members[away.id]["status"] == "WAITING"
    assert found["status"] == "RUNNING"
    jobs = await stage.get("/api/admin/maintenance-jobs", charger_id=good[0].id)
    detail = await stage.get(f"/api/admin/maintenance-jobs/{jobs['data'][0]['id']}")
    assert [one["status"] for one in detail["events"]][-1] == "Installed"

    await away.charger.power_on()
    await stage.until(path, lambda one: one["done"] == 3)
    ended = await stage.get(path)
    assert ended["status"] == "DONE"


async def test_a_paused_campaign_asks_nobody_and_goes_on_when_resumed(stage: Stage) -> None:
    first, second = await stage.unit(), await stage.unit()
    made = await begun(stage, [first, second], version="v3.0", location="https://f.example/v3.0.x")
    path = f"/api/admin/firmware-campaigns/{made['id']}"
    paused = await stage.post(f"{path}/pause")
    assert paused["status"] == "PAUSED"
    await first.charger.power_on()
    await first.until_status(1, "Available")
    assert not [f for f in first.charger.received if f.action == "UpdateFirmware"]
    await stage.post(f"{path}/resume")
    await stage.until(path, lambda one: one["done"] == 1)
    cancelled = await stage.post(f"{path}/cancel")
    assert cancelled["status"] == "CANCELLED"
    assert by_charger(cancelled)[second.id]["status"] == "CANCELLED"
    await stage.post(f"{path}/resume", expect=409)
    await stage.post(
        "/api/admin/firmware-campaigns",
        {
            "name": "none",
            "version": "1",
            "location": "https://f.example/1",
            "selection": {"vendor": "nobody at all"},
        },
        422,
    )
