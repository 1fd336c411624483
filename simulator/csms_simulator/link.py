"""One WebSocket to the server: upgrade, frames in both directions, one CALL in flight."""

import asyncio
import base64
import contextlib
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import (
    ConnectionClosed,
    InvalidHandshake,
    InvalidStatus,
    InvalidURI,
)
from websockets.typing import Subprotocol

from csms_simulator.errors import (
    CallRefusedError,
    ConnectRefusedError,
    InvalidFrameError,
    LinkLostError,
    NoAnswerError,
)
from csms_simulator.frames import FrameRecord
from csms_simulator.ocpp16 import DecodedFrame, Payload, check_result, decode, encode_call
from csms_simulator.statistics import Statistics

FRAME_BYTES_MAX = 4 * 1024 * 1024
REFUSALS = {
    401: "the server refused the credentials (401)",
    403: "the server forbids this charger (403)",
    404: "the server does not know this charge point id (404)",
    426: "the server asks for another protocol or security profile (426)",
    429: "the server asks to slow down (429)",
    503: "the server is not ready (503)",
}


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """Where and as whom to connect; `password` bytes are used as they are (OCPP-J 1.6 §6.2)."""

    url: str
    charge_point_id: str
    password: bytes | None = None
    username: str | None = None
    subprotocols: tuple[str, ...] = ("ocpp1.6",)
    tls: ssl.SSLContext | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    open_timeout_s: float = 15.0
    ping_interval_s: float | None = None

    @property
    def address(self) -> str:
        """The full URL: the base with the percent-encoded charge point id (OCPP-J 1.6 §3.1.1)."""
        return f"{self.url.rstrip('/')}/{quote(self.charge_point_id, safe='')}"

    def tls_context(self) -> ssl.SSLContext | None:
        """The TLS settings of a `wss` URL, those of the machine by default; None for `ws`."""
        if not self.url.lower().startswith("wss:"):
            return None
        return self.tls or ssl.create_default_context()

    def request_headers(self) -> dict[str, str]:
        """The extra headers of the upgrade request, Basic credentials among them."""
        headers = dict(self.headers)
        if self.password is not None:
            user = self.username if self.username is not None else self.charge_point_id
            token = base64.b64encode(user.encode() + b":" + self.password).decode()
            headers["Authorization"] = f"Basic {token}"
        return headers


