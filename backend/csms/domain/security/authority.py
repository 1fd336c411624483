"""Our certificate authority for chargers: decide on requests, sign, hand over, revoke (WP A02, A03)."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID

from csms.domain.identity.actor import Actor
from csms.domain.operations.commands import CertificateSigned
from csms.domain.operations.service import CALL_TIMEOUT_S, OperationResult, OperationService
from csms.domain.security.client_certificates import pem_of
from csms.domain.security.errors import (
    AuthorityKeyUnreadableError,
    SigningRequestRefusedError,
)
from csms.domain.security.issuing import (
    KEY_TYPES,
    Authority,
    KeyType,
    PrivateKey,
    Revoked,
    key_type_of,
    make_charger_certificate,
    make_crl,
    make_root,
    new_key,
)
from csms.domain.security.signing_requests import check_signing_request
from csms.kernel.clock import Clock
from csms.kernel.errors import NotFoundError, UnavailableError
from csms.kernel.ids import ChargerId, OrganizationId

CRL_RENEWED_BEFORE: Final = timedelta(days=3)


class CertificateNotDeliveredError(UnavailableError):
    """The charger could not be handed its certificate; it is tried again."""


class AuthorityMissingError(NotFoundError):
    """No root of that kind exists here: chargers are served without TLS."""


@dataclass(frozen=True, slots=True)
class StoredRoot:
    """A root as it is kept: its private key is PKCS #8 under the installation's passphrase."""

    key_type: KeyType
    certificate_pem: str
    encrypted_key: bytes
    id: int = 0
    crl: bytes | None = None
    crl_number: int = 0
    crl_next_update: datetime | None = None

    @property
    def certificate(self) -> x509.Certificate:
        """The root's certificate."""
        return x509.load_pem_x509_certificate(self.certificate_pem.encode())


@dataclass(frozen=True, slots=True)
class SigningRequest:
    """A CSR that waits, with the registered serial number of its charger."""

    id: int
    organization_id: OrganizationId
    charger_id: ChargerId
    csr: str
    serial_number: str | None


@dataclass(frozen=True, slots=True)
class NewCertificate:
    """A certificate as it goes on record."""

    authority_id: int
    certificate: x509.Certificate


@dataclass(frozen=True, slots=True)
class Delivery:
    """A signed certificate that its charger has not got yet."""

    organization_id: OrganizationId
    charger_id: ChargerId
    certificate_pem: str
    root_pem: str


class AuthorityStore(Protocol):
    """Keeps roots, requests and certificates. Each change is one transaction with its audit entry."""

    async def roots(self, organization_id: OrganizationId) -> list[StoredRoot]:
        """Return the organization's roots."""
        ...

    async def add_root(self, organization_id: OrganizationId, root: StoredRoot) -> None:
        """Keep a new root, unless another process was first."""
        ...

    async def sign(
        self, actor: Actor, request_id: int, make: Callable[[SigningRequest], NewCertificate]
    ) -> int:
        """Lock the waiting request, keep what `make` signs, queue its delivery; return its id.

        Raises CertificateRequestNotFoundError, CertificateRequestDecidedError, what `make` raises.
        """
        ...

    async def decline(self, actor: Actor, request_id: int, reason: str) -> None:
        """Note that the request is not signed. Raises as `sign` does."""
        ...

    async def waiting_request(self, charger_id: ChargerId, digest: str) -> int | None:
        """Return the id of the charger's waiting request with that digest (SHA-256 of the CSR)."""
        ...

    async def undelivered(self, certificate_id: int) -> Delivery | None:
        """Return what is to be handed over; None when the charger has answered or it is revoked."""
        ...

    async def revoke(self, actor: Actor, certificate_id: int, reason: str) -> ChargerId:
        """Note the revocation once; later ones change nothing. Raises CertificateNotFoundError."""
        ...

    async def publish_crl(
        self,
        organization_id: OrganizationId,
        key_type: KeyType,
        make: Callable[[StoredRoot, list[Revoked], int], x509.CertificateRevocationList],
        *,
        renew_before: datetime | None,
    ) -> bytes:
        """Return the list in force in DER; anew when it ends before `renew_before`, or None: always.

        Raises NotFoundError without such a root.
        """
        ...


