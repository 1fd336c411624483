"""One virtual charger: its socket, its open call, and the check of every answer."""

import asyncio
import base64
import json
import re
from collections.abc import Callable

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from benchmarks.chargers import ChargerAccount
from benchmarks.load import frames

_TEXT = WSMsgType.TEXT
_CLOSE = WSMsgType.CLOSE
_SERVER_CALL = re.compile(rb'\s*\[\s*2\s*,\s*"([^"]*)"\s*,\s*"([^"]*)"')
_EXAMPLES_MAX = 5
_CONFIGURATION = (
    b'{"configurationKey":[{"key":"HeartbeatInterval","readonly":false,"value":"300"}]}'
)


class Tally:
    """What all chargers of one generator saw that is not a latency."""

    __slots__ = (
        "answered",
        "disconnected",
        "examples",
        "is_closing",
        "sent",
        "server_calls",
        "wrong",
    )

    def __init__(self) -> None:
        self.sent = 0
        self.answered = 0
        self.wrong = 0
        self.disconnected = 0
        self.server_calls = 0
        self.examples: list[str] = []
        self.is_closing = False

    def note(self, example: str) -> None:
        """Keep the first few oddities in words."""
        if len(self.examples) < _EXAMPLES_MAX:
            self.examples.append(example[:300])


class VirtualCharger(WSListener):
    """A charger with at most one open call (OCPP-J 1.6 §4.1.1).

    `on_answer` is called with the charger and the frame for each right answer, and with nothing
    else; wrong answers are counted in the tally and leave the call open, so that it ends as lost.
    """

    def __init__(self, account: ChargerAccount, script: frames.Script, tally: Tally) -> None:
        self.account = account
        self.script = script
        self.tally = tally
        self.on_answer: Callable[[VirtualCharger, bytes], None] = _drop
        self.transport: WSTransport | None = None
        self.message_id = 0
        self.action = 0
        self.expected: bytes | None = None
        self.sent_ns = 0
        self.waiting: asyncio.Future[bytes] | None = None
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def connect(self, url: str, timeout_s: float, source: str | None = None) -> None:
        """Upgrade with Basic credentials and the subprotocol ocpp1.6."""
        account = self.account
        token = base64.b64encode(f"{account.charge_point_id}:{account.password}".encode()).decode()
        self.transport, _ = await ws_connect(
            lambda: self,
            f"{url}/{account.charge_point_id}",
            extra_headers={
                "Authorization": f"Basic {token}",
                "Sec-WebSocket-Protocol": "ocpp1.6",
            },
            websocket_handshake_timeout=timeout_s,
            read_buffer_init_size=2048,
            local_addr=(source, 0) if source else None,
        )

    def send_next(self, now_ns: int) -> None:
        """Send the script's next call; `now_ns` is the moment its latency counts from."""
        self.message_id += 1
        self.action, frame = self.script.next_call(self.message_id)
        self._send(frame, now_ns)

    async def call(self, make_frame: Callable[[int], bytes]) -> bytes:
        """Send one call outside the mix and wait for its answer; ConnectionError when closed."""
        self.message_id += 1
        self.waiting = asyncio.get_running_loop().create_future()
        self.on_answer = _resolve
        self._send(make_frame(self.message_id), 0)
        return await self.waiting

    def _send(self, frame: bytes, now_ns: int) -> None:
        transport = self.transport
        if transport is None or transport.is_disconnected:
            raise ConnectionError(f"{self.account.charge_point_id} is not connected")
        self.expected = b'[3,"%d",{' % self.message_id
        self.sent_ns = now_ns
        self.tally.sent += 1
        transport.send(_TEXT, frame)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Check one frame of the server."""
        if frame.msg_type != _TEXT:
            if frame.msg_type == _CLOSE and not self.tally.is_closing:
                self.tally.note(f"closed by the server: {frame.get_close_code()}")
                transport.disconnect()
            return
        answer = frame.get_payload_as_bytes()
        expected = self.expected
        is_expected = expected is not None and answer.startswith(expected)
        if not is_expected and not self._is_right_answer(transport, answer):
            return
        self.expected = None
        self.tally.answered += 1
        self.on_answer(self, answer)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """Count a connection that ended before we ended it."""
        if not self.closed.done():
            self.closed.set_result(None)
        if not self.tally.is_closing:
            self.tally.disconnected += 1
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_exception(ConnectionError(f"{self.account.charge_point_id} closed"))

    def _is_right_answer(self, transport: WSTransport, answer: bytes) -> bool:
        """Take the slow road: a call of the server, or an answer with other white space."""
        if call := _SERVER_CALL.match(answer):
            self.tally.server_calls += 1
            transport.send(_TEXT, _answer_to_server(call[1], call[2]))
            return False
        if self.expected is not None and _is_callresult(answer, str(self.message_id)):
            return True
        self.tally.wrong += 1
        self.tally.note(f"expected {self.expected!r}, got {answer!r}")
        return False


def _is_callresult(answer: bytes, message_id: str) -> bool:
    try:
        parts = json.loads(answer)
    except ValueError:
        return False
    match parts:
        case [3, str() as answered_id, dict()]:
            return answered_id == message_id
        case _:
            return False


def _answer_to_server(message_id: bytes, action: bytes) -> bytes:
    match action:
        case b"GetConfiguration":
            return b'[3,"%b",%b]' % (message_id, _CONFIGURATION)
        case b"ClearCache" | b"TriggerMessage" | b"ChangeAvailability" | b"ChangeConfiguration":
            return b'[3,"%b",{"status":"Accepted"}]' % message_id
        case _:
            return b'[4,"%b","NotSupported","",{}]' % message_id


def _drop(charger: VirtualCharger, answer: bytes) -> None:
    """Between two phases nothing waits for an answer."""


def _resolve(charger: VirtualCharger, answer: bytes) -> None:
    if charger.waiting is not None and not charger.waiting.done():
        charger.waiting.set_result(answer)
