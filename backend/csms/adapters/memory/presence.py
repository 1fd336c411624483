"""Presence in one process."""

from dataclasses import replace
from datetime import datetime

from csms.domain.stations.presence import OnlineCharger
from csms.kernel.ids import ChargerId, Epoch, OrganizationId


class MemoryPresence:
    """Which chargers are online, as long as this process runs."""

    def __init__(self) -> None:
        self._online: dict[ChargerId, OnlineCharger] = {}

    async def arrived(self, online: OnlineCharger) -> None:
        """Note a connection, unless a newer one is there."""
        standing = self._online.get(online.charger_id)
        if standing is None or standing.epoch <= online.epoch:
            self._online[online.charger_id] = online

    async def left(self, charger_id: ChargerId, epoch: Epoch) -> None:
        """Forget a connection, unless a newer one of the charger is there."""
        standing = self._online.get(charger_id)
        if standing is not None and standing.epoch <= epoch:
            del self._online[charger_id]

    async def seen(self, moments: dict[ChargerId, datetime]) -> None:
        """Note when chargers were last heard."""
        for charger_id, at in moments.items():
            standing = self._online.get(charger_id)
            if standing is not None and at > standing.last_seen_at:
                self._online[charger_id] = replace(standing, last_seen_at=at)

    async def find(self, charger_ids: list[ChargerId]) -> dict[ChargerId, OnlineCharger]:
        """Return those of the chargers that are online."""
        return {one: self._online[one] for one in charger_ids if one in self._online}

    async def online(self, organization_id: OrganizationId) -> list[OnlineCharger]:
        """Return every charger of an organization that is online, by charge point id."""
        found = [one for one in self._online.values() if one.organization_id == organization_id]
        return sorted(found, key=lambda one: one.charge_point_id)
