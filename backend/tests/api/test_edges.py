"""What every exchange has in common: problems, paging, headers, HEAD, limits, other origins."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from csms.adapters.sql.engine import Database
from csms.api.app import create_app
from csms.api.services import Services
from csms.api.settings import ApiSettings
from tests.api.caller import Caller
from tests.api.network import STATION, Network

pytestmark = pytest.mark.integration

LISTS = (
    "/api/admin/stations",
    "/api/admin/chargers",
    "/api/admin/operations",
    "/api/admin/transactions",
    "/api/admin/id-tags",
    "/api/admin/tariffs",
    "/api/admin/desk",
    "/api/admin/billing",
    "/api/admin/audit",
    "/api/charge-points",
    "/api/stations",
    "/api/sessions",
    "/api/wallet/transfers",
    "/users",
)


async def test_unknown_addresses_are_json_problems(operator: Caller, anybody: Caller) -> None:
    for path in (
        "/api/nope",
        "/api",
        "/users/x/y",
        "/auth/nope",
        "/webhooks/x",
        "/docs/x",
        "/ocpp/x",
    ):
        for caller in (operator, anybody):
            answer = await caller.client.get(path)
            assert answer.status_code == 404, path
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["status"] == 404


async def test_a_wrong_method_is_a_problem_that_names_the_right_ones(operator: Caller) -> None:
    answer = await operator.client.request("PATCH", "/api/config")
    assert answer.status_code == 405
    assert answer.json()["code"] == "method_not_allowed"
    assert "GET" in answer.headers["allow"]


async def test_faults_of_a_body_say_where_they_are(operator: Caller) -> None:
    body: dict[str, Any] = {"name": "", "latitude": 91, "longitude": "x", "extra": 1}
    problem = await operator.post("/api/admin/stations", body, expect=422)
    assert problem["code"] == "invalid_request"
    assert {error["pointer"] for error in problem["errors"]} == {
        "#/name",
        "#/latitude",
        "#/longitude",
        "#/extra",
    }
    refused = await operator.get("/api/admin/stations", limit=0, expect=422)
    assert refused["errors"][0]["parameter"] == "limit"


async def test_a_body_that_is_not_json_is_a_bad_request(operator: Caller) -> None:
    answer = await operator.client.post(
        "/api/admin/stations", content=b"{", headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "not_json")


@pytest.mark.parametrize("text", ["\x00", "\ud800"])
async def test_texts_that_cannot_be_stored_break_nothing(operator: Caller, text: str) -> None:
    body = {"name": f"a{text}", "latitude": 1, "longitude": 1}
    answer = await operator.client.post(
        "/api/admin/stations",
        content=json.dumps(body),
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code in {201, 400, 422}, answer.text
    searched = await operator.client.get("/api/admin/stations?search=%00")
    assert searched.status_code == 422


async def test_a_database_that_is_gone_is_said_so(
    operator: Caller, services: Services, settings: ApiSettings, database: Database
) -> None:
    class Gone:
        def reads(self, _: int) -> None:
            raise ConnectionRefusedError

    app = create_app(replace(services, database=Gone()), settings)  # type: ignore[arg-type]
    async with Caller(app) as caller:
        answer = await caller.client.get("/api/chargers/CP001")
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert answer.headers["retry-after"] == "5"


async def test_our_own_fault_is_a_problem_without_details(
    services: Services, settings: ApiSettings
) -> None:
    class Broken:
        def reads(self, _: int) -> None:
            raise ZeroDivisionError("secret")

    app = create_app(replace(services, database=Broken()), settings)  # type: ignore[arg-type]
    async with Caller(app) as caller:
        answer = await caller.client.get("/api/chargers/CP001")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "secret" not in answer.text


async def test_every_list_has_pages_and_refuses_unknown_sorts(operator: Caller) -> None:
    for path in LISTS:
        found = await operator.get(path, page=3, limit=100)
        assert (found["page"], found["limit"], found["data"]) == (3, 100, []), path
        for query in ({"limit": 101}, {"limit": 0}, {"page": 0}):
            await operator.get(path, expect=422, **query)
        if path != "/api/charge-points":
            refused = await operator.get(path, sort="nonsense", expect=422)
            assert refused["code"] == "unknown_sort", path
        assert (await operator.get(path, search="nothing has this name"))["data"] == []


async def test_pages_of_a_sorted_list_hold_everything_once(operator: Caller) -> None:
    for number in range(5):
        await operator.post("/api/admin/stations", STATION | {"name": f"S{number % 2}"}, expect=201)
    for sort in ("name", "-name", "id", "-created_at"):
        seen = []
        for page in (1, 2, 3):
            found = await operator.get("/api/admin/stations", page=page, limit=2, sort=sort)
            assert found["total"] == 5
            seen += [station["id"] for station in found["data"]]
        assert sorted(seen) == sorted(set(seen))
        assert len(seen) == 5
    names = [s["name"] for s in (await operator.get("/api/admin/stations", sort="-name"))["data"]]
    assert names == sorted(names, reverse=True)


async def test_head_answers_as_get_without_the_body(operator: Caller) -> None:
    answer = await operator.ask("HEAD", "/api/admin/stations", 200)
    assert answer.content == b""
    assert answer.headers["content-type"] == "application/json"
    assert (await operator.client.head("/api/admin/stations/999")).status_code == 404
    assert (await operator.client.head("/api/events")).status_code == 405


async def test_answers_carry_the_security_headers(anybody: Caller, operator: Caller) -> None:
    for path in ("/", "/api/nope", "/docs", "/openapi.json"):
        headers = (await anybody.client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
    private = await operator.ask("GET", "/auth/profile", 200)
    assert private.headers["cache-control"] == "no-store"


async def test_bodies_have_a_limit(services: Services, settings: ApiSettings) -> None:
    app = create_app(services, replace(settings, max_body_bytes=100))
    async with Caller(app) as caller:
        form = {"username": "x" * 200, "password": "y"}
        answer = await caller.client.post("/auth/token", data=form)
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"


async def test_other_origins_are_let_in_only_when_named(
    services: Services, settings: ApiSettings
) -> None:
    ask = {"Origin": "https://app.example.org", "Access-Control-Request-Method": "POST"}
    async with Caller(create_app(services, settings)) as closed:
        answer = await closed.client.get("/api/config", headers=ask)
        assert "access-control-allow-origin" not in answer.headers
    named = replace(settings, cors_origins=("https://app.example.org",))
    async with Caller(create_app(services, named)) as opened:
        answer = await opened.client.options("/api/admin/stations", headers=ask)
        assert answer.headers["access-control-allow-origin"] == "https://app.example.org"
        follow = {"Access-Control-Request-Headers": "authorization,last-event-id"}
        stream = await opened.client.options("/api/events", headers={**ask, **follow})
        assert stream.status_code == 200, "a browser goes on with its events after a break"
        other = await opened.client.get("/api/config", headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers


async def test_readiness_names_what_does_not_work(
    services: Services, settings: ApiSettings
) -> None:
    async def broken() -> dict[str, bool]:
        return {"database": True, "journal": False}

    async with Caller(create_app(replace(services, readiness=broken), settings)) as caller:
        answer = await caller.client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"is_ready": False, "checks": {"database": True, "journal": False}}


async def test_anything_is_found_by_name_or_id(operator: Caller, network: Network) -> None:
    number = await network.add_transaction()
    kinds = {f["kind"] for f in (await operator.get("/api/admin/search", q="quay"))["data"]}
    assert kinds == {"charger"}
    found = await operator.get("/api/admin/search", q=str(number))
    assert [(f["kind"], f["id"]) for f in found["data"]] == [("transaction", str(number))]
    for query in ("%", "_", "9" * 20):
        assert (await operator.get("/api/admin/search", q=query))["data"] == []
    overview = await operator.get("/api/admin/overview")
    assert (overview["chargers"], overview["transactions_active"]) == (1, 1)


async def test_the_desk_shows_what_waits_for_a_person(
    operator: Caller, network: Network, database: Database
) -> None:
    await network.add_transaction(
        status="ENDED", billing_status="FAILED", billing_error="registers contradict",
        is_billable=True, user_id=1,
    )  # fmt: skip
    await database.pool.execute(
        "INSERT INTO desk_case (organization_id, kind, case_key, charger_id, summary, evidence, "
        "opened_at) VALUES (1, 'ambiguous_stop', 'k', $1, 'whose stop?', '{\"a\":1}', now())",
        network.charger["id"],
    )
    found = await operator.get("/api/admin/desk")
    assert {(i["source"], i["kind"]) for i in found["data"]} == {
        ("case", "ambiguous_stop"),
        ("bill", "bill_failed"),
    }
    (case,) = (await operator.get("/api/admin/desk", source="case"))["data"]
    assert (case["evidence"], case["charge_point_id"]) == ({"a": 1}, "CP001")
    assert (await operator.get("/api/admin/overview"))["desk"]["failed_bills"] == 1


async def test_the_documents_page_needs_no_other_server(anybody: Caller) -> None:
    page = await anybody.client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "http://" not in page.text
    assert "https://" not in page.text
    for path in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        answer = await anybody.client.get(path)
        assert answer.status_code == 200, path
        assert answer.content, path
