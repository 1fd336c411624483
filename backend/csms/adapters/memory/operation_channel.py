"""The way of an operation where API and gateway are one process: a call."""

from collections.abc import Awaitable, Callable

from csms.domain.operations.commands import OperationOutcome, OperationRequest

Carrier = Callable[[OperationRequest, float], Awaitable[OperationOutcome]]
"""What a gateway's relay does with an operation and its time-out in seconds."""


class MemoryOperationChannel:
    """Hands operations to the gateway that has been attached, if any."""

    def __init__(self) -> None:
        self._carrier: Carrier | None = None

    def attach(self, carrier: Carrier) -> None:
        """Name who carries operations from now on."""
        self._carrier = carrier

    def detach(self) -> None:
        """Let nobody carry operations: every charger counts as not connected."""
        self._carrier = None

    async def send(self, request: OperationRequest, timeout_s: float) -> OperationOutcome:
        """Return the outcome; FAILED `not_connected` while no gateway is attached."""
        if self._carrier is None:
            return OperationOutcome(
                operation_id=request.operation_id,
                status="FAILED",
                error_code="not_connected",
                error_detail="no gateway serves this process",
            )
        return await self._carrier(request, timeout_s)
