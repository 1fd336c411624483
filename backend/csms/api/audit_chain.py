"""What the API needs of the audit's chain."""

from typing import Protocol

from csms.kernel.audit_chain import AuditVerdict
from csms.kernel.ids import OrganizationId


class AuditChain(Protocol):
    """Checks an organization's audit."""

    async def verify(
        self, organization_id: OrganizationId, *, head: tuple[int, str] | None = None
    ) -> AuditVerdict:
        """Compute the chain again; `head` is a place and a seal noted earlier."""
        ...
