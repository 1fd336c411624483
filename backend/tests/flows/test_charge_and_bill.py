"""The main job, through real sockets and public REST alone: from boot to a debited wallet."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import websockets

from tests.flows.product import Network, Product, Rest
from tests.flows.public_charger import PublicCharger

pytestmark = pytest.mark.integration


async def test_a_session_is_measured_to_the_wh_and_billed_to_the_cent(
    product: Product, network: Network
) -> None:
    charger, password = network.add_charger()
    before = Decimal(network.balance())
    started_at = datetime.now(UTC) - timedelta(minutes=60)
    unit = await PublicCharger.connect(product.ocpp_url, charger["charge_point_id"], password)

    await unit.boot()
    await unit.status(1, "Preparing")
    assert await unit.authorize(network.id_tag.lower()) == "Accepted"
    transaction_id, status = await unit.begin(1, network.id_tag, 1000, started_at)
    assert status == "Accepted"
    assert 0 < transaction_id < 2**31
    await unit.status(1, "Charging")
    for minute in (15, 30, 45):
        moment = started_at + timedelta(minutes=minute)
        await unit.read_meter(1, transaction_id, 1000 + minute * 200, moment)
    live = network.rest.get(f"/api/admin/transactions/{transaction_id}")
    await unit.end(transaction_id, 13345, id_tag=network.id_tag)
    await unit.close()

    assert live["status"] == "ACTIVE"
    assert live["energy_wh"] == 9000
    bill = network.wait_until_billed(transaction_id)
    assert bill["status"] == "ENDED"
    assert bill["energy_wh"] == 12345
    assert bill["cost"] == {"amount": "5.56", "currency": "EUR"}
    assert bill["billing_status"] == "BILLED"
    assert Decimal(network.balance()) == before - Decimal("5.56")
    readings = network.rest.get(f"/api/admin/transactions/{transaction_id}/meter-values")
    registers = [r for r in readings["data"] if r["measurand"] == "Energy.Active.Import.Register"]
    assert [r["value"] for r in registers][:3] == [4000, 7000, 10000]
    power = [r for r in readings["data"] if r["measurand"] == "Power.Active.Import"]
    assert {(p["value"], p["unit"]) for p in power} == {(11000, "W")}


async def test_a_stop_that_comes_three_times_is_charged_once(
    product: Product, network: Network
) -> None:
    charger, password = network.add_charger()
    before = Decimal(network.balance())
    started_at = datetime.now(UTC) - timedelta(minutes=30)
    unit = await PublicCharger.connect(product.ocpp_url, charger["charge_point_id"], password)
    await unit.boot()
    transaction_id, _ = await unit.begin(1, network.id_tag, 0, started_at)

    stopped_at = datetime.now(UTC)
    first = await unit.end(transaction_id, 4000, id_tag=network.id_tag, at=stopped_at)
    again = await unit.end(transaction_id, 4000, id_tag=network.id_tag, at=stopped_at)
    await unit.close()
    unit = await PublicCharger.connect(product.ocpp_url, charger["charge_point_id"], password)
    third = await unit.end(transaction_id, 4000, id_tag=network.id_tag, at=stopped_at)
    await unit.close()

    assert first.id_tag_info == again.id_tag_info == third.id_tag_info
    bill = network.wait_until_billed(transaction_id)
    assert bill["cost"]["amount"] == "1.80"
    assert Decimal(network.balance()) == before - Decimal("1.80")


async def test_a_remote_stop_is_asked_accepted_and_happens(
    product: Product, network: Network, operator: Rest
) -> None:
    charger, password = network.add_charger()
    unit = await PublicCharger.connect(product.ocpp_url, charger["charge_point_id"], password)
    await unit.boot()
    started_at = datetime.now(UTC) - timedelta(minutes=10)
    transaction_id, _ = await unit.begin(1, network.id_tag, 500, started_at)

    answer = await asyncio.to_thread(
        operator.post, f"/api/admin/chargers/{charger['id']}/remote-stop", {}
    )
    asked = await asyncio.wait_for(unit.asked.get(), 10)
    still_running = operator.get(f"/api/admin/transactions/{transaction_id}")
    await unit.end(transaction_id, 2500, reason="Remote")
    await unit.close()

    assert answer["status"] == "Accepted"
    assert asked == ("RemoteStopTransaction", {"transaction_id": transaction_id})
    assert still_running["status"] == "ACTIVE"
    bill = network.wait_until_billed(transaction_id)
    assert bill["stop_reason"] == "Remote"
    assert bill["energy_wh"] == 2000


async def test_a_resent_start_gets_the_same_transaction(product: Product, network: Network) -> None:
    charger, password = network.add_charger()
    unit = await PublicCharger.connect(product.ocpp_url, charger["charge_point_id"], password)
    started_at = datetime.now(UTC) - timedelta(minutes=5)
    first, _ = await unit.begin(1, network.id_tag, 700, started_at)
    again, _ = await unit.begin(1, network.id_tag.lower(), 700, started_at)
    await unit.close()

    assert first == again
    listed = network.rest.get("/api/admin/transactions", charger_id=charger["id"])
    assert listed["total"] == 1


async def test_sessions_survive_a_restart_of_the_product(
    product: Product, network: Network
) -> None:
    charger, password = network.add_charger()
    unit = await PublicCharger.connect(product.ocpp_url, charger["charge_point_id"], password)
    await unit.boot()
    started_at = datetime.now(UTC) - timedelta(minutes=20)
    transaction_id, _ = await unit.begin(1, network.id_tag, 100, started_at)
    await unit.read_meter(1, transaction_id, 900)

    assert product.stop() == 0
    await unit.close()
    product.start()
    network.rest = product.operator()
    unit = await PublicCharger.connect(product.ocpp_url, charger["charge_point_id"], password)
    await unit.read_meter(1, transaction_id, 1200)
    await unit.end(transaction_id, 1600)
    await unit.close()

    bill = network.wait_until_billed(transaction_id)
    assert bill["energy_wh"] == 1500


async def test_an_operator_starts_without_a_card_and_is_not_billed(
    product: Product, network: Network
) -> None:
    charger, password = network.add_charger()
    unit = await PublicCharger.connect(product.ocpp_url, charger["charge_point_id"], password)
    await unit.boot()
    answer = await asyncio.to_thread(
        network.rest.post,
        f"/api/admin/chargers/{charger['id']}/remote-start",
        {"connector_id": 1},
    )
    action, payload = await asyncio.wait_for(unit.asked.get(), 10)
    transaction_id, status = await unit.begin(1, payload["id_tag"], 0)
    await unit.end(transaction_id, 1000)
    await unit.close()

    assert answer["status"] == "Accepted"
    assert action == "RemoteStartTransaction"
    assert status == "Accepted"
    session = network.rest.get(f"/api/admin/transactions/{transaction_id}")
    assert session["energy_wh"] == 1000
    assert session["billing_status"] == "NOT_BILLABLE"


async def test_a_changed_key_ends_the_connection_of_the_old_one(
    product: Product, network: Network
) -> None:
    charger, password = network.add_charger()
    unit = await PublicCharger.connect(product.ocpp_url, charger["charge_point_id"], password)
    await unit.boot()
    changed = network.rest.client.put(
        f"/api/admin/chargers/{charger['id']}", json={"password": "another-key-16-chr"}
    )
    await asyncio.wait_for(unit.connection.wait_closed(), 10)
    await unit.close()

    assert changed.status_code == 200, changed.text
    with pytest.raises(websockets.InvalidStatus) as refused:
        await PublicCharger.connect(product.ocpp_url, charger["charge_point_id"], password)
    assert refused.value.response.status_code == 401
    unit = await PublicCharger.connect(
        product.ocpp_url, charger["charge_point_id"], "another-key-16-chr"
    )
    await unit.boot()
    await unit.close()
