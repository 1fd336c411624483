"""What the command line asks for, as one frozen value."""

from dataclasses import dataclass
from pathlib import Path

SESSION_S = 60.0


@dataclass(frozen=True, slots=True)
class Credentials:
    """One charger's id, and its password where it has one."""

    charge_point_id: str
    password: str | None = None


@dataclass(frozen=True, slots=True)
class RunOptions:
    """One run: where, who, what. Seconds are compressed by `speed` unless named `real`."""

    url: str
    chargers: tuple[Credentials, ...]
    scenario: str = "full-session"
    id_tags: tuple[str, ...] = ("DEMO0001",)
    connectors: int = 1
    power_kw: float = 22.0
    vendor: str = "Virtual Chargers"
    model: str = "VC-22"
    meter_interval_s: int = 10
    heartbeat_interval_real_s: float | None = None
    auto_start_s: float | None = None
    auto_stop_s: float | None = None
    speed: float = 1.0
    is_clock_fast: bool = False
    duration_real_s: float | None = None
    patience_real_s: float = 300.0
    end_sessions_real_s: float = 0.0
    wait_server_real_s: float = 0.0
    response_timeout_real_s: float = 30.0
    reconnect_min_real_s: float = 1.0
    reconnect_max_real_s: float = 60.0
    connect_rate_per_s: float = 50.0
    seed: int = 0
    is_json: bool = False
    is_quiet: bool = False
    shows_frames: bool = False
    tls_ca: Path | None = None
    tls_certificate: Path | None = None
    tls_key: Path | None = None

    @property
    def session_s(self) -> float:
        """How long a session lasts where the scenario does not say otherwise."""
        return SESSION_S if self.auto_stop_s is None else self.auto_stop_s
