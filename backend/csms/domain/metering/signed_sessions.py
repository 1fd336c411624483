"""A session's signed registers beside its plain ones: do they say the same energy?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from csms.domain.metering.signatures import Verification

PLAIN_RESOLUTION_WH: Final = Decimal(1)
"""meterStart and meterStop are whole Wh (OCPP 1.6 §6.45, §6.49)."""
RESOLUTION_MAX_WH: Final = Decimal(100)
"""A meter that shows less than a tenth of a kWh is not believed to be that coarse."""


@dataclass(frozen=True, slots=True)
class PlainRegisters:
    """What the session says without signatures, in Wh; None while it is not known."""

    meter_start_wh: Decimal
    meter_stop_wh: Decimal | None
    energy_wh: Decimal | None


@dataclass(frozen=True, slots=True)
class SignedEnergy:
    """The energy between the signed begin and end, and how far both registers are resolved."""

    begin_wh: Decimal
    end_wh: Decimal
    tolerance_wh: Decimal

    @property
    def energy_wh(self) -> Decimal:
        """What was measured between them."""
        return self.end_wh - self.begin_wh


def signed_energy(verified: Sequence[Verification]) -> SignedEnergy | None:
    """Return the energy that verified records show; None without a begin and an end."""
    registers = [
        register
        for one in verified
        if one.result == "VERIFIED" and one.data is not None and one.data.is_import
        for register in one.data.registers
    ]
    begins = [register for register in registers if register.role == "begin"]
    ends = [register for register in registers if register.role == "end"]
    if not begins or not ends:
        return None
    begin = min(begins, key=lambda register: register.register_wh)
    end = max(ends, key=lambda register: register.register_wh)
    coarse = max(begin.resolution_wh, end.resolution_wh)
    tolerance = PLAIN_RESOLUTION_WH + min(coarse, RESOLUTION_MAX_WH)
    return SignedEnergy(begin.register_wh, end.register_wh, tolerance)


def contradictions(
    checked: Sequence[Verification], plain: PlainRegisters
) -> Iterator[tuple[str, str]]:
    """Yield what a person has to look at: a kind of case and a sentence."""
    false = [one for one in checked if one.result == "INVALID"]
    if false:
        yield (
            "signed_value_invalid",
            f"{len(false)} of {len(checked)} signed readings are not genuine: {false[0].reason}",
        )
    signed = signed_energy(checked)
    if signed is None or plain.energy_wh is None:
        return
    difference = plain.energy_wh - signed.energy_wh
    if abs(difference) > signed.tolerance_wh:
        yield (
            "signed_energy_differs",
            (
                f"the session counts {plain.energy_wh:f} Wh, its signed readings"
                f" {signed.energy_wh:f} Wh ({signed.begin_wh:f} to {signed.end_wh:f})"
            ),
        )
