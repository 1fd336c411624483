"""Bodies of what the optional profiles and the security extension ask of chargers.

Where the specification has a name for a member, it is understood beside ours.
"""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import AliasChoices, Field, StringConstraints

from csms.api.paging import MAX_TRANSACTION_ID, Moment
from csms.api.schemas.body import Body
from csms.api.schemas.operations import Connector, OperationBody, Outlet
from csms.domain.operations.commands import (
    CancelReservation,
    CertificateSigned,
    CertificateUse,
    ClearChargingProfile,
    DeleteCertificate,
    ExtendedTriggerMessage,
    GetCompositeSchedule,
    GetDiagnostics,
    GetInstalledCertificateIds,
    GetLocalListVersion,
    GetLog,
    InstallCertificate,
    ListedTag,
    ReserveNow,
    SetChargingProfile,
    SignedUpdateFirmware,
    UpdateFirmware,
)
from csms.kernel.ids import ConnectorNumber

MOMENT: Final = "2026-03-14T09:26:53Z"
WireNumber = Annotated[int, Field(ge=1, le=MAX_TRANSACTION_ID)]
AnyNumber = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
Tag = Annotated[str, Field(min_length=1, max_length=20, examples=["04A224B9C3"])]
Location = Annotated[
    str,
    Field(
        min_length=1,
        max_length=512,
        pattern=r"^[A-Za-z][A-Za-z0-9+.\-]*:[^\s]+$",
        examples=["https://files.example.org/upload/"],
    ),
]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
Seconds = Annotated[int, Field(ge=0, le=2**31 - 1)]
Profile = Annotated[
    dict[str, Any],
    Field(
        description="As on the wire; without a chargingProfileId it gets one of ours.",
        examples=[
            {
                "chargingProfileId": 4711,
                "stackLevel": 0,
                "chargingProfilePurpose": "TxDefaultProfile",
                "chargingProfileKind": "Relative",
                "chargingSchedule": {
                    "chargingRateUnit": "A",
                    "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 16}],
                },
            }
        ],
    ),
]
# As it is: a signature may stand over its last line break.
Pem = Annotated[
    str,
    StringConstraints(strip_whitespace=False, min_length=1),
    Field(examples=["-----BEGIN CERTIFICATE-----"]),
]


def _also(name: str, *others: str, **more: Any) -> Any:
    return Field(validation_alias=AliasChoices(name, *others), **more)


class _TransferBody(OperationBody):
    """How often to try; `retry_interval_s` lies between two tries."""

    retries: Count | None = None
    retry_interval_s: Seconds | None = _also("retry_interval_s", "retry_interval", default=None)


class GetDiagnosticsBody(_TransferBody):
    """Upload a diagnostics file (OCPP 1.6 §5.9)."""

    location: Location
    oldest_at: Moment | None = _also("oldest_at", "start_time", default=None, examples=[MOMENT])
    latest_at: Moment | None = _also("latest_at", "stop_time", default=None, examples=[MOMENT])

    def command(self) -> GetDiagnostics:
        """Return the domain's command."""
        return GetDiagnostics(
            location=self.location,
            retries=self.retries,
            retry_interval_s=self.retry_interval_s,
            oldest_at=self.oldest_at,
            latest_at=self.latest_at,
        )


class UpdateFirmwareBody(_TransferBody):
    """Fetch and install firmware; without a time at once (OCPP 1.6 §5.19)."""

    location: Location
    retrieve_at: Moment | None = _also(
        "retrieve_at", "retrieve_date", default=None, examples=[MOMENT]
    )

    def command(self, now: datetime) -> UpdateFirmware:
        """Return the domain's command."""
        return UpdateFirmware(
            location=self.location,
            retrieve_at=self.retrieve_at or now,
            retries=self.retries,
            retry_interval_s=self.retry_interval_s,
        )


class GetLocalListVersionBody(OperationBody):
    """Ask for the version of the local list (OCPP 1.6 §5.10)."""

    def command(self) -> GetLocalListVersion:
        """Return the domain's command."""
        return GetLocalListVersion()


