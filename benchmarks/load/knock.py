"""A charger of the boot storm: the upgrade and one call, with as little of our own CPU as can be.

A general WebSocket client spends more on a handshake than the server it is to measure.
"""

import asyncio
import base64
import hashlib
import json
import secrets
from typing import Final, cast

from benchmarks.chargers import ChargerAccount
from benchmarks.load import frames

_GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT, _CLOSE, _PING, _PONG = 0x1, 0x8, 0x9, 0xA
_FIN = 0x80
_MASKED = 0x80
# A key of zeroes is a valid mask that leaves the payload as it is; the server's work is the same.
_MASK_KEY = bytes(4)
_BOOT_MESSAGE_ID = 1


class RefusedError(Exception):
    """The server answered the upgrade or the boot, but not with yes."""


class Knock(asyncio.Protocol):
    """Upgrades with Basic credentials, boots, then stays connected and answers pings.

    `booted` ends with None once BootNotification was answered by a CALLRESULT with its message
    id and status Accepted, else with RefusedError or ConnectionError.
    """

    def __init__(self, account: ChargerAccount, host: str, path: str) -> None:
        credentials = f"{account.charge_point_id}:{account.password}".encode()
        key = base64.b64encode(secrets.token_bytes(16))
        self._accept = base64.b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest())
        self._request = (
            b"GET %b/%b HTTP/1.1\r\nHost: %b\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: %b\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Protocol: ocpp1.6\r\nAuthorization: Basic %b\r\n\r\n"
        ) % (
            path.encode(),
            account.charge_point_id.encode(),
            host.encode(),
            key,
            base64.b64encode(credentials),
        )
        self._boot = _client_frame(_TEXT, frames.boot(_BOOT_MESSAGE_ID, account.charge_point_id))
        self._received = b""
        self._is_upgraded = False
        self._transport: asyncio.Transport | None = None
        loop = asyncio.get_running_loop()
        self.booted: asyncio.Future[None] = loop.create_future()
        self.closed: asyncio.Future[None] = loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        # uvloop's transports are asyncio transports in all but the class.
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Read the upgrade's answer, then frames."""
        self._received += data
        try:
            if not self._is_upgraded:
                self._read_upgrade()
            while self._is_upgraded and self._read_frame():
                pass
        except (RefusedError, ValueError) as error:
            self._end(RefusedError(str(error)))

    def connection_lost(self, exc: Exception | None) -> None:
        """Whoever still waits for the boot learns that it will not come."""
        if not self.closed.done():
            self.closed.set_result(None)
        if not self.booted.done():
            self.booted.set_exception(ConnectionError(f"closed before the boot: {exc}"))

    def close(self) -> None:
        """Close as WebSocket asks for it (RFC 6455 §5.5.1), without waiting for the answer."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(_client_frame(_CLOSE, (1000).to_bytes(2, "big")))
            self._transport.close()

    def abort(self) -> None:
        """Drop the connection."""
        if self._transport is not None:
            self._transport.abort()

    def _read_upgrade(self) -> None:
        head, separator, rest = self._received.partition(b"\r\n\r\n")
        if not separator:
            return
        if not head.startswith(b"HTTP/1.1 101 "):
            raise RefusedError(f"upgrade answered {head.splitlines()[0]!r}")
        if self._accept not in head:
            raise RefusedError("upgrade answered without the right Sec-WebSocket-Accept")
        self._received = rest
        self._is_upgraded = True
        if self._transport is not None:
            self._transport.write(self._boot)

    def _read_frame(self) -> bool:
        received = self._received
        if len(received) < 2:
            return False
        length, start = received[1], 2
        if length == 126:
            length, start = int.from_bytes(received[2:4], "big"), 4
        elif length > 126:
            raise RefusedError("a server's frame is masked or larger than 64 KiB")
        if len(received) < start + length:
            return False
        self._received = received[start + length :]
        self._frame(received[0] & 0x0F, received[start : start + length])
        return True

    def _frame(self, opcode: int, payload: bytes) -> None:
        if opcode == _TEXT and not self.booted.done():
            self._boot_answer(payload)
        elif opcode == _PING and self._transport is not None:
            self._transport.write(_client_frame(_PONG, payload))
        elif opcode == _CLOSE:
            self._end(RefusedError(f"closed by the server: {payload!r}"))

    def _boot_answer(self, payload: bytes) -> None:
        match json.loads(payload):
            case [3, message_id, {"status": "Accepted"}] if message_id == str(_BOOT_MESSAGE_ID):
                self.booted.set_result(None)
            case _:
                raise RefusedError(f"BootNotification answered {payload!r}")

    def _end(self, error: RefusedError) -> None:
        if not self.booted.done():
            self.booted.set_exception(error)
        self.abort()


def _client_frame(opcode: int, payload: bytes) -> bytes:
    head = bytes([_FIN | opcode])
    if len(payload) < 126:
        head += bytes([_MASKED | len(payload)])
    else:
        head += bytes([_MASKED | 126]) + len(payload).to_bytes(2, "big")
    return head + _MASK_KEY + payload
