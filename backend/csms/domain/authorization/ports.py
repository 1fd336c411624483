"""What authorization needs from the outside."""

from typing import Protocol

from csms.domain.authorization.verdict import IdTagRecord
from csms.kernel.ids import OrganizationId


class IdTagRecords(Protocol):
    """Reads id tags with what decides about them."""

    async def find(self, organization_id: OrganizationId, id_tag: str) -> IdTagRecord | None:
        """Return the record of `id_tag`, compared without case, or None when it is unknown."""
        ...
