"""What operations need from the outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from csms.domain.operations.commands import OperationOutcome, OperationRequest
from csms.domain.stations.availability import Wanted
from csms.kernel.facts import OperationStatus
from csms.kernel.ids import (
    ChargePointId,
    ChargerId,
    ConnectorNumber,
    OperationId,
    OrganizationId,
    StationId,
    TransactionId,
    UserId,
)


@dataclass(frozen=True, slots=True)
class ChargerTarget:
    """The charger that an operation goes to, with what the rules look at.

    `agreed` is what it agreed to of its availability. `minimum_balance` is the organization's, None where the installation's counts. `free_id_tag`
    counts as staff use and asks for no credit.
    """

    charger_id: ChargerId
    charge_point_id: ChargePointId
    organization_id: OrganizationId
    registration: str
    is_disabled: bool
    is_archived: bool
    connector_statuses: dict[ConnectorNumber, str | None]
    open_transactions: dict[TransactionId, ConnectorNumber]
    minimum_balance: Decimal | None = None
    free_id_tag: str | None = None
    currency: str = "EUR"
    station_id: StationId | None = None
    agreed: Mapping[ConnectorNumber, Wanted | None] = field(default_factory=dict)


class OperationChannel(Protocol):
    """Carries an operation to the node that holds the charger's socket, and its outcome back."""

    async def send(self, request: OperationRequest, timeout_s: float) -> OperationOutcome:
        """Return the outcome; FAILED `not_connected` when no node holds the charger.

        Returns TIMED_OUT when the charger has not answered within `timeout_s`; its late answer
        still settles the operation in the journal.
        """
        ...


class OperationStore(Protocol):
    """Keeps operations."""

    async def target(self, organization_id: OrganizationId, charger_id: ChargerId) -> ChargerTarget:
        """Return what an operation on this charger is decided on. Raises NotFoundError."""
        ...

    async def record(
        self,
        target: ChargerTarget,
        *,
        requested_by: UserId | None,
        action: str,
        request: str,
        transaction_id: TransactionId | None,
        hold_for: UserId | None = None,
        warnings: tuple[str, ...] = (),
    ) -> OperationId:
        """Store a REQUESTED operation with its audit entry; return its id.

        `warnings` say what we believed to speak against it when it was asked.
        """
        ...

    async def settle(
        self,
        operation_id: OperationId,
        status: OperationStatus,
        *,
        settled_at: datetime,
        outcome: OperationOutcome | None,
    ) -> None:
        """Store the end of an operation unless the charger's own answer is there already."""
        ...


class WireNumbers(Protocol):
    """Gives out our numbers on the wire: reservations, profiles, list versions, requests."""

    async def next(self) -> int:
        """Return a positive 32-bit integer that was never given out; later ones are larger."""
        ...


class KeyChanges(Protocol):
    """Keeps the key that a change of AuthorizationKey brings (whitepaper A01)."""

    async def propose(self, charger_id: ChargerId, operation_id: OperationId, key: bytes) -> None:
        """Admit the new key beside the present one, until the charger has answered.

        Raises KeyChangeOpenError while too many earlier changes are undecided.
        """
        ...

    async def withdraw(self, charger_id: ChargerId, operation_id: OperationId) -> None:
        """Forget a new key that the charger was never sent."""
        ...
