"""Everything that may be said about a virtual charger when it is made; all has a default."""

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypedDict

from csms_simulator.clock import Clock
from csms_simulator.statistics import Statistics


@dataclass(frozen=True, slots=True)
class ChargerModel:
    """What a charger says of itself when it boots (OCPP 1.6 §6.3)."""

    vendor: str = "Virtual Chargers"
    model: str = "VC-22"
    firmware_version: str = "1.0.0"
    serial_number: str | None = None


@dataclass(slots=True)
class Habits:
    """How a charger and the people at it behave; seconds named `real` are never compressed."""

    reconnect_min_real_s: float = 1.0
    reconnect_max_real_s: float = 60.0
    heartbeat_interval_real_s: float | None = None
    reboot_s: float = 5.0
    plugs_in_after_remote_start: bool = True
    session_duration_s: float | None = None
    unplugs_after_s: float = 5.0
    firmware_outcome: str = "Installed"
    upload_outcome: str = "Uploaded"
    transfer_s: float = 2.0


class ChargerOptions(TypedDict, total=False):
    """Keyword arguments of a charger: its link, its hardware, its configuration, its habits.

    `tls` may be a function, asked at each connection: a charger that got a new certificate.
    """

    password: str | bytes | None
    username: str | None
    clock: Clock | None
    statistics: Statistics | None
    tls: ssl.SSLContext | Callable[[], ssl.SSLContext] | None
    headers: Mapping[str, str]
    subprotocols: tuple[str, ...]
    response_timeout_s: float
    frames_kept_max: int | None
    is_checked: bool
    connectors: int
    power_kw: float
    model: ChargerModel
    configuration: Mapping[str, str]
    habits: Habits
    seed: int
