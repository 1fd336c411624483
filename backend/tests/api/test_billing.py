"""Bills at the desk: billed again, decided by a person, or waived."""

import json
from typing import Any

import msgspec
import pytest

from csms.adapters.sql.engine import Database
from tests.api.caller import Caller
from tests.api.network import Network

pytestmark = pytest.mark.integration

TERMS = json.dumps(
    {"tariff_id": 1, "name": "Standard", "currency": "EUR", "price_per_kwh": "0.450000"}
)
FAILED = {
    "status": "ENDED",
    "is_billable": True,
    "billing_status": "FAILED",
    "billing_error": "the energy cannot be reconciled",
    "energy_wh": None,
    "energy_basis": "unreconciled",
    "explanation": '{"basis":"unreconciled","sentence":"a person decides"}',
    "tariff_terms": TERMS,
    "currency": "EUR",
}
PENDING = FAILED | {"billing_status": "PENDING", "billing_error": None, "energy_wh": 4000}


@pytest.fixture
async def me(driver: Caller) -> int:
    return int((await driver.get("/auth/profile"))["id"])


async def lay(network: Network, user_id: int, row: dict[str, Any]) -> str:
    """A session of a driver with money; return the address of its bill."""
    await network.top_up(user_id, "30.00")
    number = await network.add_transaction(user_id=user_id, **row)
    return f"/api/admin/billing/{number}"


async def job_of(database: Database, number: int, state: str) -> int:
    made = await database.pool.fetchval(
        "INSERT INTO job (organization_id, kind, unique_key, payload, state, attempts, last_error, "
        "finished_at) VALUES (1, 'bill', $1, $2, $3, 100, 'no luck', "
        "CASE WHEN $3 = 'DEAD' THEN now() END) RETURNING id",
        f"bill:{number}:abc",
        json.dumps({"transaction_id": number}),
        state,
    )
    return int(made)


async def test_a_person_lets_a_failed_bill_rest_on_an_energy(
    operator: Caller, driver: Caller, network: Network, me: int
) -> None:
    path = await lay(network, me, FAILED)
    number = int(path.rpartition("/")[2])
    (shown,) = (await operator.get("/api/admin/desk", source="bill"))["data"]
    assert [action["path"] for action in shown["actions"]] == [f"{path}/retry", f"{path}/resolve"]
    body = {"reason": "read on site", "energy_wh": 4000}
    bill = await operator.post(f"{path}/resolve", body)
    assert bill["billing_status"] == "BILLED"
    assert bill["cost"] == {"amount": "1.80", "currency": "EUR"}
    assert (bill["energy_wh"], bill["energy_basis"]) == (4000, "operator")
    assert bill["cost_explained"]["sentence"].startswith("4 kWh at 0.45 EUR = 1.80 EUR. Total 1.80")
    assert "read on site" in bill["cost_explained"]["sentence"]
    assert bill["energy_explained"]["before"]["basis"] == "unreconciled"
    assert (await driver.get("/api/wallet"))["balance"]["amount"] == "28.20"
    receipt = await driver.get(f"/api/sessions/{number}/receipt")
    assert receipt["cost"] == bill["cost"]
    again = await operator.post(f"{path}/resolve", body)
    assert again == bill
    assert (await driver.get("/api/wallet"))["balance"]["amount"] == "28.20"
    other = await operator.post(f"{path}/resolve", body | {"energy_wh": 5000}, expect=409)
    assert other["code"] == "bill_settled"
    assert (await operator.get("/api/admin/desk"))["total"] == 0
    (entry,) = (await operator.get("/api/admin/audit", action="bill.decided"))["data"]
    assert (entry["target_kind"], entry["target_id"]) == ("transaction", str(number))
    assert entry["before"]["billing_status"] == "FAILED"
    assert entry["after"]["energy_wh"] == "4000"
    assert entry["after"]["reason"] == "read on site"


async def test_an_energy_that_cannot_be_is_a_warning(
    operator: Caller, network: Network, me: int
) -> None:
    path = await lay(network, me, FAILED)
    body = {"reason": "so they say", "energy_wh": 9_000_000}
    bill = await operator.post(f"{path}/resolve", body)
    assert bill["billing_status"] == "BILLED"
    (warning,) = bill["warnings"]
    assert "more than" in warning


