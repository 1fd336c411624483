"""Everything that touches picows: from an accepted upgrade to text messages and back.

`Socket` and `SocketEvents` are all that the rest of the gateway knows of a WebSocket, so that
another library can stand in. picows hands over frames: fragments are joined here, PING and CLOSE
are answered here. WSProtocol's constructor is private to picows 2.3, which is why it is pinned.
"""

import asyncio
import base64
import binascii
import logging
from dataclasses import dataclass
from typing import Any, Final, Protocol

import picows
from picows import picows as compiled

CLOSE_GOING_AWAY: Final = 1001
CLOSE_PROTOCOL_ERROR: Final = 1002
CLOSE_NO_CODE: Final = 1005
CLOSE_LINK_LOST: Final = 1006
CLOSE_POLICY: Final = 1008
CLOSE_TOO_BIG: Final = 1009
CLOSE_INTERNAL_ERROR: Final = 1011
CLOSE_TRY_LATER: Final = 1013

_READ_BUFFER_BYTES: Final = 2048
_LARGE_FRAME_MARK: Final = b"\xff"

# picows' stubs leave out WSProtocol and call its integers plain enumerations.
_native: Any = compiled
_TEXT, _BINARY = _native.WSMsgType.TEXT, _native.WSMsgType.BINARY
_CONTINUATION, _CLOSE = _native.WSMsgType.CONTINUATION, _native.WSMsgType.CLOSE
_PING, _PONG = _native.WSMsgType.PING, _native.WSMsgType.PONG


class SocketEvents(Protocol):
    """What the owner of a socket is told. Every call is on the event loop and must not wait."""

    def received_text(self, message: bytes) -> None:
        """A whole text message; its bytes may be anything, UTF-8 is not checked."""
        ...

    def received_binary(self, message: bytes) -> None:
        """A whole binary message, which OCPP-J does not know."""
        ...

    def heard(self) -> None:
        """A ping, a pong or a part of a message came: the peer lives."""
        ...

    def received_too_much(self, head: bytes, size: int) -> None:
        """A message over the limit began with `head`; the socket is closing with 1009."""
        ...

    def writing_paused(self) -> None:
        """The peer does not read: what is sent now waits in memory."""
        ...

    def writing_resumed(self) -> None:
        """The peer reads again."""
        ...

    def closed(self, code: int, reason: str) -> None:
        """The last thing that happens; 1006 when the link was lost without a CLOSE."""
        ...


class Socket(Protocol):
    """One open WebSocket. After `close` or `abort` nothing more is sent."""

    @property
    def is_open(self) -> bool:
        """Whether a message can still be sent."""
        ...

    def send_text(self, message: bytes) -> None:
        """Send one text message; it is dropped when the socket is closing."""
        ...

    def ping(self) -> None:
        """Send a ping."""
        ...

    def pause_reading(self) -> None:
        """Take no more from the network until `resume_reading`."""
        ...

    def resume_reading(self) -> None:
        """Read again."""
        ...

    def close(self, code: int, reason: str = "") -> None:
        """Send CLOSE, give the peer a moment to answer it, then cut the link."""
        ...

    def abort(self) -> None:
        """Cut the link at once."""
        ...


class UnheardEvents:
    """The owner of a socket that is only closed: it listens to nothing."""

    def received_text(self, message: bytes) -> None:
        """Nothing is read any more."""

    def received_binary(self, message: bytes) -> None:
        """Nothing is read any more."""

    def heard(self) -> None:
        """Nobody counts its life."""

    def received_too_much(self, head: bytes, size: int) -> None:
        """Nothing is read any more."""

    def writing_paused(self) -> None:
        """Nothing is written any more."""

    def writing_resumed(self) -> None:
        """Nothing is written any more."""

    def closed(self, code: int, reason: str) -> None:
        """It was about to end."""


@dataclass(frozen=True, slots=True)
class SocketLimits:
    """Bounds of one socket; `head_bytes` is how much of an oversized message is kept."""

    message_max_bytes: int
    head_bytes: int
    close_timeout_s: float


class _SilentLogger(logging.LoggerAdapter[logging.Logger]):
    """picows makes a child of every plain Logger per connection and asks the kernel for its line."""

    def isEnabledFor(self, level: int) -> bool:  # noqa: N802 - the name is logging's
        return level >= logging.CRITICAL

    def log(self, level: int, msg: object, *args: object, **kwargs: Any) -> None:
        if level >= logging.CRITICAL:
            super().log(level, msg, *args, **kwargs)


_logger = _SilentLogger(logging.getLogger("csms.gateway.picows"), {})


