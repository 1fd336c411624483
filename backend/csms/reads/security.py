"""Security events of all chargers, and the certificates of one."""

from dataclasses import dataclass

import msgspec

from csms.kernel.ids import OrganizationId
from csms.reads.database import ReadDatabase
from csms.reads.moments import Moment
from csms.reads.page import Conditions, Page, PageRequest, joined

SORTS = {"id": "e.id", "occurred_at": "e.occurred_at", "type": "e.type"}
COLUMNS = """
SELECT e.id, e.charger_id, c.charge_point_id, e.type, e.tech_info, e.occurred_at, e.received_at"""
FROM = "FROM security_event e JOIN charger c ON c.id = e.charger_id"
REQUESTS = """
SELECT id, csr, status, reason, received_at FROM certificate_request
 WHERE organization_id = $1 AND charger_id = $2 ORDER BY id DESC LIMIT 20
"""
INSTALLED = """
SELECT use AS certificate_type, hash_algorithm, issuer_name_hash, issuer_key_hash, serial_number,
       told_at
  FROM installed_certificate WHERE organization_id = $1 AND charger_id = $2 ORDER BY use, id
"""


class SecurityEventView(msgspec.Struct, frozen=True):
    """What a charger reported about its security (whitepaper §5.15)."""

    id: int
    charger_id: int
    charge_point_id: str
    type: str
    tech_info: str | None
    occurred_at: Moment
    received_at: Moment


class CertificateRequestView(msgspec.Struct, frozen=True):
    """A CSR of the charger in PEM, with what we answered and why."""

    id: int
    csr: str
    status: str
    reason: str | None
    received_at: Moment


class InstalledCertificateView(msgspec.Struct, frozen=True):
    """A root certificate as the charger last listed it."""

    certificate_type: str
    hash_algorithm: str
    issuer_name_hash: str
    issuer_key_hash: str
    serial_number: str
    told_at: Moment


class ChargerCertificates(msgspec.Struct, frozen=True):
    """What a charger asked to be signed, the newest first, and the roots that it holds."""

    requests: list[CertificateRequestView]
    installed: list[InstalledCertificateView]


@dataclass(frozen=True, slots=True)
class SecurityEventFilter:
    """Which events are wanted."""

    charge_point_id: str | None = None
    charger_id: int | None = None
    type: str | None = None


async def list_security_events(
    database: ReadDatabase,
    organization_id: OrganizationId,
    request: PageRequest,
    wanted: SecurityEventFilter,
) -> Page[SecurityEventView]:
    """Return a page of events, the newest first."""
    conditions = Conditions()
    conditions.add("e.organization_id = ?", organization_id)
    conditions.add_if("c.charge_point_id = ?", wanted.charge_point_id)
    conditions.add_if("e.charger_id = ?", wanted.charger_id)
    conditions.add_if("e.type = ?", wanted.type)
    conditions.add_search(request.search, "c.charge_point_id", "e.type", "e.tech_info")
    order = request.order_by(SORTS, default="-id", key="e.id")
    async with database.reads(organization_id) as connection:
        total = await connection.fetchval(
            joined("SELECT count(*)", FROM, conditions.where), *conditions.values
        )
        limits = (
            f"LIMIT {conditions.place(request.limit)} OFFSET {conditions.place(request.offset)}"
        )
        rows = await connection.fetch(
            joined(COLUMNS, FROM, conditions.where, order, limits), *conditions.values
        )
    data = [SecurityEventView(**dict(row)) for row in rows]
    return Page(data, total, request.page, request.limit)


async def get_certificates(
    database: ReadDatabase, organization_id: OrganizationId, charger_id: int
) -> ChargerCertificates:
    """Return the certificates of a charger, as far as it told of them."""
    async with database.reads(organization_id) as connection:
        requests = await connection.fetch(REQUESTS, organization_id, charger_id)
        installed = await connection.fetch(INSTALLED, organization_id, charger_id)
    return ChargerCertificates(
        [CertificateRequestView(**dict(row)) for row in requests],
        [InstalledCertificateView(**dict(row)) for row in installed],
    )
