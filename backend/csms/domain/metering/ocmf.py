"""Signed meter data as chargers send it: the Open Charge Metering Format, and its wrappings.

OCMF is `OCMF|<payload>|<signature>`, both JSON; the signature is over the payload's text as it
stands. It comes bare, in hex or base64, or inside the JSON of a signed meter value that names its
encoding. Nothing here verifies: `signatures` does.
"""

import base64
import binascii
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal

import msgspec

from csms.kernel.errors import InvalidError

PREFIX: Final = "OCMF|"
DEFAULT_ALGORITHM: Final = "ECDSA-secp256r1-SHA256"
MAX_CHARACTERS: Final = 200_000
_BEGINS: Final = frozenset("B")
_ENDS: Final = frozenset("ELRAP")
_UNITS: Final = {"Wh": 0, "kWh": 3, "mWh": -3}
"""Powers of ten to Wh; exact, since registers are decimals."""


class NotSignedDataError(InvalidError):
    """The text is not in a format that we know how to read."""


@dataclass(frozen=True, slots=True)
class SignedRegister:
    """One reading inside the signed data: an energy register in Wh at the meter's own time.

    `resolution_wh` is one unit in the last place that the meter gave.
    """

    role: Literal["begin", "during", "end"]
    register_wh: Decimal
    resolution_wh: Decimal
    time: str | None = None
    meter_status: str | None = None
    error_flags: str = ""


@dataclass(frozen=True, slots=True)
class SignedData:
    """A signed record: what was signed, with which algorithm, and the signature's bytes."""

    payload: str
    signature: bytes
    algorithm: str
    registers: tuple[SignedRegister, ...]
    meter_serial: str | None = None
    pagination: str | None = None
    offered_key: str | None = None
    is_import: bool = True

    def register(self, role: Literal["begin", "end"]) -> SignedRegister | None:
        """Return the register of that role, the last one where there are several."""
        return next((one for one in reversed(self.registers) if one.role == role), None)


def read_signed_data(text: str) -> SignedData:
    """Return the record that `text` carries. Raises NotSignedDataError with the reason."""
    if len(text) > MAX_CHARACTERS:
        raise NotSignedDataError(f"longer than {MAX_CHARACTERS} characters")
    plain, offered_key = _unwrapped(text.strip())
    if not plain.startswith(PREFIX):
        raise NotSignedDataError("not in the Open Charge Metering Format (OCMF)")
    _, _, rest = plain.partition("|")
    payload, bar, signature = rest.rpartition("|")
    if not bar:
        raise NotSignedDataError("the OCMF record has no signature")
    signed, seal = _object(payload, "payload"), _object(signature, "signature")
    registers = _registers(signed)
    return SignedData(
        payload=payload,
        signature=_signature_of(seal),
        algorithm=_text(seal.get("SA")) or DEFAULT_ALGORITHM,
        registers=tuple(one for one, _ in registers),
        meter_serial=_text(signed.get("MS")) or _text(signed.get("GS")),
        pagination=_text(signed.get("PG")),
        offered_key=offered_key,
        is_import=all(is_import for _, is_import in registers),
    )


def _unwrapped(text: str) -> tuple[str, str | None]:
    """Take off what is around the record: JSON that names its encoding, base64, hex."""
    if text.startswith(PREFIX):
        return text, None
    if text.startswith("{"):
        outer = _object(text, "wrapping")
        inner = outer.get("signedMeterData")
        if not isinstance(inner, str):
            raise NotSignedDataError("the JSON around it has no signedMeterData")
        return _unwrapped(inner.strip())[0], _text(outer.get("publicKey"))
    for decoded in (_from_hex(text), _from_base64(text)):
        if decoded is not None and decoded.startswith(PREFIX):
            return decoded, None
    return text, None


def _from_hex(text: str) -> str | None:
    try:
        return bytes.fromhex(text).decode()
    except ValueError:
        return None


def _from_base64(text: str) -> str | None:
    try:
        return base64.b64decode(text, validate=True).decode()
    except ValueError:
        return None


def _signature_of(seal: dict[str, Any]) -> bytes:
    data, encoding = seal.get("SD"), seal.get("SE") or "hex"
    if not isinstance(data, str) or not data:
        raise NotSignedDataError("the OCMF signature has no data (SD)")
    try:
        if encoding == "base64":
            return base64.b64decode(data, validate=True)
        if encoding == "hex":
            return bytes.fromhex(data)
    except (ValueError, binascii.Error) as error:
        raise NotSignedDataError(f"the OCMF signature is not {encoding}") from error
    raise NotSignedDataError(f"the OCMF signature is encoded in an unknown way: {encoding}"[:200])


def _registers(signed: dict[str, Any]) -> list[tuple[SignedRegister, bool]]:
    """Read RD; a member that a later reading leaves out is that of the one before it."""
    readings = signed.get("RD")
    if not isinstance(readings, list) or not readings:
        raise NotSignedDataError("the OCMF payload has no readings (RD)")
    found: list[tuple[SignedRegister, bool]] = []
    known: dict[str, Any] = {}
    for reading in readings:
        if not isinstance(reading, dict):
            raise NotSignedDataError("an OCMF reading is not an object")
        known = known | reading
        found.append((_register(known), _is_import(known.get("RI"))))
    return found


def _register(reading: dict[str, Any]) -> SignedRegister:
    power = _UNITS.get(_text(reading.get("RU")) or "kWh")
    if power is None:
        raise NotSignedDataError(
            f"an OCMF reading is in an unknown unit: {reading.get('RU')}"[:200]
        )
    try:
        value = Decimal(str(reading["RV"]))
    except (KeyError, InvalidOperation) as error:
        raise NotSignedDataError("an OCMF reading has no value (RV)") from error
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or not -30 <= exponent <= 12:
        raise NotSignedDataError("an OCMF reading is no finite figure")
    word = (_text(reading.get("TX")) or "")[:1]
    role: Literal["begin", "during", "end"] = "during"
    if word in _BEGINS and word:
        role = "begin"
    elif word in _ENDS and word:
        role = "end"
    return SignedRegister(
        role=role,
        register_wh=value.scaleb(power),
        resolution_wh=Decimal(1).scaleb(exponent + power),
        time=_text(reading.get("TM")),
        meter_status=_text(reading.get("ST")),
        error_flags=_text(reading.get("EF")) or "",
    )


def _is_import(identification: object) -> bool:
    """Whether an OBIS number counts what went to the vehicle: 1.8 in any spelling, or none given."""
    return not isinstance(identification, str) or "2.8" not in identification


def _object(text: str, what: str) -> dict[str, Any]:
    try:
        # Figures as text, so that none loses a digit on its way to a decimal.
        found = _decoder.decode(text)
    except msgspec.DecodeError as error:
        raise NotSignedDataError(f"the OCMF {what} is not JSON") from error
    if not isinstance(found, dict):
        raise NotSignedDataError(f"the OCMF {what} is not an object")
    return found


def _text(value: object) -> str | None:
    return value[:500] if isinstance(value, str) and value else None


_decoder: Final = msgspec.json.Decoder(float_hook=str)
