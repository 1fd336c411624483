"""Whether signed meter data is what the meter signed: ECDSA under the meter's public key."""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Final, Literal

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from csms.domain.metering.ocmf import NotSignedDataError, SignedData, read_signed_data
from csms.kernel.errors import InvalidError

Result = Literal["VERIFIED", "INVALID", "UNVERIFIABLE"]

_CURVES: Final[dict[str, type[ec.EllipticCurve]]] = {
    "secp192r1": ec.SECP192R1,
    "secp256k1": ec.SECP256K1,
    "secp256r1": ec.SECP256R1,
    "secp384r1": ec.SECP384R1,
    "secp521r1": ec.SECP521R1,
    "brainpool256r1": ec.BrainpoolP256R1,
    "brainpoolp256r1": ec.BrainpoolP256R1,
    "brainpool384r1": ec.BrainpoolP384R1,
    "brainpoolp384r1": ec.BrainpoolP384R1,
    "brainpool512r1": ec.BrainpoolP512R1,
    "brainpoolp512r1": ec.BrainpoolP512R1,
}
_HASHES: Final[dict[str, type[hashes.HashAlgorithm]]] = {
    "SHA256": hashes.SHA256,
    "SHA384": hashes.SHA384,
    "SHA512": hashes.SHA512,
}


class PublicKeyUnreadableError(InvalidError):
    """The text is no public key of an elliptic curve that we know."""


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether a record is genuine, with the reason where it is not shown to be."""

    result: Result
    reason: str | None
    data: SignedData | None


def verify(text: str, public_key: str | None) -> Verification:
    """Check one signed record. UNVERIFIABLE says that nothing is known, INVALID that it is false."""
    try:
        data = read_signed_data(text)
    except NotSignedDataError as error:
        return Verification("UNVERIFIABLE", error.detail, None)
    if public_key is None:
        return Verification("UNVERIFIABLE", "the meter's public key is not known", data)
    result, reason = _checked(data, public_key)
    return Verification(result, reason, data)


def _checked(data: SignedData, public_key: str) -> tuple[Result, str | None]:
    named = _algorithm_of(data.algorithm)
    if named is None:
        return "UNVERIFIABLE", f"the algorithm {data.algorithm[:100]} is not supported"
    curve, digest = named
    try:
        key = load_public_key(public_key, curve)
    except PublicKeyUnreadableError as error:
        return "UNVERIFIABLE", error.detail
    if key.curve.name != curve.name:
        return "INVALID", f"signed with {curve.name}, but the known key is of {key.curve.name}"
    try:
        key.verify(_der(data.signature, key), data.payload.encode(), ec.ECDSA(digest))
    except (InvalidSignature, ValueError):
        return "INVALID", "the signature does not fit the data and the known public key"
    return "VERIFIED", None


def load_public_key(text: str, curve: ec.EllipticCurve | None = None) -> ec.EllipticCurvePublicKey:
    """Read a public key: PEM, DER in hex or base64, or with `curve` a bare point in hex or base64.

    Raises PublicKeyUnreadableError.
    """
    content = text.strip()
    try:
        if content.startswith("-----BEGIN"):
            key = serialization.load_pem_public_key(content.encode())
        else:
            raw = _key_bytes(content)
            if raw[:1] == b"\x30":
                key = serialization.load_der_public_key(raw)
            elif curve is not None:
                key = ec.EllipticCurvePublicKey.from_encoded_point(curve, _point(raw, curve))
            else:
                key = _of_any_curve(raw)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise PublicKeyUnreadableError("the public key cannot be read") from error
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise PublicKeyUnreadableError("the public key is of no elliptic curve")
    return key


def fingerprint(text: str) -> str:
    """Return a short name of the key, the same in every spelling. Raises PublicKeyUnreadableError."""
    key = load_public_key(text)
    der = key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return hashlib.sha256(der).hexdigest()[:16]


def _algorithm_of(name: str) -> tuple[ec.EllipticCurve, hashes.HashAlgorithm] | None:
    """Split `ECDSA-<curve>-<hash>` as OCMF names its algorithms."""
    parts = name.split("-")
    if len(parts) != 3 or parts[0] != "ECDSA":
        return None
    curve, digest = _CURVES.get(parts[1].lower()), _HASHES.get(parts[2].upper())
    return None if curve is None or digest is None else (curve(), digest())


def _der(signature: bytes, key: ec.EllipticCurvePublicKey) -> bytes:
    """Return the signature in DER; some meters give the two numbers side by side."""
    size = (key.curve.key_size + 7) // 8
    if len(signature) == 2 * size and signature[:1] != b"\x30":
        numbers = signature[:size], signature[size:]
        return encode_dss_signature(*(int.from_bytes(number) for number in numbers))
    return signature


def _key_bytes(text: str) -> bytes:
    """Read hex or base64; `oca:base16:asn1:` and its like stand before the key in OCPP data."""
    joined = "".join(text.rpartition(":")[2].split())
    try:
        return bytes.fromhex(joined)
    except ValueError:
        pass
    try:
        decoded = base64.b64decode(joined, validate=True)
    except (ValueError, binascii.Error) as error:
        raise PublicKeyUnreadableError("the public key is neither PEM, hex nor base64") from error
    if decoded.startswith(b"oca:"):
        return _key_bytes(decoded.decode())
    return decoded


def _point(raw: bytes, curve: ec.EllipticCurve) -> bytes:
    size = (curve.key_size + 7) // 8
    return b"\x04" + raw if len(raw) == 2 * size else raw


def _of_any_curve(raw: bytes) -> ec.EllipticCurvePublicKey:
    """A point alone fits few curves; the first on which it lies is taken for its name only."""
    for curve in _CURVES.values():
        try:
            return ec.EllipticCurvePublicKey.from_encoded_point(curve(), _point(raw, curve()))
        except ValueError:
            continue
    raise PublicKeyUnreadableError("the public key is a point on no curve that is known")
