"""Commands: what can be asked of a charger, in our words. `ocpp/<version>` speaks them on the wire.

The tagged union `Command` travels between processes as JSON.
"""

from datetime import datetime
from typing import Any, Literal

import msgspec

from csms.kernel.ids import ConnectorNumber, TransactionId


class _Command(
    msgspec.Struct,
    frozen=True,
    tag_field="command",
    tag=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
):
    """Base of all commands."""


class RemoteStart(_Command, frozen=True):
    """Start a session for `id_tag`, on one connector or any (OCPP 1.6 §5.11)."""

    id_tag: str
    connector: ConnectorNumber | None = None
    charging_profile: dict[str, Any] | None = None


class RemoteStop(_Command, frozen=True):
    """Stop a session (OCPP 1.6 §5.12)."""

    transaction_id: TransactionId


class Reset(_Command, frozen=True):
    """Restart the charger (OCPP 1.6 §5.14)."""

    type: Literal["Hard", "Soft"]


class ChangeAvailability(_Command, frozen=True):
    """Take a connector (or 0: all) out of service or back (OCPP 1.6 §5.2)."""

    connector: ConnectorNumber
    type: Literal["Operative", "Inoperative"]


class UnlockConnector(_Command, frozen=True):
    """Release the cable (OCPP 1.6 §5.18)."""

    connector: ConnectorNumber


class GetConfiguration(_Command, frozen=True):
    """Read configuration keys; none named reads all (OCPP 1.6 §5.8)."""

    keys: tuple[str, ...] = ()


class ChangeConfiguration(_Command, frozen=True):
    """Set one configuration key (OCPP 1.6 §5.3)."""

    key: str
    value: str


class ClearCache(_Command, frozen=True):
    """Empty the charger's authorization cache (OCPP 1.6 §5.4)."""


class TriggerMessage(_Command, frozen=True):
    """Ask the charger to send a message now (OCPP 1.6 §5.17)."""

    requested_message: str
    connector: ConnectorNumber | None = None


class DataTransfer(_Command, frozen=True):
    """Vendor-specific data (OCPP 1.6 §5.6)."""

    vendor_id: str
    message_id: str | None = None
    data: str | None = None


class GetDiagnostics(_Command, frozen=True):
    """Upload a diagnostics file to `location` (OCPP 1.6 §5.9)."""

    location: str
    retries: int | None = None
    retry_interval_s: int | None = None
    oldest_at: datetime | None = None
    latest_at: datetime | None = None


class UpdateFirmware(_Command, frozen=True):
    """Fetch firmware from `location` at `retrieve_at` and install it (OCPP 1.6 §5.19)."""

    location: str
    retrieve_at: datetime
    retries: int | None = None
    retry_interval_s: int | None = None


class GetLocalListVersion(_Command, frozen=True):
    """Which version of the local list does the charger hold? (OCPP 1.6 §5.10)"""


