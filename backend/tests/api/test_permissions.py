"""Who may come in: every address and method for nobody, a driver and an operator."""

import re
from typing import Any, Literal

import pytest
from fastapi import FastAPI

from csms.api.app import ROUTERS, create_app
from csms.api.services import Services
from csms.api.settings import ApiSettings
from tests.api.caller import Caller

pytestmark = pytest.mark.integration

PUBLIC = {
    "GET /",
    "GET /healthz",
    "GET /readyz",
    "POST /auth/token",
    "POST /auth/session",
    "GET /api/config",
    "GET /api/stations",
    "GET /api/stations/{station_id}",
    "GET /api/chargers/{charge_point_id}",
}
DRIVERS_TOO = {
    "GET /auth/profile",
    "DELETE /auth/session",
    "POST /api/chargers/{charge_point_id}/start",
    "GET /api/requests",
    "GET /api/id-tags",
    "GET /api/sessions",
    "GET /api/sessions/{transaction_id}",
    "POST /api/sessions/{transaction_id}/stop",
    "GET /api/sessions/{transaction_id}/receipt",
    "GET /api/wallet",
    "GET /api/wallet/transfers",
    "GET /api/wallet/top-ups",
    "POST /api/wallet/top-ups",
    "GET /api/events",
    "GET /users",
    "GET /users/{user_id}",
    "PUT /users/{user_id}",
    "GET /users/{user_id}/transactions",
    "GET /users/{user_id}/wallet/transfers",
}
OPERATORS = {
    "POST /users",
    "DELETE /users/{user_id}",
    "POST /users/{user_id}/deactivate",
    "POST /users/{user_id}/reactivate",
    "POST /users/{user_id}/wallet/top-ups",
    "POST /users/{user_id}/wallet/corrections",
    "GET /api/charge-points",
    "POST /api/charge-points/{charge_point_id}/request",
    "GET /api/logs",
    "GET /api/logs/{charge_point_id}",
}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def app(services: Services, settings: ApiSettings) -> FastAPI:
    return create_app(services, settings)


def documented(app: FastAPI) -> set[str]:
    paths: dict[str, Any] = app.openapi()["paths"]
    return {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}


def address(operation: str) -> tuple[str, str]:
    method, _, path = operation.partition(" ")
    return method, re.sub(r"\{[^}]+\}", "77", path)


def access_of(operation: str) -> Literal["public", "driver", "operator"]:
    if operation in PUBLIC:
        return "public"
    if operation in DRIVERS_TOO:
        return "driver"
    assert operation in OPERATORS or operation.partition(" ")[2].startswith("/api/admin/")
    return "operator"


def test_every_address_is_in_the_table_of_who_may_come_in(app: FastAPI) -> None:
    tabled = PUBLIC | DRIVERS_TOO | OPERATORS
    found = {o for o in documented(app) if not o.partition(" ")[2].startswith("/api/admin/")}
    assert found == tabled


def test_every_router_says_who_may_come_in() -> None:
    for router in ROUTERS:
        guarded = {"public": 0, "person": 1, "operator": 1}[router.access]
        assert len(router.dependencies) == guarded, router.prefix
        assert router.access == "operator" or not router.prefix.startswith("/api/admin")


async def test_nobody_gets_further_than_the_public_addresses(app: FastAPI, anybody: Caller) -> None:
    for operation in sorted(documented(app)):
        method, path = address(operation)
        answer = await anybody.client.request(method, path)
        if access_of(operation) == "public":
            assert answer.status_code not in {401, 403}, operation
        else:
            assert answer.status_code == 401, operation
            assert answer.headers["www-authenticate"].startswith("Bearer"), operation
            assert answer.headers["content-type"] == "application/problem+json", operation


async def test_drivers_are_kept_out_of_what_operators_do(app: FastAPI, driver: Caller) -> None:
    for operation in sorted(documented(app) - {"GET /api/events"}):
        method, path = address(operation)
        answer = await driver.client.request(method, path)
        if access_of(operation) == "operator":
            assert answer.status_code == 403, operation
        elif "{user_id}" not in operation:
            assert answer.status_code not in {401, 403}, operation


async def test_operators_reach_every_address(app: FastAPI, operator: Caller) -> None:
    for operation in sorted(documented(app) - {"GET /api/events"}):
        method, path = address(operation)
        answer = await operator.client.request(method, path)
        assert answer.status_code not in {401, 403}, operation


async def test_every_method_below_the_admin_addresses_needs_an_operator(
    app: FastAPI, driver: Caller, anybody: Caller
) -> None:
    paths = [path for path in app.openapi()["paths"] if path.startswith("/api/admin/")]
    for path in paths:
        for method in METHODS:
            _, place = address(f"{method} {path}")
            for caller, refused in ((anybody, 401), (driver, 403)):
                answer = await caller.client.request(method, place)
                assert answer.status_code in {refused, 405}, f"{method} {path}"


async def test_a_driver_sees_and_changes_only_the_own_account(
    operator: Caller, driver: Caller
) -> None:
    me = await driver.get("/auth/profile")
    other = (await operator.get("/auth/profile"))["id"]
    listed = await driver.get("/users")
    assert [user["id"] for user in listed["data"]] == [me["id"]]
    assert (await driver.get(f"/users/{me['id']}"))["email"] == "dana@example.org"
    for path in ("", "/transactions", "/wallet/transfers"):
        refused = await driver.get(f"/users/{other}{path}", expect=403)
        assert refused["code"] == "not_oneself"
    await driver.put(f"/users/{other}", {"full_name": "Mallory"}, expect=403)
    await driver.put(f"/users/{me['id']}", {"role": "ADMIN"}, expect=403)
    assert (await driver.get("/auth/profile"))["role"] == "USER"
