"""Certificate signing requests: which of them may be signed (whitepaper A02)."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from csms.domain.security.signing_requests import check_signing_request

pytestmark = pytest.mark.unit


def request_for(*names: str) -> str:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name) for name in names])
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    signed = builder.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM).decode()


def test_a_charger_may_ask_for_its_own_name() -> None:
    assert check_signing_request(request_for("SN1"), "SN1") is None
    assert check_signing_request(request_for("SN1"), None) is None


@pytest.mark.parametrize(
    ("pem", "reason"),
    [
        ("nonsense", "read"),
        (request_for("SN2"), "serial number"),
        (request_for(), "common name"),
        (request_for("SN1", "SN1"), "common name"),
    ],
)
def test_what_cannot_be_signed_says_why(pem: str, reason: str) -> None:
    assert reason in str(check_signing_request(pem, "SN1"))


def test_a_request_under_another_key_is_refused() -> None:
    one = x509.load_pem_x509_csr(request_for("SN1").encode())
    broken = bytearray(one.public_bytes(serialization.Encoding.DER))
    broken[-1] ^= 1
    try:
        pem = (
            x509.load_der_x509_csr(bytes(broken)).public_bytes(serialization.Encoding.PEM).decode()
        )
    except ValueError:
        pem = "unreadable"
    assert check_signing_request(pem, "SN1") is not None
