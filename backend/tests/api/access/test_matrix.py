"""Every address of the OpenAPI document for nobody, every role and administrators."""

import re
from typing import Any

import pytest
from fastapi import FastAPI

from csms.api.app import ROUTERS, create_app
from csms.api.endpoints import ENDPOINTS
from csms.api.services import Services
from csms.api.settings import ApiSettings
from tests.api.access.matrix import MATRIX
from tests.api.access.people import ROLES, person_with
from tests.api.caller import Caller

pytestmark = pytest.mark.integration

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ENDLESS = {"GET /api/events"}
LAST = {"DELETE /auth/session"}
"""After it whoever called is nobody; test_sign_in.py and test_sessions.py try it."""
NOBODYS_ID = "999983"


@pytest.fixture
def app(services: Services, settings: ApiSettings) -> FastAPI:
    return create_app(services, settings)


def documented(app: FastAPI) -> set[str]:
    paths: dict[str, Any] = app.openapi()["paths"]
    return {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}


def address(operation: str) -> tuple[str, str]:
    method, _, path = operation.partition(" ")
    return method, re.sub(r"\{[^}]+\}", NOBODYS_ID, path)


def gets_in(role: str, operation: str) -> bool:
    entry = MATRIX[operation]
    if entry in {"public", "own"} or role == "admin":
        return True
    return entry != "admin" and role != "driver" and role[0] in entry


def test_every_address_stands_in_both_tables(app: FastAPI) -> None:
    found = documented(app)
    for table, place in (
        (set(MATRIX), "tests/api/access/matrix.py: MATRIX, who gets in"),
        (set(ENDPOINTS), "csms/api/endpoints.py: ENDPOINTS, which permission it needs"),
    ):
        missing, gone = sorted(found - table), sorted(table - found)
        lines = "\n".join(f"    {name!r}: ...," for name in missing)
        assert not missing, f"add one line per address to {place}:\n{lines}"
        assert not gone, f"no such address any more, remove from {place}: {gone}"


def test_every_router_says_who_may_come_in() -> None:
    for router in ROUTERS:
        guarded = {"public": 0, "person": 1, "operator": 1}[router.access]
        assert len(router.dependencies) == guarded, router.prefix
        assert router.access == "operator" or not router.prefix.startswith("/api/admin")


async def test_nobody_gets_further_than_the_public_addresses(app: FastAPI, anybody: Caller) -> None:
    for operation in sorted(documented(app)):
        method, path = address(operation)
        answer = await anybody.client.request(method, path)
        if MATRIX[operation] == "public":
            assert answer.status_code not in {401, 403}, operation
        else:
            assert answer.status_code == 401, operation
            assert answer.headers["www-authenticate"].startswith("Bearer"), operation
            assert answer.headers["content-type"] == "application/problem+json", operation


async def test_each_role_gets_in_where_the_matrix_says_and_nowhere_else(
    app: FastAPI, operator: Caller, driver: Caller, anybody: Caller
) -> None:
    people = {"admin": operator, "driver": driver}
    for role in ROLES:
        _, people[role] = await person_with(operator, anybody, role, {"role": role})
    wrong = []
    for operation in sorted(documented(app) - ENDLESS - LAST):
        method, path = address(operation)
        for role, caller in people.items():
            answer = await caller.client.request(method, path)
            is_in = answer.status_code not in {401, 403}
            if MATRIX[operation] == "own" and "{user_id}" in operation:
                continue  # whose account it is decides: test_own_and_others.py
            if is_in != gets_in(role, operation):
                wrong.append(f"{role} {operation}: {answer.status_code}")
    assert not wrong


async def test_what_the_table_does_not_name_is_for_administrators_alone(
    app: FastAPI,
    operator: Caller,
    anybody: Caller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, manager = await person_with(operator, anybody, "manager", {"role": "manager"})
    await manager.get("/api/admin/stations")
    monkeypatch.delitem(ENDPOINTS, "GET /api/admin/stations")  # type: ignore[arg-type]
    refused = await manager.get("/api/admin/stations", expect=403)
    assert refused["code"] == "permission_missing"
    await operator.get("/api/admin/stations")


async def test_every_method_below_the_admin_addresses_needs_a_right(
    app: FastAPI, driver: Caller, anybody: Caller
) -> None:
    paths = [path for path in app.openapi()["paths"] if path.startswith("/api/admin/")]
    for path in paths:
        for method in METHODS:
            _, place = address(f"{method} {path}")
            for caller, refused in ((anybody, 401), (driver, 403)):
                answer = await caller.client.request(method, place)
                assert answer.status_code in {refused, 405}, f"{method} {path}"
