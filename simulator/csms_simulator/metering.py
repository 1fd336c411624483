"""The energy register of one connector, and the readings that it gives."""

from dataclasses import dataclass
from typing import Any

from csms_simulator.clock import Clock
from csms_simulator.ocpp16 import Payload

VOLTAGE_V = 230.0
PHASES = ("L1", "L2", "L3")
MEASURANDS = (
    "Energy.Active.Import.Register",
    "Power.Active.Import",
    "Current.Import",
    "Voltage",
    "SoC",
    "Temperature",
    "Power.Offered",
)


class EnergyMeter:
    """A register in Wh that rises with power and time and never falls by itself."""

    def __init__(self, clock: Clock, register_wh: float = 0.0) -> None:
        self._clock = clock
        self._register_wh = register_wh
        self._power_w = 0.0
        self._since_s = clock.elapsed_s()

    @property
    def power_w(self) -> float:
        """The power that flows now."""
        return self._power_w

    def read_wh(self) -> int:
        """The register now, in whole Wh."""
        self._advance()
        return int(self._register_wh)

    def set_power(self, power_w: float) -> None:
        """Let this power flow from now on; below 0 is refused with ValueError."""
        if power_w < 0:
            raise ValueError(f"power must not be negative: {power_w:g} W")
        self._advance()
        self._power_w = power_w

    def advance_to(self, register_wh: float) -> None:
        """Raise the register to at least this value."""
        self._advance()
        self._register_wh = max(self._register_wh, register_wh)

    def replace(self, register_wh: float = 0.0) -> None:
        """Set the register as a swapped or reset meter does; the one way in which it falls."""
        self._advance()
        self._register_wh = register_wh

    def _advance(self) -> None:
        now_s = self._clock.elapsed_s()
        self._register_wh += self._power_w * (now_s - self._since_s) / 3600
        self._since_s = now_s


@dataclass(frozen=True, slots=True)
class Reading:
    """What a meter shows at one moment; power in W, state of charge in percent."""

    register_wh: int
    power_w: float
    offered_w: float
    soc_percent: float
    temperature_c: float = 31.0

    def sampled_values(self, measurands: list[str], context: str) -> list[dict[str, Any]]:
        """The sampled values of these measurands (OCPP 1.6 §7.43); unknown ones are left out."""
        values: list[dict[str, Any]] = []
        for measurand in measurands:
            base, _, line = measurand.partition(".L")
            values.extend(
                sample
                for sample in self._samples(base, context)
                if not line or sample.get("phase", f"L{line}").startswith(f"L{line}")
            )
        return values

    def _samples(self, measurand: str, context: str) -> list[dict[str, Any]]:
        amperes = self.power_w / VOLTAGE_V / len(PHASES)
        match measurand:
            case "Energy.Active.Import.Register":
                plain = (str(self.register_wh), "Wh", "Outlet")
            case "Power.Active.Import":
                plain = (f"{self.power_w:.1f}", "W", "Outlet")
            case "Power.Offered":
                plain = (f"{self.offered_w:.1f}", "W", "Outlet")
            case "SoC":
                plain = (f"{self.soc_percent:.0f}", "Percent", "EV")
            case "Temperature":
                plain = (f"{self.temperature_c:.1f}", "Celsius", "Body")
            case "Current.Import":
                return [
                    _sample(measurand, context, f"{amperes:.2f}", "A", "Outlet", phase)
                    for phase in PHASES
                ]
            case "Voltage":
                return [
                    _sample(measurand, context, f"{VOLTAGE_V:.1f}", "V", "Outlet", f"{phase}-N")
                    for phase in PHASES
                ]
            case _:
                return []
        return [_sample(measurand, context, *plain)]


def _sample(
    measurand: str, context: str, value: str, unit: str, location: str, phase: str | None = None
) -> dict[str, Any]:
    sample = {
        "value": value,
        "context": context,
        "format": "Raw",
        "measurand": measurand,
        "location": location,
        "unit": unit,
    }
    return sample if phase is None else {**sample, "phase": phase}


def meter_value(timestamp: str, sampled_values: list[dict[str, Any]]) -> Payload:
    """One MeterValue: samples that share a time (OCPP 1.6 §7.33)."""
    return {"timestamp": timestamp, "sampledValue": sampled_values}
