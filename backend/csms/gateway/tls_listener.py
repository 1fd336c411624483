"""The TLS port: accepts, shakes hands under the present context, says why a handshake failed.

uvicorn's own listener keeps one context for good and tells nobody why TLS failed. Here each
connection takes the context of that moment, so certificates change without a socket dropped.
"""

import asyncio
import contextlib
import logging
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from csms.gateway.tls_failures import TlsFailure, read_tls_failure

logger = logging.getLogger("csms.gateway")

_ACCEPT_PAUSE_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class TlsDoor:
    """What the listener asks for each connection.

    `context` is the TLS of this moment; `protocol` makes what takes over once TLS stands;
    `may_try` refuses an address that failed too often; `failed` is told of failures.
    """

    context: Callable[[], ssl.SSLContext]
    protocol: Callable[[], asyncio.Protocol]
    may_try: Callable[[str], bool]
    failed: Callable[[TlsFailure, str], None]
    handshake_timeout_s: float
    handshakes_at_once_max: int


class TlsListener:
    """Serves one listening socket until `close`. The socket is the caller's to close."""

    def __init__(self, listener: socket.socket, door: TlsDoor) -> None:
        self._listener = listener
        self._door = door
        self._at_once = asyncio.Semaphore(door.handshakes_at_once_max)
        self._handshakes: set[asyncio.Task[None]] = set()
        self._accepting: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Accept connections from now on."""
        self._listener.settimeout(0)
        self._accepting = asyncio.get_running_loop().create_task(self._accept(), name="tls-port")

    async def close(self) -> None:
        """Accept no more and end the handshakes under way; finished ones are not touched."""
        tasks = [*self._handshakes, *([self._accepting] if self._accepting else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._at_once.acquire()
            try:
                accepted, address = await loop.sock_accept(self._listener)
            except OSError:
                # Out of file descriptors, or a client that left already: neither ends the port.
                logger.warning("a TLS connection could not be accepted", exc_info=True)
                self._at_once.release()
                await asyncio.sleep(_ACCEPT_PAUSE_S)
                continue
            except BaseException:
                self._at_once.release()
                raise
            task = loop.create_task(self._shake_hands(accepted, str(address[0])), name="tls")
            self._handshakes.add(task)
            task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._handshakes.discard(task)
        self._at_once.release()
        if not task.cancelled() and task.exception() is not None:
            logger.error("a TLS handshake failed inside", exc_info=task.exception())

    async def _shake_hands(self, accepted: socket.socket, address: str) -> None:
        accepted.settimeout(0)
        door = self._door
        if not door.may_try(address):
            accepted.close()
            return
        with contextlib.suppress(OSError):
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                door.protocol,
                accepted,
                ssl=door.context(),
                ssl_handshake_timeout=door.handshake_timeout_s,
            )
        except ssl.SSLError as error:
            failure = read_tls_failure(error)
            if failure is not None:
                door.failed(failure, address)
        except TimeoutError:
            door.failed(TlsFailure("the TLS handshake took too long"), address)
        except OSError:
            return  # the client went away, or only looked whether the port is open