def is_websocket_key(value: bytes) -> bool:
    """Whether a Sec-WebSocket-Key is 16 bytes in base64 (RFC 6455 §4.1)."""
    try:
        return len(base64.b64decode(value, validate=True)) == 16
    except binascii.Error:
        return False


def open_socket(
    transport: asyncio.Transport,
    *,
    key: bytes,
    subprotocol: str | None,
    events: SocketEvents,
    limits: SocketLimits,
) -> Socket:
    """Send 101 on `transport`, make picows its protocol and return the open socket.

    `key` must have passed `is_websocket_key`.
    """
    socket = _PicowsSocket(events, limits)
    headers = {"Sec-WebSocket-Protocol": subprotocol} if subprotocol else None

    def answer(_: object) -> picows.WSUpgradeResponseWithListener:
        response = picows.WSUpgradeResponse.create_101_response(headers)
        return picows.WSUpgradeResponseWithListener(response, socket)

    protocol = _HeadKeepingProtocol(
        host_port=None,
        ws_path=None,
        is_client_side=False,
        ws_listener_factory=answer,
        logger=_logger,
        disconnect_on_exception=True,
        websocket_handshake_timeout=None,
        enable_auto_ping=False,
        auto_ping_idle_timeout=0,
        auto_ping_reply_timeout=0,
        auto_ping_strategy=_native.WSAutoPingStrategy.PING_WHEN_IDLE,
        enable_auto_pong=False,
        max_frame_size=limits.message_max_bytes,
        extra_headers=None,
        read_buffer_init_size=_READ_BUFFER_BYTES,
    )
    protocol.connection_made(transport)
    transport.set_protocol(protocol)
    # picows parses the request itself, and refuses `Connection: keep-alive, Upgrade`: it gets
    # one that says the same in the only words that it takes.
    _feed(
        protocol,
        b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key + b"\r\n\r\n",
    )
    return socket


def feed_early_data(transport: asyncio.Transport, data: bytes) -> None:
    """Hand what the client sent before our 101 to the socket that has taken `transport` over."""
    _feed(transport.get_protocol(), data)


def _feed(protocol: Any, data: bytes) -> None:  # picows has no types of its own
    view = memoryview(data)
    while view:
        buffer = protocol.get_buffer(-1)
        size = min(len(buffer), len(view))
        buffer[:size] = view[:size]
        protocol.buffer_updated(size)
        view = view[size:]


class _HeadKeepingProtocol(_native.WSProtocol):  # type: ignore[misc]  # not in the stubs
    """Shows the socket the raw bytes of a read in which picows found a violation."""

    __slots__ = ("_view",)

    def get_buffer(self, size_hint: int) -> memoryview:
        view: memoryview = super().get_buffer(size_hint)
        self._view = view
        return view

    def buffer_updated(self, nbytes: int) -> None:
        # picows may move its buffer while it parses, so the copy comes first.
        data = bytes(self._view[:nbytes])
        super().buffer_updated(nbytes)
        listener = self.listener
        if listener is not None and self.transport.is_close_frame_sent:
            listener.read_while_closing(self.transport, data)