async def test_a_waived_session_costs_nothing_and_says_why(
    operator: Caller, driver: Caller, network: Network, me: int
) -> None:
    path = await lay(network, me, FAILED)
    number = path.rpartition("/")[2]
    bill = await operator.post(f"{path}/resolve", {"reason": "our fault", "waive": True})
    assert (bill["billing_status"], bill["cost"]) == ("NOT_BILLABLE", None)
    session = await driver.get(f"/api/sessions/{number}")
    assert "our fault" in session["cost_explained"]["sentence"]
    assert (await driver.get("/api/wallet"))["balance"]["amount"] == "30.00"
    refused = await operator.post(f"{path}/retry", expect=409)
    assert refused["code"] == "bill_settled"


@pytest.mark.parametrize(
    "body",
    [
        {"reason": "r"},
        {"reason": "r", "energy_wh": 1, "waive": True},
        {"reason": " ", "waive": True},
        {"waive": True},
        {"reason": "r", "energy_wh": -1},
        {"reason": "r", "energy_wh": "much"},
    ],
)
async def test_a_decision_is_whole_or_refused(
    operator: Caller, network: Network, me: int, body: dict[str, Any]
) -> None:
    path = await lay(network, me, FAILED)
    await operator.post(f"{path}/resolve", body, expect=422)
    (bill,) = (await operator.get("/api/admin/billing"))["data"]
    assert bill["billing_status"] == "FAILED"


@pytest.mark.parametrize("state", ["DEAD", "READY", None])
async def test_a_pending_bill_is_made_now_whatever_became_of_its_job(
    operator: Caller, network: Network, database: Database, me: int, state: str | None
) -> None:
    path = await lay(network, me, PENDING)
    number = int(path.rpartition("/")[2])
    job_id = None if state is None else await job_of(database, number, state)
    (listed,) = (await operator.get("/api/admin/billing", status="PENDING"))["data"]
    job = listed["job"] or {"id": None, "state": None}
    assert (job["id"], job["state"]) == (job_id, state)
    waiting = (await operator.get("/api/admin/desk"))["data"]
    assert [(w["source"], w["kind"]) for w in waiting] == {
        "DEAD": [("job", "bill")],
        "READY": [],
        None: [("bill", "bill_lost")],
    }[state]
    assert all(w["transaction_id"] == number for w in waiting)
    bill = await operator.post(f"{path}/retry")
    assert (bill["billing_status"], bill["cost"]["amount"]) == ("BILLED", "1.80")
    assert bill["job"] is None
    assert (await operator.get("/api/admin/desk"))["total"] == 0
    assert (await operator.get("/api/admin/billing"))["total"] == 0
    assert (await operator.get("/api/admin/audit", action="bill.retried"))["total"] == 1
    assert (await operator.post(f"{path}/retry", expect=409))["code"] == "bill_settled"


async def test_a_bill_that_fails_again_says_so(operator: Caller, network: Network, me: int) -> None:
    path = await lay(network, me, FAILED)
    bill = await operator.post(f"{path}/retry")
    assert bill["billing_status"] == "FAILED"
    assert bill["billing_error"] == "the energy cannot be reconciled"
    assert (await operator.get("/api/admin/desk", source="bill"))["total"] == 1


async def test_a_bill_without_a_price_can_only_be_waived(
    operator: Caller, network: Network, me: int
) -> None:
    path = await lay(network, me, FAILED | {"tariff_terms": None})
    body = {"reason": "r", "energy_wh": 4000}
    refused = await operator.post(f"{path}/resolve", body, expect=409)
    assert refused["code"] == "bill_not_possible"
    await operator.post(f"{path}/resolve", {"reason": "r", "waive": True})


async def test_open_sessions_and_unknown_ones_have_no_bill(
    operator: Caller, network: Network
) -> None:
    number = await network.add_transaction()
    waiver = {"reason": "r", "waive": True}
    for path, code in ((f"/api/admin/billing/{number}", 409), ("/api/admin/billing/99", 404)):
        await operator.post(f"{path}/retry", expect=code)
        await operator.post(f"{path}/resolve", waiver, expect=code)


async def test_a_decision_under_a_key_is_answered_alike(
    operator: Caller, network: Network, me: int
) -> None:
    path = await lay(network, me, FAILED)
    body, headers = {"reason": "r", "energy_wh": 4000}, {"Idempotency-Key": "k-1"}
    first = await operator.ask("POST", f"{path}/resolve", 200, json=body, headers=headers)
    again = await operator.ask("POST", f"{path}/resolve", 200, json=body, headers=headers)
    assert again.headers["idempotency-replayed"] == "true"
    assert msgspec.json.decode(again.content) == msgspec.json.decode(first.content)
