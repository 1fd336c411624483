"""Operations for chargers whose sockets are here: the OperationChannel of this node."""

import asyncio
from typing import assert_never

from csms.domain.operations.commands import OperationOutcome, OperationRequest
from csms.domain.transactions.remote_starts import remember_remote_start
from csms.domain.transactions.rules import SessionRules
from csms.gateway.connection import Connection
from csms.gateway.log_entries import entry_of
from csms.gateway.outbound import CallReply, OutgoingCall, TooManyCallsError
from csms.gateway.registry import Registry
from csms.kernel.clock import Clock
from csms.kernel.ids import ChargerId, ConnectorNumber, IdTag, OperationId
from csms.kernel.journal import Journal, StaleEpochError
from csms.ocpp.errors import WireError
from csms.ocpp.v16.commands import REMOTE_TRANSACTION_ACTIONS, WireCall, asked_start, to_wire
from csms.ocpp.v16.effects import facts_of_call
from csms.ocpp.v16.registration_handlers import registration_of


class Relay:
    """Sends operations to chargers and reports how they ended, as far as is known."""

    def __init__(
        self, registry: Registry, journal: Journal, clock: Clock, rules: SessionRules
    ) -> None:
        self._registry = registry
        self._journal = journal
        self._clock = clock
        self._rules = rules

    def holds(self, charger_id: int) -> bool:
        """Whether the charger's socket is on this node."""
        return self._registry.find(ChargerId(charger_id)) is not None

    async def send(self, request: OperationRequest, timeout_s: float) -> OperationOutcome:
        """Send one operation; a late answer still settles it in the journal.

        FAILED says `not_connected`, `held_pending`, `connection_lost`, `invalid_request`,
        `invalid_response`, `too_many_calls` or the charger's CALLERROR code. Raises
        StorageUnavailableError when what must be on record first cannot be stored.
        """
        operation_id = request.operation_id
        connection = self._registry.find(ChargerId(request.charger_id))
        if connection is None or connection.is_over:
            return _failed(operation_id, "not_connected", "the charger is not connected")
        try:
            wire = to_wire(request.command)
        except WireError as error:
            return _failed(operation_id, "invalid_request", str(error))
        registration = registration_of(connection.charger)
        if registration == "Rejected" or (
            registration == "Pending" and wire.action in REMOTE_TRANSACTION_ACTIONS
        ):
            detail = f"the charger's registration is {registration}"
            return _failed(operation_id, "held_pending", detail)
        if not await self._put_on_record(connection, wire, operation_id):
            return _failed(operation_id, "not_connected", "the charger has just reconnected")
        call = OutgoingCall(
            wire.action,
            wire.payload,
            deadline=request.deadline,
            operation_id=OperationId(operation_id),
        )
        self._expect_start(connection, wire, call)
        try:
            connection.calls.submit(call)
        except TooManyCallsError as error:
            return _failed(operation_id, "too_many_calls", error.detail)
        await asyncio.wait((call.reply,), timeout=timeout_s)
        reply = (
            call.reply.result()
            if call.reply.done()
            else CallReply("timed_out", error_detail="the charger has not answered in time")
        )
        return _outcome(call, reply)

    async def _put_on_record(
        self, connection: Connection, wire: WireCall, operation_id: int
    ) -> bool:
        """Store what the call asks for before it goes out; False when the connection is over."""
        facts = facts_of_call(
            wire.action, wire.payload, OperationId(operation_id), self._clock.now()
        )
        if not facts:
            return True
        try:
            await self._journal.append(entry_of(connection, None, facts))
        except StaleEpochError:
            return False
        return True

    def _expect_start(self, connection: Connection, wire: WireCall, call: OutgoingCall) -> None:
        """A Start that comes after our time-out still binds to its request."""
        asked = asked_start(wire)
        if asked is None or call.operation_id is None:
            return
        remember_remote_start(
            connection.sessions,
            call.operation_id,
            IdTag(asked.id_tag),
            None if asked.connector is None else ConnectorNumber(asked.connector),
            self._clock.now(),
            self._rules,
        )


def _failed(operation_id: int, code: str, detail: str) -> OperationOutcome:
    return OperationOutcome(
        operation_id=operation_id, status="FAILED", error_code=code, error_detail=detail
    )


def _outcome(call: OutgoingCall, reply: CallReply) -> OperationOutcome:
    operation_id = int(call.operation_id or 0)
    message_id = call.message_id if call.sent_at is not None else None
    match reply.kind:
        case "answered":
            return OperationOutcome(
                operation_id=operation_id,
                status="ANSWERED",
                message_id=message_id,
                response=reply.payload,
            )
        case "timed_out":
            return OperationOutcome(
                operation_id=operation_id,
                status="TIMED_OUT",
                message_id=message_id,
                error_detail=reply.error_detail,
            )
        case "lost" | "not_sent":
            code = "connection_lost"
        case "refused" | "invalid":
            code = reply.error_code or "GenericError"
        case _:
            assert_never(reply.kind)
    return OperationOutcome(
        operation_id=operation_id,
        status="FAILED",
        message_id=message_id,
        error_code=code,
        error_detail=reply.error_detail,
    )
