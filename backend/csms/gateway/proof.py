"""Does a charger prove itself under its security profile? (whitepaper §2, OCPP-J 1.6 §6.2)."""

from dataclasses import dataclass
from http import HTTPStatus

from csms.domain.security.client_certificates import ClientCertificates
from csms.domain.security.errors import CertificateRefusedError
from csms.domain.stations.handshakes import HandshakeOutcome, KnownCharger, StoredCredential
from csms.gateway.channel import Channel
from csms.gateway.credentials import BadAuthorizationError, KeyVerifier, basic_key
from csms.gateway.limits import FailedHandshakes
from csms.gateway.refusals import (
    HandshakeRefusedError,
    bad_certificate,
    bad_key,
    other_profile,
)
from csms.gateway.upgrade import UpgradeRequest
from csms.kernel.errors import UnavailableError

_PLAIN, _SECURED = (1, 0), (3, 2)


@dataclass(frozen=True, slots=True)
class Proof:
    """Under which profile a charger came in, and with what: `certificate` is a fingerprint."""

    profile: int
    credential: StoredCredential | None = None
    certificate: str | None = None
    tls: str | None = None


class ProofDesk:
    """Checks keys and certificates. Without `certificates` nobody comes in under profile 3."""

    def __init__(
        self,
        verifier: KeyVerifier,
        failures: FailedHandshakes,
        certificates: ClientCertificates | None,
    ) -> None:
        self._verifier = verifier
        self._failures = failures
        self._certificates = certificates

    async def check(
        self, request: UpgradeRequest, known: KnownCharger, channel: Channel, address: str
    ) -> Proof:
        """Return the proof. Raises HandshakeRefusedError.

        While an upgrade waits, two profiles are admitted (WP A05): the higher is tried first.
        """
        profiles = _profiles_possible(known, channel)
        refusal: HandshakeRefusedError | None = None
        for profile in profiles:
            try:
                return await self._check(profile, request, known, channel, address)
            except HandshakeRefusedError as error:
                refusal = refusal or error
        assert refusal is not None  # noqa: S101 - there is always a profile to try
        raise refusal

    async def _check(
        self,
        profile: int,
        request: UpgradeRequest,
        known: KnownCharger,
        channel: Channel,
        address: str,
    ) -> Proof:
        if profile == 0:
            return Proof(0)
        if profile == 3:
            return await self._with_certificate(known, channel)
        credential = await self._credential(request, known, address)
        return Proof(profile, credential=credential, tls=channel.tls)

    async def _with_certificate(self, known: KnownCharger, channel: Channel) -> Proof:
        if channel.certificate is None:
            raise bad_certificate("missing_certificate", "a client certificate is required", known)
        if self._certificates is None:
            raise bad_certificate(
                "bad_certificate", "client certificates are not checked by this server", known
            )
        try:
            admitted = await self._certificates.check(
                channel.certificate, known.charger_id, known.serial_number
            )
        except CertificateRefusedError as error:
            outcome: HandshakeOutcome = (
                "revoked_certificate" if error.is_revoked else "bad_certificate"
            )
            raise bad_certificate(outcome, error.detail, known) from None
        except UnavailableError:
            raise HandshakeRefusedError(
                "storage_unavailable",
                HTTPStatus.SERVICE_UNAVAILABLE,
                "the certificate cannot be looked up at present",
                headers=(("Retry-After", "10"),),
                known=known,
            ) from None
        return Proof(3, certificate=admitted.fingerprint, tls=channel.tls)

    async def _credential(
        self, request: UpgradeRequest, known: KnownCharger, address: str
    ) -> StoredCredential:
        authorization = request.header(b"authorization")
        if authorization is None:
            raise bad_key("missing_credentials", "HTTP Basic credentials are required", known)
        try:
            key = basic_key(authorization, known.charge_point_id)
        except BadAuthorizationError as error:
            raise bad_key("bad_credentials", str(error), known) from None
        found = self._verifier.match_quickly(known, key)
        # A slow hash is work that a stranger can order: not for an address that failed too often.
        if found is None and not self._failures.retry_after_s(address):
            found = await self._verifier.match_slowly(known, key)
        if found is None:
            raise bad_key("bad_credentials", "the key is not the charger's", known)
        return found


def settling_key(known: KnownCharger, credential: StoredCredential | None) -> int | None:
    """Return the key whose use ends an open change of key, or None (whitepaper A01).

    A charger that announced to take the new key after a reboot may come with the present one
    until then: that decides nothing.
    """
    if credential is None or not known.has_open_key_change:
        return None
    is_early = any(one.waits_for_reboot for one in known.credentials)
    return None if is_early and not credential.is_proposed else credential.id


def _profiles_possible(known: KnownCharger, channel: Channel) -> list[int]:
    """Return the admitted profiles that fit the channel, the highest first.

    Raises HandshakeRefusedError when there is none (WP A00.FR.002).
    """
    admitted = known.profiles
    fitting = [one for one in (_SECURED if channel.is_tls else _PLAIN) if one in admitted]
    if fitting:
        return fitting
    if channel.is_tls:
        raise other_profile(
            f"the charger's security profile is {known.security_profile} and it came over TLS: "
            "raise its profile, or let it connect without TLS",
            known,
        )
    raise other_profile(
        f"the charger's security profile is {known.security_profile} and needs TLS: "
        "it came without",
        known,
    )
