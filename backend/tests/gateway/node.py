"""A node under test: uvicorn on a free port with the gateway in its WebSocket seam."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from websockets.asyncio.client import ClientConnection, connect

from csms.adapters.memory.live_events import MemoryLiveEvents
from csms.adapters.memory.presence import MemoryPresence
from csms.domain.security.client_certificates import ClientCertificates
from csms.domain.transactions.rules import SessionRules
from csms.gateway.gateway import Gateway
from csms.gateway.settings import GatewaySettings
from tests.gateway.fakes import FakeAdmissions, FakeClock, FakeIdTags, FakeJournal, FakeReads

SERVER_KEY = b"a server key for tests"


async def hello(scope: Any, receive: Any, send: Any) -> None:
    """Answer every plain request with 200: the API that shares the port."""
    if scope["type"] != "http":
        return
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]}
    )
    await send({"type": "http.response.body", "body": b"ok"})


@dataclass
class Node:
    """A running gateway with its stand-ins."""

    gateway: Gateway
    server: uvicorn.Server
    journal: FakeJournal
    admissions: FakeAdmissions
    reads: FakeReads
    clock: FakeClock
    presence: MemoryPresence
    live: MemoryLiveEvents
    port: int

    def url(self, path: str) -> str:
        return f"ws://127.0.0.1:{self.port}{path}"

    @asynccontextmanager
    async def charger(
        self, charge_point_id: str = "CP001", **options: Any
    ) -> AsyncIterator["ChargerClient"]:
        """Connect as a charger that offers ocpp1.6 and pings nobody."""
        options.setdefault("subprotocols", ["ocpp1.6"])
        options.setdefault("ping_interval", None)
        async with connect(self.url(f"/ocpp/{charge_point_id}"), **options) as link:
            yield ChargerClient(link)

    async def raw(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def until(self, is_so: Any) -> None:
        """Wait until something holds; the only clock is a time-out."""
        async with asyncio.timeout(10):
            while not is_so():  # noqa: ASYNC110 - what is waited for sets no event
                await asyncio.sleep(0.005)


@dataclass
class ChargerClient:
    """A charger as frames: what it sends and what it gets."""

    link: ClientConnection
    _number: int = 0

    async def send(self, *frame: Any) -> None:
        await self.link.send(json.dumps(frame))

    async def receive(self, timeout_s: float = 10) -> Any:
        return json.loads(await asyncio.wait_for(self.link.recv(), timeout_s))

    async def call(self, action: str, payload: Any, message_id: str | None = None) -> Any:
        """Send a CALL and return the next frame."""
        self._number += 1
        await self.send(2, message_id or f"m{self._number}", action, payload)
        return await self.receive()

    async def closed(self) -> tuple[int, str]:
        """Wait for the CLOSE and return its code and reason."""
        async with asyncio.timeout(10):
            await self.link.wait_closed()
        return self.link.close_code or 0, self.link.close_reason or ""


@asynccontextmanager
async def running_node(
    http: str = "auto", certificates: ClientCertificates | None = None, **settings: Any
) -> AsyncIterator[Node]:
    """Serve on a free port; `settings` are fields of GatewaySettings."""
    journal, admissions, reads, clock = FakeJournal(), FakeAdmissions(), FakeReads(), FakeClock()
    presence, live = MemoryPresence(), MemoryLiveEvents()
    gateway = Gateway(
        journal=journal,
        admissions=admissions,
        reads=reads,
        id_tags=FakeIdTags(reads),
        clock=clock,
        settings=GatewaySettings(server_key=SERVER_KEY, **settings),
        rules=SessionRules(),
        presence=presence,
        live=live,
        certificates=certificates,
    )
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        hello,
        ws=gateway.uvicorn_protocol(),
        http=http,
        lifespan="off",
        log_config=None,
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:  # noqa: ASYNC110 - uvicorn sets no event
        await asyncio.sleep(0.005)
    gateway.start()
    port = listener.getsockname()[1]
    node = Node(gateway, server, journal, admissions, reads, clock, presence, live, port)
    try:
        yield node
    finally:
        await gateway.close()
        server.should_exit = True
        await serving
