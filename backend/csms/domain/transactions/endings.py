"""The facts of an end, whoever ends the session: charger, deadline or operator."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec

from csms.domain.metering.plausibility import PlausibilityLimits
from csms.domain.transactions.energy import MeterEvidence, SessionEnergy, energy_at_close
from csms.domain.transactions.ports import StoredTransaction
from csms.domain.transactions.times import is_time_known
from csms.kernel.facts import BillingStatus, DeskCaseOpened, Fact, TransactionStopped
from csms.kernel.ids import IdTag

StopSource = Literal["charger", "deadline", "operator"]


@dataclass(frozen=True, slots=True)
class End:
    """How a session ended, its energy aside. `stopped_at` is never before the start."""

    stopped_at: datetime
    received_at: datetime
    reason: str
    source: StopSource
    meter_stop_wh: Decimal | None
    charger_stopped_at: str | None = None
    id_tag: IdTag | None = None
    note: str | None = None


def evidence_of(
    stored: StoredTransaction,
    *,
    highest_wh: Decimal,
    stopped_at: datetime,
    clock_note: str | None = None,
    meter_stop_wh: Decimal | None = None,
    transaction_end_wh: Decimal | None = None,
) -> MeterEvidence:
    """Return the registers of a session that ends at `stopped_at`.

    A stop before its start says that the clock was turned, and nothing of how long it took.
    """
    has_times = stopped_at >= stored.started_at and is_time_known(stored.note, clock_note)
    return MeterEvidence(
        meter_start_wh=stored.meter_start_wh,
        highest_wh=max(highest_wh, stored.meter_start_wh),
        meter_stop_wh=meter_stop_wh,
        transaction_end_wh=transaction_end_wh,
        duration=stopped_at - stored.started_at if has_times else None,
        max_power_w=stored.max_power_w,
    )


def ended_by_deadline(
    stored: StoredTransaction,
    *,
    highest_wh: Decimal,
    stopped_at: datetime,
    received_at: datetime,
    limits: PlausibilityLimits,
) -> tuple[Fact, ...]:
    """Return the end of a session that nothing more is heard of: its last good register."""
    at = max(stopped_at, stored.started_at)
    evidence = evidence_of(stored, highest_wh=highest_wh, stopped_at=at)
    energy = energy_at_close(evidence, limits)
    end = End(at, received_at, "Other", "deadline", meter_stop_wh=energy.register_wh)
    return ending(stored, energy, end)


def ending(stored: StoredTransaction, energy: SessionEnergy, end: End) -> tuple[Fact, ...]:
    """Return the end as facts: the stop, and a case for the desk where the energy is open."""
    stopped = stopped_fact(stored, energy, end)
    if stopped.billing_status != "FAILED":
        return (stopped,)
    return stopped, DeskCaseOpened(
        kind="energy_not_reconciled",
        case_key=f"energy_not_reconciled:{stored.transaction_id}",
        summary=f"Session {stored.transaction_id}: {energy.failure}.",
        evidence=energy.explanation,
        opened_at=end.received_at,
        transaction_id=stored.transaction_id,
    )


def stopped_fact(stored: StoredTransaction, energy: SessionEnergy, end: End) -> TransactionStopped:
    """Return the fact of an end; it is a correction where an inferred end stood before."""
    return TransactionStopped(
        transaction_id=stored.transaction_id,
        stopped_at=max(end.stopped_at, stored.started_at),
        received_at=end.received_at,
        stop_reason=end.reason,
        meter_stop_wh=end.meter_stop_wh,
        energy_wh=energy.energy_wh,
        energy_basis=energy.basis,
        explanation=energy.explanation,
        billing_status=_billing_status(stored, energy),
        stop_source=end.source,
        stop_id_tag=end.id_tag,
        charger_stopped_at=end.charger_stopped_at,
        is_correction=stored.status == "ENDED",
        note=_joined(energy.failure if stored.is_billable else None, end.note),
    )


def evidence_json(value: object) -> str:
    """Return evidence for the desk as JSON, numbers exact."""
    return msgspec.json.Encoder(decimal_format="number").encode(value).decode()


def _billing_status(stored: StoredTransaction, energy: SessionEnergy) -> BillingStatus:
    if not stored.is_billable:
        return "NOT_BILLABLE"
    return "PENDING" if energy.energy_wh is not None else "FAILED"


def _joined(*notes: str | None) -> str | None:
    return "; ".join(note for note in notes if note) or None
