"""A small certificate authority of the tests' own: roots, and certificates for a charger's request."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Authority:
    """One root with its key."""

    def __init__(self, name: str = "Test root") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = _builder(self._name, self._name, self._key.public_key())
        self.root = builder.add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        ).sign(self._key, hashes.SHA256())

    @property
    def root_pem(self) -> str:
        """The root in PEM."""
        return _pem(self.root)

    def chain_for(self, csr_pem: str) -> str:
        """Sign a request and return the certificate with the root behind it, in PEM."""
        request = x509.load_pem_x509_csr(csr_pem.encode())
        public_key = request.public_key()
        assert isinstance(public_key, ec.EllipticCurvePublicKey)
        signed = _builder(request.subject, self._name, public_key).sign(self._key, hashes.SHA256())
        return _pem(signed) + self.root_pem


def _builder(
    subject: x509.Name, issuer: x509.Name, public_key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=30))
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
