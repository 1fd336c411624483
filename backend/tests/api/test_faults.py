"""Faults as operators see them: of all chargers, and of one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.api.caller import Caller
from tests.api.network import Network

pytestmark = pytest.mark.integration

NOW = datetime.now(UTC)


async def add_fault(network: Network, minutes_ago: int, **fields: Any) -> None:
    at = NOW - timedelta(minutes=minutes_ago)
    row = {
        "organization_id": 1,
        "charger_id": network.charger["id"],
        "connector_id": 1,
        "status": "Faulted",
        "error_code": "GroundFailure",
        "opened_at": at,
        "received_at": at,
    }
    await network._insert("fault", row | fields)


async def test_faults_are_listed_newest_first_and_filtered(
    operator: Caller, network: Network
) -> None:
    await add_fault(
        network, 30, error_code="OtherError", resolved_at=NOW, resolution="Available", info="relay"
    )
    await add_fault(network, 5, vendor_error_code="E-17")
    page = await operator.get("/api/admin/faults")
    assert [one["error_code"] for one in page["data"]] == ["GroundFailure", "OtherError"]
    assert page["data"][0]["vendor_error_code"] == "E-17"
    assert page["data"][0]["charge_point_id"] == "CP001"
    (open_one,) = (await operator.get("/api/admin/faults", open="true"))["data"]
    assert open_one["resolved_at"] is None
    assert (await operator.get("/api/admin/faults", search="relay"))["total"] == 1
    other = await network.add_charger("CP002")
    of_one = f"/api/admin/chargers/{network.charger['id']}/faults"
    assert (await operator.get(of_one))["total"] == 2
    assert (await operator.get(of_one, error_code="OtherError"))["total"] == 1
    assert (await operator.get(f"/api/admin/chargers/{other['id']}/faults"))["total"] == 0
    await operator.get("/api/admin/chargers/99999/faults", expect=404)
