"""Calls to one charger: one in flight, the others wait in order, all end when the socket does."""

import asyncio
import uuid
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import msgspec

from csms.gateway.settings import GatewaySettings
from csms.kernel.errors import ConflictError
from csms.kernel.ids import OperationId
from csms.ocpp.frames import encode_call


class TooManyCallsError(ConflictError):
    """More calls wait for this charger than the limit allows."""


class CallReply(msgspec.Struct, frozen=True):
    """How a call ended. `payload` is the CALLRESULT's JSON text, `error_code` the CALLERROR's.

    `invalid`: a CALLRESULT that breaks its schema. `lost`: the socket closed. `not_sent`: its
    deadline passed, or the socket closed, while it waited for its turn.
    """

    kind: Literal["answered", "refused", "invalid", "timed_out", "lost", "not_sent"]
    payload: str | None = None
    error_code: str | None = None
    error_detail: str | None = None


@dataclass(slots=True, eq=False)
class OutgoingCall:
    """One call: `payload` is compact JSON, `deadline` is when it is too late to send it."""

    action: str
    payload: bytes
    deadline: datetime | None = None
    operation_id: OperationId | None = None
    message_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    sent_at: datetime | None = None
    reply: asyncio.Future[CallReply] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    def end(self, reply: CallReply) -> None:
        """Tell whoever waits; a second end changes nothing."""
        if not self.reply.done():
            self.reply.set_result(reply)


class Outbound:
    """The calls of one connection. `is_held` is true while a CALL of the charger is unanswered:

    what that message causes may not go out before its CALLRESULT (OCPP 1.6 §5.16.1).
    """

    __slots__ = (
        "_clock_now",
        "_in_flight",
        "_is_held",
        "_is_over",
        "_late",
        "_on_unanswered",
        "_send",
        "_settings",
        "_timer",
        "_waiting",
    )

    def __init__(
        self,
        *,
        send: Callable[[bytes], None],
        is_held: Callable[[], bool],
        on_unanswered: Callable[[OutgoingCall], None],
        clock_now: Callable[[], datetime],
        settings: GatewaySettings,
    ) -> None:
        self._send = send
        self._is_held = is_held
        self._on_unanswered = on_unanswered
        self._clock_now = clock_now
        self._settings = settings
        self._waiting: deque[OutgoingCall] = deque()
        self._in_flight: OutgoingCall | None = None
        self._late: OrderedDict[str, OutgoingCall] = OrderedDict()
        self._timer: asyncio.TimerHandle | None = None
        self._is_over = False

    def submit(self, call: OutgoingCall) -> None:
        """Send `call` as soon as it is its turn. Raises TooManyCallsError."""
        if self._is_over:
            call.end(CallReply("not_sent", error_detail="the charger is not connected"))
            return
        if len(self._waiting) >= self._settings.calls_waiting_max:
            raise TooManyCallsError("too many calls wait for this charger")
        self._waiting.append(call)
        self.pump()

    def pump(self) -> None:
        """Send the next call when none is in flight and no answer of ours is due first."""
        while self._waiting and self._in_flight is None and not self._is_held():
            call = self._waiting.popleft()
            if call.reply.done():
                continue
            now = self._clock_now()
            if call.deadline is not None and now >= call.deadline:
                call.end(CallReply("not_sent", error_detail="its time was over before its turn"))
                continue
            call.sent_at = now
            self._in_flight = call
            self._timer = asyncio.get_running_loop().call_later(
                self._settings.call_timeout_s, self._time_out, call
            )
            self._send(encode_call(call.message_id, call.action, call.payload))

    def claim(self, message_id: str) -> OutgoingCall | None:
        """Return the call that this id answers, in flight or already timed out, and free its slot."""
        call = self._in_flight
        if call is not None and call.message_id == message_id:
            self._free_slot()
            return call
        return self._late.pop(message_id, None)

    def end(self, detail: str) -> None:
        """End every call at once: the socket is closed."""
        self._is_over = True
        call = self._in_flight
        self._free_slot()
        if call is not None:
            self._on_unanswered(call)
            call.end(CallReply("lost", error_detail=detail))
        while self._waiting:
            self._waiting.popleft().end(CallReply("not_sent", error_detail=detail))
        self._late.clear()

    def _time_out(self, call: OutgoingCall) -> None:
        if self._in_flight is not call:
            return
        self._free_slot()
        self._late[call.message_id] = call
        if len(self._late) > self._settings.late_calls_max:
            self._late.popitem(last=False)
        self._on_unanswered(call)
        call.end(CallReply("timed_out", error_detail="the charger has not answered"))
        self.pump()

    def _free_slot(self) -> None:
        self._in_flight = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
