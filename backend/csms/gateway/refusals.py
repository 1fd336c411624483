"""Why an upgrade is refused: the error that carries the answer and what is kept of it."""

from http import HTTPStatus
from typing import Final

from csms.domain.stations.handshakes import HandshakeOutcome, KnownCharger
from csms.gateway.upgrade import Refusal

_BASIC: Final = (("WWW-Authenticate", 'Basic realm="OCPP", charset="UTF-8"'),)
_CERTIFICATE: Final = (("WWW-Authenticate", 'Certificate realm="OCPP"'),)

EVENTS: Final[dict[HandshakeOutcome, str]] = {
    "missing_credentials": "FailedToAuthenticateAtCentralSystem",
    "bad_credentials": "FailedToAuthenticateAtCentralSystem",
    "profile_refused": "FailedToAuthenticateAtCentralSystem",
    "missing_certificate": "InvalidChargePointCertificate",
    "bad_certificate": "InvalidChargePointCertificate",
    "revoked_certificate": "InvalidChargePointCertificate",
}
"""Which refusals are security events too, under the whitepaper's names (§4.6, A00.FR.323, 408)."""


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


def bad_key(outcome: HandshakeOutcome, detail: str, known: KnownCharger) -> HandshakeRefusedError:
    """Return the refusal of missing or wrong Basic credentials."""
    return HandshakeRefusedError(
        outcome, HTTPStatus.UNAUTHORIZED, detail, headers=_BASIC, known=known, is_failure=True
    )


def bad_certificate(
    outcome: HandshakeOutcome, detail: str, known: KnownCharger
) -> HandshakeRefusedError:
    """Return the refusal of a missing or wrong client certificate."""
    return HandshakeRefusedError(
        outcome, HTTPStatus.UNAUTHORIZED, detail, headers=_CERTIFICATE, known=known, is_failure=True
    )


def other_profile(detail: str, known: KnownCharger) -> HandshakeRefusedError:
    """Return the refusal of another security profile than the charger's (WP A00.FR.002)."""
    return HandshakeRefusedError("profile_refused", HTTPStatus.FORBIDDEN, detail, known=known)
