"""Our certificate authority's record: roots, requests, certificates, revocation lists."""

from collections.abc import Callable
from datetime import datetime

import asyncpg
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from csms.adapters.sql.availability import answering
from csms.adapters.sql.engine import Database
from csms.adapters.sql.journal_facts import queue_jobs
from csms.adapters.sql.repositories.audit_entries import record_change
from csms.domain.identity.actor import Actor
from csms.domain.security.authority import (
    AuthorityMissingError,
    Delivery,
    NewCertificate,
    SigningRequest,
    StoredRoot,
    csr_digest,
    subject_text,
)
from csms.domain.security.client_certificates import IssuedStatus, fingerprint_of, pem_of
from csms.domain.security.errors import (
    CertificateNotFoundError,
    CertificateRequestDecidedError,
    CertificateRequestNotFoundError,
)
from csms.domain.security.issuing import KeyType, Revoked
from csms.domain.security.jobs import deliver_job
from csms.kernel.ids import ChargerId, OrganizationId

_ROOTS = """
SELECT id, key_type, certificate, encrypted_key, crl, crl_number, crl_next_update
  FROM certificate_authority WHERE organization_id = $1
"""
_ADD_ROOT = """
INSERT INTO certificate_authority (organization_id, key_type, certificate, fingerprint, encrypted_key)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organization_id, key_type) DO NOTHING RETURNING id
"""
_REQUEST = """
SELECT r.id, r.organization_id, r.charger_id, r.csr, r.state,
       coalesce(c.serial_number, c.box_serial_number) AS serial_number
  FROM certificate_request r JOIN charger c ON c.id = r.charger_id
 WHERE r.organization_id = $1 AND r.id = $2 FOR UPDATE OF r
"""
_DECIDE = """
UPDATE certificate_request SET state = $2, reason = $3, decided_at = now(), decided_by = $4
 WHERE id = $1
"""
_ISSUE = """
INSERT INTO issued_certificate (organization_id, charger_id, authority_id, request_id, serial_number,
                                subject, fingerprint, certificate, not_before, not_after)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id
"""
_WAITING = "SELECT id, csr FROM certificate_request WHERE charger_id = $1 AND state = 'WAITING'"
_UNDELIVERED = """
SELECT i.organization_id, i.charger_id, i.certificate, a.certificate AS root
  FROM issued_certificate i
  JOIN certificate_authority a ON a.id = i.authority_id
  JOIN certificate_request r ON r.id = i.request_id
 WHERE i.id = $1 AND i.revoked_at IS NULL AND r.state = 'SIGNED'
"""
_REVOKE = """
UPDATE issued_certificate SET revoked_at = now(), revocation_reason = $3
 WHERE organization_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING charger_id, serial_number
"""
_LOCK_ROOT = """
SELECT id, key_type, certificate, encrypted_key, crl, crl_number, crl_next_update
  FROM certificate_authority WHERE organization_id = $1 AND key_type = $2 FOR UPDATE
"""
_REVOKED = """
SELECT serial_number, revoked_at FROM issued_certificate
 WHERE authority_id = $1 AND revoked_at IS NOT NULL ORDER BY revoked_at, id
"""
_PUBLISH = """
UPDATE certificate_authority SET crl = $2, crl_number = $3, crl_next_update = $4 WHERE id = $1
"""
_STATUS = """
SELECT charger_id, revoked_at IS NOT NULL AS is_revoked FROM issued_certificate WHERE fingerprint = $1
"""


