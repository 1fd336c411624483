"""Tokens, the browser's session, and what ends them."""

from datetime import timedelta

import httpx
import pytest

from csms.api.auth import CSRF_COOKIE, CSRF_HEADER, SESSION_COOKIE
from tests.api.caller import Caller
from tests.api.conftest import ADMIN_EMAIL, ADMIN_PASSWORD, DRIVER_PASSWORD
from tests.api.fakes import TurnedClock
from tests.api.network import STATION

pytestmark = pytest.mark.integration


async def sign_in(caller: Caller, email: str, password: str, expect: int) -> httpx.Response:
    form = {"username": email, "password": password}
    return await caller.ask("POST", "/auth/token", expect, data=form)


async def test_a_token_says_how_long_it_lasts(operator: Caller, anybody: Caller) -> None:
    answer = (await sign_in(anybody, ADMIN_EMAIL.upper(), ADMIN_PASSWORD, 200)).json()
    assert answer["token_type"] == "bearer"
    assert answer["expires_in"] == 3600


async def test_wrong_passwords_and_unknown_addresses_are_refused_alike(
    operator: Caller, anybody: Caller
) -> None:
    wrong = await sign_in(anybody, ADMIN_EMAIL, "wrong", 401)
    unknown = await sign_in(anybody, "nobody@example.org", "wrong", 401)
    assert wrong.json() == unknown.json()


async def test_guessing_is_slowed_down(operator: Caller, anybody: Caller) -> None:
    for _ in range(5):
        await sign_in(anybody, ADMIN_EMAIL, "wrong", 401)
    answer = await sign_in(anybody, ADMIN_EMAIL, ADMIN_PASSWORD, 429)
    assert int(answer.headers["retry-after"]) > 0


async def test_a_token_ends_with_its_time(operator: Caller, clock: TurnedClock) -> None:
    clock.turn(timedelta(hours=1, seconds=1))
    refused = await operator.get("/auth/profile", expect=401)
    assert refused["code"] == "bad_token"


async def test_a_deactivated_person_is_signed_out_at_once(
    operator: Caller, driver: Caller, anybody: Caller
) -> None:
    me = await driver.get("/auth/profile")
    shut = await operator.post(f"/users/{me['id']}/deactivate")
    assert shut["is_active"] is False
    await driver.get("/auth/profile", expect=401)
    await sign_in(anybody, "dana@example.org", DRIVER_PASSWORD, 401)
    await operator.post(f"/users/{me['id']}/reactivate")
    await driver.get("/auth/profile", expect=401)
    await sign_in(anybody, "dana@example.org", DRIVER_PASSWORD, 200)


async def test_a_new_password_needs_the_old_one_and_ends_all_tokens(
    driver: Caller, anybody: Caller
) -> None:
    me = await driver.get("/auth/profile")
    change = {"password": "dana's newer password"}
    await driver.put(f"/users/{me['id']}", change, expect=401)
    await driver.put(f"/users/{me['id']}", change | {"current_password": DRIVER_PASSWORD})
    await driver.get("/auth/profile", expect=401)
    await sign_in(anybody, "dana@example.org", DRIVER_PASSWORD, 401)
    await sign_in(anybody, "dana@example.org", "dana's newer password", 200)


@pytest.mark.parametrize("password", ["short", "password1", "aaaaaaaaaaaa", "eve@example.org"])
async def test_weak_passwords_are_refused(operator: Caller, password: str) -> None:
    person = {"email": "eve@example.org", "full_name": "Eve", "password": password}
    assert (await operator.post("/users", person, expect=422))["code"] == "weak_password"


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer ", "Basic abc", "Bearer a.b.c"])
async def test_other_authorization_headers_are_refused(
    operator: Caller, anybody: Caller, header: str
) -> None:
    answer = await anybody.ask("GET", "/auth/profile", 401, headers={"Authorization": header})
    assert answer.json()["status"] == 401


async def test_the_browser_session_needs_its_csrf_token_for_unsafe_calls(
    operator: Caller, anybody: Caller
) -> None:
    opened = await anybody.ask(
        "POST", "/auth/session", 200, json={"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD}
    )
    cookies = {c.split("=")[0]: c.lower() for c in opened.headers.get_list("set-cookie")}
    assert "httponly" in cookies[SESSION_COOKIE]
    assert "samesite=strict" in cookies[SESSION_COOKIE]
    assert "httponly" not in cookies[CSRF_COOKIE]
    browser = Caller(anybody.app, contract=anybody.contract)
    browser.client.cookies = anybody.client.cookies

    assert (await browser.get("/auth/profile"))["email"] == ADMIN_EMAIL
    refused = await browser.post("/api/admin/stations", STATION, expect=403)
    assert refused["code"] == "csrf"
    csrf = {CSRF_HEADER: opened.json()["csrf_token"]}
    assert csrf[CSRF_HEADER] == browser.client.cookies[CSRF_COOKIE]
    await browser.post("/api/admin/stations", STATION, expect=201, headers=csrf)
    closed = await browser.ask("DELETE", "/auth/session", 204, headers=csrf)
    assert "max-age=0" in closed.headers["set-cookie"].lower()


async def test_the_last_operator_stays(operator: Caller) -> None:
    me = (await operator.get("/auth/profile"))["id"]
    for path in (f"/users/{me}/deactivate",):
        assert (await operator.post(path, expect=409))["code"] == "last_operator"
    assert (await operator.delete(f"/users/{me}", expect=409))["code"] == "last_operator"
    assert (await operator.put(f"/users/{me}", {"role": "USER"}, expect=409))["status"] == 409
