"""A person whose account is shut: signed out, stopped, and what a charger still lets in is owed."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.flows.product import Network, Product, Rest
from tests.flows.public_charger import PublicCharger

pytestmark = pytest.mark.integration


async def test_a_shut_account_ends_sign_ins_and_sessions_and_later_energy_is_debt(
    product: Product, operator: Rest
) -> None:
    network = await asyncio.to_thread(Network, operator, top_up="2.00")
    charger, password = network.add_charger()
    driver = Rest.sign_in(product.url, network.driver["email"], network.driver_password)
    unit = await PublicCharger.connect(product.ocpp_url, charger["charge_point_id"], password)
    await unit.boot()
    started_at = datetime.now(UTC) - timedelta(minutes=30)
    transaction_id, status = await unit.begin(1, network.id_tag, 0, started_at)
    assert status == "Accepted"

    await asyncio.to_thread(operator.post, f"/users/{network.driver['id']}/deactivate")

    await asyncio.to_thread(driver.get, "/auth/profile", 401)
    asked = await asyncio.wait_for(unit.asked.get(), 60)
    assert asked == ("RemoteStopTransaction", {"transaction_id": transaction_id})
    await unit.end(transaction_id, 1000, reason="Remote")
    bill = await asyncio.to_thread(network.wait_until_billed, transaction_id)
    assert bill["cost"]["amount"] == "0.45"

    # The charger's cache lets the card in while it is offline; it tells us later.
    begun_at = datetime.now(UTC) - timedelta(minutes=20)
    offline_id, verdict = await unit.begin(1, network.id_tag, 1000, begun_at)
    assert verdict == "Blocked"
    await unit.end(offline_id, 6000, at=datetime.now(UTC) - timedelta(minutes=1))
    await unit.close()
    late = await asyncio.to_thread(network.wait_until_billed, offline_id)
    assert late["billing_status"] == "BILLED"
    assert late["energy_wh"] == 5000
    assert Decimal(network.balance()) == Decimal("2.00") - Decimal("0.45") - Decimal("2.25")
