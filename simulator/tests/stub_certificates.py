"""Certificates for tests: self-signed ones, and a signer for the charger's requests."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


class Authority:
    """A root that signs certificate requests."""

    def __init__(self, common_name: str = "Test Root", *, days: int = 30) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self._days = days
        self.certificate = self._sign(_name(common_name), self.key.public_key(), _name(common_name))

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    def sign_request(self, csr_pem: str) -> str:
        """The signed certificate followed by the root, in PEM."""
        csr = x509.load_pem_x509_csr(csr_pem.encode())
        signed = self._sign(csr.subject, csr.public_key(), self.certificate.subject)
        return signed.public_bytes(serialization.Encoding.PEM).decode() + self.pem

    def _sign(self, subject: x509.Name, public_key: object, issuer: x509.Name) -> x509.Certificate:
        assert isinstance(public_key, ec.EllipticCurvePublicKey)
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=60))
            .not_valid_after(now + timedelta(days=self._days))
            .sign(self.key, hashes.SHA256())
        )


def self_signed(common_name: str) -> str:
    """A self-signed certificate in PEM."""
    return Authority(common_name).pem
