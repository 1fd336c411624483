"""One outlet of a virtual charger: its status, cable, reservation, meter and transaction."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from csms_simulator.metering import EnergyMeter
from csms_simulator.ocpp16 import Payload

Availability = Literal["Operative", "Inoperative"]
WITH_TRANSACTION = frozenset({"Charging", "SuspendedEV", "SuspendedEVSE"})
OCCUPIED = WITH_TRANSACTION | {"Preparing", "Finishing"}

# OCPP 1.6 §4.9: which status may follow which by itself; Faulted and Unavailable may follow any.
TRANSITIONS: dict[str, frozenset[str]] = {
    "Available": frozenset({"Preparing", "Charging", "SuspendedEV", "SuspendedEVSE", "Reserved"}),
    "Preparing": frozenset({"Available", "Charging", "SuspendedEV", "SuspendedEVSE", "Finishing"}),
    "Charging": frozenset({"Available", "SuspendedEV", "SuspendedEVSE", "Finishing"}),
    "SuspendedEV": frozenset({"Available", "Charging", "SuspendedEVSE", "Finishing"}),
    "SuspendedEVSE": frozenset({"Available", "Charging", "SuspendedEV", "Finishing"}),
    "Finishing": frozenset({"Available", "Preparing"}),
    "Reserved": frozenset({"Available", "Preparing"}),
    "Unavailable": frozenset(
        {"Available", "Preparing", "Charging", "SuspendedEV", "SuspendedEVSE"}
    ),
    "Faulted": frozenset(
        {
            "Available",
            "Preparing",
            "Charging",
            "SuspendedEV",
            "SuspendedEVSE",
            "Finishing",
            "Reserved",
        }
    ),
}


@dataclass(frozen=True, slots=True)
class Reservation:
    """A connector kept for a tag, or for tags of one parent, until a time (OCPP 1.6 §5.13)."""

    reservation_id: int
    connector_id: int
    id_tag: str
    expires_at: datetime
    parent_id_tag: str | None = None

    def admits(self, id_tag: str, parent_id_tag: str | None) -> bool:
        """Say whether this tag, or one of its family, may use the reservation."""
        if id_tag.lower() == self.id_tag.lower():
            return True
        return bool(
            self.parent_id_tag
            and parent_id_tag
            and parent_id_tag.lower() == self.parent_id_tag.lower()
        )


@dataclass(eq=False)
class Transaction:
    """A charging session as the charger keeps it; the server's id comes with its first answer.

    `is_stopped` turns true when the end is decided, `ended` is set once the outlet shows it.
    """

    connector_id: int
    id_tag: str
    meter_start_wh: int
    started_at: str
    reservation_id: int | None = None
    transaction_id: int | None = None
    id_status: str = ""
    is_stopped: bool = False
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    stop_data: list[Payload] = field(default_factory=list)
    sampler: asyncio.Task[None] | None = None

    @property
    def wire_id(self) -> int:
        """The server's id, or -1 when its StartTransaction was never answered."""
        return -1 if self.transaction_id is None else self.transaction_id


@dataclass(eq=False)
class Connector:
    """The state of one outlet; connector 0 is the charger's main controller."""

    connector_id: int
    meter: EnergyMeter
    power_max_w: float
    status: str = "Available"
    error_code: str = "NoError"
    info: str | None = None
    vendor_id: str | None = None
    vendor_error_code: str | None = None
    availability: Availability = "Operative"
    scheduled: Availability | None = None
    plugged: asyncio.Event = field(default_factory=asyncio.Event)
    is_lock_stuck: bool = False
    is_claimed: bool = False
    demand_w: float | None = None
    soc_percent: float = 20.0
    reservation: Reservation | None = None
    transaction: Transaction | None = None
    reported: tuple[str, str] | None = None

    @property
    def is_occupied(self) -> bool:
        """True while a cable or a session holds it."""
        return self.status in OCCUPIED or self.transaction is not None

    @property
    def state(self) -> tuple[str, str]:
        """Status and error code: what a StatusNotification says at least."""
        return self.status, self.error_code

    def may_become(self, status: str) -> bool:
        """Say whether the state machine allows this step (OCPP 1.6 §4.9)."""
        if status in {self.status, "Faulted", "Unavailable"}:
            return True
        return status in TRANSITIONS[self.status]

    def resting_status(self) -> str:
        """The status to return to when nothing happens on this outlet."""
        if self.availability == "Inoperative":
            return "Unavailable"
        if self.plugged.is_set():
            return "Finishing" if self.status == "Finishing" else "Preparing"
        return "Reserved" if self.reservation is not None else "Available"
