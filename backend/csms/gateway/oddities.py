"""What cannot be read: logged, counted, bounded; what tells of a session goes to the desk."""

import hashlib
from datetime import datetime

from csms.gateway import log_entries
from csms.gateway.connection import Connection, OddMessage
from csms.gateway.settings import GatewaySettings
from csms.gateway.storing import Storing
from csms.gateway.transport import CLOSE_POLICY
from csms.kernel.clock import Clock
from csms.kernel.facts import Fact
from csms.kernel.journal import EntryRefusedError
from csms.ocpp.errors import ErrorCode, WireError
from csms.ocpp.frames import BadFrame, Call, encode_call_error, encode_call_result
from csms.ocpp.v16.routes import Route


class Oddities:
    """Deals with garbage, oversized messages and payloads that nobody understands."""

    def __init__(self, storing: Storing, clock: Clock, settings: GatewaySettings) -> None:
        self._storing = storing
        self._clock = clock
        self._settings = settings

    async def refuse(
        self, connection: Connection, call: Call, code: ErrorCode, detail: str, at: datetime
    ) -> None:
        """Log a call and answer it with a CALLERROR."""
        text = log_entries.error_text(code, detail)
        message = log_entries.refused(call, text, at, self._clock.now())
        await self._storing.log(connection, message)
        connection.reply(encode_call_error(call.message_id, code, detail))

    async def keep_unreadable(
        self, connection: Connection, call: Call, route: Route, error: WireError, at: datetime
    ) -> None:
        """Keep a transaction message raw at the desk, then answer it as well as can be.

        Raises HoldExpiredError while it cannot be kept.
        """
        raw = log_entries.text_of(call.payload_raw)
        case = log_entries.desk_case(
            connection,
            "unreadable_message",
            hashlib.sha256(f"{call.action}:{raw}".encode()).hexdigest()[:32],
            f"{call.action} of {connection.charger.charge_point_id} cannot be understood",
            {"action": call.action, "payload": raw, "error": str(error), "code": error.code},
            at,
        )
        answer = None if connection.charger.is_strict else route.answer_if_unreadable
        now = self._clock.now()
        if answer is None:
            frame = encode_call_error(call.message_id, error.code, str(error))
            text = log_entries.error_text(error.code, str(error))
            message = log_entries.refused(call, text, at, now)
        else:
            frame = encode_call_result(call.message_id, answer)
            message = log_entries.answered(call, answer.decode(), at, now)
        entry = log_entries.entry_of(connection, message, (case,))
        try:
            await self._storing.held(connection, lambda: self._storing.journal.append(entry))
        except EntryRefusedError:
            frame = encode_call_error(call.message_id, ErrorCode.INTERNAL_ERROR, "not storable")
        connection.reply(frame)

    async def bad_frame(
        self, connection: Connection, frame: BadFrame, raw: bytes, at: datetime
    ) -> None:
        """Log what is no frame; a CALL whose id can be read gets its error (OCPP-J 1.6 §4.1.3)."""
        head = raw[: self._settings.logged_head_bytes]
        logged = log_entries.garbage(head, frame.message_id, frame.reason, at)
        await self._storing.log(connection, logged)
        if frame.is_call and frame.message_id is not None:
            code = ErrorCode.FORMATION_VIOLATION
            connection.reply(encode_call_error(frame.message_id, code, frame.detail))
        self._bound(connection)

    async def noise(self, connection: Connection, raw: bytes, at: datetime) -> None:
        """Log a word that stands for a sign of life; nothing is answered."""
        await self._storing.log(connection, log_entries.garbage(raw, None, "text-noise", at))

    async def odd_message(self, connection: Connection, message: OddMessage, at: datetime) -> None:
        """Log what is no text, or too large; the desk is told of the latter."""
        logged = log_entries.garbage(message.head, None, message.reason, at)
        facts: tuple[Fact, ...] = ()
        if message.reason == "too_large":
            case = log_entries.desk_case(
                connection,
                "message_too_large",
                hashlib.sha256(message.head).hexdigest()[:32],
                f"{connection.charger.charge_point_id} sent a message of {message.size} bytes",
                {"head": log_entries.text_of(message.head), "size_bytes": message.size},
                at,
            )
            facts = (case,)
        await self._storing.log(connection, logged, facts)
        self._bound(connection)

    def _bound(self, connection: Connection) -> None:
        if connection.count_garbage() > self._settings.garbage_max:
            connection.close(CLOSE_POLICY, "too many unreadable messages")
