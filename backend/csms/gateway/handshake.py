"""Who may come in: everything that is decided about a charger before its upgrade is answered."""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from csms.domain.security.client_certificates import ClientCertificates
from csms.domain.stations.handshakes import HandshakeAttempt, HandshakeOutcome, KnownCharger
from csms.domain.transactions.admission import Admissions
from csms.gateway.channel import Channel, ProxyTrust
from csms.gateway.credentials import KeyVerifier
from csms.gateway.handshake_log import HandshakeLog
from csms.gateway.limits import FailedHandshakes
from csms.gateway.proof import Proof, ProofDesk
from csms.gateway.refusals import EVENTS, HandshakeRefusedError
from csms.gateway.settings import GatewaySettings
from csms.gateway.tls_failures import TlsFailure
from csms.gateway.tls_listener import TlsDoor
from csms.gateway.transport import is_websocket_key
from csms.gateway.upgrade import (
    Refusal,
    UpgradeRequest,
    charge_point_id_of,
    choose_subprotocol,
    may_assume_subprotocol,
)
from csms.kernel.clock import Clock
from csms.kernel.errors import UnavailableError
from csms.kernel.journal import Journal


@dataclass(frozen=True, slots=True)
class Knock:
    """A charger that may come in. `subprotocol` goes into the answer; None without `speaks_ocpp`
    or where 1.6 is assumed.
    """

    known: KnownCharger
    proof: Proof
    key: bytes
    remote_address: str
    offered: tuple[str, ...]
    subprotocol: str | None
    speaks_ocpp: bool
    user_agent: str | None


