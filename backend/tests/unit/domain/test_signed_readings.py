"""Signed meter data: genuine records, tampered ones, unknown keys, and what they add up to."""

import base64
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csms.domain.metering.ocmf import NotSignedDataError, read_signed_data
from csms.domain.metering.signatures import (
    PublicKeyUnreadableError,
    fingerprint,
    load_public_key,
    verify,
)
from csms.domain.metering.signed_sessions import PlainRegisters, contradictions, signed_energy
from tests.fakes.signing_meter import CURVES, SigningMeter

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("curve", sorted(CURVES))
@pytest.mark.parametrize("digest", ["SHA256", "SHA384", "SHA512"])
def test_what_the_meter_signed_is_verified_on_every_curve(curve: str, digest: str) -> None:
    meter = SigningMeter(curve, digest)
    found = verify(meter.reads(("B", 2935.6)), meter.public_key_hex)
    assert (found.result, found.reason) == ("VERIFIED", None)
    assert found.data is not None
    assert found.data.registers[0].register_wh == Decimal("2935600")


def test_the_algorithm_that_is_not_named_is_the_formats_default() -> None:
    meter = SigningMeter("secp256r1")
    record = meter.record(meter.payload(("B", 1)), is_named=False)
    assert verify(record, meter.public_key_pem).result == "VERIFIED"


def test_signatures_come_in_hex_in_base64_and_as_two_plain_numbers() -> None:
    meter = SigningMeter("secp256k1")
    payload = meter.payload(("E", 1))
    for record in (
        meter.record(payload, encoding="base64"),
        meter.record(payload, is_plain=True),
        meter.record(payload).encode().hex(),
        base64.b64encode(meter.record(payload).encode()).decode(),
    ):
        assert verify(record, meter.public_key_hex).result == "VERIFIED"


def test_the_json_around_a_record_is_taken_off_and_its_key_is_not_believed() -> None:
    meter = SigningMeter()
    around = json.dumps(
        {
            "signedMeterData": base64.b64encode(meter.reads(("B", 1)).encode()).decode(),
            "signingMethod": meter.algorithm,
            "encodingMethod": "OCMF",
            "publicKey": "oca:base16:asn1:" + meter.public_key_hex,
        }
    )
    assert verify(around, None).result == "UNVERIFIABLE"
    assert verify(around, meter.public_key_hex).result == "VERIFIED"


def test_keys_are_read_in_every_spelling_and_have_one_fingerprint() -> None:
    meter = SigningMeter("brainpool256r1")
    raw = bytes.fromhex(meter.public_key_hex)
    spellings = (
        meter.public_key_hex.upper(),
        base64.b64encode(raw).decode(),
        meter.public_key_pem,
        "oca:base16:asn1:" + meter.public_key_hex,
        meter.public_point.hex(),
        meter.public_point[1:].hex(),
    )
    assert len({fingerprint(one) for one in spellings}) == 1
    record = meter.reads(("B", 1))
    assert {verify(record, one).result for one in spellings} == {"VERIFIED"}
    for wrong in ("no key", "00" * 64, "3059", ""):
        with pytest.raises(PublicKeyUnreadableError):
            load_public_key(wrong)


def test_another_figure_or_another_meters_key_is_invalid() -> None:
    meter = SigningMeter()
    record = meter.reads(("B", 2935.6))
    assert verify(record.replace("2935.6", "2935.7"), meter.public_key_hex).result == "INVALID"
    assert verify(record, SigningMeter().public_key_hex).result == "INVALID"
    other_curve = verify(record, SigningMeter("secp256k1").public_key_hex)
    assert other_curve.result == "INVALID"
    assert "secp256k1" in (other_curve.reason or "")


@given(st.data())
def test_no_changed_character_of_the_payload_stays_verified(data: st.DataObject) -> None:
    meter = SigningMeter()
    record = meter.reads(("B", 2935.6), ("E", 2940.1))
    start, end = len("OCMF|"), record.rindex("|")
    place = data.draw(st.integers(start, end - 1))
    letter = data.draw(st.characters(min_codepoint=32, max_codepoint=126))
    changed = record[:place] + letter + record[place + 1 :]
    if changed == record:
        return
    assert verify(changed, meter.public_key_hex).result != "VERIFIED"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("AFFE", "OCMF"),
        ("OCMF|{}", "no signature"),
        ("OCMF|nothing|{}", "not JSON"),
        ('OCMF|{"RD":[]}|{"SD":"00"}', "no readings"),
        ('OCMF|{"RD":[{"RV":1,"RU":"m3"}]}|{"SD":"00"}', "unknown unit"),
        ('OCMF|{"RD":[{"RV":"many","RU":"kWh"}]}|{"SD":"00"}', "no value"),
        ('OCMF|{"RD":[{"RV":1}]}|{"SD":"zz"}', "not hex"),
        ("x" * 200_001, "longer"),
    ],
)
def test_what_cannot_be_read_says_why(text: str, reason: str) -> None:
    with pytest.raises(NotSignedDataError, match=reason):
        read_signed_data(text)
    found = verify(text, SigningMeter().public_key_hex)
    assert found.result == "UNVERIFIABLE"
    assert reason in (found.reason or "")


def test_an_unknown_algorithm_proves_nothing() -> None:
    meter = SigningMeter()
    meter.algorithm = "ECDSA-secp192k1-SHA256"
    found = verify(meter.reads(("B", 1)), meter.public_key_hex)
    assert (found.result, found.reason) == (
        "UNVERIFIABLE",
        "the algorithm ECDSA-secp192k1-SHA256 is not supported",
    )


def test_signed_energy_is_compared_with_the_sessions() -> None:
    meter = SigningMeter()
    checked = [
        verify(meter.reads(("B", "100.000")), meter.public_key_hex),
        verify(meter.reads(("B", "100.000"), ("E", "112.340")), meter.public_key_hex),
    ]
    energy = signed_energy(checked)
    assert energy is not None
    assert energy.energy_wh == 12340
    same = PlainRegisters(Decimal(5), Decimal(12345), Decimal(12340))
    assert list(contradictions(checked, same)) == []
    other = PlainRegisters(Decimal(5), Decimal(13345), Decimal(13340))
    assert [kind for kind, _ in contradictions(checked, other)] == ["signed_energy_differs"]
    running = PlainRegisters(Decimal(5), None, None)
    assert list(contradictions(checked, running)) == []


def test_a_false_record_counts_for_nothing_and_is_reported() -> None:
    meter = SigningMeter()
    begin = verify(meter.reads(("B", "100.000")), meter.public_key_hex)
    forged = meter.reads(("E", "112.340")).replace("112.340", "111.340")
    checked = [begin, verify(forged, meter.public_key_hex)]
    assert signed_energy(checked) is None
    plain = PlainRegisters(Decimal(0), Decimal(11340), Decimal(11340))
    assert [kind for kind, _ in contradictions(checked, plain)] == ["signed_value_invalid"]
