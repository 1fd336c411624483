"""Signed meter values from the socket to the desk: kept, verified, compared, exported."""

from typing import Any
from xml.etree import ElementTree

import pytest

from csms_simulator.ocpp16 import call
from tests.conformance.stage import Stage, Unit
from tests.fakes.signing_meter import SigningMeter

pytestmark = pytest.mark.integration


async def tells(unit: Unit, transaction_id: int, record: str, context: str) -> None:
    await unit.charger.request(
        call.MeterValues(
            connector_id=1,
            transaction_id=transaction_id,
            meter_value=[
                {
                    "timestamp": unit.charger.clock.timestamp(),
                    "sampled_value": [
                        {"value": record, "format": "SignedData", "context": context}
                    ],
                }
            ],
        )
    )


async def signed(stage: Stage, number: int, fits: Any) -> dict[str, Any]:
    found: dict[str, Any] = await stage.until(
        f"/api/admin/transactions/{number}/signed-readings", fits
    )
    return found


def kwh(register_wh: float) -> str:
    return f"{register_wh / 1000:.3f}"


async def test_a_session_is_verified_once_the_key_is_known(stage: Stage) -> None:
    unit, tag, meter = await stage.booted(), await stage.tag(), SigningMeter("secp384r1")
    session = await unit.begin(tag)
    number = session.wire_id
    assert number is not None
    begin = meter.reads(("B", "1234.000"))
    await tells(unit, number, begin, "Transaction.Begin")
    await unit.end(session)
    ended = await unit.ended()
    end = meter.reads(("B", "1234.000"), ("E", kwh(1234000 + ended["energy_wh"])))
    await tells(unit, number, end, "Transaction.End")
    found = await signed(stage, number, lambda one: one["summary"]["unverifiable"] == 2)
    assert found["readings"][0]["reason"] == "the meter's public key is not known"

    path = f"/api/admin/chargers/{unit.id}/meter-keys/1"
    answer = stage.rest.client.put(path, json={"public_key": meter.public_key_hex})
    assert answer.status_code == 204, answer.text
    found = await signed(stage, number, lambda one: one["summary"]["verified"] == 2)
    assert found["summary"]["difference_wh"] == 0
    assert found["readings"][0]["key_source"] == "set"
    assert [one["signed_data"] for one in found["readings"]] == [begin, end]
    shown = await stage.get(f"/api/admin/transactions/{number}")
    assert shown["signed_readings"]["verified"] == 2

    answer = stage.rest.client.get(f"/api/admin/transactions/{number}/signed-readings/export")
    values = ElementTree.fromstring(answer.text)  # noqa: S314 - the product under test wrote it
    assert [value.findtext("signedData") for value in values] == [begin, end]
    assert {value.findtext("publicKey") for value in values} == {meter.public_key_hex}


async def test_a_learned_key_verifies_and_tampering_goes_to_the_desk(stage: Stage) -> None:
    unit, tag, meter = await stage.booted(), await stage.tag(), SigningMeter("brainpoolP256r1")
    unit.charger.configuration.add("MeterPublicKey[1]", meter.public_key_hex)
    await unit.ask("get-configuration")
    keys = await stage.get(f"/api/admin/chargers/{unit.id}/meter-keys")
    assert [(one["connector_id"], one["source"]) for one in keys["data"]] == [(1, "learned")]
    session = await unit.begin(tag)
    number = session.wire_id
    assert number is not None
    await tells(unit, number, meter.reads(("B", "10.000")), "Transaction.Begin")
    await signed(stage, number, lambda one: one["summary"]["verified"] == 1)
    forged = meter.reads(("B", "10.000"), ("E", "99.000")).replace("99.000", "10.500")
    await tells(unit, number, forged, "Transaction.End")
    found = await signed(stage, number, lambda one: one["summary"]["invalid"] == 1)
    assert found["readings"][0]["key_source"] == "learned"
    waiting = await stage.get("/api/admin/desk", search=str(number))
    kinds = {one["kind"] for one in waiting["data"] if one["transaction_id"] == number}
    assert kinds == {"signed_value_invalid"}
    await unit.end(session)
    await unit.ended()
    true_end = meter.reads(("B", "10.000"), ("E", "42.000"))
    await tells(unit, number, true_end, "Transaction.End")
    await stage.until(
        "/api/admin/desk",
        lambda page: (
            "signed_energy_differs"
            in {one["kind"] for one in page["data"] if one["transaction_id"] == number}
        ),
    )
