"""May this client certificate come in for this charger? (whitepaper A00.FR.403-405, 702, 704)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import verification
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from csms.domain.security.errors import CertificateRefusedError
from csms.domain.security.signing_requests import values_of
from csms.kernel.clock import Clock
from csms.kernel.ids import ChargerId

_NO_TRUST: Final = "no certificate authority for chargers is configured"


@dataclass(frozen=True, slots=True)
class ClientTrust:
    """Who may issue chargers' certificates, and what was revoked, as it stands now.

    `own` are the fingerprints of our own authority's roots among `authorities`; `revoked` holds
    serial numbers by the issuer's name in DER, from the configured revocation lists.
    """

    authorities: tuple[x509.Certificate, ...] = ()
    own: frozenset[str] = frozenset()
    revoked: Mapping[bytes, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IssuedStatus:
    """What our authority has on record of a certificate that it issued."""

    charger_id: ChargerId | None
    is_revoked: bool


class IssuedCertificates(Protocol):
    """Our authority's record, asked at each connection: its word is never old (A00.FR.704)."""

    async def status(self, fingerprint: str) -> IssuedStatus | None:
        """Return what is on record of the certificate, or None. Raises StorageUnavailableError."""
        ...


@dataclass(frozen=True, slots=True)
class AdmittedCertificate:
    """A certificate that proved a charger: for the record of its connection."""

    fingerprint: str
    serial_number: str
    not_after: datetime


class ClientCertificates:
    """Checks the certificates that chargers present. `trust` returns the present trust."""

    def __init__(
        self,
        issued: IssuedCertificates,
        trust: Callable[[], ClientTrust],
        clock: Clock,
        organizations: frozenset[str],
    ) -> None:
        self._issued = issued
        self._trust = trust
        self._clock = clock
        self._organizations = organizations

    async def check(
        self, der: bytes, charger_id: ChargerId, serial_number: str | None
    ) -> AdmittedCertificate:
        """Return the certificate's data for the record.

        Raises CertificateRefusedError with the reason, or StorageUnavailableError.
        """
        trust, now = self._trust(), self._clock.now()
        certificate = _loaded(der)
        issuer = _issuer_in_valid_path(certificate, trust, now)
        self._require_names(certificate.subject, serial_number)
        if certificate.serial_number in trust.revoked.get(certificate.issuer.public_bytes(), ()):
            raise CertificateRefusedError("the certificate is revoked", is_revoked=True)
        fingerprint = fingerprint_of(certificate)
        if fingerprint_of(issuer) in trust.own:
            await self._require_standing(fingerprint, charger_id)
        return AdmittedCertificate(
            fingerprint, format(certificate.serial_number, "x"), certificate.not_valid_after_utc
        )

    def _require_names(self, subject: x509.Name, serial_number: str | None) -> None:
        organizations = values_of(subject, NameOID.ORGANIZATION_NAME)
        if not self._organizations.intersection(organizations):
            said = ", ".join(organizations) or "nobody"
            wanted = " or ".join(sorted(self._organizations))
            raise CertificateRefusedError(
                f"the certificate belongs to {said}, not to {wanted} (A00.FR.404)"
            )
        if serial_number is None:
            raise CertificateRefusedError(
                "the charger has no registered serial number to compare the certificate with"
            )
        names = values_of(subject, NameOID.COMMON_NAME)
        if names != [serial_number]:
            said = ", ".join(names) or "nothing"
            raise CertificateRefusedError(
                f"the certificate's common name is {said}, "
                f"not the registered serial number {serial_number} (A00.FR.405)"
            )

    async def _require_standing(self, fingerprint: str, charger_id: ChargerId) -> None:
        status = await self._issued.status(fingerprint)
        if status is None:
            raise CertificateRefusedError("our authority has no record of the certificate")
        if status.is_revoked:
            raise CertificateRefusedError("the certificate is revoked", is_revoked=True)
        if status.charger_id != charger_id:
            raise CertificateRefusedError("the certificate was issued to another charger")


def fingerprint_of(certificate: x509.Certificate) -> str:
    """Return the SHA-256 fingerprint in lower-case hex."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def pem_of(certificate: x509.Certificate) -> str:
    """Return the certificate in PEM."""
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _loaded(der: bytes) -> x509.Certificate:
    try:
        certificate = x509.load_der_x509_certificate(der)
        certificate.subject, certificate.issuer  # noqa: B018 - read here, so that it fails here
    except (ValueError, UnsupportedAlgorithm):
        raise CertificateRefusedError("the certificate cannot be read") from None
    return certificate


def _issuer_in_valid_path(
    certificate: x509.Certificate, trust: ClientTrust, now: datetime
) -> x509.Certificate:
    """Return the certificate's issuer after validating the path (RFC 5280 §6, A00.FR.403)."""
    if now < certificate.not_valid_before_utc:
        raise CertificateRefusedError(
            f"the certificate is not valid before {certificate.not_valid_before_utc:%Y-%m-%d %H:%M}Z"
        )
    if now > certificate.not_valid_after_utc:
        raise CertificateRefusedError(
            f"the certificate expired on {certificate.not_valid_after_utc:%Y-%m-%d %H:%M}Z"
        )
    if not trust.authorities:
        raise CertificateRefusedError(_NO_TRUST)
    verifier = (
        verification.PolicyBuilder()
        .store(verification.Store(list(trust.authorities)))
        .time(now)
        .extension_policies(ca_policy=_issuers(), ee_policy=_clients())
        .build_client_verifier()
    )
    try:
        chain = verifier.verify(certificate, list(trust.authorities)).chain
    except (verification.VerificationError, ValueError, UnsupportedAlgorithm) as error:
        raise CertificateRefusedError(
            f"no authority that we trust issued the certificate ({error})"
        ) from None
    return chain[1] if len(chain) > 1 else chain[0]


def _issuers() -> verification.ExtensionPolicy:
    return verification.ExtensionPolicy.permit_all().require_present(
        x509.BasicConstraints, verification.Criticality.AGNOSTIC, _is_authority
    )


def _clients() -> verification.ExtensionPolicy:
    # No subjectAltName: the identity is the common name (whitepaper A00.FR.511).
    return verification.ExtensionPolicy.permit_all().may_be_present(
        x509.ExtendedKeyUsage, verification.Criticality.AGNOSTIC, _is_for_clients
    )


def _is_authority(
    _: verification.Policy, __: x509.Certificate, constraints: x509.BasicConstraints
) -> None:
    if not constraints.ca:
        raise ValueError("an issuer is no certificate authority")


def _is_for_clients(
    _: verification.Policy, __: x509.Certificate, usage: x509.ExtendedKeyUsage | None
) -> None:
    purposes = {ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}
    if usage is not None and not purposes.intersection(usage):
        raise ValueError("the certificate is not meant for clients")
