"""A meter that signs what it reads, with a real key of its own."""

import base64
import json
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

CURVES: dict[str, ec.EllipticCurve] = {
    "secp192r1": ec.SECP192R1(),
    "secp256r1": ec.SECP256R1(),
    "secp256k1": ec.SECP256K1(),
    "secp384r1": ec.SECP384R1(),
    "secp521r1": ec.SECP521R1(),
    "brainpool256r1": ec.BrainpoolP256R1(),
    "brainpoolP256r1": ec.BrainpoolP256R1(),
    "brainpool384r1": ec.BrainpoolP384R1(),
}
HASHES: dict[str, hashes.HashAlgorithm] = {
    "SHA256": hashes.SHA256(),
    "SHA384": hashes.SHA384(),
    "SHA512": hashes.SHA512(),
}


class SigningMeter:
    """Signs registers in the Open Charge Metering Format."""

    def __init__(self, curve: str = "secp256r1", digest: str = "SHA256") -> None:
        self.algorithm = f"ECDSA-{curve}-{digest}"
        self.digest = HASHES[digest]
        self.key = ec.generate_private_key(CURVES[curve])
        self.pagination = 0

    @property
    def public_key_hex(self) -> str:
        return self._public(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        ).hex()

    @property
    def public_key_pem(self) -> str:
        return self._public(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ).decode()

    @property
    def public_point(self) -> bytes:
        return self._public(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )

    def payload(self, *readings: tuple[str, float | str], unit: str = "kWh") -> str:
        """The payload's text for (TX, RV) pairs; later readings leave out what stays."""
        self.pagination += 1
        listed: list[dict[str, Any]] = []
        for word, value in readings:
            one = {"TM": "2026-03-14T09:26:53,000+0100 S", "TX": word, "RV": value, "ST": "G"}
            if not listed:
                one |= {"RI": "1-b:1.8.0", "RU": unit, "RT": "AC", "EF": ""}
            listed.append(one)
        return json.dumps(
            {
                "FV": "1.0",
                "GI": "Meter",
                "GS": "M-1",
                "PG": f"T{self.pagination}",
                "MS": "M-1",
                "RD": listed,
            }
        )

    def record(
        self,
        payload: str,
        *,
        encoding: str = "hex",
        is_plain: bool = False,
        is_named: bool = True,
    ) -> str:
        """The signed record: DER in hex, or as asked."""
        signature = self.key.sign(payload.encode(), ec.ECDSA(self.digest))
        if is_plain:
            size = (self.key.key_size + 7) // 8
            signature = b"".join(n.to_bytes(size) for n in decode_dss_signature(signature))
        seal: dict[str, str] = {"SA": self.algorithm} if is_named else {}
        if encoding == "base64":
            seal |= {"SE": "base64", "SD": base64.b64encode(signature).decode()}
        else:
            seal["SD"] = signature.hex()
        return f"OCMF|{payload}|{json.dumps(seal)}"

    def reads(self, *readings: tuple[str, float | str]) -> str:
        """Sign these readings."""
        return self.record(self.payload(*readings))

    def _public(self, encoding: serialization.Encoding, shape: serialization.PublicFormat) -> bytes:
        return self.key.public_key().public_bytes(encoding, shape)
