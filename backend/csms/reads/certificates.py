"""Certificates: requests of chargers, what our authority issued, the roots that chargers hold."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from cryptography import x509

from csms.domain.security.errors import CertificateNotFoundError
from csms.kernel.ids import OrganizationId
from csms.reads.database import ReadDatabase
from csms.reads.moments import Moment
from csms.reads.page import Conditions, Page, PageRequest, joined

SHOWN_OF_CHARGER = 20
REQUEST_SORTS = {"id": "r.id", "received_at": "r.received_at", "state": "r.state"}
REQUEST_COLUMNS = """
SELECT r.id, r.charger_id, c.charge_point_id, r.csr, r.status, r.state, r.reason, r.received_at,
       r.decided_at"""
REQUEST_FROM = "FROM certificate_request r JOIN charger c ON c.id = r.charger_id"
ISSUED_SORTS = {"id": "i.id", "not_after": "i.not_after", "charge_point_id": "c.charge_point_id"}
ISSUED_COLUMNS = """
SELECT i.id, i.charger_id, c.charge_point_id, i.request_id, a.key_type, i.subject, i.serial_number,
       i.fingerprint, i.certificate, i.not_before, i.not_after, i.issued_at, i.revoked_at,
       i.revocation_reason,
       CASE WHEN i.revoked_at IS NOT NULL THEN 'REVOKED' WHEN i.not_after < now() THEN 'EXPIRED'
            ELSE 'VALID' END AS status"""
ISSUED_FROM = """
FROM issued_certificate i JOIN charger c ON c.id = i.charger_id
  JOIN certificate_authority a ON a.id = i.authority_id"""
INSTALLED = """
SELECT use AS certificate_type, hash_algorithm, issuer_name_hash, issuer_key_hash, serial_number,
       told_at
  FROM installed_certificate WHERE organization_id = $1 AND charger_id = $2 ORDER BY use, id
"""
IN_USE = """
SELECT n.client_certificate FROM connection n
 WHERE n.organization_id = $1 AND n.charger_id = $2 AND n.disconnected_at IS NULL
 ORDER BY n.connected_at DESC LIMIT 1
"""
ROOTS = """
SELECT a.key_type, a.certificate, a.fingerprint, a.created_at, a.crl_number, a.crl_next_update,
       (SELECT count(*) FROM issued_certificate i WHERE i.authority_id = a.id) AS issued,
       (SELECT count(*) FROM issued_certificate i
         WHERE i.authority_id = a.id AND i.revoked_at IS NOT NULL) AS revoked
  FROM certificate_authority a WHERE a.organization_id = $1 ORDER BY a.key_type
"""


class CertificateRequestView(msgspec.Struct, frozen=True):
    """A CSR in PEM. `status` is what we answered; `state` what became of it.

    `state`: WAITING for an operator, REJECTED at once, SIGNED and not taken yet, DECLINED,
    INSTALLED or REFUSED by the charger, REPLACED by a newer one.
    """

    id: int
    charger_id: int
    charge_point_id: str
    csr: str
    status: str
    state: str
    reason: str | None
    received_at: Moment
    decided_at: Moment | None


class IssuedCertificateView(msgspec.Struct, frozen=True, kw_only=True):
    """A client certificate that our authority signed; `status` is VALID, EXPIRED or REVOKED."""

    id: int
    charger_id: int
    charge_point_id: str
    request_id: int
    key_type: str
    subject: str
    serial_number: str
    fingerprint: str
    certificate: str
    not_before: Moment
    not_after: Moment
    issued_at: Moment
    revoked_at: Moment | None
    revocation_reason: str | None
    status: str


class InstalledCertificateView(msgspec.Struct, frozen=True):
    """A root certificate as the charger last listed it."""

    certificate_type: str
    hash_algorithm: str
    issuer_name_hash: str
    issuer_key_hash: str
    serial_number: str
    told_at: Moment


class ChargerCertificates(msgspec.Struct, frozen=True):
    """What a charger asked to be signed and was issued, the newest first, and its roots.

    `client_certificate` is the fingerprint of what its open connection proved itself with.
    """

    requests: list[CertificateRequestView]
    issued: list[IssuedCertificateView]
    installed: list[InstalledCertificateView]
    client_certificate: str | None


class RootView(msgspec.Struct, frozen=True):
    """A root of our authority, in PEM, with its revocation list's state."""

    key_type: str
    certificate: str
    fingerprint: str
    not_after: Moment
    created_at: Moment
    crl_number: int
    crl_next_update: Moment | None
    issued: int
    revoked: int


@dataclass(frozen=True, slots=True)
class CertificateFilter:
    """Which requests or certificates are wanted; `state` is a request's state or a status."""

    charger_id: int | None = None
    charge_point_id: str | None = None
    state: str | None = None


