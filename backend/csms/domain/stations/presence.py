"""Which chargers are online: the one definition that gateway, API and screens share."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from csms.kernel.ids import ChargePointId, ChargerId, Epoch, OrganizationId


@dataclass(frozen=True, slots=True)
class OnlineCharger:
    """A charger with an open socket on `node`. `last_seen_at`: any frame, ping or pong counts."""

    charger_id: ChargerId
    charge_point_id: ChargePointId
    organization_id: OrganizationId
    node: str
    epoch: Epoch
    protocol: str
    remote_address: str
    connected_at: datetime
    last_seen_at: datetime


class Presence(Protocol):
    """Knows which chargers are online and on which node. Older epochs never replace newer ones."""

    async def arrived(self, online: OnlineCharger) -> None:
        """Note a connection."""
        ...

    async def left(self, charger_id: ChargerId, epoch: Epoch) -> None:
        """Forget a connection, unless a newer one of the charger is there."""
        ...

    async def seen(self, moments: dict[ChargerId, datetime]) -> None:
        """Note when chargers of this node were last heard."""
        ...

    async def find(self, charger_ids: list[ChargerId]) -> dict[ChargerId, OnlineCharger]:
        """Return those of the chargers that are online."""
        ...

    async def online(self, organization_id: OrganizationId) -> list[OnlineCharger]:
        """Return every charger of an organization that is online, by charge point id."""
        ...
