"""Wire types of the security extension (security whitepaper, edition 2, §5 and §6)."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from csms.ocpp.v16.remote_trigger import TriggerMessageStatus
from csms.ocpp.v16.types import (
    AcceptedRejected,
    CiString50,
    CiString255,
    Integer,
    PositiveNumber,
    Timestamp,
    WireType,
)

String40 = Annotated[str, Meta(max_length=40)]
String128 = Annotated[str, Meta(max_length=128)]
String512 = Annotated[str, Meta(max_length=512)]
String800 = Annotated[str, Meta(max_length=800)]
PemText = Annotated[str, Meta(max_length=5500)]
PemChain = Annotated[str, Meta(max_length=10000)]

CertificateUse = Literal["CentralSystemRootCertificate", "ManufacturerRootCertificate"]
CertificateStatus = Literal["Accepted", "Failed", "Rejected"]
DeleteCertificateStatus = Literal["Accepted", "Failed", "NotFound"]
InstalledCertificateStatus = Literal["Accepted", "NotFound"]
HashAlgorithm = Literal["SHA256", "SHA384", "SHA512"]
LogType = Literal["DiagnosticsLog", "SecurityLog"]
LogStatus = Literal["Accepted", "Rejected", "AcceptedCanceled"]
ExtendedMessageTrigger = Literal[
    "BootNotification",
    "LogStatusNotification",
    "FirmwareStatusNotification",
    "Heartbeat",
    "MeterValues",
    "SignChargePointCertificate",
    "StatusNotification",
]
SignedUpdateStatus = Literal[
    "Accepted", "Rejected", "AcceptedCanceled", "InvalidCertificate", "RevokedCertificate"
]
SignedFirmwareStatus = Literal[
    "Downloaded",
    "DownloadFailed",
    "Downloading",
    "DownloadScheduled",
    "DownloadPaused",
    "Idle",
    "InstallationFailed",
    "Installing",
    "Installed",
    "InstallRebooting",
    "InstallScheduled",
    "InstallVerificationFailed",
    "InvalidSignature",
    "SignatureVerified",
]
UploadLogStatus = Literal[
    "BadMessage",
    "Idle",
    "NotSupportedOperation",
    "PermissionDenied",
    "Uploaded",
    "UploadFailure",
    "Uploading",
]


class CertificateHashData(WireType, frozen=True, kw_only=True):
    """A certificate named by its hashes (WP §6.1)."""

    hash_algorithm: HashAlgorithm
    issuer_name_hash: String128
    issuer_key_hash: String128
    serial_number: String40


class LogParameters(WireType, frozen=True, kw_only=True):
    """Which part of a log goes where (WP §6.12)."""

    remote_location: String512
    oldest_timestamp: Timestamp | UnsetType = UNSET
    latest_timestamp: Timestamp | UnsetType = UNSET


class Firmware(WireType, frozen=True, kw_only=True):
    """A signed firmware image (WP §6.7)."""

    location: String512
    retrieve_date_time: Timestamp
    install_date_time: Timestamp | UnsetType = UNSET
    signing_certificate: PemText
    signature: String800


class CertificateSignedRequest(WireType, frozen=True, kw_only=True):
    """The signed certificate that the charger asked for (WP §5.1)."""

    certificate_chain: PemChain


class CertificateSignedResponse(WireType, frozen=True, kw_only=True):
    """Whether it is used from now on (WP §5.2)."""

    status: AcceptedRejected


class DeleteCertificateRequest(WireType, frozen=True, kw_only=True):
    """Remove an installed root (WP §5.3)."""

    certificate_hash_data: CertificateHashData


class DeleteCertificateResponse(WireType, frozen=True, kw_only=True):
    """Whether it was removed (WP §5.4)."""

    status: DeleteCertificateStatus


class ExtendedTriggerMessageRequest(WireType, frozen=True, kw_only=True):
    """Send this message now, with those of the extension (WP §5.5)."""

    requested_message: ExtendedMessageTrigger
    connector_id: PositiveNumber | UnsetType = UNSET


class ExtendedTriggerMessageResponse(WireType, frozen=True, kw_only=True):
    """Whether it will be sent (WP §5.6)."""

    status: TriggerMessageStatus


class GetInstalledCertificateIdsRequest(WireType, frozen=True, kw_only=True):
    """Which roots of this use are installed? (WP §5.7)"""

    certificate_type: CertificateUse


class GetInstalledCertificateIdsResponse(WireType, frozen=True, kw_only=True):
    """The installed roots (WP §5.8)."""

    certificate_hash_data: list[CertificateHashData] | UnsetType = UNSET
    status: InstalledCertificateStatus


class GetLogRequest(WireType, frozen=True, kw_only=True):
    """Upload a log; `retry_interval` in s (WP §5.9)."""

    log: LogParameters
    log_type: LogType
    request_id: Integer
    retries: Integer | UnsetType = UNSET
    retry_interval: Integer | UnsetType = UNSET


class GetLogResponse(WireType, frozen=True, kw_only=True):
    """Whether, and under which file name (WP §5.10)."""

    status: LogStatus
    filename: CiString255 | UnsetType = UNSET


class InstallCertificateRequest(WireType, frozen=True, kw_only=True):
    """Install a root (WP §5.11)."""

    certificate_type: CertificateUse
    certificate: PemText


class InstallCertificateResponse(WireType, frozen=True, kw_only=True):
    """Whether it was installed (WP §5.12)."""

    status: CertificateStatus


class LogStatusNotificationRequest(WireType, frozen=True, kw_only=True):
    """How the upload of a log goes (WP §5.13)."""

    status: UploadLogStatus
    request_id: Integer | UnsetType = UNSET


class LogStatusNotificationResponse(WireType, frozen=True, kw_only=True):
    """Received (WP §5.14)."""


class SecurityEventNotificationRequest(WireType, frozen=True, kw_only=True):
    """Something happened that touches security (WP §5.15)."""

    type: CiString50
    timestamp: Timestamp
    tech_info: CiString255 | UnsetType = UNSET


class SecurityEventNotificationResponse(WireType, frozen=True, kw_only=True):
    """Received (WP §5.16)."""


class SignCertificateRequest(WireType, frozen=True, kw_only=True):
    """Please sign my key (WP §5.17)."""

    csr: PemText


class SignCertificateResponse(WireType, frozen=True, kw_only=True):
    """Whether we will (WP §5.18)."""

    status: AcceptedRejected


class SignedFirmwareStatusNotificationRequest(WireType, frozen=True, kw_only=True):
    """How the signed update goes (WP §5.19)."""

    status: SignedFirmwareStatus
    request_id: Integer | UnsetType = UNSET


class SignedFirmwareStatusNotificationResponse(WireType, frozen=True, kw_only=True):
    """Received (WP §5.20)."""


class SignedUpdateFirmwareRequest(WireType, frozen=True, kw_only=True):
    """Fetch and install signed firmware; `retry_interval` in s (WP §5.21)."""

    retries: Integer | UnsetType = UNSET
    retry_interval: Integer | UnsetType = UNSET
    request_id: Integer
    firmware: Firmware


class SignedUpdateFirmwareResponse(WireType, frozen=True, kw_only=True):
    """Whether the update begins (WP §5.22)."""

    status: SignedUpdateStatus
