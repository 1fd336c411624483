"""The first screen's figures, a charger's uptime, and the language of chargers for forms."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import jsonschema
import pytest

from csms.adapters.sql.engine import Database
from csms.reads.overview import same_time_of_day
from tests.api.caller import Caller
from tests.api.fakes import TurnedClock
from tests.api.network import Network

pytestmark = pytest.mark.integration


async def test_today_stands_beside_the_same_hours_of_other_days(
    operator: Caller, network: Network, clock: TurnedClock
) -> None:
    clock.moment = datetime(2026, 3, 11, 12, tzinfo=UTC)
    now = clock.now()

    async def ended(at: datetime, energy_wh: int, cost: str) -> None:
        await network.add_transaction(
            status="ENDED",
            started_at=at - timedelta(minutes=30),
            stopped_at=at,
            energy_wh=energy_wh,
            cost_amount=cost,
            currency="EUR",
        )

    await ended(now - timedelta(hours=1), 1000, "1.00")
    await ended(now - timedelta(days=1, hours=1), 2000, "2.00")
    await ended(now - timedelta(days=1) + timedelta(hours=1), 4000, "4.00")
    await ended(now - timedelta(days=7, hours=11), 8000, "8.00")
    found = await operator.get("/api/admin/overview")
    assert [found[day]["energy_wh"] for day in ("today", "yesterday", "last_week")] == [
        1000,
        2000,
        8000,
    ]
    assert found["yesterday"]["revenue"] == {"amount": "2.00", "currency": "EUR"}
    assert found["today"]["sessions"] == 1
    # In Kiritimati (UTC+14) it is two at night: what ended an hour ago is still today's, no more.
    there = await operator.get("/api/admin/overview", time_zone="Pacific/Kiritimati")
    assert there["today"]["since"] == "2026-03-11T10:00:00Z"
    assert there["last_week"]["energy_wh"] == 0
    await operator.get("/api/admin/overview", time_zone="Mars/Olympus", expect=422)


def test_days_keep_their_hours_when_the_clocks_change() -> None:
    zone = ZoneInfo("Europe/Berlin")
    now = datetime(2026, 3, 29, 12, tzinfo=UTC)  # 14:00 in summer time, the day it begins
    assert same_time_of_day(now, zone, 0) == (datetime(2026, 3, 28, 23, tzinfo=UTC), now)
    assert same_time_of_day(now, zone, 1) == (
        datetime(2026, 3, 27, 23, tzinfo=UTC),
        datetime(2026, 3, 28, 13, tzinfo=UTC),
    )


async def test_running_power_is_the_sum_of_the_last_readings(
    operator: Caller, network: Network
) -> None:
    number = await network.add_transaction(meter_start_wh=0)
    await network.add_reading(number, 1500)
    found = await operator.get("/api/admin/overview")
    assert found["running_energy_wh"] == 1500


async def test_uptime_counts_overlapping_connections_once(
    operator: Caller, network: Network, database: Database, clock: TurnedClock
) -> None:
    now = clock.now()
    charger = network.charger["id"]
    await database.pool.execute(
        "UPDATE charger SET created_at = $2 WHERE id = $1", charger, now - timedelta(hours=10)
    )
    for epoch, (since, until) in enumerate([(10, 6), (8, 5), (1, None)], start=90):
        await database.pool.execute(
            "INSERT INTO connection (organization_id, charger_id, epoch, node, protocol, "
            "security_profile, connected_at, disconnected_at) "
            "VALUES (1, $1, $2, 'n', 'ocpp1.6', 1, $3, $4)",
            charger,
            epoch,
            now - timedelta(hours=since),
            None if until is None else now - timedelta(hours=until),
        )
    found = await operator.get(f"/api/admin/chargers/{charger}/uptime")
    day, week, month = found["windows"]
    assert (day["online_s"], day["known_s"], day["percent"]) == (6 * 3600, 10 * 3600, 60.0)
    assert (day["breaks"], week["percent"], month["known_s"]) == (2, 60.0, 36_000)
    assert len(found["spans"]) == 2
    await operator.get("/api/admin/chargers/999999/uptime", expect=404)


async def test_every_request_to_a_charger_has_a_schema_that_its_example_fits(
    operator: Caller,
) -> None:
    found = await operator.get("/api/admin/actions", sender="central_system")
    names = {action["name"] for action in found["data"]}
    assert {"RemoteStartTransaction", "SetChargingProfile", "DataTransfer", "GetLog"} <= names
    assert "BootNotification" not in names
    for action in found["data"]:
        exact = json.loads(json.dumps(action), parse_float=Decimal)
        jsonschema.Draft4Validator(exact["request_schema"]).validate(exact["request_example"])
        assert "$ref" not in str(action["request_schema"])


async def test_a_frame_is_explained(operator: Caller, driver: Caller) -> None:
    path = "/api/admin/messages/explain"
    found = await operator.post(path, {"frame": '[2,"1","Heartbeat",{}]'})
    assert (found["verdict"], found["action"]) == ("valid", "Heartbeat")
    found = await operator.post(
        path, {"frame": '[3,"1",{"status":"Maybe"}]', "answer_to": "RemoteStartTransaction"}
    )
    assert found["verdict"] == "invalid"
    assert found["faults"][0]["path"] == "status"
    await operator.post(path, {"frame": "[3]", "answer_to": "NoSuchAction"}, expect=422)
    await driver.post(path, {"frame": "[3]"}, expect=403)
