"""A node under test with a TLS port, an authority for chargers, and one for the server."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.asyncio.client import connect

from csms.domain.security.client_certificates import (
    ClientCertificates,
    ClientTrust,
    IssuedStatus,
    fingerprint_of,
    pem_of,
)
from csms.domain.security.issuing import Authority
from csms.gateway.tls_context import server_context
from csms.gateway.tls_listener import TlsListener
from csms.kernel.clock import SystemClock
from csms.kernel.ids import ChargerId
from tests.gateway import certificates
from tests.gateway.certificates import Files
from tests.gateway.fakes import FakeIssued
from tests.gateway.node import ChargerClient, Node, running_node


@dataclass
class TlsNode:
    """A node with its TLS port. `context` may be changed while it runs."""

    node: Node
    folder: Path
    port: int
    ecdsa: Authority
    rsa: Authority
    issued: FakeIssued
    trust: ClientTrust
    context: ssl.SSLContext
    failures: list[Any] = field(default_factory=list)

    @property
    def roots(self) -> Sequence[Authority]:
        return (self.ecdsa, self.rsa)

    def url(self, charge_point_id: str) -> str:
        return f"wss://127.0.0.1:{self.port}/ocpp/{charge_point_id}"

    def issue(self, serial_number: str, charger_id: ChargerId, **options: Any) -> Files:
        """A certificate of our own authority, on record as issued to that charger."""
        signed_by = options.pop("signed_by", self.ecdsa)
        made = certificates.charger_files(self.folder, signed_by, serial_number, **options)
        self.issued.statuses[fingerprint_of(made.certificate)] = IssuedStatus(
            charger_id, is_revoked=False
        )
        return made

    @asynccontextmanager
    async def charger(
        self, charge_point_id: str, client: Files | None = None, **options: Any
    ) -> AsyncIterator[ChargerClient]:
        """Connect over TLS as a charger that offers ocpp1.6 and pings nobody."""
        options.setdefault("ssl", certificates.client_context(self.roots, client))
        options.setdefault("subprotocols", ["ocpp1.6"])
        async with connect(self.url(charge_point_id), ping_interval=None, **options) as link:
            yield ChargerClient(link)


@asynccontextmanager
async def running_tls_node(folder: Path, **settings: Any) -> AsyncIterator[TlsNode]:
    """Serve in the clear and over TLS, each on a free port."""
    ecdsa, rsa = certificates.authority("ECDSA"), certificates.authority("RSA")
    identities = [
        certificates.server_files(folder, ecdsa, "ECDSA").identity,
        certificates.server_files(folder, rsa, "RSA").identity,
    ]
    roots = (ecdsa.certificate, rsa.certificate)
    trust = ClientTrust(roots, frozenset(fingerprint_of(one) for one in roots))
    issued = FakeIssued()
    context = server_context(identities, "".join(pem_of(one) for one in roots))
    made: list[TlsNode] = []
    checks = ClientCertificates(
        issued, lambda: made[0].trust, SystemClock(), frozenset({certificates.OPERATOR})
    )
    async with running_node(certificates=checks, **settings) as node:
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        config, state = node.server.config, node.server.server_state
        loop = asyncio.get_running_loop()
        protocol: Any = config.http_protocol_class
        tls = TlsListener(
            listener,
            node.gateway.tls_door(
                lambda: made[0].context,
                lambda: protocol(config=config, server_state=state, app_state={}, _loop=loop),
            ),
        )
        port = listener.getsockname()[1]
        made.append(TlsNode(node, folder, port, ecdsa, rsa, issued, trust, context))
        tls.start()
        try:
            yield made[0]
        finally:
            await tls.close()
            listener.close()
