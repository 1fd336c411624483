"""Chargers that misbehave in every way the wire allows, from one seed.

Each way is a coroutine on its own connection; a closed socket is a legal answer to any of them.
"""

import asyncio
import contextlib
import json
import os
import random
import struct
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import websockets
from websockets.asyncio.client import ClientConnection

from csms.ocpp.catalog import actions_of

OPEN_TIMEOUT_S = 30
READ_S = 0.02
# The last: asyncio's own transport stumbles over a reset that meets it in the middle of a write.
ENDS = (OSError, TimeoutError, websockets.WebSocketException, AttributeError)
"""How a misbehaving charger's connection may end; none of them is the server's fault."""
EXAMPLES = {spec.name: dict(spec.example.request) for spec in actions_of("1.6")}
ODD_VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 2**31, 2**63, 1.5, 1e308, "", "x", "\x00", "é" * 300, "\ud83d", [], {},
    [None], {"a": {"b": []}}, "2024-13-45T99:99:99Z", "NaN", "9" * 400, ["x"] * 50,
)  # fmt: skip


class Fuzzer:
    """Misbehaves on one charge point id; `sent` counts what was sent by kind."""

    def __init__(self, url: str, charge_point_id: str, seed: int, *, flood_size: int) -> None:
        self.url = f"{url}/{charge_point_id}"
        self.random = random.Random(seed)
        self.flood_size = flood_size
        self.sent: Counter[str] = Counter()
        self.ways: tuple[Callable[[ClientConnection], Awaitable[None]], ...] = (
            self.wrong_types,
            self.random_json,
            self.deep_nesting,
            self.bad_utf8,
            self.binary,
            self.unsolicited_results,
            self.repeated_ids,
            self.odd_frames,
            self.flood,
            self.huge_frame,
        )

    async def run(self, rounds: int) -> None:
        """Misbehave so often, each time in one way on one connection."""
        for number in range(rounds):
            way = self.ways[number % len(self.ways)]
            with contextlib.suppress(*ENDS):
                async with self._connected() as link:
                    await way(link)
                    await self._drain(link)
            with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
                await self.half_frame()

    async def two_sockets(self, times: int) -> None:
        """Hold two sockets under one id, each evicting the other, both talking."""
        for _ in range(times):
            with contextlib.suppress(*ENDS):
                async with self._connected() as first, self._connected() as second:
                    for link in (first, second, first):
                        await self._call(link, "Heartbeat", {})
            self.sent["two_sockets"] += 1

    async def wrong_types(self, link: ClientConnection) -> None:
        for _ in range(25):
            action = self.random.choice(list(EXAMPLES))
            payload = json.loads(json.dumps(EXAMPLES[action]))
            self._spoil(payload)
            await self._call(link, action, payload)

    async def random_json(self, link: ClientConnection) -> None:
        for _ in range(25):
            await self._send(link, "random_json", json.dumps(self._value(4)))

    async def deep_nesting(self, link: ClientConnection) -> None:
        depth = self.random.choice((500, 5_000, 100_000))
        deep = "[" * depth + "]" * depth
        await self._send(link, "deep_nesting", f'[2,"deep","DataTransfer",{deep}]')
        await self._send(link, "deep_nesting", '{"a":' * depth)
        await self._send(link, "deep_nesting", "[" * depth)

    async def bad_utf8(self, link: ClientConnection) -> None:
        call = b'[2,"u","DataTransfer",{"vendorId":"\xff\xfe\xc3("}]'
        await link.send(call, text=True)
        await link.send(bytes(self.random.randrange(256) for _ in range(200)), text=True)
        self.sent["bad_utf8"] += 2

    async def binary(self, link: ClientConnection) -> None:
        for size in (0, 1, 1_000, 100_000):
            await link.send(self.random.randbytes(size))
            self.sent["binary"] += 1

    async def unsolicited_results(self, link: ClientConnection) -> None:
        for _ in range(15):
            await self._send(link, "unsolicited", json.dumps([3, self._id(), self._value(2)]))
            error = [4, self._id(), self._value(1), self._value(1), self._value(1)]
            await self._send(link, "unsolicited", json.dumps(error))

    async def repeated_ids(self, link: ClientConnection) -> None:
        for number in range(15):
            payload = {"vendorId": "v", "data": str(number % 4)}
            await self._send(link, "repeated_ids", json.dumps([2, "same", "DataTransfer", payload]))

    async def odd_frames(self, link: ClientConnection) -> None:
        for text in (
            "", " ", "ping", "[]", "[2]", "[2,3]", "null", "7", '"x"', "{}", '[2,"a"]', '[9,"a",{}]',
            '[2,"a","Heartbeat",{}', '[2,"a","Heartbeat",{}]]', '["2","a","Heartbeat",{}]',
            '[2,7,"Heartbeat",{}]', '[2,"' + "i" * 5_000 + '","Heartbeat",{}]', "[2,null,null,null]",
            '[2,"a",' + json.dumps("A" * 5_000) + ",{}]", '[2,"a","Heartbeat",{"a":NaN}]',
            '[2,"\\u0000","Heartbeat",{}]', '[-1e999,"a","Heartbeat",{}]',
        ):  # fmt: skip
            await self._send(link, "odd_frames", text)

    async def flood(self, link: ClientConnection) -> None:
        """Send without reading an answer, until the server stops reading or all is out."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(5):
                for number in range(self.flood_size):
                    await self._send(link, "flood", f'[2,"f{number}","Heartbeat",{{}}]')

    async def huge_frame(self, link: ClientConnection) -> None:
        data = "x" * self.random.choice((900_000, 1_100_000, 4_000_000))
        payload = {"vendorId": "v", "data": data}
        await self._send(link, "huge_frame", json.dumps([2, "h", "DataTransfer", payload]))

    async def half_frame(self) -> None:
        """Announce a long frame, send a part of it, and be gone."""
        host, port, path = _parts(self.url)
        reader, writer = await asyncio.wait_for(asyncio.open_connection(host, port), OPEN_TIMEOUT_S)
        try:
            key = "AAAAAAAAAAAAAAAAAAAAAA=="
            head = (
                f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n"
                f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
                "Sec-WebSocket-Protocol: ocpp1.6\r\n\r\n"
            )
            writer.write(head.encode())
            await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), OPEN_TIMEOUT_S)
            length = self.random.choice((10_000, 2**40))
            # FIN and text, masked, with a 64-bit length that never comes.
            writer.write(struct.pack("!BBQ", 0x81, 0xFF, length) + os.urandom(4) + b"half")
            await writer.drain()
            self.sent["half_frame"] += 1
        finally:
            writer.transport.abort()

    def _connected(self) -> Any:
        return websockets.connect(
            self.url,
            subprotocols=[websockets.Subprotocol("ocpp1.6")],
            open_timeout=OPEN_TIMEOUT_S,
            close_timeout=1,
            ping_interval=None,
            proxy=None,
        )

    async def _call(self, link: ClientConnection, action: str, payload: Any) -> None:
        await self._send(link, "calls", json.dumps([2, self._id(), action, payload]))

    async def _send(self, link: ClientConnection, kind: str, text: str) -> None:
        await link.send(text.encode("utf-8", "surrogatepass"), text=True)
        self.sent[kind] += 1

    async def _drain(self, link: ClientConnection) -> None:
        with contextlib.suppress(TimeoutError):
            while True:
                await asyncio.wait_for(link.recv(), READ_S)

    def _id(self) -> str:
        return str(self.random.randrange(10**6))

    def _spoil(self, value: Any) -> None:
        """Put something odd in one place of a payload, at any depth."""
        while isinstance(value, dict | list) and value:
            key = self.random.choice(list(value) if isinstance(value, dict) else range(len(value)))
            inner = value[key]
            if isinstance(inner, dict | list) and inner and self.random.random() < 0.6:
                value = inner
                continue
            value[key] = self.random.choice(ODD_VALUES)
            return

    def _value(self, depth: int) -> Any:
        if depth == 0 or self.random.random() < 0.5:
            return self.random.choice(ODD_VALUES)
        if self.random.random() < 0.5:
            return [self._value(depth - 1) for _ in range(self.random.randrange(5))]
        return {f"m{n}": self._value(depth - 1) for n in range(self.random.randrange(5))}


def _parts(url: str) -> tuple[str, int, str]:
    _, _, rest = url.partition("://")
    place, _, path = rest.partition("/")
    host, _, port = place.partition(":")
    return host, int(port), f"/{path}"