class ListedTagBody(Body):
    """An entry; without `id_tag_info` the tag is taken off the list (OCPP 1.6 §7.1)."""

    class Info(Body):
        """What the charger is to know of the tag (OCPP 1.6 §7.27)."""

        status: Literal["Accepted", "Blocked", "Expired", "Invalid", "ConcurrentTx"] = "Accepted"
        parent_id_tag: Tag | None = None
        expires_at: Moment | None = _also(
            "expires_at", "expiry_date", default=None, examples=[MOMENT]
        )

    id_tag: Tag
    id_tag_info: Info | None = None

    def listed(self) -> ListedTag:
        """Return the entry in the domain's words."""
        info = self.id_tag_info
        if info is None:
            return ListedTag(self.id_tag)
        return ListedTag(self.id_tag, info.status, info.parent_id_tag, info.expires_at)


class SendLocalListBody(OperationBody):
    """Bring the local list up to date (OCPP 1.6 §5.15).

    Without entries they come from the registered id tags; without a type it is differential where
    we know what the charger holds; without a version it gets the next one.
    """

    update_type: Literal["Full", "Differential"] | None = None
    list_version: WireNumber | None = None
    entries: list[ListedTagBody] | None = _also(
        "entries", "local_authorization_list", default=None, max_length=10_000
    )

    def listed(self) -> tuple[ListedTag, ...] | None:
        """Return the entries in the domain's words, or None to take the registered tags."""
        return None if self.entries is None else tuple(one.listed() for one in self.entries)


class ReserveNowBody(OperationBody):
    """Keep a connector, or with 0 any one, for an id tag (OCPP 1.6 §5.13)."""

    connector_id: Connector = 0
    id_tag: Tag
    expires_at: Moment = _also("expires_at", "expiry_date", examples=[MOMENT])
    parent_id_tag: Tag | None = None
    reservation_id: Annotated[
        WireNumber | None, Field(description="One of ours where left out; an own one replaces.")
    ] = None

    def command(self, reservation_id: int) -> ReserveNow:
        """Return the domain's command."""
        return ReserveNow(
            reservation_id=reservation_id,
            connector=ConnectorNumber(self.connector_id),
            id_tag=self.id_tag,
            expires_at=self.expires_at,
            parent_id_tag=self.parent_id_tag,
        )


class CancelReservationBody(OperationBody):
    """Give a reservation up; an unknown one goes out all the same (OCPP 1.6 §5.1)."""

    reservation_id: AnyNumber

    def command(self) -> CancelReservation:
        """Return the domain's command."""
        return CancelReservation(reservation_id=self.reservation_id)


class SetChargingProfileBody(OperationBody):
    """Install a charging profile: given here, or kept under an id (OCPP 1.6 §5.16)."""

    connector_id: Connector = 0
    charging_profile: Profile | None = _also(
        "charging_profile", "cs_charging_profiles", default=None
    )
    charging_profile_id: Annotated[
        WireNumber | None, Field(description="A kept profile, instead of `charging_profile`.")
    ] = None
    transaction_id: Annotated[
        int | None,
        Field(ge=1, le=MAX_TRANSACTION_ID, description="The session that a TxProfile is for."),
    ] = None

    def command(self, profile: dict[str, Any]) -> SetChargingProfile:
        """Return the domain's command."""
        if self.transaction_id is not None:
            profile = profile | {"transactionId": self.transaction_id}
        return SetChargingProfile(
            connector=ConnectorNumber(self.connector_id), charging_profile=profile
        )


class ClearChargingProfileBody(OperationBody):
    """Remove the profiles that match everything given (OCPP 1.6 §5.5, E 3.25)."""

    charging_profile_id: AnyNumber | None = _also("charging_profile_id", "id", default=None)
    connector_id: Connector | None = None
    charging_profile_purpose: (
        Literal["ChargePointMaxProfile", "TxDefaultProfile", "TxProfile"] | None
    ) = None
    stack_level: Count | None = None

    def command(self) -> ClearChargingProfile:
        """Return the domain's command."""
        return ClearChargingProfile(
            profile_id=self.charging_profile_id,
            connector=None if self.connector_id is None else ConnectorNumber(self.connector_id),
            purpose=self.charging_profile_purpose,
            stack_level=self.stack_level,
        )


class GetCompositeScheduleBody(OperationBody):
    """Ask what all profiles together allow (OCPP 1.6 §5.7)."""

    connector_id: Connector = 0
    duration_s: Seconds = _also("duration_s", "duration", examples=[86400])
    charging_rate_unit: Literal["A", "W"] | None = None

    def command(self) -> GetCompositeSchedule:
        """Return the domain's command."""
        return GetCompositeSchedule(
            connector=ConnectorNumber(self.connector_id),
            duration_s=self.duration_s,
            rate_unit=self.charging_rate_unit,
        )