class CertificateAuthority:
    """Signs for an organization's chargers. The keys are opened with what `passphrase` returns.

    `crl_url` returns where the list of a kind of root is published, None where nobody knows our
    address. `is_automatic`: what may be signed is signed without a person's word.
    """

    def __init__(  # noqa: PLR0913 - each is one port or policy
        self,
        store: AuthorityStore,
        operations: OperationService,
        clock: Clock,
        *,
        passphrase: Callable[[], bytes],
        operator_name: str,
        certificate_life: timedelta,
        is_automatic: bool,
        crl_url: Callable[[KeyType], str | None],
    ) -> None:
        self._store = store
        self._operations = operations
        self._clock = clock
        self._passphrase = passphrase
        self._life = certificate_life
        self._crl_url = crl_url
        self._opened: dict[tuple[OrganizationId, KeyType], tuple[int, Authority]] = {}
        self.operator_name = operator_name
        self.is_automatic = is_automatic

    async def ensure_roots(self, organization_id: OrganizationId) -> list[StoredRoot]:
        """Return the roots after making those that are missing.

        Raises AuthorityKeyUnreadableError when the present ones cannot be opened.
        """
        found = {one.key_type for one in await self._store.roots(organization_id)}
        for key_type in KEY_TYPES:
            if key_type not in found:
                root = await asyncio.to_thread(self._new_root, key_type)
                await self._store.add_root(organization_id, root)
        await self._open_all(organization_id)
        return await self._store.roots(organization_id)

    async def authority(self, organization_id: OrganizationId, key_type: KeyType) -> Authority:
        """Return the root with its key. Raises AuthorityMissingError, AuthorityKeyUnreadableError."""
        await self._open_all(organization_id)
        return self._authority(organization_id, key_type)[1]

    async def approve(self, actor: Actor, request_id: int) -> int:
        """Sign a waiting request and queue its delivery; return the certificate's id.

        Raises the errors of this feature.
        """
        actor.require_everywhere("chargers.configure")
        await self._open_all(actor.organization_id)
        return await self._store.sign(actor, request_id, self._signed)

    async def decline(self, actor: Actor, request_id: int, reason: str) -> None:
        """Leave a waiting request unsigned, for a reason."""
        actor.require_everywhere("chargers.configure")
        await self._store.decline(actor, request_id, reason)

    async def sign_automatically(self, actor: Actor, charger_id: ChargerId, digest: str) -> bool:
        """Sign the charger's request where nobody has to be asked; return whether it was signed."""
        if not self.is_automatic:
            return False
        request_id = await self._store.waiting_request(charger_id, digest)
        if request_id is None:
            return False
        await self.approve(actor, request_id)
        return True

    async def deliver(self, certificate_id: int) -> OperationResult | None:
        """Hand a signed certificate to its charger (CertificateSigned); None when that is done.

        Raises CertificateNotDeliveredError when the charger could not be asked or did not answer.
        """
        order = await self._store.undelivered(certificate_id)
        if order is None:
            return None
        server = Actor(None, "ADMIN", order.organization_id)
        command = CertificateSigned(order.certificate_pem + order.root_pem)
        result = await self._operations.request(server, order.charger_id, command, CALL_TIMEOUT_S)
        if result.status != "ANSWERED":
            raise CertificateNotDeliveredError(
                f"the certificate was not taken: {result.error_code or result.status}"
            )
        return result

    async def revoke(self, actor: Actor, certificate_id: int, reason: str) -> ChargerId:
        """Revoke a certificate, publish the lists anew, return whose it was."""
        actor.require_everywhere("chargers.configure")
        charger_id = await self._store.revoke(actor, certificate_id, reason)
        for root in await self._store.roots(actor.organization_id):
            await self._published(actor.organization_id, root.key_type, renew_before=None)
        return charger_id

    async def crl(self, organization_id: OrganizationId, key_type: KeyType) -> bytes:
        """Return the revocation list in DER. Raises AuthorityMissingError."""
        soon = self._clock.now() + CRL_RENEWED_BEFORE
        return await self._published(organization_id, key_type, renew_before=soon)

    async def _published(
        self, organization_id: OrganizationId, key_type: KeyType, *, renew_before: datetime | None
    ) -> bytes:
        await self._open_all(organization_id)

        def make(
            _: StoredRoot, revoked: list[Revoked], number: int
        ) -> x509.CertificateRevocationList:
            authority = self._authority(organization_id, key_type)[1]
            return make_crl(authority, revoked, number, self._clock.now())

        return await self._store.publish_crl(
            organization_id, key_type, make, renew_before=renew_before
        )

    async def _open_all(self, organization_id: OrganizationId) -> None:
        if all((organization_id, key_type) in self._opened for key_type in KEY_TYPES):
            return
        for root in await self._store.roots(organization_id):
            # Deriving the key from the passphrase is slow on purpose.
            key = await asyncio.to_thread(opened_key, root.encrypted_key, self._passphrase())
            authority = Authority(root.certificate, key)
            self._opened[organization_id, root.key_type] = (root.id, authority)

    def _authority(
        self, organization_id: OrganizationId, key_type: KeyType
    ) -> tuple[int, Authority]:
        found = self._opened.get((organization_id, key_type))
        if found is None:
            raise AuthorityMissingError(
                f"there is no {key_type} root: it is made when TLS for chargers is switched on"
            )
        return found

    def _new_root(self, key_type: KeyType) -> StoredRoot:
        key = new_key(key_type, is_root=True)
        made = make_root(key, self.operator_name, self._clock.now())
        return StoredRoot(key_type, pem_of(made), sealed_key(key, self._passphrase()))

    def _signed(self, request: SigningRequest) -> NewCertificate:
        fault = check_signing_request(request.csr, request.serial_number, self.operator_name)
        if fault is not None or request.serial_number is None:
            raise SigningRequestRefusedError(f"it cannot be signed: {fault}")
        asked = x509.load_pem_x509_csr(request.csr.encode())
        key = asked.public_key()
        key_type = key_type_of(key)
        authority_id, authority = self._authority(request.organization_id, key_type)
        made = make_charger_certificate(
            authority,
            key,  # type: ignore[arg-type]  # key_type_of has let in our two kinds only
            self.operator_name,
            request.serial_number,
            now=self._clock.now(),
            life=self._life,
            crl_url=self._crl_url(key_type),
        )
        return NewCertificate(authority_id, made)


def csr_digest(csr: str) -> str:
    """Return the SHA-256 of a CSR's text in hex: its name in jobs."""
    return hashlib.sha256(csr.encode()).hexdigest()


def sealed_key(key: PrivateKey, passphrase: bytes) -> bytes:
    """Return the key as encrypted PKCS #8 in DER."""
    return key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase),
    )


def opened_key(sealed: bytes, passphrase: bytes) -> PrivateKey:
    """Return the key of `sealed_key`. Raises AuthorityKeyUnreadableError."""
    try:
        key = serialization.load_der_private_key(sealed, passphrase)
        key_type_of(key)
    except (ValueError, TypeError):
        raise AuthorityKeyUnreadableError(
            "the key of the certificate authority cannot be opened: "
            "CSMS_CA_PASSPHRASE, or the file ca.passphrase in the data directory, is not the one "
            "under which it was sealed"
        ) from None
    return key  # type: ignore[return-value]  # key_type_of has let in our two kinds only


def subject_text(certificate: x509.Certificate) -> str:
    """Return the subject in RFC 4514's form."""
    return certificate.subject.rfc4514_string()


def common_name(certificate: x509.Certificate) -> str:
    """Return the first common name, or nothing."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""
