"""TLS for chargers as one process serves it: certificates in force, trust, reload, the listener."""

import asyncio
import contextlib
import signal
import socket
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
import uvicorn
from uvicorn.server import ServerState

from csms.bootstrap.settings import Settings
from csms.bootstrap.tls_files import (
    OwnServerFiles,
    crls_of,
    described_identity,
    read_authorities,
    revoked_in,
    stamp_of,
)
from csms.domain.security.authority import CertificateAuthority, StoredRoot
from csms.domain.security.client_certificates import ClientTrust, fingerprint_of, pem_of
from csms.domain.security.errors import TlsFilesUnusableError
from csms.domain.security.issuing import KEY_TYPES
from csms.domain.security.tls_port import TlsState
from csms.gateway.gateway import Gateway
from csms.gateway.tls_context import ServerIdentity, server_context
from csms.gateway.tls_listener import TlsListener
from csms.kernel.clock import Clock
from csms.kernel.errors import CsmsError
from csms.kernel.ids import OrganizationId

_log = structlog.get_logger(__name__)


class TlsKeeper:
    """Holds the TLS context and the trust of this moment; implements the domain's TlsPort.

    `authority` is None where neither a TLS port nor a proxy of ours passes certificates.
    """

    def __init__(
        self,
        settings: Settings,
        data_dir: Path,
        clock: Clock,
        organization_id: OrganizationId,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._organization_id = organization_id
        self._own_files = OwnServerFiles(
            data_dir / "tls", settings.operator_name, settings.tls_certificate_hours
        )
        self._authority: CertificateAuthority | None = None
        self._context: ssl.SSLContext | None = None
        self._stamp: object = None
        self._reloading = asyncio.Lock()
        self._state = TlsState(settings.ocpp_tls_port, behind_proxy=bool(settings.trusted_proxies))
        self.trust = ClientTrust()

    @property
    def is_wanted(self) -> bool:
        """Whether chargers may come under profile 2 or 3 at all."""
        return bool(self._settings.served_profiles(self._settings.public_url) & {2, 3})

    def context(self) -> ssl.SSLContext:
        """Return the context for the next connection."""
        assert self._context is not None, "open() comes first"  # noqa: S101
        return self._context

    def current_trust(self) -> ClientTrust:
        """Return who may issue chargers' certificates, as it stands now."""
        return self.trust

    def state(self) -> TlsState:
        """Return what is in force."""
        return self._state

    async def open(self, authority: CertificateAuthority) -> None:
        """Make what is missing and load everything. Raises TlsFilesUnusableError."""
        self._authority = authority
        if self.is_wanted:
            await self.reload()

    async def reload(self) -> TlsState:
        """Read everything again; nothing changes when something cannot be used."""
        async with self._reloading:
            try:
                await self._load()
            except (OSError, ValueError, ssl.SSLError) as error:
                fault = f"TLS certificates could not be loaded: {error}"
                self._state = replace(self._state, fault=fault)
                raise TlsFilesUnusableError(fault) from error
        return self._state

    async def watch(self) -> None:
        """Reload when a file changes, and when a certificate of our own is to be renewed."""
        while True:
            await asyncio.sleep(self._settings.tls_watch_s)
            if self._stamp == self._stamp_now() and not self._own_files.is_due(self._clock.now()):
                continue
            try:
                await self.reload()
            except CsmsError as error:
                self._stamp = self._stamp_now()  # said once; the next change is tried again
                _log.error("tls_not_reloaded", reason=error.detail)
            else:
                _log.info("tls_reloaded", certificates=len(self._state.certificates))

    async def _load(self) -> None:
        settings, now = self._settings, self._clock.now()
        assert self._authority is not None, "open() comes first"  # noqa: S101
        stamp = self._stamp_now()
        roots = await self._authority.ensure_roots(self._organization_id)
        own = tuple(root.certificate for root in roots)
        authorities = (*own, *await asyncio.to_thread(read_authorities, settings.tls_client_ca))
        crls = await asyncio.to_thread(crls_of, settings.tls_crls, authorities, now)
        identities = self._given_identities()
        is_own = not identities
        if settings.ocpp_tls_port is not None:
            if is_own:
                identities = await self._own_identities(roots, now)
            self._context = await asyncio.to_thread(
                server_context, identities, "".join(pem_of(one) for one in authorities)
            )
        self.trust = ClientTrust(
            authorities, frozenset(fingerprint_of(one) for one in own), revoked_in(crls)
        )
        self._stamp = stamp
        self._state = TlsState(
            port=settings.ocpp_tls_port,
            behind_proxy=bool(settings.trusted_proxies),
            certificates=tuple(described_identity(one, is_own=is_own) for one in identities),
            client_authorities=tuple(one.subject.rfc4514_string() for one in authorities),
            revocation_files=tuple(one.described for one in crls),
            loaded_at=now,
        )

    def _given_identities(self) -> list[ServerIdentity]:
        settings = self._settings
        pairs = (
            (settings.tls_ecdsa_certificate, settings.tls_ecdsa_key),
            (settings.tls_rsa_certificate, settings.tls_rsa_key),
        )
        return [ServerIdentity(c, k) for c, k in pairs if c is not None and k is not None]

    async def _own_identities(self, roots: list[StoredRoot], now: datetime) -> list[ServerIdentity]:
        assert self._authority is not None  # noqa: S101 - _load has seen to it
        names = self._own_files.names_of(self._settings)
        made = []
        for key_type in KEY_TYPES:
            authority = await self._authority.authority(self._organization_id, key_type)
            made.append(
                await asyncio.to_thread(self._own_files.ensure, key_type, authority, names, now)
            )
        pems = {root.key_type: root.certificate_pem for root in roots}
        await asyncio.to_thread(self._own_files.write_roots, pems)
        return made

    def _stamp_now(self) -> object:
        settings = self._settings
        return stamp_of(
            settings.tls_ecdsa_certificate,
            settings.tls_ecdsa_key,
            settings.tls_rsa_certificate,
            settings.tls_rsa_key,
            settings.tls_client_ca,
            *settings.tls_crls,
        )


@contextlib.asynccontextmanager
async def serving_tls(
    keeper: TlsKeeper, gateway: Gateway, listener: socket.socket | None
) -> AsyncIterator[None]:
    """Watch the files, reload on SIGHUP, and serve the TLS port while the block runs."""
    if not keeper.is_wanted:
        yield
        return
    loop = asyncio.get_running_loop()
    asked: set[asyncio.Task[Any]] = set()

    def on_hangup() -> None:
        task = loop.create_task(_reload_and_say(keeper))
        asked.add(task)
        task.add_done_callback(asked.discard)

    loop.add_signal_handler(signal.SIGHUP, on_hangup)
    watching = asyncio.create_task(keeper.watch(), name="tls-files")
    tls = None if listener is None else _listener_of(keeper, gateway, listener)
    if tls is not None:
        tls.start()
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)
        if tls is not None:
            await tls.close()
        for task in (watching, *asked):
            task.cancel()
        await asyncio.gather(watching, *asked, return_exceptions=True)


async def _reload_and_say(keeper: TlsKeeper) -> None:
    try:
        await keeper.reload()
    except CsmsError as error:
        _log.error("tls_not_reloaded", reason=error.detail)
    else:
        _log.info("tls_reloaded", certificates=len(keeper.state().certificates))


def _listener_of(keeper: TlsKeeper, gateway: Gateway, listener: socket.socket) -> TlsListener:
    config = uvicorn.Config(
        _only_chargers,
        http="httptools",
        ws=gateway.uvicorn_protocol(),
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )
    config.load()
    state, loop = ServerState(), asyncio.get_running_loop()
    protocol: Any = config.http_protocol_class
    return TlsListener(
        listener,
        gateway.tls_door(
            keeper.context,
            lambda: protocol(config=config, server_state=state, app_state={}, _loop=loop),
        ),
    )


async def _only_chargers(scope: Any, _: Any, send: Any) -> None:
    """Answer what is no upgrade: pages and API live on the other port."""
    if scope["type"] != "http":
        return
    body = (
        b'{"type":"about:blank","title":"Not Found","status":404,'
        b'"detail":"only chargers connect here, to wss://.../ocpp/{charge_point_id}"}'
    )
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 404, "headers": headers})
    await send({"type": "http.response.body", "body": body})