class SqlCertificates:
    """Implements the domain's AuthorityStore and IssuedCertificates."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def status(self, fingerprint: str) -> IssuedStatus | None:
        """Return what is on record of a certificate."""
        with answering():
            row = await self._database.pool.fetchrow(_STATUS, fingerprint)
        if row is None:
            return None
        return IssuedStatus(ChargerId(row["charger_id"]), is_revoked=row["is_revoked"])

    async def roots(self, organization_id: OrganizationId) -> list[StoredRoot]:
        """Return the organization's roots."""
        with answering():
            rows = await self._database.pool.fetch(_ROOTS, organization_id)
        return [_root(row) for row in rows]

    async def add_root(self, organization_id: OrganizationId, root: StoredRoot) -> None:
        """Keep a new root, unless another process was first."""
        fingerprint = fingerprint_of(root.certificate)
        with answering():
            async with self._database.writes(organization_id) as connection:
                made = await connection.fetchval(
                    _ADD_ROOT,
                    organization_id,
                    root.key_type,
                    root.certificate_pem,
                    fingerprint,
                    root.encrypted_key,
                )
                if made is not None:
                    await record_change(
                        connection,
                        Actor(None, "ADMIN", organization_id),
                        "certificate_authority.created",
                        ("certificate_authority", made),
                        after={"key_type": root.key_type, "fingerprint": fingerprint},
                    )

    async def sign(
        self, actor: Actor, request_id: int, make: Callable[[SigningRequest], NewCertificate]
    ) -> int:
        """Sign a waiting request, keep the certificate, queue its delivery; return its id."""
        with answering():
            async with self._database.writes(actor.organization_id) as connection:
                request = await _waiting(connection, actor.organization_id, request_id)
                made = make(request)
                signed = made.certificate
                certificate_id: int = await connection.fetchval(
                    _ISSUE,
                    actor.organization_id,
                    request.charger_id,
                    made.authority_id,
                    request_id,
                    format(signed.serial_number, "x"),
                    subject_text(signed),
                    fingerprint_of(signed),
                    pem_of(signed),
                    signed.not_valid_before_utc,
                    signed.not_valid_after_utc,
                )
                await connection.execute(_DECIDE, request_id, "SIGNED", None, actor.user_id)
                await queue_jobs(connection, [deliver_job(actor.organization_id, certificate_id)])
                await record_change(
                    connection,
                    actor,
                    "certificate.issued",
                    ("certificate", certificate_id),
                    after={
                        "charger_id": request.charger_id,
                        "request_id": request_id,
                        "serial_number": format(signed.serial_number, "x"),
                        "not_after": signed.not_valid_after_utc,
                    },
                )
        return certificate_id

    async def decline(self, actor: Actor, request_id: int, reason: str) -> None:
        """Note that the request is not signed."""
        with answering():
            async with self._database.writes(actor.organization_id) as connection:
                request = await _waiting(connection, actor.organization_id, request_id)
                await connection.execute(_DECIDE, request_id, "DECLINED", reason, actor.user_id)
                await record_change(
                    connection,
                    actor,
                    "certificate_request.declined",
                    ("certificate_request", request_id),
                    after={"charger_id": request.charger_id, "reason": reason},
                )

    async def waiting_request(self, charger_id: ChargerId, digest: str) -> int | None:
        """Return the charger's waiting request with that digest."""
        with answering():
            rows = await self._database.pool.fetch(_WAITING, charger_id)
        return next((r["id"] for r in rows if csr_digest(r["csr"]) == digest), None)

    async def undelivered(self, certificate_id: int) -> Delivery | None:
        """Return what is to be handed over, or None when that is settled."""
        with answering():
            row = await self._database.pool.fetchrow(_UNDELIVERED, certificate_id)
        if row is None:
            return None
        return Delivery(
            OrganizationId(row["organization_id"]),
            ChargerId(row["charger_id"]),
            row["certificate"],
            row["root"],
        )

    async def revoke(self, actor: Actor, certificate_id: int, reason: str) -> ChargerId:
        """Note the revocation once."""
        owner = actor.organization_id
        with answering():
            async with self._database.writes(owner) as connection:
                row = await connection.fetchrow(_REVOKE, owner, certificate_id, reason)
                if row is not None:
                    await record_change(
                        connection,
                        actor,
                        "certificate.revoked",
                        ("certificate", certificate_id),
                        after={"serial_number": row["serial_number"], "reason": reason},
                    )
                    return ChargerId(row["charger_id"])
                found = await connection.fetchval(
                    "SELECT charger_id FROM issued_certificate "
                    "WHERE organization_id = $1 AND id = $2",
                    owner,
                    certificate_id,
                )
        if found is None:
            raise CertificateNotFoundError(f"no certificate {certificate_id}")
        return ChargerId(found)

    async def publish_crl(
        self,
        organization_id: OrganizationId,
        key_type: KeyType,
        make: Callable[[StoredRoot, list[Revoked], int], x509.CertificateRevocationList],
        *,
        renew_before: datetime | None,
    ) -> bytes:
        """Return the revocation list in force, made anew where it is due."""
        with answering():
            async with self._database.writes(organization_id) as connection:
                row = await connection.fetchrow(_LOCK_ROOT, organization_id, key_type)
                if row is None:
                    raise AuthorityMissingError(f"there is no {key_type} root")
                root = _root(row)
                is_current = (
                    renew_before is not None
                    and root.crl_next_update is not None
                    and root.crl_next_update > renew_before
                )
                if is_current and root.crl is not None:
                    return root.crl
                rows = await connection.fetch(_REVOKED, root.id)
                revoked = [Revoked(int(r["serial_number"], 16), r["revoked_at"]) for r in rows]
                number = root.crl_number + 1
                made = make(root, revoked, number)
                der = made.public_bytes(Encoding.DER)
                await connection.execute(_PUBLISH, root.id, der, number, made.next_update_utc)
        return der


async def _waiting(
    connection: asyncpg.Connection, organization_id: OrganizationId, request_id: int
) -> SigningRequest:
    row = await connection.fetchrow(_REQUEST, organization_id, request_id)
    if row is None:
        raise CertificateRequestNotFoundError(f"no certificate request {request_id}")
    if row["state"] != "WAITING":
        raise CertificateRequestDecidedError(
            f"the request does not wait any more: it is {row['state']}", state=row["state"]
        )
    return SigningRequest(
        row["id"],
        OrganizationId(row["organization_id"]),
        ChargerId(row["charger_id"]),
        row["csr"],
        row["serial_number"],
    )


def _root(row: asyncpg.Record) -> StoredRoot:
    return StoredRoot(
        key_type=row["key_type"],
        certificate_pem=row["certificate"],
        encrypted_key=bytes(row["encrypted_key"]),
        id=row["id"],
        crl=None if row["crl"] is None else bytes(row["crl"]),
        crl_number=row["crl_number"],
        crl_next_update=row["crl_next_update"],
    )
