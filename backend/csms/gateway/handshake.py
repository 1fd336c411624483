"""Who may come in: everything that is decided about a charger before its upgrade is answered."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from csms.domain.stations.handshakes import HandshakeAttempt, HandshakeOutcome, KnownCharger
from csms.domain.transactions.admission import Admissions
from csms.gateway.credentials import BadAuthorizationError, KeyVerifier, basic_key
from csms.gateway.handshake_log import HandshakeLog
from csms.gateway.limits import FailedHandshakes
from csms.gateway.settings import GatewaySettings
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

_BASIC = (("WWW-Authenticate", 'Basic realm="OCPP", charset="UTF-8"'),)


@dataclass(frozen=True, slots=True)
class Knock:
    """A charger that may come in. `subprotocol` goes into the answer; None without `speaks_ocpp`
    or where 1.6 is assumed.
    """

    known: KnownCharger
    key: bytes
    remote_address: str
    offered: tuple[str, ...]
    subprotocol: str | None
    speaks_ocpp: bool
    user_agent: str | None


class HandshakeRefusedError(Exception):
    """The upgrade is refused with `refusal`; `outcome` is kept with its reason."""

    def __init__(
        self,
        outcome: HandshakeOutcome,
        status: HTTPStatus,
        detail: str,
        *,
        headers: tuple[tuple[str, str], ...] = (),
        known: KnownCharger | None = None,
        is_failure: bool = False,
    ) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.refusal = Refusal(status, outcome, detail, headers)
        self.known = known
        self.is_failure = is_failure


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
        self._at_once = asyncio.Semaphore(settings.handshakes_at_once_max)
        self.log = HandshakeLog(admissions, waiting_max=settings.handshake_log_max, kept=kept)
        self.is_closing = False

    async def decide(self, request: UpgradeRequest, peer: str) -> Knock | Refusal:
        """Return who knocks, or the refusal, which is then already recorded."""
        address = self._address_of(request, peer)
        charge_point_id = charge_point_id_of(request.target, self._settings.path_prefix)
        if charge_point_id is None:
            return Refusal(HTTPStatus.NOT_FOUND, "not_found", "chargers connect to /ocpp/{id}")
        try:
            key = _websocket_key(request)
            async with self._at_once:
                known = await self._known(charge_point_id)
                await self._require_credentials(request, known, address)
        except HandshakeRefusedError as error:
            return self._refuse(error, request, charge_point_id, address)
        return self._knock(request, known, key, address)

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
        if known.security_profile not in {0, 1}:
            raise HandshakeRefusedError(
                "profile_refused",
                HTTPStatus.FORBIDDEN,
                f"security profile {known.security_profile} is not served on this port",
                known=known,
            )
        return known

    async def _require_credentials(
        self, request: UpgradeRequest, known: KnownCharger, address: str
    ) -> None:
        if known.security_profile == 0:
            return
        authorization = request.header(b"authorization")
        if authorization is None:
            raise _unauthorized("missing_credentials", "HTTP Basic credentials are required", known)
        try:
            key = basic_key(authorization, known.charge_point_id)
        except BadAuthorizationError as error:
            raise _unauthorized("bad_credentials", str(error), known) from None
        if self._verifier.match_quickly(known, key) is not None:
            return
        # A slow hash is work that a stranger can order: not for an address that failed too often.
        if not self._failures.retry_after_s(address) and await self._verifier.match_slowly(
            known, key
        ):
            return
        raise _unauthorized("bad_credentials", "the key is not the charger's", known)

    def _knock(
        self, request: UpgradeRequest, known: KnownCharger, key: bytes, address: str
    ) -> Knock:
        offered = request.subprotocols()
        subprotocol = choose_subprotocol(offered)
        is_assumed = known.assumes_subprotocol and may_assume_subprotocol(offered)
        return Knock(
            known=known,
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
                )
            )
        return refusal

    def _address_of(self, request: UpgradeRequest, peer: str) -> str:
        """Return the nearest address that no trusted proxy of ours stands behind."""
        trusted = self._settings.trusted_proxies
        if peer not in trusted and "*" not in trusted:
            return peer
        hops = b",".join(request.headers.get(b"x-forwarded-for", [])).split(b",")
        for hop in reversed(hops):
            address = hop.strip().decode("latin-1")
            if address and address not in trusted:
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


def _unauthorized(
    outcome: HandshakeOutcome, detail: str, known: KnownCharger
) -> HandshakeRefusedError:
    return HandshakeRefusedError(
        outcome,
        HTTPStatus.UNAUTHORIZED,
        detail,
        headers=_BASIC,
        known=known,
        is_failure=True,
    )
