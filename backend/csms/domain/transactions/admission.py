"""Admission: a charger's state is loaded under a new epoch to where its socket is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from csms.domain.stations.charger import Charger
from csms.domain.stations.handshakes import Handshakes
from csms.domain.stations.leniency import RepairCount
from csms.domain.transactions.session import ChargerSessions
from csms.kernel.ids import ChargerId, Epoch, OrganizationId


@dataclass(frozen=True, slots=True)
class ConnectionStart:
    """A connection that is about to be admitted.

    `tls` says version and suite; `client_certificate` is the fingerprint of what it proved itself
    with. `settles_key`: its key, which ends the others since it is the first use after a change of
    key stayed open (whitepaper A01). `ends_lower_profile`: it came under the higher profile that it
    had accepted (A05.FR.09).
    """

    charger_id: ChargerId
    node: str
    remote_address: str
    protocol: str
    security_profile: int
    connected_at: datetime
    user_agent: str | None = None
    tls: str | None = None
    client_certificate: str | None = None
    settles_key: int | None = None
    ends_lower_profile: bool = False


@dataclass(frozen=True, slots=True)
class RecentExchange:
    """A StartTransaction, MeterValues or StopTransaction that was answered a short time ago.

    `request` and `answer` are the payloads as JSON text, exactly as they were logged.
    """

    action: str
    message_id: str
    request: str
    answer: str


@dataclass(frozen=True, slots=True)
class AdmittedCharger:
    """A charger under its new epoch: settings, connectors, open sessions, recent exchanges.

    `recent` reaches back a named time and holds a bounded number, oldest first.
    """

    charger: Charger
    sessions: ChargerSessions
    epoch: Epoch
    recent: tuple[RecentExchange, ...] = ()


class Admissions(Handshakes, Protocol):
    """Admits chargers under a rising epoch."""

    async def admit(self, start: ConnectionStart) -> AdmittedCharger:
        """Raise the charger's epoch, open its connection row, load what its socket needs.

        Waits for commits in flight under the older epoch, so that nothing is missed.
        Raises StorageUnavailableError, or NotFoundError when the charger is gone.
        """
        ...

    async def disconnected(
        self, charger_id: ChargerId, epoch: Epoch, *, at: datetime, code: int, reason: str
    ) -> None:
        """Close the connection row of that epoch; changes nothing else when a newer one exists.

        `code` is the WebSocket close code (1006: the link was lost). Raises StorageUnavailableError.
        """
        ...

    async def model_rules(
        self, organization_id: OrganizationId, vendor: str, model: str
    ) -> dict[str, bool]:
        """Return the leniency rules that a charger model has on or off.

        Raises StorageUnavailableError.
        """
        ...

    async def count_repairs(self, counts: list[RepairCount]) -> None:
        """Add up how often rules were needed, in one write. Raises StorageUnavailableError."""
        ...

    async def seen(self, moments: dict[ChargerId, datetime]) -> None:
        """Note when chargers were last heard, many in one write. Raises StorageUnavailableError."""
        ...
