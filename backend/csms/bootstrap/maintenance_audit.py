"""What `csms audit verify` does."""

from csms.adapters.sql.audit_seals import AuditSeals
from csms.bootstrap.maintenance import Maintenance
from csms.kernel.audit_chain import AuditVerdict, parsed_head

__all__ = ["AuditVerdict", "verified_audit"]


async def verified_audit(desk: Maintenance, head: str | None) -> AuditVerdict:
    """Seal what waits, then check the chain. Raises BadAuditHeadError, StorageUnavailableError."""
    noted = parsed_head(head)
    seals = AuditSeals(desk.database)
    await seals.seal()
    return await seals.verify(desk.organization_id, head=noted)
