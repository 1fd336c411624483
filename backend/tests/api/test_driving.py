"""What a driver's screens live on: what was asked of chargers, cost so far, credit, own tags."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.api.caller import Caller
from tests.api.fakes import FakeChargers
from tests.api.network import Network

pytestmark = pytest.mark.integration

TERMS = {
    "tariff_id": 1,
    "name": "Standard",
    "currency": "EUR",
    "price_per_kwh": "0.45",
    "price_per_minute": "0.10",
}


async def own_id(driver: Caller) -> int:
    profile = await driver.get("/auth/profile")
    return int(profile["id"])


async def billable(driver: Caller, **fields: Any) -> dict[str, Any]:
    return {
        "user_id": await own_id(driver),
        "is_billable": True,
        "billing_status": "PENDING",
        "currency": "EUR",
        "tariff_terms": json.dumps(TERMS),
        **fields,
    }


async def test_a_start_can_be_followed_after_a_reload(
    driver: Caller, network: Network, chargers: FakeChargers
) -> None:
    await network.top_up(await own_id(driver), "50.00")
    await driver.post("/api/chargers/CP001/start", {"connector_id": 1})

    (asked,) = (await driver.get("/api/requests"))["data"]
    assert asked["operation_id"] == chargers.asked[0].operation_id
    assert asked["kind"] == "start"
    assert asked["charge_point_id"] == "CP001"
    assert asked["connector_id"] == 1
    assert (asked["status"], asked["charger_status"]) == ("ANSWERED", "Accepted")
    assert asked["transaction_id"] is None

    begun = await network.add_transaction(
        user_id=await own_id(driver), remote_start_operation_id=asked["operation_id"]
    )
    (asked,) = (await driver.get("/api/requests"))["data"]
    assert asked["transaction_id"] == begun


async def test_requests_of_others_and_of_long_ago_are_not_listed(
    driver: Caller, operator: Caller, network: Network
) -> None:
    await operator.post(
        f"/api/admin/chargers/{network.charger['id']}/remote-start", {"id_tag": "CARD1"}
    )
    await network.add_operation(
        action="RemoteStartTransaction",
        requested_by=await own_id(driver),
        requested_at=datetime.now(UTC) - timedelta(minutes=16),
    )
    assert (await driver.get("/api/requests"))["data"] == []


async def test_an_open_session_tells_its_cost_up_to_the_last_good_reading(
    driver: Caller, network: Network
) -> None:
    started_at = datetime.now(UTC) - timedelta(minutes=30)
    number = await network.add_transaction(
        **await billable(driver, started_at=started_at, hold_amount=Decimal(20))
    )
    before = await driver.get(f"/api/sessions/{number}")
    await network.add_reading(number, 5000, sampled_at=started_at + timedelta(minutes=10))
    await network.add_reading(
        number, 9000, sampled_at=started_at + timedelta(minutes=20), is_suspect=True
    )
    session = await driver.get(f"/api/sessions/{number}")

    assert before["cost_so_far"] is None
    assert session["cost_so_far"] == {"amount": "2.80", "currency": "EUR"}
    assert session["limit"] == {"amount": "20.00", "currency": "EUR"}
    assert session["last_reading_at"] is not None
    assert session["time_zone"] == "Europe/Berlin"


async def test_an_ended_session_has_a_cost_and_none_so_far(
    driver: Caller, network: Network
) -> None:
    number = await network.add_transaction(
        **await billable(driver, status="ENDED", hold_amount=Decimal(20))
    )
    session = await driver.get(f"/api/sessions/{number}")
    assert session["cost_so_far"] is None
    assert session["limit"] is None


async def test_a_scanned_charger_says_what_the_wallet_must_have(
    anybody: Caller, network: Network
) -> None:
    await network.database.pool.execute(
        "UPDATE organization SET minimum_balance = 5, hold_amount = 30 WHERE id = 1"
    )
    scanned = await anybody.get("/api/chargers/CP001")
    assert scanned["credit"] == {
        "minimum_balance": {"amount": "5.00", "currency": "EUR"},
        "hold": {"amount": "30.00", "currency": "EUR"},
    }


async def test_a_driver_sees_only_the_own_id_tags(
    driver: Caller, operator: Caller, network: Network
) -> None:
    user_id = await own_id(driver)
    await operator.post("/api/admin/id-tags", {"id_tag": "MINE", "user_id": user_id}, expect=201)
    await operator.post("/api/admin/id-tags", {"id_tag": "NOBODYS"}, expect=201)
    found = await driver.get("/api/id-tags")
    assert {tag["id_tag"] for tag in found["data"] if not tag["is_app_tag"]} == {"MINE"}
    assert {tag["user_id"] for tag in found["data"]} == {user_id}
