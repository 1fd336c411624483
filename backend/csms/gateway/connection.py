"""One socket of one charger: its inbox, its life signs, its calls, its end."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec

from csms.domain.stations.charger import Charger
from csms.domain.transactions.session import ChargerSessions
from csms.gateway.admission import AnsweredCalls
from csms.gateway.limits import BurstCounter
from csms.gateway.outbound import Outbound, OutgoingCall
from csms.gateway.settings import GatewaySettings
from csms.gateway.transport import CLOSE_GOING_AWAY, CLOSE_LINK_LOST, CLOSE_POLICY, Socket
from csms.kernel.clock import Clock
from csms.kernel.ids import Epoch, TransactionId, UserId
from csms.ocpp.leniency import MEANINGS, effective_rules


class OddMessage(msgspec.Struct, frozen=True):
    """What came and is no text message of bearable size: its head, and how large it was."""

    reason: str
    head: bytes
    size: int


class LinkNotice(msgspec.Struct, frozen=True):
    """Something about the link itself, handled in order with the charger's messages.

    `due`: a request of ours has to be repeated or given up.
    """

    kind: Literal["reconnected", "lost", "due"]
    at: datetime


Message = bytes | OddMessage | LinkNotice


@dataclass(frozen=True, slots=True)
class ConnectionHouse:
    """What all connections of a node share. `now` is a monotonic clock in seconds.

    `handle` gets the message that comes while nothing is under way, and takes those that come
    meanwhile by `next_message`; `closed` and `unanswered` hear of ends.
    """

    settings: GatewaySettings
    clock: Clock
    now: Callable[[], float]
    handle: Callable[["Connection", "Message"], None]
    closed: Callable[["Connection"], None]
    unanswered: Callable[["Connection", OutgoingCall], None]


@dataclass(frozen=True, slots=True)
class ConnectionFacts:
    """What is known of a connection when it is admitted, and never changes."""

    epoch: Epoch
    protocol: str
    remote_address: str
    connected_at: datetime


class Connection:
    """One charger's connection under one epoch, with the charger's state in memory.

    It holds no task while nothing is to be done: 30,000 of them fit a gibibyte.
    """

    __slots__ = (
        "_calls",
        "_garbage",
        "_house",
        "_inbox",
        "_inbox_bytes",
        "_is_inbox_full",
        "_is_reading_held",
        "answered",
        "charger",
        "close_code",
        "close_reason",
        "facts",
        "is_answering",
        "is_closed",
        "is_retired",
        "is_working",
        "last_heard",
        "meanings",
        "numeric_id",
        "rules",
        "serial",
        "sessions",
        "socket",
    )

    def __init__(
        self,
        house: ConnectionHouse,
        facts: ConnectionFacts,
        charger: Charger,
        sessions: ChargerSessions,
        answered: AnsweredCalls,
    ) -> None:
        self._house = house
        self.facts = facts
        self.charger = charger
        self.sessions = sessions
        self.answered = answered
        self.numeric_id: str | None = None
        self.use_rules()
        self.serial: str | None = None
        self.socket: Socket
        self.last_heard = house.now()
        self.is_working = False
        self.is_answering = False
        self.is_retired = False
        self.is_closed = False
        self.close_code = CLOSE_LINK_LOST
        self.close_reason = ""
        self._inbox: deque[Message] | None = None
        self._inbox_bytes = 0
        self._is_inbox_full = False
        self._is_reading_held = False
        self._calls: Outbound | None = None
        self._garbage: BurstCounter | None = None

    def use_rules(self) -> None:
        """Take over which leniency rules the charger gets: its own word, its model's, the default."""
        charger = self.charger
        self.rules = effective_rules(
            is_strict=charger.is_strict, off=charger.leniency_off, of_model=charger.model_rules
        )
        self.meanings = self.rules & MEANINGS

    @property
    def epoch(self) -> Epoch:
        """The epoch under which every commit of this connection is made."""
        return self.facts.epoch

    @property
    def calls(self) -> Outbound:
        """The calls to this charger, made when first needed."""
        if self._calls is None:
            house = self._house
            self._calls = Outbound(
                send=self.socket.send_text,
                is_held=lambda: self.is_answering,
                on_unanswered=lambda call: house.unanswered(self, call),
                clock_now=house.clock.now,
                settings=house.settings,
            )
            if self.is_closed or self.is_retired:
                self._calls.end("the charger is not connected")
        return self._calls

    def received_text(self, message: bytes) -> None:
        """Take a message: one of a charger is handled at a time, in the order of arrival."""
        self.last_heard = self._house.now()
        self._enqueue(message, len(message))

    def received_binary(self, message: bytes) -> None:
        """Queue a binary message: garbage, since OCPP-J is text."""
        self.last_heard = self._house.now()
        head = message[: self._house.settings.logged_head_bytes]
        self._enqueue(OddMessage("binary", head, len(message)), len(head))

    def received_too_much(self, head: bytes, size: int) -> None:
        """Queue the head of a message over the limit for the log and the desk."""
        self._enqueue(OddMessage("too_large", head, size), len(head))

    def heard(self) -> None:
        """Any frame counts as life."""
        self.last_heard = self._house.now()

    def writing_paused(self) -> None:
        """The charger does not take our answers: read no more of its questions."""
        self._is_reading_held = True
        self.socket.pause_reading()

    def writing_resumed(self) -> None:
        """The charger reads again."""
        self._is_reading_held = False
        self._resume_if_free()

    def closed(self, code: int, reason: str) -> None:
        """The socket is gone: end its calls at once; what is queued is still handled."""
        self.is_closed = True
        self.close_code, self.close_reason = code, reason
        if self._calls is not None:
            self._calls.end("the socket closed")
        self._house.closed(self)
        if self.sessions.open:
            self.notice("lost")

    def notice(self, kind: Literal["reconnected", "lost", "due"]) -> None:
        """Queue a notice behind the messages that came before it."""
        self._enqueue(LinkNotice(kind, self._house.clock.now()), 0)

    def next_message(self) -> Message | None:
        """Take the oldest message, or None when there is none and nothing is under way any more."""
        inbox = self._inbox
        if not inbox:
            self._inbox = None
            self.is_working = False
            return None
        message = inbox.popleft()
        self._inbox_bytes -= len(message) if type(message) is bytes else 0
        if self._is_inbox_full and len(inbox) <= self._house.settings.inbox_messages_max // 2:
            self._is_inbox_full = False
            self._resume_if_free()
        return message

    def reply(self, frame: bytes) -> None:
        """Answer the charger's CALL, then let the calls go that had to wait for it."""
        if self.numeric_id is not None:
            frame = _with_numeric_id(frame, self.numeric_id)
        if not self.is_retired:
            self.socket.send_text(frame)
        self.answered_or_dropped()

    def answered_or_dropped(self) -> None:
        """The charger's CALL is dealt with: nothing waits for its answer any more."""
        self.is_answering = False
        self.numeric_id = None
        if self._calls is not None:
            self._calls.pump()

    def user_of(self, transaction_id: TransactionId | None) -> UserId | None:
        """Return the driver of an open session, None when it has none."""
        session = self.sessions.open.get(transaction_id) if transaction_id is not None else None
        return None if session is None else session.user_id

    def count_garbage(self) -> int:
        """Count one unreadable message; return how many there were in the window."""
        if self._garbage is None:
            self._garbage = BurstCounter()
        return self._garbage.hit(self._house.now(), self._house.settings.garbage_window_s)

    def retire(self, reason: str) -> None:
        """Fall silent for good: a newer connection of this charger exists."""
        if self.is_retired:
            return
        self.is_retired = True
        self._drop_inbox()
        if self._calls is not None:
            self._calls.end(reason)
        self.socket.close(CLOSE_POLICY, reason)

    def stop_reading(self) -> None:
        """Take nothing more from the socket; what was received is still handled."""
        self._is_reading_held = True
        self.socket.pause_reading()

    def close(self, code: int, reason: str) -> None:
        """Close the socket. What was received and is not yet handled is dropped."""
        self._drop_inbox()
        self.socket.close(code, reason)

    @property
    def is_over(self) -> bool:
        """Whether the wheel can forget this connection."""
        return self.is_closed or self.is_retired

    @property
    def beat_interval_s(self) -> float:
        """The ping interval, or a third of the idle limit where pings are off."""
        ping_s = self.charger.ping_interval_s
        return ping_s if ping_s > 0 else self._idle_limit_s / 3

    def beat(self, now: float) -> None:
        """Ping; or close when nothing came for three intervals, or for the idle limit."""
        silence_s = now - self.last_heard
        settings = self._house.settings
        ping_s = self.charger.ping_interval_s
        if ping_s <= 0:
            if silence_s >= self._idle_limit_s:
                self.socket.close(CLOSE_GOING_AWAY, f"nothing was heard for {silence_s:.0f} s")
        elif silence_s >= ping_s * settings.missed_pings_max:
            self.socket.close(CLOSE_GOING_AWAY, f"no sign of life for {silence_s:.0f} s")
        else:
            self.socket.ping()
        if self._has_requests_due:
            self.notice("due")

    @property
    def _has_requests_due(self) -> bool:
        sessions = self.sessions
        return bool(sessions.remote_starts) or any(
            session.stop_asked_at is not None for session in sessions.open.values()
        )

    @property
    def _idle_limit_s(self) -> float:
        heartbeats = self._house.settings.idle_heartbeats_max
        return max(60.0, heartbeats * float(self.charger.heartbeat_interval_s))

    def _enqueue(self, message: Message, size: int) -> None:
        if self.is_retired:
            return
        if not self.is_working:
            self.is_working = True
            self._house.handle(self, message)
            return
        if self._inbox is None:
            self._inbox = deque()
        self._inbox.append(message)
        if type(message) is bytes:
            self._inbox_bytes += size
        settings = self._house.settings
        if (
            len(self._inbox) >= settings.inbox_messages_max
            or self._inbox_bytes >= settings.inbox_max_bytes
        ) and not self._is_inbox_full:
            # Too fast means that we stop reading, never a refusal.
            self._is_inbox_full = True
            self.socket.pause_reading()

    def _resume_if_free(self) -> None:
        if not self._is_inbox_full and not self._is_reading_held:
            self.socket.resume_reading()

    def _drop_inbox(self) -> None:
        if self._inbox is not None:
            self._inbox.clear()
        self._inbox_bytes = 0


def _with_numeric_id(frame: bytes, numeric_id: str) -> bytes:
    """Return an answer whose id is the number that its call had, and not that number's text."""
    head, text, rest = frame.partition(b'"%b"' % numeric_id.encode())
    return head + numeric_id.encode() + rest if text else frame