class HandshakeDesk:
    """Decides on upgrade requests and keeps every attempt with its reason."""

    def __init__(
        self,
        *,
        admissions: Admissions,
        journal: Journal,
        clock: Clock,
        settings: GatewaySettings,
        now: Callable[[], float],
        kept: Callable[[HandshakeAttempt], None] = lambda _: None,
        certificates: ClientCertificates | None = None,
    ) -> None:
        self._admissions = admissions
        self._journal = journal
        self._clock = clock
        self._settings = settings
        self._verifier = KeyVerifier(
            settings.server_key,
            remembered_max=settings.verified_keys_max,
            threads=settings.slow_hash_threads,
        )
        self._failures = FailedHandshakes(
            limit=settings.failed_handshakes_max,
            window_s=settings.failed_handshakes_window_s,
            addresses_max=settings.failed_addresses_max,
            now=now,
        )
        self._proofs = ProofDesk(self._verifier, self._failures, certificates)
        self._proxies = ProxyTrust(settings.trusted_proxies, settings.proxy_certificate_header)
        self._at_once = asyncio.Semaphore(settings.handshakes_at_once_max)
        self.log = HandshakeLog(admissions, waiting_max=settings.handshake_log_max, kept=kept)
        self.is_closing = False

    async def decide(
        self, request: UpgradeRequest, peer: str, channel: Channel | None = None
    ) -> Knock | Refusal:
        """Return who knocks, or the refusal, which is then already recorded.

        `channel` is how the request came to our socket; None: in the clear.
        """
        channel = channel or Channel()
        address = peer
        if self._proxies.trusts(peer):
            address = self._address_behind(request, peer)
            channel = channel if channel.is_tls else self._proxies.channel_behind(request)
        charge_point_id = charge_point_id_of(request.target, self._settings.path_prefix)
        if charge_point_id is None:
            return Refusal(HTTPStatus.NOT_FOUND, "not_found", "chargers connect to /ocpp/{id}")
        try:
            key = _websocket_key(request)
            async with self._at_once:
                known = await self._known(charge_point_id)
                proof = await self._proofs.check(request, known, channel, address)
        except HandshakeRefusedError as error:
            return self._refuse(error, request, charge_point_id, address)
        return self._knock(request, known, proof, key, address)

    def tls_door(
        self, context: Callable[[], ssl.SSLContext], protocol: Callable[[], asyncio.Protocol]
    ) -> TlsDoor:
        """Return what a TlsListener asks, under this desk's limits."""
        return TlsDoor(
            context=context,
            protocol=protocol,
            may_try=lambda address: not self._failures.retry_after_s(address),
            failed=self._tls_failed,
            handshake_timeout_s=self._settings.tls_handshake_timeout_s,
            handshakes_at_once_max=self._settings.tls_handshakes_at_once_max,
        )

    def _tls_failed(self, failure: TlsFailure, address: str) -> None:
        """Keep a TLS handshake that failed, as an attempt of nobody and as a security event."""
        failures = self._failures.count(address)
        if failures > self._settings.failed_handshakes_max + 1:
            return
        self.log.record(
            HandshakeAttempt(
                at=self._clock.now(),
                charge_point_id="",
                remote_address=address,
                outcome="tls_failed",
                http_status=int(HTTPStatus.BAD_REQUEST),
                reason=failure.reason,
                security_event=failure.security_event,
            )
        )

    def record(
        self, knock: Knock, outcome: HandshakeOutcome, reason: str, status: HTTPStatus
    ) -> None:
        """Keep how the handshake of a known charger ended."""
        self.log.record(
            HandshakeAttempt(
                at=self._clock.now(),
                charge_point_id=knock.known.charge_point_id,
                remote_address=knock.remote_address,
                outcome=outcome,
                http_status=int(status),
                reason=reason,
                subprotocols=knock.offered,
                charger_id=knock.known.charger_id,
                organization_id=knock.known.organization_id,
            )
        )

    def unavailable(self, detail: str) -> HandshakeRefusedError:
        """Return the refusal while nothing can be stored."""
        return HandshakeRefusedError(
            "storage_unavailable",
            HTTPStatus.SERVICE_UNAVAILABLE,
            detail,
            headers=(("Retry-After", str(self._settings.retry_after_s)),),
        )

    async def close(self) -> None:
        """Write what is queued and end the threads."""
        await self.log.flush()
        self._verifier.close()

    async def _known(self, charge_point_id: str) -> KnownCharger:
        if self.is_closing:
            raise self.unavailable("this server is shutting down")
        if not self._journal.is_available:
            raise self.unavailable("nothing can be stored at present")
        try:
            known = await self._admissions.look_up(charge_point_id)
        except UnavailableError:
            raise self.unavailable("chargers cannot be looked up at present") from None
        if known is None:
            raise HandshakeRefusedError(
                "unknown_charger",
                HTTPStatus.NOT_FOUND,
                "no charger is registered under this id",
                is_failure=True,
            )
        grace = timedelta(seconds=self._settings.archived_grace_s)
        if known.archived_at is not None and known.archived_at + grace <= self._clock.now():
            raise HandshakeRefusedError(
                "archived", HTTPStatus.NOT_FOUND, "this charger is archived", known=known
            )
        return known

    def _knock(
        self, request: UpgradeRequest, known: KnownCharger, proof: Proof, key: bytes, address: str
    ) -> Knock:
        offered = request.subprotocols()
        subprotocol = choose_subprotocol(offered)
        is_assumed = known.assumes_subprotocol and may_assume_subprotocol(offered)
        return Knock(
            known=known,
            proof=proof,
            key=key,
            remote_address=address,
            offered=offered,
            subprotocol=subprotocol,
            speaks_ocpp=subprotocol is not None or is_assumed,
            user_agent=request.text(b"user-agent"),
        )

    def _refuse(
        self,
        error: HandshakeRefusedError,
        request: UpgradeRequest,
        charge_point_id: str,
        address: str,
    ) -> Refusal:
        outcome, refusal = error.outcome, error.refusal
        is_over = False
        if error.is_failure:
            retry_after_s = self._failures.retry_after_s(address)
            failures = self._failures.count(address)
            if retry_after_s:
                outcome = "too_many_failures"
                refusal = Refusal(
                    HTTPStatus.TOO_MANY_REQUESTS,
                    outcome,
                    "too many failed handshakes from this address",
                    (("Retry-After", str(max(1, round(retry_after_s)))),),
                )
                is_over = failures > self._settings.failed_handshakes_max + 1
        # Past the limit one record stands for all: a flood must not become a flood of rows.
        if not is_over:
            known = error.known
            self.log.record(
                HandshakeAttempt(
                    at=self._clock.now(),
                    charge_point_id=charge_point_id[:255],
                    remote_address=address,
                    outcome=outcome,
                    http_status=int(refusal.status),
                    reason=refusal.detail,
                    subprotocols=request.subprotocols(),
                    charger_id=known.charger_id if known else None,
                    organization_id=known.organization_id if known else None,
                    security_event=EVENTS.get(outcome),
                )
            )
        return refusal

    def _address_behind(self, request: UpgradeRequest, peer: str) -> str:
        """Return the nearest address that no trusted proxy of ours stands behind."""
        hops = b",".join(request.headers.get(b"x-forwarded-for", [])).split(b",")
        for hop in reversed(hops):
            address = hop.strip().decode("latin-1")
            if address and (
                "*" in self._settings.trusted_proxies or not self._proxies.trusts(address)
            ):
                return address[:64]
        return peer


def _websocket_key(request: UpgradeRequest) -> bytes:
    """Return the client's key. Raises HandshakeRefusedError (RFC 6455 §4.2.1)."""
    if request.method != b"GET":
        raise HandshakeRefusedError("bad_request", HTTPStatus.BAD_REQUEST, "an upgrade is a GET")
    if request.header(b"sec-websocket-version") != b"13":
        raise HandshakeRefusedError(
            "bad_request",
            HTTPStatus.UPGRADE_REQUIRED,
            "WebSocket version 13 is required",
            headers=(("Sec-WebSocket-Version", "13"),),
        )
    key = request.header(b"sec-websocket-key") or b""
    if not is_websocket_key(key):
        raise HandshakeRefusedError(
            "bad_request", HTTPStatus.BAD_REQUEST, "Sec-WebSocket-Key is not 16 bytes in base64"
        )
    return key
