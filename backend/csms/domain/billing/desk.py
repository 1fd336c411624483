"""What a person does about bills that a machine could not make: bill again, decide, waive."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, Literal, Protocol

import msgspec

from csms.domain.billing.decision import Decision, decision_in
from csms.domain.billing.jobs import BILL, MAX_ATTEMPTS, BillJob
from csms.domain.billing.ports import BillableTransaction, Settlement
from csms.domain.billing.settlement import decide_bill, waive
from csms.domain.identity.actor import Actor
from csms.domain.metering.plausibility import PlausibilityLimits, max_energy_wh
from csms.domain.transactions.endings import evidence_of
from csms.domain.transactions.energy import MeterEvidence
from csms.kernel.clock import Clock
from csms.kernel.errors import ConflictError, InvalidError
from csms.kernel.ids import TransactionId
from csms.kernel.jobs import JobRequest

RETRY_WAIT: Final = timedelta(seconds=30)
"""How long a job that was queued anew leaves the bill to the person who is asking."""

_WH: Final = Decimal(1)
_encoder: Final = msgspec.json.Encoder(decimal_format="number")


class BillSettledError(ConflictError):
    """The session is billed, waived or not for sale: there is nothing left to decide."""


class BillNotFailedError(ConflictError):
    """The bill has not failed: the machine is still at it, and a person does not decide yet."""


class BillNotPossibleError(ConflictError):
    """No energy makes this bill possible, since its price cannot be had."""


class BadDecisionError(InvalidError):
    """The decision is not whole: an energy or a waiver, with a reason."""


class EnergyDecided(msgspec.Struct, frozen=True, omit_defaults=True):
    """How an energy came about that a person entered; `before` is what the machine had said."""

    basis: Literal["operator"]
    sentence: str
    energy_wh: Decimal
    meter_start_wh: Decimal
    highest_reading_wh: Decimal
    max_energy_wh: Decimal
    decided_by: str
    reason: str
    decided_at: datetime
    warnings: tuple[str, ...] = ()
    before: msgspec.Raw = msgspec.Raw(b"null")


@dataclass(frozen=True, slots=True)
class DeskBill:
    """What is stored at once: the settlement, the energy where a person entered one, the audit.

    `resolution` closes the session's open case about its energy, unless the bill failed again.
    """

    settlement: Settlement
    action: Literal["bill.retried", "bill.decided", "bill.waived"]
    resolution: str
    reason: str | None = None
    energy_wh: Decimal | None = None
    energy_explanation: str | None = None


class BillingDeskStore(Protocol):
    """Stores what a person does about a bill, under the session's row lock and audited."""

    async def queue_again(
        self,
        actor: Actor,
        transaction_id: TransactionId,
        make: Callable[[BillableTransaction], JobRequest],
    ) -> None:
        """Give a pending bill a job where none is alive; the dead one anew, or that of `make`.

        Raises NotFoundError, ConflictError while the session is open, and what `make` does.
        """
        ...

    async def settle(
        self,
        actor: Actor,
        transaction_id: TransactionId,
        decide: Callable[[BillableTransaction], DeskBill | None],
    ) -> None:
        """Lock, decide, store all in one transaction and end the bill's jobs; None changes nothing.

        Raises as `queue_again`.
        """
        ...


