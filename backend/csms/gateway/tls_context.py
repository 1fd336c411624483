"""The TLS of the gateway's own port: versions, suites, certificates (whitepaper A00.FR.312-320)."""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SUITES: Final = (
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "AES128-GCM-SHA256",
    "AES256-GCM-SHA384",
)
"""The whitepaper's four (A00.FR.317), the first two and the last two, and between them the RSA
certificate's with forward secrecy. Python's default leaves out the last two."""
_NO_CHECK_TIME: Final = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME: an expired certificate gets in as far as the handshake desk, which
refuses it with the charger's name and the reason on record."""


@dataclass(frozen=True, slots=True)
class ServerIdentity:
    """A certificate chain and its private key, both PEM files."""

    certificate_file: Path
    key_file: Path
    key_password: str | None = None


def server_context(
    identities: Sequence[ServerIdentity], client_authorities_pem: str
) -> ssl.SSLContext:
    """Return a context that offers every identity and asks for a client certificate.

    OpenSSL picks the identity that the client can verify, one per kind of key. A client without a
    certificate gets in: whether it needs one depends on its security profile. Raises OSError or
    ssl.SSLError for files that cannot be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # Level 2 asks for 112 bits, as A00.FR.501 does, whatever the machine's configuration says.
    context.set_ciphers(":".join(SUITES) + ":@SECLEVEL=2")
    context.options |= (
        ssl.OP_NO_COMPRESSION | ssl.OP_CIPHER_SERVER_PREFERENCE | ssl.OP_NO_RENEGOTIATION
    )
    for identity in identities:
        context.load_cert_chain(identity.certificate_file, identity.key_file, identity.key_password)
    context.verify_mode = ssl.CERT_OPTIONAL
    context.verify_flags |= ssl.VerifyFlags(_NO_CHECK_TIME)
    if client_authorities_pem:
        context.load_verify_locations(cadata=client_authorities_pem)
    return context
