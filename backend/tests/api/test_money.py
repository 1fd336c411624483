"""Wallets and top-ups, and calls under an Idempotency-Key."""

import asyncio

import pytest

from csms.adapters.sql.engine import Database
from tests.api.caller import Caller
from tests.api.network import STATION, Network

pytestmark = pytest.mark.integration

KEY = {"Idempotency-Key": "k-1"}


def money(amount: str, currency: str = "EUR") -> dict[str, object]:
    return {"amount": {"amount": amount, "currency": currency}, "note": "cash"}


async def test_a_top_up_is_a_balanced_transfer(operator: Caller, driver: Caller) -> None:
    me = (await driver.get("/auth/profile"))["id"]
    made = await operator.post(f"/users/{me}/wallet/top-ups", money("12.5"), expect=201)
    assert made["transfer"]["amount"] == {"amount": "12.50", "currency": "EUR"}
    assert sorted(p["amount"]["amount"] for p in made["transfer"]["postings"]) == [
        "-12.50",
        "12.50",
    ]
    wallet = await driver.get("/api/wallet")
    assert wallet == made["wallet"]
    assert wallet["balance"] == wallet["available"] == {"amount": "12.50", "currency": "EUR"}
    listed = await driver.get("/api/wallet/transfers")
    assert listed["data"] == [made["transfer"]]
    assert (await operator.get(f"/users/{me}/wallet/transfers"))["data"] == listed["data"]
    (shown,) = (await operator.get("/users", search="dana"))["data"]
    assert shown["wallet"] == wallet


async def test_a_hold_lowers_what_is_available_not_the_balance(
    operator: Caller, driver: Caller, database: Database, network: Network
) -> None:
    me = (await driver.get("/auth/profile"))["id"]
    await network.top_up(me, "30.00")
    await network.hold(me, "20.00")
    wallet = await driver.get("/api/wallet")
    assert [wallet[k]["amount"] for k in ("balance", "held", "available")] == [
        "30.00",
        "20.00",
        "10.00",
    ]
    held = (await driver.get("/api/wallet/transfers", kind="hold"))["data"]
    assert [transfer["amount"]["amount"] for transfer in held] == ["0.00"]
    plain = (await driver.get("/api/wallet/transfers", without_holds="true"))["data"]
    assert [transfer["kind"] for transfer in plain] == ["top_up"]


@pytest.mark.parametrize(("amount", "balance"), [("-12.5", "17.50"), ("2.25", "32.25")])
async def test_a_correction_moves_the_wallet_and_says_why(
    operator: Caller, driver: Caller, network: Network, amount: str, balance: str
) -> None:
    me = (await driver.get("/auth/profile"))["id"]
    await network.top_up(me, "30.00")
    path = f"/users/{me}/wallet/corrections"
    body = {"amount": {"amount": amount, "currency": "EUR"}, "reason": "a complaint"}
    made = await operator.post(path, body, expect=201, headers=KEY)
    assert made["transfer"]["kind"] == "adjustment"
    assert made["transfer"]["note"] == "a complaint"
    assert made["wallet"]["balance"]["amount"] == balance
    assert await operator.post(path, body, expect=201, headers=KEY) == made
    assert await driver.get("/api/wallet") == made["wallet"]
    (entry,) = (await operator.get("/api/admin/audit", action="wallet.corrected"))["data"]
    assert entry["target_id"] == str(me)
    assert entry["after"]["note"] == "a complaint"
    assert (await operator.get("/api/admin/audit", action="wallet.topped_up"))["total"] == 1


async def test_a_correction_may_leave_a_debt(operator: Caller, driver: Caller) -> None:
    me = (await driver.get("/auth/profile"))["id"]
    body = {"amount": {"amount": "-3", "currency": "EUR"}, "reason": "unpaid"}
    made = await operator.post(f"/users/{me}/wallet/corrections", body, expect=201)
    assert made["wallet"]["available"]["amount"] == "-3.00"


@pytest.mark.parametrize(
    ("amount", "currency", "reason"),
    [("0", "EUR", "r"), ("1.005", "EUR", "r"), ("1", "USD", "r"), ("1", "EUR", " ")],
)
async def test_a_correction_that_cannot_be_is_refused(
    operator: Caller, driver: Caller, amount: str, currency: str, reason: str
) -> None:
    me = (await driver.get("/auth/profile"))["id"]
    body = {"amount": {"amount": amount, "currency": currency}, "reason": reason}
    path = f"/users/{me}/wallet/corrections"
    await operator.post(path, body, expect=422)
    await driver.post(path, {"amount": body["amount"], "reason": "for me"}, expect=403)
    assert (await driver.get("/api/wallet/transfers"))["total"] == 0
    await operator.post("/users/99/wallet/corrections", body | {"reason": "r"}, expect=404)


