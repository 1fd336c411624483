"""Firmware, diagnostics and logs: the status sequences of transfers that never leave this process.

Outcomes come from the charger's habits (OCPP 1.6 §4.4, 4.5, 5.9, 5.19; whitepaper L01, N01).
"""

from functools import partial
from pathlib import PurePosixPath

from csms_simulator.certificates import is_readable
from csms_simulator.clock import parse_timestamp
from csms_simulator.life import LivingUnit
from csms_simulator.ocpp16 import Payload, call
from csms_simulator.unit import Answer

FIRMWARE_STEPS: dict[str, tuple[str, ...]] = {
    "Installed": ("Downloading", "Downloaded", "Installing"),
    "DownloadFailed": ("Downloading", "DownloadFailed"),
    "InstallationFailed": ("Downloading", "Downloaded", "Installing", "InstallationFailed"),
}
SIGNED_STEPS: dict[str, tuple[str, ...]] = {
    "Installed": ("Downloading", "Downloaded", "SignatureVerified", "Installing"),
    "DownloadFailed": ("Downloading", "DownloadFailed"),
    "InvalidSignature": ("Downloading", "Downloaded", "InvalidSignature"),
    "InstallationFailed": (
        "Downloading",
        "Downloaded",
        "SignatureVerified",
        "Installing",
        "InstallationFailed",
    ),
}


async def get_diagnostics(charger: LivingUnit, _request: Payload) -> Answer:
    """Name a file and pretend to upload it (OCPP 1.6 §5.9)."""
    if charger.diagnostics_status == "Uploading":
        return Answer({})
    name = f"diagnostics-{charger.charge_point_id}.log"[:255]
    return Answer({"fileName": name}, partial(_upload_diagnostics, charger))


async def _upload_diagnostics(charger: LivingUnit) -> None:
    is_good = charger.habits.upload_outcome == "Uploaded"
    for status in ("Uploading", "Uploaded" if is_good else "UploadFailed"):
        charger.diagnostics_status = status
        await charger.request(call.DiagnosticsStatusNotification(status=status))
        await charger.clock.sleep(charger.habits.transfer_s)
    charger.diagnostics_status = "Idle"


async def update_firmware(charger: LivingUnit, request: Payload) -> Answer:
    """Download and install at the asked time, then reboot (OCPP 1.6 §5.19)."""
    return Answer({}, partial(_update, charger, request))


async def _update(charger: LivingUnit, request: Payload) -> None:
    await charger.clock.sleep_until(parse_timestamp(request["retrieveDate"]))
    outcome = charger.habits.firmware_outcome
    for status in FIRMWARE_STEPS.get(outcome, FIRMWARE_STEPS["InstallationFailed"]):
        charger.firmware_status = status
        await charger.request(call.FirmwareStatusNotification(status=status))
        await charger.clock.sleep(charger.habits.transfer_s)
    if outcome == "Installed":
        await _boot_new_version(charger, request["location"])
        await charger.request(call.FirmwareStatusNotification(status="Installed"))
    charger.firmware_status = "Idle"


async def signed_update_firmware(charger: LivingUnit, request: Payload) -> Answer:
    """The same with a signing certificate and a signature (whitepaper L01)."""
    certificate = request["firmware"]["signingCertificate"]
    if not is_readable(certificate, charger.clock.now()):
        event = partial(security_event, charger, "InvalidFirmwareSigningCertificate")
        return Answer({"status": "InvalidCertificate"}, event)
    return Answer({"status": "Accepted"}, partial(_update_signed, charger, request))


async def _update_signed(charger: LivingUnit, request: Payload) -> None:
    request_id, firmware = request["requestId"], request["firmware"]
    outcome = charger.habits.firmware_outcome

    async def tell(status: str) -> None:
        charger.firmware_status = status
        await charger.request(
            call.SignedFirmwareStatusNotification(status=status, request_id=request_id)
        )

    retrieve_at = parse_timestamp(firmware["retrieveDateTime"])
    if retrieve_at > charger.clock.now():
        await tell("DownloadScheduled")
        await charger.clock.sleep_until(retrieve_at)
    for status in SIGNED_STEPS.get(outcome, SIGNED_STEPS["InstallationFailed"]):
        await tell(status)
        await charger.clock.sleep(charger.habits.transfer_s)
    if outcome == "InvalidSignature":
        await security_event(charger, "InvalidFirmwareSignature")
    if outcome == "Installed":
        await tell("InstallRebooting")
        await _boot_new_version(charger, firmware["location"])
        await tell("Installed")
    charger.firmware_status = "Idle"


async def _boot_new_version(charger: LivingUnit, location: str) -> None:
    # A running session is let finish first, as OCPP 1.6 §5.19 recommends for an installation.
    while any(connector.transaction for connector in charger.outlets):
        await charger.clock.sleep(1)
    charger.firmware_version = (PurePosixPath(location).stem or charger.firmware_version)[:50]
    await charger.reboot("Reboot", is_hard=False)


async def get_log(charger: LivingUnit, request: Payload) -> Answer:
    """Name a log file and pretend to upload it (whitepaper N01)."""
    is_replacing = charger.log_status[0] == "Uploading"
    request_id = request["requestId"]
    charger.log_status = ("Uploading", request_id)
    status = "AcceptedCanceled" if is_replacing else "Accepted"
    name = f"{request['logType']}-{request_id}.log"[:255]
    return Answer({"status": status, "filename": name}, partial(_upload_log, charger, request_id))


async def _upload_log(charger: LivingUnit, request_id: int) -> None:
    is_good = charger.habits.upload_outcome == "Uploaded"
    for status in ("Uploading", "Uploaded" if is_good else "UploadFailure"):
        if charger.log_status[1] != request_id:
            return
        charger.log_status = (status, request_id)
        await charger.request(call.LogStatusNotification(status=status, request_id=request_id))
        await charger.clock.sleep(charger.habits.transfer_s)
    charger.log_status = ("Idle", request_id)


async def security_event(charger: LivingUnit, kind: str) -> Payload:
    """Report a security event (whitepaper A04)."""
    return await charger.request(
        call.SecurityEventNotification(
            type=kind, timestamp=charger.clock.timestamp(), tech_info=None
        )
    )
