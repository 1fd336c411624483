"""Messages that tell how things go and change no session (OCPP 1.6 §4.3-4.5, whitepaper §5)."""

from typing import Final

from msgspec import UNSET

from csms.domain.security.signing_requests import check_signing_request
from csms.kernel.facts import (
    CertificateRequested,
    MaintenanceReported,
    MaintenanceStatus,
    SecurityEventReported,
)
from csms.ocpp.v16.charger_time import read_time
from csms.ocpp.v16.core import DataTransferRequest, DataTransferResponse
from csms.ocpp.v16.exchange import Incoming, Outcome
from csms.ocpp.v16.firmware import (
    DiagnosticsStatusNotificationRequest,
    DiagnosticsStatusNotificationResponse,
    FirmwareStatusNotificationRequest,
    FirmwareStatusNotificationResponse,
)
from csms.ocpp.v16.security import (
    LogStatusNotificationRequest,
    LogStatusNotificationResponse,
    SecurityEventNotificationRequest,
    SecurityEventNotificationResponse,
    SignCertificateRequest,
    SignCertificateResponse,
    SignedFirmwareStatusNotificationRequest,
    SignedFirmwareStatusNotificationResponse,
)
from csms.ocpp.v16.types import AcceptedRejected

_ENDS: Final[dict[str, MaintenanceStatus]] = {
    "Uploaded": "DONE",
    "Installed": "DONE",
    "UploadFailed": "FAILED",
    "UploadFailure": "FAILED",
    "BadMessage": "FAILED",
    "NotSupportedOperation": "FAILED",
    "PermissionDenied": "FAILED",
    "DownloadFailed": "FAILED",
    "InstallationFailed": "FAILED",
    "InstallVerificationFailed": "FAILED",
    "InvalidSignature": "FAILED",
}


def status_of(said: str) -> MaintenanceStatus | None:
    """Return where a job stands after the charger's word; Idle says nothing of one."""
    return None if said == "Idle" else _ENDS.get(said, "RUNNING")


async def data_transfer(_: Incoming[DataTransferRequest]) -> Outcome:
    """Say that we know no vendor's own messages; the data is in the log."""
    return Outcome(DataTransferResponse(status="UnknownVendorId"))


async def diagnostics_status(incoming: Incoming[DiagnosticsStatusNotificationRequest]) -> Outcome:
    """Take note of a diagnostics upload."""
    said = incoming.request.status
    fact = MaintenanceReported("DIAGNOSTICS", status_of(said), said, incoming.received_at)
    return Outcome(DiagnosticsStatusNotificationResponse(), (fact,))


async def firmware_status(incoming: Incoming[FirmwareStatusNotificationRequest]) -> Outcome:
    """Take note of a firmware update."""
    said = incoming.request.status
    fact = MaintenanceReported("FIRMWARE", status_of(said), said, incoming.received_at)
    return Outcome(FirmwareStatusNotificationResponse(), (fact,))


async def log_status(incoming: Incoming[LogStatusNotificationRequest]) -> Outcome:
    """Take note of a log upload."""
    said = incoming.request.status
    number = incoming.request.request_id
    fact = MaintenanceReported(
        "LOG", status_of(said), said, incoming.received_at, None if number is UNSET else number
    )
    return Outcome(LogStatusNotificationResponse(), (fact,))


async def signed_firmware_status(
    incoming: Incoming[SignedFirmwareStatusNotificationRequest],
) -> Outcome:
    """Take note of a signed firmware update."""
    said = incoming.request.status
    number = incoming.request.request_id
    fact = MaintenanceReported(
        "SIGNED_FIRMWARE",
        status_of(said),
        said,
        incoming.received_at,
        None if number is UNSET else number,
    )
    return Outcome(SignedFirmwareStatusNotificationResponse(), (fact,))


async def security_event(incoming: Incoming[SecurityEventNotificationRequest]) -> Outcome:
    """Take note of a security event."""
    request = incoming.request
    at = read_time(request.timestamp, "timestamp", incoming.repairs, incoming.received_at).at
    info = request.tech_info
    fact = SecurityEventReported(
        request.type, at, incoming.received_at, None if info is UNSET else info
    )
    return Outcome(SecurityEventNotificationResponse(), (fact,))


async def sign_certificate(incoming: Incoming[SignCertificateRequest]) -> Outcome:
    """Accept a request that can be signed: its key, its names (WP A02.FR.03, 11-13)."""
    csr = incoming.request.csr
    reason = check_signing_request(
        csr, incoming.charger.serial_number, incoming.ports.operator_name
    )
    status: AcceptedRejected = "Accepted" if reason is None else "Rejected"
    fact = CertificateRequested(csr, status, incoming.received_at, reason)
    return Outcome(SignCertificateResponse(status=status), (fact,))