async def test_drivers_see_their_top_ups_and_learn_that_nobody_takes_payments(
    operator: Caller, driver: Caller, network: Network
) -> None:
    me = (await driver.get("/auth/profile"))["id"]
    made = await network.top_up(me, "30.00")
    await network.top_up(1, "5.00")
    await network.hold(me, "20.00")
    listed = await driver.get("/api/wallet/top-ups")
    assert listed["data"] == [made["transfer"]]
    body = {"amount": {"amount": "25.00", "currency": "EUR"}}
    refused = await driver.post("/api/wallet/top-ups", body, expect=409)
    assert refused["code"] == "no_payment_provider"
    assert "25.00 EUR" in refused["detail"]
    assert (await driver.get("/api/wallet/top-ups"))["total"] == 1


async def test_a_wallet_takes_only_the_currency_that_it_is_kept_in(
    operator: Caller, driver: Caller
) -> None:
    me = (await driver.get("/auth/profile"))["id"]
    refused = await operator.post(f"/users/{me}/wallet/top-ups", money("5", "USD"), expect=422)
    assert refused["code"] == "wallet_currency"
    assert (await driver.get("/api/wallet/transfers"))["total"] == 0


@pytest.mark.parametrize("amount", ["0", "-1", "1.005", "NaN", "1e30", "x"])
async def test_no_such_amount_is_booked(operator: Caller, driver: Caller, amount: str) -> None:
    me = (await driver.get("/auth/profile"))["id"]
    await operator.post(f"/users/{me}/wallet/top-ups", money(amount), expect=422)
    assert (await driver.get("/api/wallet/transfers"))["total"] == 0


async def test_a_repeated_call_gets_the_first_answer_and_does_nothing(
    operator: Caller, driver: Caller
) -> None:
    me = (await driver.get("/auth/profile"))["id"]
    path = f"/users/{me}/wallet/top-ups"
    first = await operator.ask("POST", path, 201, json=money("5.00"), headers=KEY)
    again = await operator.ask("POST", path, 201, json=money("5.00"), headers=KEY)
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert (await driver.get("/api/wallet"))["balance"]["amount"] == "5.00"
    refused = await operator.post(path, money("6.00"), expect=422, headers=KEY)
    assert refused["code"] == "call_key_reused"
    other = await operator.post("/api/admin/stations", STATION, expect=422, headers=KEY)
    assert other["code"] == "call_key_reused"
    assert (await driver.get("/api/wallet"))["balance"]["amount"] == "5.00"


async def test_a_call_at_the_same_moment_is_told_to_wait_or_gets_the_answer(
    operator: Caller,
) -> None:
    answers = await asyncio.gather(
        *(operator.client.post("/api/admin/stations", json=STATION, headers=KEY) for _ in range(5))
    )
    assert {answer.status_code for answer in answers} <= {201, 409}
    made = {answer.json()["id"] for answer in answers if answer.status_code == 201}
    assert len(made) == 1
    assert (await operator.get("/api/admin/stations"))["total"] == 1


async def test_a_refused_call_may_be_tried_again_under_its_key(
    operator: Caller, network: Network
) -> None:
    body = {"station_id": 999, "name": "Late"}
    await operator.post("/api/admin/chargers", body, expect=404, headers=KEY)
    body["station_id"] = network.station["id"]
    await operator.post("/api/admin/chargers", body, expect=201, headers=KEY)


async def test_a_password_shown_once_is_not_kept_readable_for_repeats(
    operator: Caller, network: Network, database: Database
) -> None:
    body = {"station_id": network.station["id"], "name": "Quay 2"}
    made = await operator.post("/api/admin/chargers", body, expect=201, headers=KEY)
    again = await operator.post("/api/admin/chargers", body, expect=201, headers=KEY)
    assert again == made
    kept = await database.pool.fetch("SELECT * FROM idempotency_key")
    assert len(kept) == 1
    assert made["password"] not in str(kept)


async def test_keys_belong_to_a_person(operator: Caller, driver: Caller) -> None:
    me = (await driver.get("/auth/profile"))["id"]
    path = f"/users/{me}"
    await operator.ask("PUT", path, 200, json={"full_name": "A"}, headers=KEY)
    answer = await driver.ask("PUT", path, 200, json={"full_name": "B"}, headers=KEY)
    assert answer.json()["full_name"] == "B"


@pytest.mark.parametrize("key", ["", "x" * 201])
async def test_a_key_that_cannot_be_is_refused(operator: Caller, key: str) -> None:
    headers = {"Idempotency-Key": key}
    await operator.post("/api/admin/stations", STATION, expect=422, headers=headers)
