"""Certificates, keys and revocation lists as files: those that the settings name, and our own."""

import contextlib
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from csms.bootstrap.settings import Settings
from csms.domain.security.client_certificates import fingerprint_of, pem_of
from csms.domain.security.issuing import (
    BACKDATED,
    Authority,
    KeyType,
    key_type_of,
    make_server_certificate,
    new_key,
)
from csms.domain.security.tls_port import RevocationFile, ServedCertificate
from csms.gateway.tls_context import ServerIdentity

PASSPHRASE_FILE: Final = "ca.passphrase"  # noqa: S105  # where it is
ROOTS_FILE: Final = "roots.pem"


@dataclass(frozen=True, slots=True)
class CrlFile:
    """A revocation list that was read, with what there is to say about it."""

    crl: x509.CertificateRevocationList
    described: RevocationFile


def ca_passphrase(settings: Settings, data_dir: Path) -> bytes:
    """Return the passphrase of the authority's keys: the setting, or a file made for it (0600)."""
    if settings.ca_passphrase is not None:
        return settings.ca_passphrase.get_secret_value().encode()
    path = data_dir / PASSPHRASE_FILE
    data_dir.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        _write_private(path, secrets.token_urlsafe(32).encode() + b"\n", exclusive=True)
    return path.read_bytes().strip()


class OwnServerFiles:
    """Server certificates that our authority makes in the data directory, renewed in time."""

    def __init__(self, folder: Path, operator_name: str, life_hours: int) -> None:
        self._folder = folder
        self._operator_name = operator_name
        self._life = timedelta(hours=life_hours)
        self._renew_at: dict[KeyType, datetime] = {}

    def names_of(self, settings: Settings) -> tuple[str, ...]:
        """Return the names under which chargers reach us, the first for the common name."""
        named = [*settings.tls_names]
        for url in (settings.ocpp_tls_url, settings.public_url):
            host = urlsplit(url).hostname if url else None
            if host:
                named.append(host)
        if settings.host not in {"0.0.0.0", "::"}:
            named.append(settings.host)
        return tuple(dict.fromkeys([*named, "localhost", "127.0.0.1", "::1"]))

    def is_due(self, now: datetime) -> bool:
        """Whether a certificate made here has used two thirds of its life."""
        return any(now >= at for at in self._renew_at.values())

    def ensure(
        self, key_type: KeyType, authority: Authority, names: Sequence[str], now: datetime
    ) -> ServerIdentity:
        """Return the certificate's files, made anew when they are missing, due or for other names.

        Raises OSError when they cannot be written.
        """
        stem = self._folder / f"server-{key_type.lower()}"
        identity = ServerIdentity(stem.with_suffix(".pem"), stem.with_suffix(".key"))
        present = _present(identity, authority, names)
        if present is None or now >= self._renewal_of(present):
            present = self._make(identity, key_type, authority, names, now)
        self._renew_at[key_type] = self._renewal_of(present)
        return identity

    def write_roots(self, pems: Mapping[KeyType, str]) -> None:
        """Write the roots, which chargers and test tools need, one file each and together."""
        for key_type, pem in pems.items():
            (self._folder / f"root-{key_type.lower()}.pem").write_text(pem)
        (self._folder / ROOTS_FILE).write_text("".join(pems[name] for name in sorted(pems)))

    def _make(
        self,
        identity: ServerIdentity,
        key_type: KeyType,
        authority: Authority,
        names: Sequence[str],
        now: datetime,
    ) -> x509.Certificate:
        key = new_key(key_type)
        made = make_server_certificate(
            authority, key.public_key(), self._operator_name, names, now=now, life=self._life
        )
        self._folder.mkdir(parents=True, exist_ok=True)
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        _write_private(identity.key_file, private)
        _write_private(identity.certificate_file, pem_of(made).encode(), mode=0o644)
        return made

    def _renewal_of(self, certificate: x509.Certificate) -> datetime:
        began = certificate.not_valid_before_utc + BACKDATED
        return began + (certificate.not_valid_after_utc - began) * 2 / 3


