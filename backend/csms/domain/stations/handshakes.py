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
    "missing_certificate",
    "bad_certificate",
    "revoked_certificate",
    "tls_failed",
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
    `is_proposed`: the charger has not decided on it. `waits_for_reboot`: it said that it takes it
    after a reboot, and has not booted since.
    """

    id: int
    kind: Literal["generated", "chosen"]
    hash: bytes
    salt: bytes = b""
    is_proposed: bool = False
    waits_for_reboot: bool = False


@dataclass(frozen=True, slots=True)
class KnownCharger:
    """What a handshake is decided on; `assumes_subprotocol`: a client that offers none speaks 1.6.

    `pending_security_profile` is a higher one that the charger accepted and has not used yet.
    `serial_number` is the registered one that its certificate must name.
    """

    charger_id: ChargerId
    organization_id: OrganizationId
    charge_point_id: ChargePointId
    security_profile: int
    assumes_subprotocol: bool = False
    is_strict: bool = False
    leniency_off: frozenset[str] = frozenset()
    credentials: tuple[StoredCredential, ...] = ()
    archived_at: datetime | None = None
    pending_security_profile: int | None = None
    serial_number: str | None = None

    @property
    def profiles(self) -> frozenset[int]:
        """The security profiles admitted at present: two while an upgrade waits (WP A05)."""
        if self.pending_security_profile is None:
            return frozenset({self.security_profile})
        return frozenset({self.security_profile, self.pending_security_profile})

    @property
    def has_open_key_change(self) -> bool:
        """Whether the first use of a key decides which one stays (WP A01)."""
        return any(one.is_proposed for one in self.credentials)


@dataclass(frozen=True, slots=True)
class HandshakeAttempt:
    """One attempt to connect, successful or not, with the reason that the desk shows.

    `security_event` is the type of the event that it is, too. A failed TLS handshake names nobody:
    its charge point id is empty.
    """

    at: datetime
    charge_point_id: str
    remote_address: str
    outcome: HandshakeOutcome
    http_status: int
    reason: str
    subprotocols: tuple[str, ...] = ()
    charger_id: ChargerId | None = None
    organization_id: OrganizationId | None = None
    security_event: str | None = None


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
