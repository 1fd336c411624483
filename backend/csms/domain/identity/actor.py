"""Who asks: the person, or the server itself, on whose behalf a use case runs."""

from dataclasses import dataclass
from typing import Literal

from csms.kernel.errors import ForbiddenError
from csms.kernel.ids import OrganizationId, UserId

Role = Literal["ADMIN", "USER"]


class OperatorRightMissingError(ForbiddenError):
    """Only operators may do this."""


@dataclass(frozen=True, slots=True)
class Actor:
    """`user_id` is None for the server itself and for commands run on its machine.

    `name` and `remote_address` go into audit entries.
    """

    user_id: UserId | None
    role: Role
    organization_id: OrganizationId
    name: str = "system"
    remote_address: str | None = None

    @property
    def is_operator(self) -> bool:
        """Whether this is an operator (role ADMIN) or the server itself."""
        return self.role == "ADMIN"

    def require_operator(self) -> None:
        """Raise OperatorRightMissingError unless the actor is an operator."""
        if not self.is_operator:
            raise OperatorRightMissingError("only operators may do this")
