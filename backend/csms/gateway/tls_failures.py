"""What a failed TLS handshake says, in words for a person, and which security event it is."""

import ssl
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class TlsFailure:
    """`security_event` is None where nothing was attacked or refused by us."""

    reason: str
    security_event: str | None = None


_SERVER_UNTRUSTED: Final = (
    "the charger refused our server certificate ({reason}): "
    "it needs the root that signed it, both roots where it speaks RSA and ECDSA, "
    "and the name that it connects to"
)
_REFUSED_BY_CLIENT: Final = (
    "UNKNOWN_CA",
    "BAD_CERTIFICATE",
    "CERTIFICATE_UNKNOWN",
    "CERTIFICATE_EXPIRED",
    "UNSUPPORTED_CERTIFICATE",
)
_NO_COMMON_VERSION: Final = frozenset(
    {
        "UNSUPPORTED_PROTOCOL",
        "TLSV1_ALERT_PROTOCOL_VERSION",
        "VERSION_TOO_LOW",
        "NO_PROTOCOLS_AVAILABLE",
    }
)


def read_tls_failure(error: ssl.SSLError) -> TlsFailure | None:
    """Return what went wrong, or None for a peer that only opened and closed a connection."""
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return None
    if isinstance(error, ssl.SSLCertVerificationError):
        return TlsFailure(
            f"the client certificate was refused: {error.verify_message}",
            "InvalidChargePointCertificate",
        )
    return _of_reason(str(error.reason or error))


def _of_reason(reason: str) -> TlsFailure:
    words = reason.lower().replace("_", " ")
    if reason in _NO_COMMON_VERSION:
        return TlsFailure(
            "no TLS version in common: TLS 1.2 and 1.3 are served (A00.FR.312)", "InvalidTLSVersion"
        )
    if reason in {"NO_SHARED_CIPHER", "NO_SUITABLE_SIGNATURE_ALGORITHM"}:
        return TlsFailure("no cipher suite in common (A00.FR.317)", "InvalidTLSCipherSuite")
    if reason in {"HTTP_REQUEST", "WRONG_VERSION_NUMBER", "HTTPS_PROXY_REQUEST"}:
        return TlsFailure("it did not speak TLS: this port is for wss:// only")
    if reason.endswith(_REFUSED_BY_CLIENT):
        return TlsFailure(_SERVER_UNTRUSTED.format(reason=words))
    return TlsFailure(f"the TLS handshake failed: {words}")
