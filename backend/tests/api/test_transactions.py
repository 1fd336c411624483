"""Sessions as operators and drivers see them: lists, sums, CSV, energy, cost, readings."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from csms.adapters.sql.engine import Database
from tests.api.caller import Caller
from tests.api.network import Network

pytestmark = pytest.mark.integration

TERMS = '{"tariff_id":1,"name":"Day","currency":"EUR","price_per_kwh":"0.45"}'
BILLED = {
    "status": "ENDED",
    "is_billable": True,
    "billing_status": "BILLED",
    "currency": "EUR",
    "cost_amount": Decimal("1.8"),
    "tariff_terms": TERMS,
    "explanation": '{"basis":"registers"}',
    "bill_explanation": '{"lines":[]}',
}


async def test_a_transaction_has_the_fields_that_programs_rely_on(
    operator: Caller, network: Network
) -> None:
    number = await network.add_transaction(status="ENDED")
    (found,) = (await operator.get("/api/admin/transactions"))["data"]
    assert found["id"] == number
    assert found["ocpp_transaction_id"] == str(number)
    assert found["charge_point_id"] == "CP001"
    assert (found["meter_start_wh"], found["meter_stop_wh"], found["energy_wh"]) == (
        1000,
        5000,
        4000,
    )
    assert (found["status"], found["billing_status"]) == ("ENDED", "NOT_BILLABLE")
    assert found["stop_reason"] == "Local"
    assert found["cost"] is None
    assert found["started_at"].endswith("Z")


async def test_energy_of_an_open_session_is_what_the_last_good_reading_says(
    operator: Caller, network: Network
) -> None:
    number = await network.add_transaction()
    await network.add_reading(number, 2500)
    await network.add_reading(
        number, 9_000_000, is_suspect=True, sampled_at=datetime.now(UTC) + timedelta(minutes=1)
    )
    shown = await operator.get(f"/api/admin/transactions/{number}")
    assert (shown["energy_wh"], shown["power_w"]) == (1500, 11000)
    charger = await operator.get(f"/api/admin/chargers/{network.charger['id']}")
    assert [t["id"] for t in charger["current_transactions"]] == [number]


async def test_the_summary_is_over_the_whole_filter_not_the_page(
    operator: Caller, driver: Caller, network: Network
) -> None:
    me = (await driver.get("/auth/profile"))["id"]
    for _ in range(3):
        await network.add_transaction(**BILLED, user_id=me)
    await network.add_transaction()
    found = await operator.get("/api/admin/transactions", limit=2)
    assert (len(found["data"]), found["total"]) == (2, 4)
    summary = found["summary"]
    assert (summary["total"], summary["open"], summary["energy_wh"]) == (4, 1, 12000)
    assert summary["costs"] == [{"amount": "5.40", "currency": "EUR"}]
    second = await operator.get("/api/admin/transactions", limit=2, page=2)
    assert second["summary"] == summary
    ids = [t["id"] for t in found["data"] + second["data"]]
    assert len(set(ids)) == 4


async def test_transactions_are_filtered(
    operator: Caller, driver: Caller, network: Network
) -> None:
    me = (await driver.get("/auth/profile"))["id"]
    old = await network.add_transaction(
        status="ENDED", started_at=datetime(2026, 1, 1, tzinfo=UTC), id_tag="Card9",
        id_tag_folded="card9", user_id=me,
    )  # fmt: skip
    new = await network.add_transaction()

    async def ids(**query: object) -> list[int]:
        found = await operator.get("/api/admin/transactions", **query)
        return [t["id"] for t in found["data"]]

    assert await ids(open=True) == [new]
    assert await ids(open=False) == [old]
    assert await ids(status="ENDED") == [old]
    assert await ids(id_tag="CARD9") == [old]
    assert await ids(user_id=me) == [old]
    assert await ids(charge_point_id="CP001", sort="started_at") == [old, new]
    assert await ids(**{"from": "2026-02-01T00:00:00Z"}) == [new]
    assert await ids(to="2026-02-01T00:00:00+02:00") == [old]
    assert await ids(search=str(old)) == [old]
    assert [t["id"] for t in (await operator.get(f"/users/{me}/transactions"))["data"]] == [old]


async def test_the_export_holds_the_whole_filter_and_runs_no_formula(
    operator: Caller, network: Network
) -> None:
    for number in range(30):
        await network.add_transaction(
            status="ENDED", id_tag=f"=1+{number}", id_tag_folded=f"=1+{number}"
        )
    for options in ({"params": {"format": "csv"}}, {"headers": {"Accept": "text/csv"}}):
        answer = await operator.ask("GET", "/api/admin/transactions", 200, **options)
        assert answer.headers["content-type"].startswith("text/csv")
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        assert len(rows) == 30
        assert all(row["id_tag"].startswith("'=1+") for row in rows)
        assert rows[0]["energy_wh"] == "4000"


async def test_a_session_explains_energy_and_cost(
    operator: Caller, driver: Caller, network: Network, database: Database
) -> None:
    me = (await driver.get("/auth/profile"))["id"]
    await network.top_up(me, "10.00")
    number = await network.add_transaction(**BILLED, user_id=me)
    shown = await operator.get(f"/api/admin/transactions/{number}")
    assert shown["energy_explained"] == {"basis": "registers"}
    assert shown["cost_explained"] == {"lines": []}
    assert shown["tariff"]["price_per_kwh"] == "0.45"
    assert shown["cost"] == {"amount": "1.80", "currency": "EUR"}
    receipt = await driver.get(f"/api/sessions/{number}/receipt")
    assert receipt["cost"] == shown["cost"]
    assert receipt["station_name"] == "Harbour"
    pending = await network.add_transaction(
        **BILLED | {"billing_status": "PENDING", "cost_amount": None}, user_id=me, connector_id=2
    )
    refused = await driver.get(f"/api/sessions/{pending}/receipt", expect=409)
    assert refused["code"] == "not_billed"
    bills = await operator.get("/api/admin/billing")
    assert [bill["id"] for bill in bills["data"]] == [pending]


async def test_readings_are_shown_one_sample_at_a_time(operator: Caller, network: Network) -> None:
    number = await network.add_transaction()
    start = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
    for minute in range(3):
        await network.add_reading(
            number, 1000 + minute, sampled_at=start + timedelta(minutes=minute)
        )
    signed = [{"measurand": "Energy.Active.Import.Register", "value": "AB12=", "unit": "Wh"}]
    await network.add_reading(
        number, 1003, samples=json.dumps(signed), sampled_at=start + timedelta(minutes=3)
    )
    path = f"/api/admin/transactions/{number}/meter-values"
    found = await operator.get(path)
    assert found["total"] == len(found["data"]) == 7
    first, second = found["data"][:2]
    assert (first["measurand"], first["value"], first["unit"]) == (
        "Energy.Active.Import.Register",
        1000,
        "Wh",
    )
    assert (second["measurand"], second["value"]) == ("Power.Active.Import", 11000.5)
    assert first["timestamp"] == "2026-03-14T09:00:00Z"
    assert found["data"][-1]["value"] == "AB12="
    page = await operator.get(path, limit=2, page=2, sort="-timestamp")
    assert (len(page["data"]), page["total"]) == (2, 7)
    await operator.get("/api/admin/transactions/999/meter-values", expect=404)


async def test_a_stop_reaches_the_charger_a_close_does_not(
    operator: Caller, network: Network
) -> None:
    number = await network.add_transaction()
    path = f"/api/admin/transactions/{number}"
    assert (await operator.post(f"{path}/stop"))["status"] == "Accepted"
    assert (await operator.get(path))["status"] == "ACTIVE"
    await operator.post(f"{path}/close", {"reason": ""}, expect=422)
    await operator.post(f"{path}/close", {"reason": "gone", "meter_stop_wh": -1}, expect=422)
    closed = await operator.post(f"{path}/close", {"reason": "gone", "meter_stop_wh": 2000})
    assert (closed["status"], closed["stop_source"]) == ("ENDED", "operator")
    assert (closed["energy_wh"], closed["note"]) == (1000, "gone")
    again = await operator.post(f"{path}/close", {"reason": "gone"}, expect=409)
    assert again["code"] == "session_ended"
    audit = await operator.get("/api/admin/audit", target_kind="transaction")
    assert audit["total"] == 1
    assert (await operator.post(f"{path}/stop", expect=409))["code"] == "session_ended"
    await operator.post("/api/admin/transactions/999/stop", expect=404)
