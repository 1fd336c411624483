"""Asking a charger again for the availability that it agreed to, where an operator switched it on."""

from typing import Protocol

from csms.domain.identity.actor import Actor
from csms.domain.operations.commands import ChangeAvailability
from csms.domain.operations.errors import NotSettledError
from csms.domain.operations.ports import ChargerTarget
from csms.domain.operations.service import CALL_TIMEOUT_S, OperationService, is_out_of_reach
from csms.domain.stations.availability import to_resend
from csms.kernel.ids import ChargerId, OrganizationId


class Targets(Protocol):
    """Knows what chargers agreed to, and what they report."""

    async def target(self, organization_id: OrganizationId, charger_id: ChargerId) -> ChargerTarget:
        """Return what an operation on this charger is decided on. Raises NotFoundError."""
        ...


class AvailabilityKeeper:
    """Sends ChangeAvailability again to chargers that came back without it (OCPP 1.6 §5.2)."""

    def __init__(self, operations: OperationService, targets: Targets) -> None:
        self._operations = operations
        self._targets = targets

    async def resend(self, actor: Actor, charger_id: ChargerId) -> int:
        """Ask for what the reports contradict; return how many requests were answered.

        A charger that is gone again is asked when it comes back. Raises NotSettledError when it
        is there and does not answer.
        """
        target = await self._targets.target(actor.organization_id, charger_id)
        answered = 0
        for connector, wanted in to_resend(target.agreed, target.connector_statuses):
            result = await self._operations.request(
                actor, charger_id, ChangeAvailability(connector, wanted), CALL_TIMEOUT_S
            )
            if is_out_of_reach(result):
                return answered
            if result.status == "TIMED_OUT":
                raise NotSettledError("the charger has not answered ChangeAvailability")
            answered += 1
        return answered
