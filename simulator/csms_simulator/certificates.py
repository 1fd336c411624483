"""Certificates of a virtual charger: its key, its requests, the roots that it trusts."""

from datetime import datetime
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from csms_simulator.ocpp16 import Payload

HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "SHA256": hashes.SHA256,
    "SHA384": hashes.SHA384,
    "SHA512": hashes.SHA512,
}


class CertificateStore:
    """Root certificates by use, and the charger's own key pair and chain (whitepaper A02, M03-M05)."""

    def __init__(self, *, length_max: int) -> None:
        self._length_max = length_max
        self._roots: list[tuple[str, x509.Certificate]] = []
        self._key: ec.EllipticCurvePrivateKey | None = None
        self._chain_key: ec.EllipticCurvePrivateKey | None = None
        self.chain_pem: str | None = None

    def signing_request(self, organization: str, serial_number: str) -> str:
        """A new key pair's CSR in PEM, O the operator and CN the serial number (A02.FR.03, A02.FR.13)."""
        self._key = ec.generate_private_key(ec.SECP256R1())
        names = [x509.NameAttribute(NameOID.COMMON_NAME, serial_number)]
        if organization:
            names.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization))
        builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name(names))
        request = builder.sign(self._key, hashes.SHA256())
        return request.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def key_pem(self) -> str:
        """The private key of the signed chain in PEM; a real charger would never show it."""
        if self._chain_key is None:
            raise ValueError("the charger has no certificate yet")
        return self._chain_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()

    def accept_signed(self, chain_pem: str, now: datetime) -> bool:
        """Take a signed chain when it is for our key, links up and is valid now (A02.FR.06)."""
        try:
            chain = x509.load_pem_x509_certificates(chain_pem.encode())
        except ValueError:
            return False
        if self._key is None or chain[0].public_key() != self._key.public_key():
            return False
        if any(not _is_valid_at(certificate, now) for certificate in chain):
            return False
        if any(not _is_issued_by(a, b) for a, b in pairwise(chain)):
            return False
        self.chain_pem, self._chain_key = chain_pem, self._key
        return True

    def install(self, use: str, pem: str, now: datetime) -> str:
        """Store a root certificate; Accepted, Rejected or Failed (M05)."""
        try:
            certificate = x509.load_pem_x509_certificate(pem.encode())
        except ValueError:
            return "Rejected"
        if not _is_valid_at(certificate, now):
            return "Rejected"
        kept = [entry for entry in self._roots if entry != (use, certificate)]
        if len(kept) >= self._length_max:
            return "Failed"
        self._roots = [*kept, (use, certificate)]
        return "Accepted"

    def hash_data(self, use: str) -> list[Payload]:
        """The hash data of the roots with this use."""
        return [hash_data(root, "SHA256") for kind, root in self._roots if kind == use]

    def delete(self, wanted: Payload) -> str:
        """Remove the root with this hash data; Accepted or NotFound (M04)."""
        algorithm = wanted["hashAlgorithm"]
        spelled = {name: str(value).lower() for name, value in wanted.items()}
        kept = [
            (use, root)
            for use, root in self._roots
            if {n: v.lower() for n, v in hash_data(root, algorithm).items()} != spelled
        ]
        status = "Accepted" if len(kept) < len(self._roots) else "NotFound"
        self._roots = kept
        return status


def is_readable(pem: str, now: datetime) -> bool:
    """Say whether a text is a certificate that is valid now."""
    try:
        return _is_valid_at(x509.load_pem_x509_certificate(pem.encode()), now)
    except ValueError:
        return False


def hash_data(certificate: x509.Certificate, algorithm: str) -> Payload:
    """CertificateHashData of a root, which is its own issuer (whitepaper M03)."""
    return {
        "hashAlgorithm": algorithm,
        "issuerNameHash": _digest(algorithm, certificate.issuer.public_bytes()),
        "issuerKeyHash": _digest(algorithm, _public_key_bits(certificate)),
        "serialNumber": format(certificate.serial_number, "x"),
    }


def _public_key_bits(certificate: x509.Certificate) -> bytes:
    # The bits of subjectPublicKey without tag and length, as OCSP hashes them (RFC 6960 §4.1.1).
    match certificate.public_key():
        case ec.EllipticCurvePublicKey() as key:
            return key.public_bytes(
                serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
            )
        case rsa.RSAPublicKey() as key:
            return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)
        case key:
            return key.public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )


def _digest(algorithm: str, content: bytes) -> str:
    digest = hashes.Hash(HASHES[algorithm]())
    digest.update(content)
    return digest.finalize().hex()


def _is_valid_at(certificate: x509.Certificate, now: datetime) -> bool:
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc


def _is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
