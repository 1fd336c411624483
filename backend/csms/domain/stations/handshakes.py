"""Who knocks: what a handshake is decided on, and the record of every attempt."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from csms.kernel.ids import ChargePointId, ChargerId, OrganizationId

HandshakeOutcome = Literal[
    "accepted",
    "unknown_charger",
    "missing_credentials",
    "bad_credentials",
    "profile_refused",
    "archived",
    "too_many_failures",
    "bad_request",
    "wrong_subprotocol",
    "storage_unavailable",
    "contested",
    "abandoned",
]


@dataclass(frozen=True, slots=True)
class StoredCredential:
    """One key of a charger as it is stored; up to two are active during a rotation.

    `generated`: `hash` is HMAC-SHA-256 under the server key over `salt` and the key's bytes.
    `chosen`: `hash` is the text of an argon2 hash in ASCII, `salt` is empty.
    """

    id: int
    kind: Literal["generated", "chosen"]
    hash: bytes
    salt: bytes = b""


@dataclass(frozen=True, slots=True)
class KnownCharger:
    """What a handshake is decided on; `assumes_subprotocol`: a client that offers none speaks 1.6."""

    charger_id: ChargerId
    organization_id: OrganizationId
    charge_point_id: ChargePointId
    security_profile: int
    assumes_subprotocol: bool = False
    is_strict: bool = False
    leniency_off: frozenset[str] = frozenset()
    credentials: tuple[StoredCredential, ...] = ()
    archived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HandshakeAttempt:
    """One attempt to connect, successful or not, with the reason that the desk shows."""

    at: datetime
    charge_point_id: str
    remote_address: str
    outcome: HandshakeOutcome
    http_status: int
    reason: str
    subprotocols: tuple[str, ...] = ()
    charger_id: ChargerId | None = None
    organization_id: OrganizationId | None = None


class Handshakes(Protocol):
    """Looks chargers up by the name they give, and keeps who knocked."""

    async def look_up(self, charge_point_id: str) -> KnownCharger | None:
        """Return the charger of that id, archived ones too, or None. One read, no lock.

        Raises StorageUnavailableError.
        """
        ...

    async def record_handshakes(self, attempts: list[HandshakeAttempt]) -> None:
        """Keep attempts, many in one write. Raises StorageUnavailableError."""
        ...
