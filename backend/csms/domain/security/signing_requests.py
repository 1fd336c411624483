"""Certificate signing requests of chargers: which of them may be signed (whitepaper A02)."""

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509.oid import NameOID


def check_signing_request(pem: str, serial_number: str | None) -> str | None:
    """Return why a CSR cannot be signed, or None when it can.

    It must be readable, signed by the key that it holds, and its common name must be the charger's
    serial number where that is known (A00.FR.405).
    """
    try:
        request = x509.load_pem_x509_csr(pem.encode())
        is_signed = request.is_signature_valid
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return "the request cannot be read"
    if not is_signed:
        return "the request is not signed by its own key"
    names = [
        str(name.value) for name in request.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    ]
    if len(names) != 1:
        return "the request has no single common name"
    if serial_number is not None and names[0] != serial_number:
        return "the common name is not the charger's serial number"
    return None