class BillingDesk:
    """Bills for operators, where the machine waits or gave up."""

    def __init__(
        self, store: BillingDeskStore, clock: Clock, limits: PlausibilityLimits | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._limits = limits or PlausibilityLimits()

    async def retry(self, actor: Actor, transaction_id: TransactionId) -> None:
        """Bill now what is pending or failed; a job that was dead or lost is there again first.

        Raises PermissionMissingError, NotFoundError, BillSettledError, or ConflictError while
        the session is open.
        """
        actor.require("billing.write")
        now = self._clock.now()
        await self._store.queue_again(actor, transaction_id, lambda b: _job_anew(b, now))
        await self._store.settle(actor, transaction_id, _bill_again)

    async def resolve(
        self,
        actor: Actor,
        transaction_id: TransactionId,
        *,
        reason: str,
        energy_wh: Decimal | None = None,
        is_waived: bool = False,
    ) -> tuple[str, ...]:
        """Bill a failed session on `energy_wh`, or waive it; return what speaks against the figure.

        The same decision again changes nothing. Raises PermissionMissingError, NotFoundError,
        BadDecisionError, BillSettledError, BillNotFailedError, BillNotPossibleError, or
        ConflictError while the session is open.
        """
        actor.require("billing.write")
        decision = Decision(
            kind="waiver" if is_waived else "energy",
            decided_by=actor.name,
            reason=_reason(reason),
            decided_at=self._clock.now(),
            energy_wh=_energy(energy_wh, is_waived=is_waived),
        )
        warnings: tuple[str, ...] = ()

        def decide(b: BillableTransaction) -> DeskBill | None:
            nonlocal warnings
            if decision.energy_wh is not None:
                warnings = doubts_about(b, decision.energy_wh, self._limits)
            return decide_at_desk(b, decision, self._limits)

        await self._store.settle(actor, transaction_id, decide)
        return warnings


def decide_at_desk(
    b: BillableTransaction, decision: Decision, limits: PlausibilityLimits
) -> DeskBill | None:
    """Return what follows from a person's decision; None when it stands already.

    Raises BillSettledError, BillNotFailedError, BillNotPossibleError.
    """
    standing = decision_in(b.bill_explanation)
    status = b.transaction.billing_status
    if status in {"BILLED", "NOT_BILLABLE"}:
        if standing is not None and standing.says_the_same_as(decision):
            return None
        raise BillSettledError(_settled(b), billing_status=status)
    if status != "FAILED":
        raise BillNotFailedError("this bill has not failed; bill it again instead")
    if decision.energy_wh is None:
        return DeskBill(waive(b, decision), "bill.waived", decision.reason, decision.reason)
    session = replace(b.transaction, energy_wh=decision.energy_wh)
    settlement = decide_bill(replace(b, transaction=session), decision)
    if settlement.status != "BILLED":
        raise BillNotPossibleError(f"this session can only be waived: {settlement.failure}")
    energy = _energy_decided(b, decision, decision.energy_wh, limits)
    return DeskBill(
        settlement=settlement,
        action="bill.decided",
        resolution=decision.reason,
        reason=decision.reason,
        energy_wh=decision.energy_wh,
        energy_explanation=_encoder.encode(energy).decode(),
    )


def doubts_about(
    b: BillableTransaction, energy_wh: Decimal, limits: PlausibilityLimits
) -> tuple[str, ...]:
    """Return what the meter and the connector's power say against an energy that was entered."""
    evidence = _evidence(b)
    bound_wh = max_energy_wh(evidence.max_power_w, evidence.duration, limits)
    shown_wh = evidence.highest_wh - evidence.meter_start_wh
    doubts = []
    if energy_wh > bound_wh:
        doubts.append(
            f"{energy_wh} Wh is more than the {bound_wh.quantize(_WH)} Wh that fit the time"
        )
    if energy_wh < shown_wh - limits.register_slack_wh:
        doubts.append(f"{energy_wh} Wh is less than the {shown_wh} Wh that the readings show")
    return tuple(doubts)


def _bill_again(b: BillableTransaction) -> DeskBill:
    settlement = decide_bill(b)
    return DeskBill(settlement, "bill.retried", "the bill was made again and is settled")


def _job_anew(b: BillableTransaction, now: datetime) -> JobRequest:
    transaction_id = b.transaction.transaction_id
    if b.transaction.billing_status in {"BILLED", "NOT_BILLABLE"}:
        raise BillSettledError(_settled(b), billing_status=b.transaction.billing_status)
    return JobRequest(
        kind=BILL,
        unique_key=f"{BILL}:{transaction_id}:again:{now.isoformat()}",
        payload=msgspec.json.encode(BillJob(transaction_id)).decode(),
        organization_id=b.organization_id,
        run_at=now + RETRY_WAIT,
        max_attempts=MAX_ATTEMPTS,
    )


def _settled(b: BillableTransaction) -> str:
    if b.transaction.billing_status == "BILLED":
        return "this session is billed already"
    return "this session is not billed, and that is settled"


def _energy_decided(
    b: BillableTransaction, decision: Decision, energy_wh: Decimal, limits: PlausibilityLimits
) -> EnergyDecided:
    evidence = _evidence(b)
    bound_wh = max_energy_wh(evidence.max_power_w, evidence.duration, limits)
    return EnergyDecided(
        basis="operator",
        sentence=f"{decision.decided_by} entered {energy_wh} Wh: {decision.reason}",
        energy_wh=energy_wh,
        meter_start_wh=evidence.meter_start_wh,
        highest_reading_wh=evidence.highest_wh,
        max_energy_wh=bound_wh.quantize(Decimal("0.001")),
        decided_by=decision.decided_by,
        reason=decision.reason,
        decided_at=decision.decided_at,
        warnings=doubts_about(b, energy_wh, limits),
        before=_as_json(b.energy_explanation),
    )


def _evidence(b: BillableTransaction) -> MeterEvidence:
    session = b.transaction
    return evidence_of(
        session,
        highest_wh=session.highest_register_wh,
        stopped_at=session.stopped_at or session.started_at,
    )


def _as_json(text: str | None) -> msgspec.Raw:
    """Return an earlier explanation as it stands; what is no JSON stays a sentence."""
    try:
        msgspec.json.decode(text or "null")
    except msgspec.DecodeError:
        return msgspec.Raw(msgspec.json.encode(text))
    return msgspec.Raw((text or "null").encode())


def _reason(reason: str) -> str:
    if not reason.strip():
        raise BadDecisionError("say why", field="reason")
    return reason.strip()


def _energy(energy_wh: Decimal | None, *, is_waived: bool) -> Decimal | None:
    if is_waived == (energy_wh is not None):
        raise BadDecisionError("give either energy_wh or waive", field="energy_wh")
    if energy_wh is not None and not (energy_wh.is_finite() and energy_wh >= 0):
        raise BadDecisionError("an energy is a number of Wh, not below 0", field="energy_wh")
    return energy_wh