class ListedTag(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entry of a local list; without a status the tag is taken off the list (§7.1)."""

    id_tag: str
    status: str | None = None
    parent_id_tag: str | None = None
    expires_at: datetime | None = None


class SendLocalList(_Command, frozen=True):
    """Replace the local list, or change parts of it (OCPP 1.6 §5.15)."""

    list_version: int
    update_type: Literal["Full", "Differential"]
    entries: tuple[ListedTag, ...] = ()


class ReserveNow(_Command, frozen=True):
    """Keep a connector, or with 0 any one, for an id tag or its family (OCPP 1.6 §5.13)."""

    reservation_id: int
    connector: ConnectorNumber
    id_tag: str
    expires_at: datetime
    parent_id_tag: str | None = None


class CancelReservation(_Command, frozen=True):
    """Give a reservation up (OCPP 1.6 §5.1)."""

    reservation_id: int


class SetChargingProfile(_Command, frozen=True):
    """Install a charging profile, as it stands on the wire (OCPP 1.6 §5.16)."""

    connector: ConnectorNumber
    charging_profile: dict[str, Any]


class ClearChargingProfile(_Command, frozen=True):
    """Remove the profiles that match everything that is given (OCPP 1.6 §5.5, E 3.25)."""

    profile_id: int | None = None
    connector: ConnectorNumber | None = None
    purpose: str | None = None
    stack_level: int | None = None


class GetCompositeSchedule(_Command, frozen=True):
    """What do all profiles together allow, from now for `duration_s`? (OCPP 1.6 §5.7)"""

    connector: ConnectorNumber
    duration_s: int
    rate_unit: Literal["A", "W"] | None = None


class ExtendedTriggerMessage(_Command, frozen=True):
    """Ask for a message, those of the security extension too (whitepaper §5.5)."""

    requested_message: str
    connector: ConnectorNumber | None = None


class CertificateSigned(_Command, frozen=True):
    """Hand over the signed certificate with its chain in PEM (whitepaper §5.1)."""

    certificate_chain: str


CertificateUse = Literal["CentralSystemRootCertificate", "ManufacturerRootCertificate"]


class InstallCertificate(_Command, frozen=True):
    """Install a root certificate in PEM (whitepaper §5.11)."""

    use: CertificateUse
    certificate: str


class DeleteCertificate(_Command, frozen=True):
    """Remove the installed root with these hashes (whitepaper §5.3)."""

    hash_algorithm: Literal["SHA256", "SHA384", "SHA512"]
    issuer_name_hash: str
    issuer_key_hash: str
    serial_number: str


class GetInstalledCertificateIds(_Command, frozen=True):
    """Which roots of this use are installed? (whitepaper §5.7)"""

    use: CertificateUse


class GetLog(_Command, frozen=True):
    """Upload a log to `location` (whitepaper §5.9)."""

    request_id: int
    log_type: Literal["DiagnosticsLog", "SecurityLog"]
    location: str
    oldest_at: datetime | None = None
    latest_at: datetime | None = None
    retries: int | None = None
    retry_interval_s: int | None = None


class SignedUpdateFirmware(_Command, frozen=True):
    """Fetch signed firmware, check its signature, install it (whitepaper §5.21)."""

    request_id: int
    location: str
    retrieve_at: datetime
    signing_certificate: str
    signature: str
    install_at: datetime | None = None
    retries: int | None = None
    retry_interval_s: int | None = None


class RawRequest(_Command, frozen=True):
    """Any request of the charger's protocol, as it stands on the wire; checked by schema only."""

    action: str
    payload: dict[str, Any]


Command = (
    RemoteStart
    | RemoteStop
    | Reset
    | ChangeAvailability
    | UnlockConnector
    | GetConfiguration
    | ChangeConfiguration
    | ClearCache
    | TriggerMessage
    | DataTransfer
    | GetDiagnostics
    | UpdateFirmware
    | GetLocalListVersion
    | SendLocalList
    | ReserveNow
    | CancelReservation
    | SetChargingProfile
    | ClearChargingProfile
    | GetCompositeSchedule
    | ExtendedTriggerMessage
    | CertificateSigned
    | InstallCertificate
    | DeleteCertificate
    | GetInstalledCertificateIds
    | GetLog
    | SignedUpdateFirmware
    | RawRequest
)


class OperationRequest(msgspec.Struct, frozen=True):
    """One recorded operation on its way to the node that holds the charger's socket."""

    operation_id: int
    charger_id: int
    command: Command
    deadline: datetime


class OperationOutcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """How an operation ended, as far as is known.

    `status` is ANSWERED (with `response`, the charger's answer as JSON), FAILED (with
    `error_code`: the charger's CALLERROR code, or `not_connected`, `held_pending`,
    `connection_lost`, `invalid_request`) or TIMED_OUT.
    """

    operation_id: int
    status: Literal["ANSWERED", "FAILED", "TIMED_OUT"]
    message_id: str | None = None
    response: str | None = None
    error_code: str | None = None
    error_detail: str | None = None
