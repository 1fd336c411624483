"""Wire types of the Firmware Management profile (OCPP 1.6 §6)."""

from typing import Literal

from msgspec import UNSET, UnsetType

from csms.ocpp.v16.types import CiString255, Integer, Timestamp, Uri, WireType

DiagnosticsStatus = Literal["Idle", "Uploaded", "UploadFailed", "Uploading"]
FirmwareStatus = Literal[
    "Downloaded",
    "DownloadFailed",
    "Downloading",
    "Idle",
    "InstallationFailed",
    "Installing",
    "Installed",
]


class GetDiagnosticsRequest(WireType, frozen=True, kw_only=True):
    """Upload a diagnostics file; `retry_interval` in s (§6.25)."""

    location: Uri
    retries: Integer | UnsetType = UNSET
    retry_interval: Integer | UnsetType = UNSET
    start_time: Timestamp | UnsetType = UNSET
    stop_time: Timestamp | UnsetType = UNSET


class GetDiagnosticsResponse(WireType, frozen=True, kw_only=True):
    """The name of the file to come (§6.26)."""

    file_name: CiString255 | UnsetType = UNSET


class DiagnosticsStatusNotificationRequest(WireType, frozen=True, kw_only=True):
    """How the upload goes (§6.17)."""

    status: DiagnosticsStatus


class DiagnosticsStatusNotificationResponse(WireType, frozen=True, kw_only=True):
    """Received (§6.18)."""


class FirmwareStatusNotificationRequest(WireType, frozen=True, kw_only=True):
    """How the firmware update goes (§6.19)."""

    status: FirmwareStatus


class FirmwareStatusNotificationResponse(WireType, frozen=True, kw_only=True):
    """Received (§6.20)."""


class UpdateFirmwareRequest(WireType, frozen=True, kw_only=True):
    """Fetch and install firmware; `retry_interval` in s (§6.55, EJ 2.4)."""

    location: Uri
    retries: Integer | UnsetType = UNSET
    retrieve_date: Timestamp
    retry_interval: Integer | UnsetType = UNSET


class UpdateFirmwareResponse(WireType, frozen=True, kw_only=True):
    """Received (§6.56)."""
