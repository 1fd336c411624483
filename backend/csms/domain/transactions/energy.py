"""The energy that a bill rests on, with the explanation of how it came about."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final, Literal

import msgspec

from csms.domain.metering.plausibility import PlausibilityLimits, max_energy_wh

EnergyBasis = Literal["meter_stop", "transaction_end", "last_register", "operator", "unreconciled"]

_SENTENCES: Final[dict[str, str]] = {
    "meter_stop": "the register at the stop less the register at the start",
    "transaction_end": "the Transaction.End reading less the register at the start",
    "last_register": "the last good reading less the register at the start",
    "operator": "the register that an operator entered less the register at the start",
    "unreconciled": "no reading can be trusted, so a person decides",
}

_encoder: Final = msgspec.json.Encoder(decimal_format="number")


class Candidate(msgspec.Struct, frozen=True):
    """A register that the energy could rest on, and why it was not taken; empty: it was."""

    basis: EnergyBasis
    register_wh: Decimal
    refused: str = ""


class EnergyExplanation(msgspec.Struct, frozen=True, omit_defaults=True):
    """How the figure came about, in the order in which the registers were tried."""

    basis: EnergyBasis
    sentence: str
    meter_start_wh: Decimal
    energy_wh: Decimal | None
    highest_reading_wh: Decimal
    max_energy_wh: Decimal
    tried: tuple[Candidate, ...]
    is_time_known: bool = True


@dataclass(frozen=True, slots=True)
class MeterEvidence:
    """All registers of a session that has ended.

    `highest_wh` is the highest good reading, the meter start where there was none. `duration` is
    None where the charger's clock cannot tell it. `meter_stop_wh` is None when the charger has
    said nothing, as at a deadline.
    """

    meter_start_wh: Decimal
    highest_wh: Decimal
    meter_stop_wh: Decimal | None
    transaction_end_wh: Decimal | None
    duration: timedelta | None
    max_power_w: int | None


@dataclass(frozen=True, slots=True)
class SessionEnergy:
    """`energy_wh` and `register_wh` are None when nothing can be trusted; `failure` says why."""

    energy_wh: Decimal | None
    register_wh: Decimal | None
    basis: EnergyBasis
    explanation: str
    failure: str | None = None


def energy_of_stop(evidence: MeterEvidence, limits: PlausibilityLimits) -> SessionEnergy:
    """Return the energy of a session that its charger has stopped.

    The stop's register counts when it is not below any earlier reading and the energy fits the
    connector's power times the time; otherwise the Transaction.End reading, then the last good
    one. With no good reading after the start there is nothing to fall back to.
    """
    candidates: list[tuple[EnergyBasis, Decimal]] = []
    if evidence.meter_stop_wh is not None:
        candidates.append(("meter_stop", evidence.meter_stop_wh))
    if evidence.transaction_end_wh is not None:
        candidates.append(("transaction_end", evidence.transaction_end_wh))
    if evidence.highest_wh > evidence.meter_start_wh:
        candidates.append(("last_register", evidence.highest_wh))
    return _first_good(evidence, candidates, limits)


def energy_at_close(evidence: MeterEvidence, limits: PlausibilityLimits) -> SessionEnergy:
    """Return the energy of a session that is closed without a Stop: its last good register."""
    return _first_good(evidence, [("last_register", evidence.highest_wh)], limits)


def energy_entered(evidence: MeterEvidence, register_wh: Decimal) -> SessionEnergy:
    """Return the energy up to a register that an operator entered and answers for."""
    tried = (Candidate("operator", register_wh),)
    energy_wh = register_wh - evidence.meter_start_wh
    explanation = _explained(evidence, "operator", energy_wh, tried, register_wh)
    return SessionEnergy(energy_wh, register_wh, "operator", explanation)


def _first_good(
    evidence: MeterEvidence,
    candidates: list[tuple[EnergyBasis, Decimal]],
    limits: PlausibilityLimits,
) -> SessionEnergy:
    bound_wh = max_energy_wh(evidence.max_power_w, evidence.duration, limits)
    tried: list[Candidate] = []
    for basis, register_wh in candidates:
        refused = _refusal(evidence, register_wh, bound_wh, limits)
        tried.append(Candidate(basis, register_wh, refused))
        if not refused:
            # A register may fall by the rounding of the wire; energy never goes below nothing.
            energy_wh = max(Decimal(0), register_wh - evidence.meter_start_wh)
            explanation = _explained(evidence, basis, energy_wh, tuple(tried), bound_wh)
            return SessionEnergy(energy_wh, register_wh, basis, explanation)
    reasons = "; ".join(f"{c.basis} {c.register_wh} Wh {c.refused}" for c in tried)
    return SessionEnergy(
        energy_wh=None,
        register_wh=None,
        basis="unreconciled",
        explanation=_explained(evidence, "unreconciled", None, tuple(tried), bound_wh),
        failure=f"the energy cannot be reconciled: {reasons or 'there is no reading'}",
    )


def _refusal(
    evidence: MeterEvidence, register_wh: Decimal, bound_wh: Decimal, limits: PlausibilityLimits
) -> str:
    if register_wh < evidence.meter_start_wh - limits.register_slack_wh:
        return "is below the start"
    if register_wh < evidence.highest_wh - limits.register_slack_wh:
        return f"is below an earlier reading of {evidence.highest_wh} Wh"
    if register_wh - evidence.meter_start_wh > bound_wh:
        return f"is more than the {bound_wh.quantize(Decimal(1))} Wh that fit the time"
    return ""


def _explained(
    evidence: MeterEvidence,
    basis: EnergyBasis,
    energy_wh: Decimal | None,
    tried: tuple[Candidate, ...],
    bound_wh: Decimal,
) -> str:
    explanation = EnergyExplanation(
        basis=basis,
        sentence=_SENTENCES[basis],
        meter_start_wh=evidence.meter_start_wh,
        energy_wh=energy_wh,
        highest_reading_wh=evidence.highest_wh,
        max_energy_wh=bound_wh.quantize(Decimal("0.001")),
        tried=tried,
        is_time_known=evidence.duration is not None,
    )
    return _encoder.encode(explanation).decode()