async def list_certificate_requests(
    database: ReadDatabase,
    organization_id: OrganizationId,
    request: PageRequest,
    wanted: CertificateFilter,
) -> Page[CertificateRequestView]:
    """Return a page of requests, the newest first."""
    conditions = Conditions()
    conditions.add("r.organization_id = ?", organization_id)
    conditions.add_if("r.charger_id = ?", wanted.charger_id)
    conditions.add_if("c.charge_point_id = ?", wanted.charge_point_id)
    conditions.add_if("r.state = ?", wanted.state)
    conditions.add_search(request.search, "c.charge_point_id", "r.reason")
    order = request.order_by(REQUEST_SORTS, default="-id", key="r.id")
    total, rows = await _page(
        database, organization_id, request, (REQUEST_COLUMNS, REQUEST_FROM, order), conditions
    )
    data = [CertificateRequestView(**dict(row)) for row in rows]
    return Page(data, total, request.page, request.limit)


async def list_issued_certificates(
    database: ReadDatabase,
    organization_id: OrganizationId,
    request: PageRequest,
    wanted: CertificateFilter,
) -> Page[IssuedCertificateView]:
    """Return a page of issued certificates, the newest first."""
    conditions = Conditions()
    conditions.add("i.organization_id = ?", organization_id)
    conditions.add_if("i.charger_id = ?", wanted.charger_id)
    conditions.add_if("c.charge_point_id = ?", wanted.charge_point_id)
    conditions.add_if(
        "CASE WHEN i.revoked_at IS NOT NULL THEN 'REVOKED' WHEN i.not_after < now() THEN 'EXPIRED' "
        "ELSE 'VALID' END = ?",
        wanted.state,
    )
    conditions.add_search(request.search, "c.charge_point_id", "i.serial_number", "i.subject")
    order = request.order_by(ISSUED_SORTS, default="-id", key="i.id")
    total, rows = await _page(
        database, organization_id, request, (ISSUED_COLUMNS, ISSUED_FROM, order), conditions
    )
    data = [IssuedCertificateView(**dict(row)) for row in rows]
    return Page(data, total, request.page, request.limit)


async def get_issued_certificate(
    database: ReadDatabase, organization_id: OrganizationId, certificate_id: int
) -> IssuedCertificateView:
    """Return one issued certificate. Raises CertificateNotFoundError."""
    async with database.reads(organization_id) as connection:
        row = await connection.fetchrow(
            joined(ISSUED_COLUMNS, ISSUED_FROM, "WHERE i.organization_id = $1 AND i.id = $2"),
            organization_id,
            certificate_id,
        )
    if row is None:
        raise CertificateNotFoundError(f"no certificate {certificate_id}")
    return IssuedCertificateView(**dict(row))


async def list_roots(database: ReadDatabase, organization_id: OrganizationId) -> list[RootView]:
    """Return the roots of our authority."""
    async with database.reads(organization_id) as connection:
        rows = await connection.fetch(ROOTS, organization_id)
    return [RootView(**dict(row), not_after=_end_of(row["certificate"])) for row in rows]


async def get_certificates(
    database: ReadDatabase, organization_id: OrganizationId, charger_id: int
) -> ChargerCertificates:
    """Return the certificates of a charger, as far as they are known."""
    newest = "ORDER BY {} DESC LIMIT $3"
    where = "WHERE {0}.organization_id = $1 AND {0}.charger_id = $2"
    async with database.reads(organization_id) as connection:
        requests = await connection.fetch(
            joined(REQUEST_COLUMNS, REQUEST_FROM, where.format("r"), newest.format("r.id")),
            organization_id, charger_id, SHOWN_OF_CHARGER,
        )  # fmt: skip
        issued = await connection.fetch(
            joined(ISSUED_COLUMNS, ISSUED_FROM, where.format("i"), newest.format("i.id")),
            organization_id, charger_id, SHOWN_OF_CHARGER,
        )  # fmt: skip
        installed = await connection.fetch(INSTALLED, organization_id, charger_id)
        in_use = await connection.fetchval(IN_USE, organization_id, charger_id)
    return ChargerCertificates(
        [CertificateRequestView(**dict(row)) for row in requests],
        [IssuedCertificateView(**dict(row)) for row in issued],
        [InstalledCertificateView(**dict(row)) for row in installed],
        in_use,
    )


def _end_of(certificate_pem: str) -> datetime:
    return x509.load_pem_x509_certificate(certificate_pem.encode()).not_valid_after_utc


async def _page(
    database: ReadDatabase,
    organization_id: OrganizationId,
    request: PageRequest,
    parts: tuple[str, str, str],
    conditions: Conditions,
) -> tuple[int, list[Any]]:
    columns, source, order = parts
    async with database.reads(organization_id) as connection:
        total = await connection.fetchval(
            joined("SELECT count(*)", source, conditions.where), *conditions.values
        )
        limits = (
            f"LIMIT {conditions.place(request.limit)} OFFSET {conditions.place(request.offset)}"
        )
        rows = await connection.fetch(
            joined(columns, source, conditions.where, order, limits), *conditions.values
        )
    return total, rows
