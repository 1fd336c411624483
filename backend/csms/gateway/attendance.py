"""Who is here: presence, connection rows and last signs of life follow the sockets."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from csms.domain.stations.presence import OnlineCharger, Presence
from csms.domain.transactions.admission import Admissions
from csms.gateway.announce import connection_event
from csms.gateway.connection import Connection
from csms.gateway.errands import Errands
from csms.gateway.registry import Registry
from csms.gateway.settings import GatewaySettings
from csms.kernel.clock import Clock
from csms.kernel.ids import ChargerId
from csms.kernel.live import LiveEvents


class Attendance:
    """Tells presence, storage and watchers when chargers come, are heard, and go."""

    def __init__(
        self,
        *,
        admissions: Admissions,
        registry: Registry,
        errands: Errands,
        clock: Clock,
        now: Callable[[], float],
        settings: GatewaySettings,
    ) -> None:
        self._admissions = admissions
        self._registry = registry
        self._errands = errands
        self._clock = clock
        self._now = now
        self._settings = settings
        self.presence: Presence | None = None
        self.live: LiveEvents | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._told_at = now()
        self._stored_at = now()

    def start(self) -> None:
        """Note regularly who was heard."""
        self._timer = asyncio.get_running_loop().call_later(
            self._settings.seen_interval_s, self._tick
        )

    def stop(self) -> None:
        """Stop noting."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def arrived(self, connection: Connection) -> None:
        """A connection was admitted."""
        self._errands.run(self._arrived(connection), "presence of an arrival")

    def left(self, connection: Connection) -> None:
        """A connection is over."""
        self._registry.remove(connection)
        self._errands.run(self._left(connection), "the end of a connection")

    def heard_at(self, connection: Connection) -> datetime:
        """Return when a connection was last heard, by our clock."""
        return self._clock.now() - timedelta(seconds=self._now() - connection.last_heard)

    def tell_seen(self) -> None:
        """Tell presence whom it was heard from since the last time, and storage less often."""
        now = self._now()
        if self.presence is not None:
            moments = self._heard_since(self._told_at)
            self._errands.run(self.presence.seen(moments), "presence of those heard")
        self._told_at = now
        if now - self._stored_at >= self._settings.stored_seen_interval_s:
            moments = self._heard_since(self._stored_at)
            self._errands.run(self._admissions.seen(moments), "the last signs of life")
            self._stored_at = now

    def _tick(self) -> None:
        self.tell_seen()
        self.start()

    def _heard_since(self, moment: float) -> dict[ChargerId, datetime]:
        return {
            connection.charger.id: self.heard_at(connection)
            for connection in self._registry
            if connection.last_heard >= moment
        }

    async def _arrived(self, connection: Connection) -> None:
        charger, facts = connection.charger, connection.facts
        if self.presence is not None:
            await self.presence.arrived(
                OnlineCharger(
                    charger_id=charger.id,
                    charge_point_id=charger.charge_point_id,
                    organization_id=charger.organization_id,
                    node=self._settings.node,
                    epoch=facts.epoch,
                    protocol=facts.protocol,
                    remote_address=facts.remote_address,
                    connected_at=facts.connected_at,
                    last_seen_at=facts.connected_at,
                )
            )
        if self.live is not None:
            self.live.publish(connection_event(charger, self._clock.now(), is_connected=True))

    async def _left(self, connection: Connection) -> None:
        charger, now = connection.charger, self._clock.now()
        if self.presence is not None:
            await self.presence.left(charger.id, connection.epoch)
        if self.live is not None and self._registry.find(charger.id) is None:
            self.live.publish(connection_event(charger, now, is_connected=False))
        await self._admissions.disconnected(
            charger.id,
            connection.epoch,
            at=now,
            code=connection.close_code,
            reason=connection.close_reason,
        )
        await self._admissions.seen({charger.id: self.heard_at(connection)})
