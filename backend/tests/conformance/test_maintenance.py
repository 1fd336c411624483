"""Firmware Management: updates and diagnostics, with every status on record."""

from typing import Any

import pytest

from tests.conformance.cases import case
from tests.conformance.stage import Stage, Unit

pytestmark = pytest.mark.integration
FIRMWARE = "Firmware Management"
LOCATION = "https://files.example.org/firmware/2.0.0.bin"


async def job_of(stage: Stage, unit: Unit, status: str) -> dict[str, Any]:
    """Return the charger's only job with its history, once it stands there."""
    page = await stage.until(
        "/api/admin/maintenance-jobs",
        lambda found: [one["status"] for one in found["data"]] == [status],
        charger_id=unit.id,
    )
    job: dict[str, Any] = await stage.get(f"/api/admin/maintenance-jobs/{page['data'][0]['id']}")
    return job


def said(job: dict[str, Any]) -> list[str]:
    """Return what the charger reported, in order."""
    return [event["status"] for event in job["events"]]


@case("TC_044_1", "Firmware installed", block=FIRMWARE)
async def test_firmware_installed(stage: Stage) -> None:
    unit = await stage.booted()
    await unit.ask("update-firmware", {"location": LOCATION})
    told = await unit.told("UpdateFirmware")
    stage.step("6.55", "UpdateFirmware names where", told["location"] == LOCATION)
    await unit.sent("FirmwareStatusNotification", lambda one: one["status"] == "Installed")
    job = await stage.until(
        "/api/admin/maintenance-jobs",
        lambda found: found["data"][0]["charger_status"] == "Installed",
        charger_id=unit.id,
    )
    job = await stage.get(f"/api/admin/maintenance-jobs/{job['data'][0]['id']}")
    steps = ["Downloading", "Downloaded", "Installing", "Installed"]
    stage.step("4.5", "every status is on record", said(job) == steps)
    stage.step("4.2", "the boot with the new version proves it", job["version_after"] == "2.0.0")
    shown = await unit.shown()
    stage.step("4.2", "and is shown", shown["firmware_version"] == "2.0.0")


@case("TC_044_2", "Firmware: the download fails", block=FIRMWARE)
async def test_firmware_download_fails(stage: Stage) -> None:
    unit = await stage.booted()
    unit.charger.habits.firmware_outcome = "DownloadFailed"
    await unit.ask("update-firmware", {"location": LOCATION})
    job = await job_of(stage, unit, "FAILED")
    stage.step("4.5", "every status is on record", said(job) == ["Downloading", "DownloadFailed"])
    stage.step("4.2", "no boot proves anything", job["confirmed_at"] is None)


@case("TC_044_3", "Firmware: the installation fails", block=FIRMWARE)
async def test_firmware_installation_fails(stage: Stage) -> None:
    unit = await stage.booted()
    unit.charger.habits.firmware_outcome = "InstallationFailed"
    await unit.ask("update-firmware", {"location": LOCATION})
    job = await job_of(stage, unit, "FAILED")
    steps = ["Downloading", "Downloaded", "Installing", "InstallationFailed"]
    stage.step("4.5", "every status is on record", said(job) == steps)
    stage.step("4.2", "no boot proves anything", job["confirmed_at"] is None)


@case("TC_045_1", "Diagnostics uploaded", block=FIRMWARE)
async def test_diagnostics(stage: Stage) -> None:
    unit = await stage.booted()
    asked = await unit.ask("get-diagnostics", {"location": "ftp://files.example.org/up"})
    name = asked["response"]["fileName"]
    job = await job_of(stage, unit, "DONE")
    stage.step("5.9", "the name of the file is on record", job["file_name"] == name)
    stage.step("4.4", "and every status", said(job) == ["Uploading", "Uploaded"])


@case("TC_045_2", "Diagnostics: the upload fails", block=FIRMWARE)
async def test_diagnostics_fail(stage: Stage) -> None:
    unit = await stage.booted()
    unit.charger.habits.upload_outcome = "UploadFailed"
    await unit.ask("get-diagnostics", {"location": "ftp://files.example.org/up"})
    job = await job_of(stage, unit, "FAILED")
    stage.step("4.4", "every status is on record", said(job) == ["Uploading", "UploadFailed"])
