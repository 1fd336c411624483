"""The stated policy: what a wallet must have before a start, and what happens at the limit."""

import pytest

from csms.adapters.sql.engine import Database
from tests.api.caller import Caller
from tests.api.network import Network

pytestmark = pytest.mark.integration


async def test_the_policy_is_stated_before_a_start(
    anybody: Caller, network: Network, database: Database
) -> None:
    await database.pool.execute("UPDATE organization SET minimum_balance = 2.5, hold_amount = 15")
    scanned = await anybody.get("/api/chargers/CP001")
    station = await anybody.get(f"/api/stations/{network.station['id']}")
    policy = scanned["policy"]
    assert policy == station["policy"] == scanned["station"]["policy"]
    assert policy["minimum_balance"] == {"amount": "2.50", "currency": "EUR"}
    assert policy["hold"] == {"amount": "15.00", "currency": "EUR"}
    assert (policy["at_limit"], policy["overrun"]) == ("asked_to_stop", "owed")
    for said in ("at least 2.50 EUR", "Up to 15.00 EUR", "asked to stop", "is owed"):
        assert said in policy["sentence"]


async def test_without_a_hold_no_stop_is_promised(
    anybody: Caller, network: Network, database: Database
) -> None:
    await database.pool.execute("UPDATE organization SET hold_amount = 0")
    policy = (await anybody.get("/api/chargers/CP001"))["policy"]
    assert policy["at_limit"] == "goes_on"
    assert "asked to stop" not in policy["sentence"]
    assert "is owed" in policy["sentence"]