class _PicowsSocket(picows.WSListener):
    """Joins fragments, answers PING and CLOSE, and keeps the head of what is too large."""

    __slots__ = (
        "_close_timer",
        "_closing",
        "_events",
        "_fragments",
        "_fragments_size",
        "_fragments_type",
        "_head",
        "_is_paused",
        "_limits",
        "_too_much",
        "_transport",
    )

    def __init__(self, events: SocketEvents, limits: SocketLimits) -> None:
        self._events = events
        self._limits = limits
        self._transport: Any = None
        self._is_paused = False
        self._closing: tuple[int, str] | None = None
        self._close_timer: asyncio.TimerHandle | None = None
        self._fragments: list[bytes] | None = None
        self._fragments_size = 0
        self._fragments_type = _TEXT
        self._head: bytearray | None = None
        self._too_much = 0

    @property
    def is_open(self) -> bool:
        return self._closing is None and not self._transport.is_disconnected

    def send_text(self, message: bytes) -> None:
        if self._closing is None:
            self._transport.send(_TEXT, message)

    def ping(self) -> None:
        if self._closing is None:
            self._transport.send_ping()

    def pause_reading(self) -> None:
        if self.is_open and not self._is_paused:
            self._is_paused = True
            self._transport.underlying_transport.pause_reading()

    def resume_reading(self) -> None:
        if self._is_paused and not self._transport.is_disconnected:
            self._is_paused = False
            self._transport.underlying_transport.resume_reading()

    def close(self, code: int, reason: str = "") -> None:
        if self._closing is not None or self._transport.is_disconnected:
            return
        self._closing = (code, reason)
        self._transport.send_close(code, _close_reason(reason))
        # The peer's CLOSE can only be seen while we read.
        self.resume_reading()
        self._close_timer = asyncio.get_running_loop().call_later(
            self._limits.close_timeout_s, self.abort
        )

    def abort(self) -> None:
        if self._closing is None:
            self._closing = (CLOSE_LINK_LOST, "cut by the server")
        if not self._transport.is_disconnected:
            self._transport.disconnect(graceful=False)

    def on_ws_connected(self, transport: Any) -> None:
        self._transport = transport

    def on_ws_frame(self, transport: Any, frame: Any) -> None:
        kind = frame.msg_type
        if self._closing is not None or transport.is_close_frame_sent:
            if kind == _CLOSE:
                transport.disconnect()
            return
        if frame.rsv1 or frame.rsv2 or frame.rsv3:
            self.close(CLOSE_PROTOCOL_ERROR, "no extension was negotiated")
        elif kind == _TEXT and frame.fin and self._fragments is None:
            self._events.received_text(frame.get_payload_as_bytes())
        elif kind in (_TEXT, _BINARY, _CONTINUATION):
            self._on_part(kind, frame)
        elif kind == _PING:
            transport.send_pong(frame.get_payload_as_bytes())
            self._events.heard()
        elif kind == _PONG:
            self._events.heard()
        elif kind == _CLOSE:
            self._on_close(transport, frame)

    def _on_part(self, kind: int, frame: Any) -> None:
        if (kind == _CONTINUATION) != (self._fragments is not None):
            self.close(CLOSE_PROTOCOL_ERROR, "fragments out of order")
            return
        payload = frame.get_payload_as_bytes()
        if self._fragments is None:
            self._fragments, self._fragments_size, self._fragments_type = [], 0, kind
        self._fragments.append(payload)
        self._fragments_size += len(payload)
        if self._fragments_size > self._limits.message_max_bytes:
            head = b"".join(self._fragments)[: self._limits.head_bytes]
            size, self._fragments = self._fragments_size, None
            self._events.received_too_much(head, size)
            self.close(CLOSE_TOO_BIG, "message over the limit")
        elif frame.fin:
            message, self._fragments = b"".join(self._fragments), None
            if self._fragments_type == _TEXT:
                self._events.received_text(message)
            else:
                self._events.received_binary(message)
        else:
            self._events.heard()

    def _on_close(self, transport: Any, frame: Any) -> None:
        code = int(frame.get_close_code())
        reason = frame.get_close_reason() or ""
        self._closing = (code or CLOSE_NO_CODE, reason)
        # CLOSE without a code is answered with 1000: picows cannot send an empty one.
        transport.send_close(code or 1000)
        transport.disconnect()

    def read_while_closing(self, transport: Any, data: bytes) -> None:
        """Take the raw bytes that were read when picows, not this class, began to close."""
        if self._closing is not None and self._head is None:
            return
        if self._head is not None:
            self._head += data[: self._limits.head_bytes]
            return
        sent = transport.close_handshake.sent
        self._closing = (int(sent.code), sent.reason or "")
        self._fragments = None
        if self._closing[0] == CLOSE_TOO_BIG:
            self._too_much = _size_in(sent.reason)
            mark = _LARGE_FRAME_MARK + self._too_much.to_bytes(8, "big")
            start = data.find(mark)
            tail = data[start + len(mark) :] if start >= 0 else b""
            self._head = bytearray(tail[: 4 + self._limits.head_bytes])

    def on_ws_disconnected(self, transport: Any) -> None:
        if self._close_timer is not None:
            self._close_timer.cancel()
            self._close_timer = None
        self._fragments = None
        if self._head is not None:
            head = _unmasked(bytes(self._head))[: self._limits.head_bytes]
            self._events.received_too_much(head, self._too_much)
        code, reason = self._closing or (CLOSE_LINK_LOST, "the link was lost")
        self._closing = (code, reason)
        self._events.closed(code, reason)

    def pause_writing(self) -> None:
        self._events.writing_paused()

    def resume_writing(self) -> None:
        self._events.writing_resumed()


def _close_reason(reason: str) -> bytes:
    """A CLOSE holds 123 bytes of reason (RFC 6455 §5.5)."""
    return reason.encode()[:123].decode(errors="ignore").encode()


def _size_in(reason: str) -> int:
    """picows says `..., <size> > <limit>` when a frame is too large."""
    words = reason.split()
    return int(words[-3]) if len(words) > 3 and words[-3].isdigit() else 0


def _unmasked(masked: bytes) -> bytes:
    """Undo the client's mask, whose four bytes stand first (RFC 6455 §5.3)."""
    mask, payload = masked[:4], masked[4:]
    return bytes(byte ^ mask[i & 3] for i, byte in enumerate(payload))
