"""An operator ends a session on their own word; nothing is sent, and a late Stop still corrects."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from csms.domain.identity.actor import Actor
from csms.domain.transactions.endings import End, ending, evidence_of
from csms.domain.transactions.energy import energy_at_close, energy_entered
from csms.domain.transactions.ports import Closable, SessionCloser
from csms.domain.transactions.rules import SessionRules
from csms.kernel.clock import Clock
from csms.kernel.errors import ConflictError, InvalidError
from csms.kernel.facts import Fact
from csms.kernel.ids import TransactionId


class SessionEndedError(ConflictError):
    """The session has ended already."""


class BadClosingRegisterError(InvalidError):
    """The register at the end cannot be what the operator entered."""


class BadClosingReasonError(InvalidError):
    """A session is closed by hand only with a reason."""


def decide_close(
    *, reason: str, meter_stop_wh: Decimal | None, now: datetime, rules: SessionRules
) -> Callable[[Closable], tuple[Fact, ...]]:
    """Return what closing does: an end at the entered register, or at the last good one.

    Raises SessionEndedError, BadClosingRegisterError.
    """

    def decide(closable: Closable) -> tuple[Fact, ...]:
        session = closable.transaction
        if session.status == "ENDED":
            raise SessionEndedError(
                "this session has ended already", transaction_id=session.transaction_id
            )
        last_heard = session.last_sampled_at or session.started_at
        stopped_at = max(session.started_at, last_heard if meter_stop_wh is None else now)
        evidence = evidence_of(
            session, highest_wh=session.highest_register_wh, stopped_at=stopped_at
        )
        if meter_stop_wh is None:
            energy = energy_at_close(evidence, rules.plausibility)
        else:
            if meter_stop_wh < session.meter_start_wh:
                raise BadClosingRegisterError(
                    f"the register began at {session.meter_start_wh} Wh and cannot end below",
                    meter_start_wh=session.meter_start_wh,
                )
            energy = energy_entered(evidence, meter_stop_wh)
        end = End(stopped_at, now, "Other", "operator", energy.register_wh, note=reason)
        return ending(session, energy, end)

    return decide


class OperatorClosing:
    """Closes sessions for operators."""

    def __init__(self, closer: SessionCloser, clock: Clock, rules: SessionRules) -> None:
        self._closer = closer
        self._clock = clock
        self._rules = rules

    async def close(
        self,
        actor: Actor,
        transaction_id: TransactionId,
        *,
        reason: str,
        meter_stop_wh: Decimal | None,
    ) -> tuple[Fact, ...]:
        """End the session at `meter_stop_wh`, or at its last good register.

        Raises PermissionMissingError, NotFoundError, SessionEndedError,
        BadClosingRegisterError, BadClosingReasonError.
        """
        actor.require("sessions.close")
        if not reason.strip():
            raise BadClosingReasonError("say why the session is closed by hand")
        if meter_stop_wh is not None and not (meter_stop_wh.is_finite() and meter_stop_wh >= 0):
            raise BadClosingRegisterError("a register is a number of Wh, not below 0")
        decide = decide_close(
            reason=reason.strip(),
            meter_stop_wh=meter_stop_wh,
            now=self._clock.now(),
            rules=self._rules,
        )
        return await self._closer.close(transaction_id, decide, actor=actor)