def read_authorities(path: Path | None) -> tuple[x509.Certificate, ...]:
    """Return the certificates in a PEM file. Raises OSError, or ValueError naming the file."""
    if path is None:
        return ()
    try:
        return tuple(x509.load_pem_x509_certificates(path.read_bytes()))
    except ValueError as error:
        raise ValueError(f"{path} holds no certificates in PEM: {error}") from error


def crls_of(
    paths: Sequence[Path], authorities: Sequence[x509.Certificate], now: datetime
) -> tuple[CrlFile, ...]:
    """Return the lists, each checked to be its issuer's. Raises OSError, or ValueError for a file."""
    return tuple(_crl(path, authorities, now) for path in paths)


def revoked_in(crls: Sequence[CrlFile]) -> dict[bytes, frozenset[int]]:
    """Return the serial numbers of what is revoked, by the issuer's name in DER."""
    revoked: dict[bytes, frozenset[int]] = {}
    for one in crls:
        issuer = one.crl.issuer.public_bytes()
        serials = frozenset(entry.serial_number for entry in one.crl)
        revoked[issuer] = revoked.get(issuer, frozenset()) | serials
    return revoked


def described_identity(identity: ServerIdentity, *, is_own: bool) -> ServedCertificate:
    """Return what there is to say about a server certificate. Raises OSError, ValueError."""
    certificate = x509.load_pem_x509_certificate(identity.certificate_file.read_bytes())
    return ServedCertificate(
        key_type=key_type_of(certificate.public_key()),
        subject=certificate.subject.rfc4514_string(),
        names=_names_in(certificate),
        issuer=certificate.issuer.rfc4514_string(),
        fingerprint=fingerprint_of(certificate),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        is_own=is_own,
    )


def stamp_of(*paths: Path | None) -> tuple[tuple[int, int, int] | None, ...]:
    """Return what changes when one of the files does, links followed."""
    return tuple(_stamp(path) for path in paths)


def _stamp(path: Path | None) -> tuple[int, int, int] | None:
    if path is None:
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _crl(path: Path, authorities: Sequence[x509.Certificate], now: datetime) -> CrlFile:
    content = path.read_bytes()
    is_pem = content.lstrip().startswith(b"-----BEGIN")
    load = x509.load_pem_x509_crl if is_pem else x509.load_der_x509_crl
    try:
        crl = load(content)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ValueError(f"{path} is no revocation list: {error}") from error
    if not any(_is_signed_by(crl, one) for one in authorities):
        raise ValueError(
            f"{path} was issued by {crl.issuer.rfc4514_string()}, "
            "which is not among the authorities for chargers (CSMS_TLS_CLIENT_CA)"
        )
    until = crl.next_update_utc
    described = RevocationFile(
        path=str(path),
        issuer=crl.issuer.rfc4514_string(),
        next_update=until,
        is_stale=until is not None and until < now,
        revoked=len(crl),
    )
    return CrlFile(crl, described)


def _is_signed_by(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    if crl.issuer != issuer.subject:
        return False
    try:
        return crl.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]  # a TypeError says that it cannot be its signer
    except (TypeError, ValueError, InvalidSignature):
        return False


def _present(
    identity: ServerIdentity, authority: Authority, names: Sequence[str]
) -> x509.Certificate | None:
    try:
        found = x509.load_pem_x509_certificate(identity.certificate_file.read_bytes())
        found.verify_directly_issued_by(authority.certificate)
        key = serialization.load_pem_private_key(identity.key_file.read_bytes(), None)
    except (OSError, ValueError, TypeError, InvalidSignature):
        return None
    is_whole = key.public_key() == found.public_key() and set(_names_in(found)) == set(names)
    return found if is_whole else None


def _names_in(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(str(one.value) for one in names)


def _write_private(
    path: Path, content: bytes, *, exclusive: bool = False, mode: int = 0o600
) -> None:
    """Write a file that nobody sees half written, and at no moment with wider rights."""
    if exclusive:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        return
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    _write_private(temporary, content, exclusive=True, mode=mode)
    temporary.replace(path)
