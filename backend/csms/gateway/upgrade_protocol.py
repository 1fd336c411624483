"""The class that uvicorn gives an upgrade to, until a charger's socket takes the transport over.

uvicorn constructs it (`uvicorn.Config(ws=...)`), calls `connection_made`, hands over the request
in one `data_received`, and only then makes it the transport's protocol.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, ClassVar, cast

from csms.gateway.channel import Channel, channel_of
from csms.gateway.upgrade import MalformedUpgradeError, Refusal, UpgradeRequest, read_upgrade

logger = logging.getLogger("csms.gateway")

Doorkeeper = Callable[["UpgradeProtocol"], Awaitable[Refusal | None]]
"""Answers the request of a protocol: None when a socket has taken the transport over."""


class UpgradeProtocol(asyncio.Protocol):
    """One upgrade request. What the client sends before the answer waits, bounded."""

    doorkeeper: ClassVar[Doorkeeper]
    tasks: ClassVar[set[asyncio.Task[None]]]
    timeout_s: ClassVar[float]
    early_data_max_bytes: ClassVar[int]

    def __init__(self, config: Any, server_state: Any, app_state: Any, _loop: Any = None) -> None:
        # uvicorn waits at shutdown for the protocols in this set, and calls their `shutdown`.
        self._connections: set[Any] = server_state.connections
        self._early = bytearray()
        self.transport: asyncio.Transport
        self.request: UpgradeRequest | None = None
        self.peer = ""
        self.channel = Channel()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport; it is uvicorn's HTTP protocol's until this call returns."""
        self.transport = cast("asyncio.Transport", transport)
        self._connections.add(self)
        peername = transport.get_extra_info("peername")
        self.peer = str(peername[0]) if isinstance(peername, tuple) else "unix"
        self.channel = channel_of(transport)

    def data_received(self, data: bytes) -> None:
        """Read the request, or keep what was sent too soon."""
        if self.request is not None:
            self._early += data
            if len(self._early) > self.early_data_max_bytes:
                self.transport.abort()
            return
        try:
            self.request = read_upgrade(data)
        except MalformedUpgradeError as error:
            self._refuse(Refusal(HTTPStatus.BAD_REQUEST, "bad_request", str(error)))
            return
        task = asyncio.get_running_loop().create_task(self._answer(), name="handshake")
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def eof_received(self) -> bool:
        """Close: a client that has nothing more to say gets no socket."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection; the handshake under way sees that the transport is closing."""
        self._connections.discard(self)

    def shutdown(self) -> None:
        """Refuse what is not answered yet; called by uvicorn when the server stops."""
        if not self.transport.is_closing():
            self._refuse(
                Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "closing", "this server is shutting down")
            )

    def take_over(self) -> tuple[asyncio.Transport, bytes]:
        """Give the transport and the early data away. The caller sets the next protocol."""
        # The socket is the gateway's from here: left in the set, SIGTERM would never end.
        self._connections.discard(self)
        return self.transport, bytes(self._early)

    async def _answer(self) -> None:
        try:
            async with asyncio.timeout(self.timeout_s):
                refusal = await type(self).doorkeeper(self)
        except TimeoutError:
            refusal = Refusal(
                HTTPStatus.SERVICE_UNAVAILABLE, "timeout", "the look-up took too long"
            )
        except Exception:
            logger.exception("a handshake failed")
            refusal = Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", "the handshake failed")
        if refusal is not None and not self.transport.is_closing():
            self._refuse(refusal)

    def _refuse(self, refusal: Refusal) -> None:
        self.transport.write(refusal.as_bytes())
        self.transport.close()