class ExtendedTriggerMessageBody(OperationBody):
    """Ask for a message now, those of the security extension too (whitepaper §5.5)."""

    requested_message: Annotated[
        str, Field(min_length=1, max_length=50, examples=["LogStatusNotification"])
    ]
    connector_id: Outlet | None = None

    def command(self) -> ExtendedTriggerMessage:
        """Return the domain's command."""
        connector = None if self.connector_id is None else ConnectorNumber(self.connector_id)
        return ExtendedTriggerMessage(self.requested_message, connector)


class CertificateSignedBody(OperationBody):
    """The signed certificate with its chain, in PEM (whitepaper §5.1)."""

    certificate_chain: Annotated[Pem, Field(max_length=10_000)]

    def command(self) -> CertificateSigned:
        """Return the domain's command."""
        return CertificateSigned(self.certificate_chain)


class InstallCertificateBody(OperationBody):
    """A root certificate in PEM (whitepaper §5.11)."""

    certificate_type: CertificateUse
    certificate: Annotated[Pem, Field(max_length=5500)]

    def command(self) -> InstallCertificate:
        """Return the domain's command."""
        return InstallCertificate(self.certificate_type, self.certificate)


class DeleteCertificateBody(OperationBody):
    """The root with these hashes (whitepaper §5.3)."""

    class HashData(Body):
        """A certificate named by its hashes (whitepaper §6.1)."""

        hash_algorithm: Literal["SHA256", "SHA384", "SHA512"]
        issuer_name_hash: Annotated[str, Field(max_length=128)]
        issuer_key_hash: Annotated[str, Field(max_length=128)]
        serial_number: Annotated[str, Field(max_length=40)]

    certificate_hash_data: HashData

    def command(self) -> DeleteCertificate:
        """Return the domain's command."""
        return DeleteCertificate(**dict(self.certificate_hash_data))


class GetInstalledCertificateIdsBody(OperationBody):
    """Ask for the installed roots of one use (whitepaper §5.7)."""

    certificate_type: CertificateUse

    def command(self) -> GetInstalledCertificateIds:
        """Return the domain's command."""
        return GetInstalledCertificateIds(self.certificate_type)


class GetLogBody(_TransferBody):
    """Upload a log (whitepaper §5.9)."""

    log_type: Literal["DiagnosticsLog", "SecurityLog"]
    location: Location = _also("location", "remote_location")
    oldest_at: Moment | None = _also(
        "oldest_at", "oldest_timestamp", default=None, examples=[MOMENT]
    )
    latest_at: Moment | None = _also(
        "latest_at", "latest_timestamp", default=None, examples=[MOMENT]
    )
    request_id: WireNumber | None = None

    def command(self, request_id: int) -> GetLog:
        """Return the domain's command."""
        return GetLog(
            request_id=request_id,
            log_type=self.log_type,
            location=self.location,
            oldest_at=self.oldest_at,
            latest_at=self.latest_at,
            retries=self.retries,
            retry_interval_s=self.retry_interval_s,
        )


class SignedUpdateFirmwareBody(_TransferBody):
    """Fetch signed firmware, check its signature, install it (whitepaper §5.21)."""

    location: Location
    retrieve_at: Moment | None = _also(
        "retrieve_at", "retrieve_date_time", default=None, examples=[MOMENT]
    )
    install_at: Moment | None = _also(
        "install_at", "install_date_time", default=None, examples=[MOMENT]
    )
    signing_certificate: Annotated[Pem, Field(max_length=5500)]
    signature: Annotated[str, Field(min_length=1, max_length=800)]
    request_id: WireNumber | None = None

    def command(self, request_id: int, now: datetime) -> SignedUpdateFirmware:
        """Return the domain's command."""
        return SignedUpdateFirmware(
            request_id=request_id,
            location=self.location,
            retrieve_at=self.retrieve_at or now,
            install_at=self.install_at,
            signing_certificate=self.signing_certificate,
            signature=self.signature,
            retries=self.retries,
            retry_interval_s=self.retry_interval_s,
        )
