"""The jobs of the certificate authority: sign what needs nobody's word, hand over what is signed."""

from typing import Final

import msgspec

from csms.domain.security.authority import csr_digest
from csms.kernel.facts import CertificateRequested, Fact
from csms.kernel.ids import ChargerId, OrganizationId
from csms.kernel.jobs import JobRequest
from csms.kernel.journal import JournalEntry

SIGN_CERTIFICATE: Final = "sign_certificate"
DELIVER_CERTIFICATE: Final = "deliver_certificate"


class SignCertificateJob(msgspec.Struct, frozen=True):
    """Which request may be signed by itself, if the installation lets it."""

    organization_id: OrganizationId
    charger_id: ChargerId
    csr_digest: str


class DeliverCertificateJob(msgspec.Struct, frozen=True):
    """Which certificate its charger is to get."""

    certificate_id: int


def sign_job_of(entry: JournalEntry, fact: Fact) -> JobRequest | None:
    """Return the job that an accepted request for a signature causes."""
    if not isinstance(fact, CertificateRequested) or fact.status != "Accepted":
        return None
    digest = csr_digest(fact.csr)
    order = SignCertificateJob(entry.organization_id, entry.charger_id, digest)
    return JobRequest(
        kind=SIGN_CERTIFICATE,
        unique_key=f"{SIGN_CERTIFICATE}:{entry.charger_id}:{digest}",
        payload=msgspec.json.encode(order).decode(),
        organization_id=entry.organization_id,
    )


def deliver_job(organization_id: OrganizationId, certificate_id: int) -> JobRequest:
    """Return the job that hands a signed certificate over."""
    return JobRequest(
        kind=DELIVER_CERTIFICATE,
        unique_key=f"{DELIVER_CERTIFICATE}:{certificate_id}",
        payload=msgspec.json.encode(DeliverCertificateJob(certificate_id)).decode(),
        organization_id=organization_id,
    )
