"""Making X.509 certificates and revocation lists: what stands in them, signed by a given key. Pure.

Properties are those of the whitepaper §2.6.1: RSA from 2048 bits or ECDSA, SHA-256, signatures with
RSA-PSS or ECDSA (A00.FR.505), O the operator (A00.FR.509), key usage restricted (A00.FR.512).
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

KeyType = Literal["ECDSA", "RSA"]
KEY_TYPES: Final[tuple[KeyType, ...]] = ("ECDSA", "RSA")
PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey

ROOT_LIFE: Final = timedelta(days=20 * 365)
CRL_LIFE: Final = timedelta(days=7)
BACKDATED: Final = timedelta(hours=24)
"""A charger's clock may be behind; what begins a day ago is valid for it, too."""
_RSA_ROOT_BITS: Final = 3072
_RSA_BITS: Final = 2048


@dataclass(frozen=True, slots=True)
class Authority:
    """A root with its private key."""

    certificate: x509.Certificate
    key: PrivateKey


@dataclass(frozen=True, slots=True)
class Revoked:
    """One line of a revocation list."""

    serial_number: int
    at: datetime


def new_key(key_type: KeyType, *, is_root: bool = False) -> PrivateKey:
    """Return a new private key: P-256, or RSA with 2048 bits, 3072 for a root. RSA takes a while."""
    if key_type == "ECDSA":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(65537, _RSA_ROOT_BITS if is_root else _RSA_BITS)


def key_type_of(key: object) -> KeyType:
    """Return which of our two kinds a key is. Raises TypeError for any other."""
    match key:
        case ec.EllipticCurvePublicKey() | ec.EllipticCurvePrivateKey():
            return "ECDSA"
        case rsa.RSAPublicKey() | rsa.RSAPrivateKey():
            return "RSA"
        case _:
            raise TypeError(f"a key of kind {type(key).__name__} is not used here")


def make_root(key: PrivateKey, operator_name: str, now: datetime) -> x509.Certificate:
    """Return the operator's root certificate for that key."""
    name = _name(operator_name, f"{operator_name[:40]} OCPP root {key_type_of(key)}")
    builder = _dated(name, name, key.public_key(), now, now + ROOT_LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return _sign(builder.add_extension(_usage(is_root=True), critical=True), key)


def make_server_certificate(
    authority: Authority,
    public_key: PublicKey,
    operator_name: str,
    names: Sequence[str],
    *,
    now: datetime,
    life: timedelta,
) -> x509.Certificate:
    """Return a server certificate whose common name is the first of `names` (A00.FR.510)."""
    until = min(now + life, authority.certificate.not_valid_after_utc)
    subject = _name(operator_name, names[0][:64])
    builder = _dated(subject, authority.certificate.subject, public_key, now, until)
    alternatives = x509.SubjectAlternativeName([_general_name(name) for name in names])
    builder = _of_authority(builder, authority, public_key, ExtendedKeyUsageOID.SERVER_AUTH)
    return _sign(builder.add_extension(alternatives, critical=False), authority.key)


def make_charger_certificate(
    authority: Authority,
    public_key: PublicKey,
    operator_name: str,
    serial_number: str,
    *,
    now: datetime,
    life: timedelta,
    crl_url: str | None = None,
) -> x509.Certificate:
    """Return a client certificate for the charger of that serial number (A00.FR.511)."""
    until = min(now + life, authority.certificate.not_valid_after_utc)
    subject = _name(operator_name, serial_number)
    builder = _dated(subject, authority.certificate.subject, public_key, now, until)
    builder = _of_authority(builder, authority, public_key, ExtendedKeyUsageOID.CLIENT_AUTH)
    if crl_url is not None:
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(crl_url)], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    return _sign(builder, authority.key)


def make_crl(
    authority: Authority, revoked: Sequence[Revoked], number: int, now: datetime
) -> x509.CertificateRevocationList:
    """Return the list of what is revoked, good for a week (RFC 5280 §5)."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(now)
        .next_update(now + CRL_LIFE)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(_authority_id(authority), critical=False)
    )
    for one in revoked:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(one.serial_number)
            .revocation_date(one.at)
            .build()
        )
    if isinstance(authority.key, rsa.RSAPrivateKey):
        return builder.sign(authority.key, hashes.SHA256(), rsa_padding=_pss())
    return builder.sign(authority.key, hashes.SHA256())


def _name(organization: str, common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _dated(
    subject: x509.Name, issuer: x509.Name, key: PublicKey, now: datetime, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _of_authority(
    builder: x509.CertificateBuilder,
    authority: Authority,
    key: PublicKey,
    purpose: x509.ObjectIdentifier,
) -> x509.CertificateBuilder:
    enciphers = (
        purpose == ExtendedKeyUsageOID.SERVER_AUTH and key_type_of(key) == "RSA"
    )  # TLS_RSA suites encrypt the secret under this key
    return (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(is_root=False, enciphers=enciphers), critical=True)
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        .add_extension(_authority_id(authority), critical=False)
    )


def _authority_id(authority: Authority) -> x509.AuthorityKeyIdentifier:
    identifier = authority.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier.value)


def _usage(*, is_root: bool, enciphers: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_root,
        content_commitment=False,
        key_encipherment=enciphers,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_root,
        crl_sign=is_root,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _sign(builder: x509.CertificateBuilder, key: PrivateKey) -> x509.Certificate:
    if isinstance(key, rsa.RSAPrivateKey):
        return builder.sign(key, hashes.SHA256(), rsa_padding=_pss())
    return builder.sign(key, hashes.SHA256())


def _pss() -> padding.PSS:
    return padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256.digest_size)
