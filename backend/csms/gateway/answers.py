"""What chargers answer to our calls: checked, stored, and handed to whoever asked."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Literal

import msgspec

from csms.domain.transactions.apply import apply_facts
from csms.domain.transactions.remote_starts import forget_remote_start
from csms.gateway import log_entries
from csms.gateway.connection import Connection
from csms.gateway.outbound import CallReply, OutgoingCall
from csms.kernel.errors import UnavailableError
from csms.kernel.facts import Fact, OperationAnswered, OperationStatus
from csms.kernel.ids import ChargerId
from csms.kernel.journal import (
    NO_CONNECTION,
    EntryRefusedError,
    Journal,
    LoggedMessage,
    StaleEpochError,
)
from csms.ocpp.codec import decode_response
from csms.ocpp.errors import WireError
from csms.ocpp.frames import CallError, CallResult
from csms.ocpp.leniency import Repair
from csms.ocpp.v16.commands import WireCall, facts_of_answer, is_accepted

logger = logging.getLogger("csms.gateway")

INVALID_RESPONSE = "invalid_response"


class Answers:
    """Settles calls, in time or late."""

    def __init__(
        self,
        journal: Journal,
        announce: Callable[[Connection, tuple[Fact, ...]], None],
        repaired: Callable[[ChargerId, tuple[Repair, ...], datetime], None],
    ) -> None:
        self._repaired = repaired
        self._journal = journal
        self._announce = announce

    async def settle(
        self, connection: Connection, frame: CallResult | CallError, raw: bytes, at: datetime
    ) -> None:
        """Store an answer and tell who waits for it. Raises StaleEpochError."""
        call = connection.calls.claim(frame.message_id)
        if call is None:
            await self._store(connection, log_entries.unsolicited(raw, frame.message_id, at), ())
            return
        if type(frame) is CallResult:
            reply, more = self._read(connection, call, frame, at)
        else:
            assert type(frame) is CallError  # noqa: S101 - the other of the two
            reply, more = CallReply("refused", None, frame.code, frame.description), ()
        if reply.kind == "answered":
            answer, outcome = reply.payload, "answered"
        elif reply.kind == "invalid":
            answer, outcome = reply.payload, "error"
        else:
            assert type(frame) is CallError  # noqa: S101 - nothing else refuses
            outcome = "error"
            answer = log_entries.error_text(frame.code, frame.description, frame.details)
        self._forget_refused_start(connection, call, reply)
        facts = _operation_facts(call, reply, at) + more
        message = log_entries.asked(call, answer, at, outcome)
        try:
            await self._store(connection, message, facts)
        except StaleEpochError:
            await self._store_late(connection, message, facts)
            raise
        finally:
            call.end(reply)
        connection.calls.pump()

    async def unanswered(self, connection: Connection, call: OutgoingCall) -> None:
        """Log a call that timed out or lost its socket."""
        await self._store(connection, log_entries.asked(call, None, None, "no_answer"), ())

    def _read(
        self, connection: Connection, call: OutgoingCall, frame: CallResult, at: datetime
    ) -> tuple[CallReply, tuple[Fact, ...]]:
        text = log_entries.text_of(frame.payload_raw)
        try:
            decoded = decode_response(call.action, frame.payload_raw, rules=connection.rules)
        except WireError as error:
            return CallReply("invalid", text, INVALID_RESPONSE, str(error)), ()
        facts = facts_of_answer(
            WireCall(call.action, call.payload), decoded.response, at, call.operation_id
        )
        if decoded.repairs:
            self._repaired(connection.charger.id, decoded.repairs, at)
            text = log_entries.text_of(msgspec.json.encode(decoded.response))
        kind: Literal["answered"] = "answered"
        if call.action == "RemoteStartTransaction" and not is_accepted(decoded.response):
            _forget_start(connection, call)
        return CallReply(kind, text), facts

    def _forget_refused_start(
        self, connection: Connection, call: OutgoingCall, reply: CallReply
    ) -> None:
        if call.action == "RemoteStartTransaction" and reply.kind == "refused":
            _forget_start(connection, call)

    async def _store_late(
        self, connection: Connection, message: LoggedMessage, facts: tuple[Fact, ...]
    ) -> None:
        """Keep what the charger answered before it came back: the word on our request stands.

        A charger that takes a new key, say, answers and reconnects at once.
        """
        entry = log_entries.entry_of(connection, message, facts)
        try:
            await self._journal.append(msgspec.structs.replace(entry, epoch=NO_CONNECTION))
        except (UnavailableError, EntryRefusedError) as error:
            logger.warning("a late answer could not be stored", extra={"detail": error.detail})

    async def _store(
        self, connection: Connection, message: LoggedMessage, facts: tuple[Fact, ...]
    ) -> None:
        try:
            await self._journal.append(log_entries.entry_of(connection, message, facts))
        except (UnavailableError, EntryRefusedError):
            logger.warning(
                "an answer could not be stored",
                extra={
                    "charge_point_id": connection.charger.charge_point_id,
                    "message_id": message.message_id,
                },
            )
        else:
            self._announce(connection, facts)
            apply_facts(connection.charger, connection.sessions, facts)


def _forget_start(connection: Connection, call: OutgoingCall) -> None:
    if call.operation_id is not None:
        forget_remote_start(connection.sessions, call.operation_id)


def _operation_facts(call: OutgoingCall, reply: CallReply, at: datetime) -> tuple[Fact, ...]:
    if call.operation_id is None:
        return ()
    status: OperationStatus = "ANSWERED" if reply.kind == "answered" else "FAILED"
    return (
        OperationAnswered(
            operation_id=call.operation_id,
            status=status,
            settled_at=at,
            response=reply.payload if reply.kind == "answered" else None,
            error_code=reply.error_code,
            error_detail=reply.error_detail,
        ),
    )
