"""How a charger's request came in: in the clear, over TLS, or over TLS that ends at a proxy of ours."""

import base64
import binascii
import ipaddress
import re
import ssl
from asyncio import BaseTransport
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

from csms.gateway.upgrade import UpgradeRequest

_XFCC_CERT: Final = re.compile(rb'(?:^|[;,])\s*cert="?([^";,]+)"?', re.IGNORECASE)
_BEGIN: Final = b"-----BEGIN CERTIFICATE-----"
_SCHEMES_OF_TLS: Final = frozenset({b"https", b"wss"})
CERTIFICATE_MAX_BYTES: Final = 32 * 1024
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Channel:
    """`certificate` is the client's, in DER; over TLS of our own its key is proven by TLS.

    `tls` says version and suite, or that a proxy ended it; None: in the clear.
    """

    tls: str | None = None
    certificate: bytes | None = None

    @property
    def is_tls(self) -> bool:
        """Whether nobody on the way could read or change what was sent."""
        return self.tls is not None


class ProxyTrust:
    """Which peers are proxies of ours, and in which header they pass a client's certificate on.

    `proxies` are addresses, networks (10.0.0.0/8), `unix` or `*`.
    """

    def __init__(self, proxies: Iterable[str], certificate_header: str | None = None) -> None:
        self._names = frozenset(proxies)
        self._networks = tuple(network for name in self._names for network in _network(name))
        self._header = certificate_header.lower().encode() if certificate_header else None

    def trusts(self, peer: str) -> bool:
        """Whether what this peer says of others counts."""
        if not self._names:
            return False
        if peer in self._names or "*" in self._names:
            return True
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return False
        return any(address in network for network in self._networks)

    def channel_behind(self, request: UpgradeRequest) -> Channel:
        """Return how the client came to a trusted proxy, as the proxy says it."""
        scheme = (request.header(b"x-forwarded-proto") or b"").split(b",")[-1].strip().lower()
        if scheme not in _SCHEMES_OF_TLS:
            return Channel()
        said = request.header(self._header) if self._header is not None else None
        return Channel("by a proxy", None if not said else certificate_in_header(said))


def channel_of(transport: BaseTransport) -> Channel:
    """Return how the client came to a socket of ours."""
    tls = transport.get_extra_info("ssl_object")
    if not isinstance(tls, ssl.SSLObject | ssl.SSLSocket):
        return Channel()
    suite = tls.cipher()
    words = f"{tls.version()} {suite[0] if suite else ''}".strip()
    return Channel(words, tls.getpeercert(binary_form=True))


def certificate_in_header(said: bytes) -> bytes:
    """Return the certificate in a proxy's header, in DER, or the bytes as they are if it is none.

    Understood: PEM with escapes (nginx `$ssl_client_escaped_cert`, Envoy `Cert="..."`), and
    base64 DER, bare (Caddy `certificate_der_base64`) or between colons (RFC 9440).
    """
    if len(said) > CERTIFICATE_MAX_BYTES:
        return b""
    elsewhere = _XFCC_CERT.search(said)
    text = unquote_to_bytes(elsewhere.group(1) if elsewhere else said).strip()
    if text.startswith(_BEGIN):
        text = text.removeprefix(_BEGIN).partition(b"-----END")[0]
    try:
        return base64.b64decode(b"".join(text.strip(b":").split()), validate=True)
    except binascii.Error:
        return text


def _network(name: str) -> tuple[Network, ...]:
    try:
        return (ipaddress.ip_network(name, strict=False),)
    except ValueError:
        return ()
