"""Certificate signing requests of chargers: which of them may be signed (whitepaper A02)."""

import ipaddress
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

RSA_BITS_MIN: Final = 2048
"""Whitepaper A00.FR.502."""
RSA_BITS_MAX: Final = 8192
CURVES: Final = ("secp256r1", "secp384r1", "secp521r1")
"""At least 224 bits (whitepaper A00.FR.503), and curves that TLS libraries have in common."""


def check_signing_request(pem: str, serial_number: str | None, operator_name: str) -> str | None:
    """Return why a CSR cannot be signed, or None when it can.

    It must be readable, be signed by a key that is long enough, name the operator as organization
    (A02.FR.13) and the charger's registered serial number as its common name (A00.FR.405, 511).
    """
    try:
        request = x509.load_pem_x509_csr(pem.encode())
        is_signed = request.is_signature_valid
        key = request.public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return "the request cannot be read"
    if not is_signed:
        return "the request is not signed by its own key"
    return _fault_of_key(key) or _fault_of_names(request.subject, serial_number, operator_name)


def values_of(name: x509.Name, kind: x509.ObjectIdentifier) -> list[str]:
    """Return the values of one kind of attribute in a name."""
    return [str(one.value) for one in name.get_attributes_for_oid(kind)]


def _fault_of_key(key: object) -> str | None:
    match key:
        case rsa.RSAPublicKey():
            if not RSA_BITS_MIN <= key.key_size <= RSA_BITS_MAX:
                return f"the RSA key has {key.key_size} bits; it needs at least {RSA_BITS_MIN}"
        case ec.EllipticCurvePublicKey():
            if key.curve.name not in CURVES:
                return f"the key's curve is {key.curve.name}; one of {', '.join(CURVES)} is needed"
        case _:
            return "the key is neither RSA nor of an elliptic curve"
    return None


def _fault_of_names(
    subject: x509.Name, serial_number: str | None, operator_name: str
) -> str | None:
    names = values_of(subject, NameOID.COMMON_NAME)
    if len(names) != 1:
        return "the request has no single common name"
    if serial_number is None:
        return "no serial number of this charger is registered to compare the common name with"
    if names[0] != serial_number:
        return "the common name is not the charger's serial number"
    if _is_address(names[0]):
        return "the common name is written like an address (whitepaper A00.FR.511)"
    organizations = values_of(subject, NameOID.ORGANIZATION_NAME)
    if operator_name not in organizations:
        said = ", ".join(organizations) or "nothing"
        return (
            f"the organization is {said}, not {operator_name!r}: "
            "set the charger's configuration key CpoName to it first"
        )
    return None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return "://" in name
    return True
