"""Roots, server and client certificates for tests, made by the product's own pure functions."""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from csms.domain.security.client_certificates import pem_of
from csms.domain.security.issuing import (
    Authority,
    KeyType,
    PrivateKey,
    make_charger_certificate,
    make_root,
    make_server_certificate,
    new_key,
)
from csms.gateway.tls_context import ServerIdentity

OPERATOR = "Example Operator"
NAMES = ("localhost", "127.0.0.1")
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Files:
    """A certificate with its key, as files."""

    certificate: x509.Certificate
    key: PrivateKey
    certificate_file: Path
    key_file: Path

    @property
    def identity(self) -> ServerIdentity:
        return ServerIdentity(self.certificate_file, self.key_file)


def authority(key_type: KeyType = "ECDSA", operator: str = OPERATOR) -> Authority:
    key = new_key(key_type)
    return Authority(make_root(key, operator, datetime.now(UTC)), key)


def server_files(folder: Path, signed_by: Authority, key_type: KeyType) -> Files:
    key = new_key(key_type)
    made = make_server_certificate(
        signed_by, key.public_key(), OPERATOR, NAMES, now=datetime.now(UTC), life=YEAR
    )
    return _written(folder, f"server-{key_type}", made, key)


def charger_files(
    folder: Path,
    signed_by: Authority,
    serial_number: str,
    *,
    key_type: KeyType = "ECDSA",
    operator: str = OPERATOR,
    now: datetime | None = None,
    life: timedelta = YEAR,
) -> Files:
    key = new_key(key_type)
    made = make_charger_certificate(
        signed_by,
        key.public_key(),
        operator,
        serial_number,
        now=now or datetime.now(UTC),
        life=life,
    )
    return _written(folder, f"charger-{made.serial_number:x}", made, key)


def client_context(
    roots: Sequence[Authority],
    client: Files | None = None,
    *,
    suites: str | None = None,
    version: ssl.TLSVersion | None = None,
) -> ssl.SSLContext:
    """What a charger dials with: the roots that it trusts, and its certificate."""
    context = ssl.create_default_context(cadata="".join(pem_of(one.certificate) for one in roots))
    if client is not None:
        context.load_cert_chain(client.certificate_file, client.key_file)
    if suites is not None:
        context.set_ciphers(suites)
    if version is not None:
        context.minimum_version = context.maximum_version = version
    return context


def key_pem(key: PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _written(folder: Path, name: str, made: x509.Certificate, key: PrivateKey) -> Files:
    certificate_file, key_file = folder / f"{name}.pem", folder / f"{name}.key"
    certificate_file.write_text(pem_of(made))
    key_file.write_bytes(key_pem(key))
    return Files(made, key, certificate_file, key_file)
