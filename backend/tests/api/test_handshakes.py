"""Attempts of a charger to connect, as operators see them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from csms.adapters.sql.admissions import SqlAdmissions
from csms.adapters.sql.engine import Database
from csms.domain.stations.handshakes import HandshakeAttempt, HandshakeOutcome
from csms.kernel.ids import ChargerId, OrganizationId
from tests.api.caller import Caller
from tests.api.network import Network

pytestmark = pytest.mark.integration

NOW = datetime.now(UTC)


async def knock(
    database: Database,
    charger: dict[str, Any] | None,
    outcome: HandshakeOutcome,
    minutes_ago: int,
    charge_point_id: str = "CP001",
) -> None:
    await SqlAdmissions(database).record_handshakes(
        [
            HandshakeAttempt(
                at=NOW - timedelta(minutes=minutes_ago),
                charge_point_id=charge_point_id,
                remote_address="192.0.2.17",
                outcome=outcome,
                http_status=101 if outcome == "accepted" else 401,
                reason=f"it was {outcome}",
                subprotocols=("ocpp2.0.1", "ocpp1.6"),
                charger_id=None if charger is None else ChargerId(charger["id"]),
                organization_id=None if charger is None else OrganizationId(1),
            )
        ]
    )


async def test_attempts_are_listed_newest_first_with_reason_and_offer(
    operator: Caller, network: Network, database: Database
) -> None:
    await knock(database, None, "unknown_charger", 9)
    await knock(database, network.charger, "bad_credentials", 5)
    await knock(database, network.charger, "accepted", 1)
    await knock(database, None, "unknown_charger", 2, "ANOTHER")
    path = f"/api/admin/chargers/{network.charger['id']}/handshakes"
    page = await operator.get(path)
    assert [one["outcome"] for one in page["data"]] == [
        "accepted",
        "bad_credentials",
        "unknown_charger",
    ]
    assert page["total"] == 3
    newest = page["data"][0]
    assert newest["is_accepted"] is True
    assert newest["subprotocols"] == ["ocpp2.0.1", "ocpp1.6"]
    assert (newest["remote_address"], newest["reason"]) == ("192.0.2.17", "it was accepted")
    refused = await operator.get(path, accepted="false", limit=1, page=2)
    assert [one["outcome"] for one in refused["data"]] == ["unknown_charger"]
    since = (NOW - timedelta(minutes=6)).isoformat()
    assert (await operator.get(path, **{"from": since}))["total"] == 2
    assert (await operator.get(path, search="BAD_cred"))["total"] == 1


async def test_the_attempts_of_no_charger_are_not_found(operator: Caller, network: Network) -> None:
    await operator.get("/api/admin/chargers/999999/handshakes", expect=404)
