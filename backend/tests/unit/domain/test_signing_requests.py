"""Which certificate requests of chargers may be signed (whitepaper A02)."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID

from csms.domain.security.signing_requests import check_signing_request

pytestmark = pytest.mark.unit

OPERATOR = "Example Operator"


def request_for(*names: str, organization: str | None = OPERATOR, key: object = None) -> str:
    signer = key or ec.generate_private_key(ec.SECP256R1())
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, name) for name in names]
    if organization is not None:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization))
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name(attributes))
    algorithm = None if isinstance(signer, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    signed = builder.sign(signer, algorithm)  # type: ignore[arg-type]
    return signed.public_bytes(serialization.Encoding.PEM).decode()


@pytest.mark.parametrize(
    "key",
    [
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP384R1()),
        rsa.generate_private_key(65537, 2048),
    ],
)
def test_a_charger_may_ask_for_its_own_name(key: object) -> None:
    assert check_signing_request(request_for("SN1", key=key), "SN1", OPERATOR) is None


@pytest.mark.parametrize(
    ("pem", "words"),
    [
        ("nonsense", "read"),
        (request_for("SN2"), "serial number"),
        (request_for(), "common name"),
        (request_for("SN1", "SN1"), "common name"),
        (request_for("SN1", organization=None), "CpoName"),
        (request_for("SN1", organization="Somebody Else"), "Somebody Else"),
        (request_for("SN1", key=rsa.generate_private_key(65537, 1024)), "1024 bits"),  # noqa: S505
        (request_for("SN1", key=ec.generate_private_key(ec.SECP192R1())), "secp192r1"),
        (request_for("SN1", key=ed25519.Ed25519PrivateKey.generate()), "neither RSA"),
    ],
)
def test_what_cannot_be_signed_says_why(pem: str, words: str) -> None:
    reason = check_signing_request(pem, "SN1", OPERATOR)
    assert reason is not None
    assert words in reason


@pytest.mark.parametrize("name", ["192.0.2.1", "https://csms.example.org"])
def test_a_serial_number_like_an_address_is_not_signed(name: str) -> None:
    reason = check_signing_request(request_for(name), name, OPERATOR)
    assert reason is not None
    assert "address" in reason


def test_without_a_registered_serial_number_nothing_is_signed() -> None:
    reason = check_signing_request(request_for("SN1"), None, OPERATOR)
    assert reason is not None
    assert "serial number" in reason


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
    assert check_signing_request(pem, "SN1", OPERATOR) is not None