class Link:
    """One connection from upgrade to close; it is never reused."""

    def __init__(
        self,
        target: LinkTarget,
        sent: FrameRecord,
        received: FrameRecord,
        statistics: Statistics,
        on_call: Callable[["Link", DecodedFrame], Awaitable[None]],
    ) -> None:
        self._target = target
        self._sent = sent
        self._received = received
        self._statistics = statistics
        self._on_call = on_call
        self._connection: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._pending: dict[str, asyncio.Future[DecodedFrame | None]] = {}
        self._one_call = asyncio.Lock()
        self._closed = asyncio.Event()
        self.last_exchange_s = time.monotonic()

    @property
    def is_open(self) -> bool:
        """True between the upgrade and the first sign of its end."""
        return self._connection is not None and not self._closed.is_set()

    @property
    def close_code(self) -> int | None:
        """The WebSocket close code once the link has ended, 1006 when it just broke."""
        return self._connection.close_code if self._connection else None

    async def open(self) -> None:
        """Connect and upgrade.

        Raises ConnectRefusedError with a plain reason.
        """
        target = self._target
        try:
            self._connection = await connect(
                target.address,
                subprotocols=[Subprotocol(name) for name in target.subprotocols] or None,
                additional_headers=target.request_headers(),
                ssl=target.tls_context(),
                open_timeout=target.open_timeout_s,
                ping_interval=target.ping_interval_s,
                close_timeout=2,
                max_size=FRAME_BYTES_MAX,
                compression=None,
                proxy=None,
            )
        except InvalidStatus as error:
            status = error.response.status_code
            reason = REFUSALS.get(status, f"the server answered the upgrade with {status}")
            raise ConnectRefusedError(reason, status_code=status) from error
        except InvalidURI as error:
            raise ConnectRefusedError(f"{target.address} is not a WebSocket URL") from error
        except InvalidHandshake as error:
            raise ConnectRefusedError(f"the upgrade failed: {error}", status_code=0) from error
        except TimeoutError as error:
            raise ConnectRefusedError(
                f"{target.url} did not answer within {target.open_timeout_s:g} s"
            ) from error
        except ssl.SSLError as error:
            raise ConnectRefusedError(f"TLS failed: {error}", status_code=0) from error
        except (OSError, EOFError) as error:
            raise ConnectRefusedError(
                f"{target.url} is unreachable: {error.args[-1] if error.args else error}"
            ) from error
        if target.subprotocols and self._connection.subprotocol is None:
            await self._connection.close(1002)
            raise ConnectRefusedError(
                f"the server chose none of the subprotocols {', '.join(target.subprotocols)}",
                status_code=101,
            )
        self._statistics.connects += 1
        self._reader = asyncio.create_task(self._read(self._connection))

    async def send_text(self, text: str) -> None:
        """Send one text frame as it is.

        Raises LinkLostError when the link is down.
        """
        if self._connection is None or self._closed.is_set():
            raise LinkLostError("the link is down")
        try:
            await self._connection.send(text)
        except ConnectionClosed as error:
            raise LinkLostError("the link went down while sending") from error
        self.last_exchange_s = time.monotonic()
        self._sent.add(text)

    async def call(
        self, action: str, payload: Payload, message_id: str, timeout_s: float, *, is_checked: bool
    ) -> Payload:
        """Send a CALL and return the payload of its CALLRESULT (OCPP-J 1.6 §4.1.1).

        Raises CallRefusedError for a CALLERROR, NoAnswerError, LinkLostError, and
        InvalidFrameError for an answer that breaks its schema.
        """
        async with self._one_call:
            waiter: asyncio.Future[DecodedFrame | None] = asyncio.get_running_loop().create_future()
            self._pending[message_id] = waiter
            started_s = time.monotonic()
            try:
                await self.send_text(encode_call(message_id, action, payload))
                self._statistics.sent[action] += 1
                # Not wait_for: up to Python 3.11 it can swallow a cancellation.
                async with asyncio.timeout(timeout_s):
                    answer = await waiter
            except TimeoutError as error:
                self._statistics.count_error(action, "no answer")
                raise NoAnswerError(action, timeout_s) from error
            except LinkLostError:
                self._statistics.count_error(action, "link lost")
                raise
            finally:
                self._pending.pop(message_id, None)
                waiter.cancel()
        if answer is None:
            self._statistics.count_error(action, "link lost")
            raise LinkLostError("the link went down before the answer")
        if answer.kind == "CALLERROR":
            self._statistics.count_error(action, answer.code)
            raise CallRefusedError(answer.code, answer.description, answer.payload)
        self._statistics.count_answer(action, time.monotonic() - started_s)
        if is_checked:
            try:
                await check_result(action, answer.payload)
            except InvalidFrameError:
                self._statistics.count_error(action, "invalid answer")
                raise
        return answer.payload

    async def wait_closed(self) -> None:
        """Wait until the link has ended, whoever ended it."""
        await self._closed.wait()

    def drop(self) -> None:
        """Cut the TCP connection without a close frame, as a lost link does."""
        if self._connection is not None:
            self._connection.transport.abort()
        self._end()

    async def close(self) -> None:
        """Close politely and wait for the reader to end."""
        if self._connection is not None:
            with contextlib.suppress(OSError):
                await self._connection.close()
        self._end()
        if self._reader is not None and self._reader is not asyncio.current_task():
            with contextlib.suppress(asyncio.CancelledError):
                await self._reader

    async def _read(self, connection: ClientConnection) -> None:
        try:
            async for message in connection:
                text = message if isinstance(message, str) else message.decode(errors="replace")
                self.last_exchange_s = time.monotonic()
                await self._take(text)
        except ConnectionClosed:
            self._statistics.links_lost += 1
        finally:
            self._end()

    async def _take(self, text: str) -> None:
        self._received.add(text)
        try:
            frame = decode(text)
        except InvalidFrameError:
            self._statistics.count_error("received", "not a frame")
            return
        if frame.kind == "CALL":
            await self._on_call(self, frame)
            return
        waiter = self._pending.get(frame.message_id)
        if waiter is not None and not waiter.done():
            waiter.set_result(frame)

    def _end(self) -> None:
        self._closed.set()
        for waiter in self._pending.values():
            if not waiter.done():
                waiter.set_result(None)


def password_bytes(password: str | bytes | None) -> bytes | None:
    """Accept a key as text or as raw bytes."""
    return password.encode() if isinstance(password, str) else password
