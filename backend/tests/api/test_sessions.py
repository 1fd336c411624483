"""Open sign-ins: listed, revoked, renewed; and what attackers try with them."""

from datetime import timedelta

import httpx
import jwt
import pytest

from csms.adapters.sql.engine import Database
from csms.adapters.sql.upkeep import SqlUpkeep
from csms.api.app import create_app
from csms.api.auth import CSRF_HEADER
from csms.api.services import Services
from csms.api.settings import ApiSettings
from tests.api.caller import Caller
from tests.api.conftest import ADMIN_EMAIL, ADMIN_PASSWORD, DRIVER_PASSWORD, SERVER_KEY
from tests.api.fakes import TurnedClock

pytestmark = pytest.mark.integration

DANA = {"email": "dana@example.org", "password": DRIVER_PASSWORD}


async def tokens(caller: Caller) -> dict[str, str]:
    form = {"username": DANA["email"], "password": DRIVER_PASSWORD}
    return dict((await caller.ask("POST", "/auth/token", 200, data=form)).json())


async def refresh(caller: Caller, token: str, expect: int = 200) -> dict[str, str]:
    form = {"grant_type": "refresh_token", "refresh_token": token}
    return dict((await caller.ask("POST", "/auth/token", expect, data=form)).json())


async def browser(caller: Caller) -> tuple[Caller, dict[str, str]]:
    """A browser of its own, signed in, and its CSRF header."""
    made = Caller(caller.app, contract=caller.contract)
    opened = await made.ask("POST", "/auth/session", 200, json=DANA)
    return made, {CSRF_HEADER: opened.json()["csrf_token"]}


async def test_sessions_are_listed_and_revoked(driver: Caller, anybody: Caller) -> None:
    page, csrf = await browser(anybody)
    listed = (await page.get("/auth/sessions"))["data"]
    assert [one["kind"] for one in listed if one["is_current"]] == ["BROWSER"]
    assert {one["kind"] for one in listed} == {"BROWSER", "API"}
    assert listed[0]["address"] == "192.0.2.17"
    assert "httpx" in listed[0]["device"]
    other = next(one["id"] for one in listed if not one["is_current"])
    await page.ask("DELETE", f"/auth/sessions/{other}", 204, headers=csrf)
    await driver.get("/auth/profile", expect=401)
    await page.ask("DELETE", f"/auth/sessions/{other}", 404, headers=csrf)


async def test_nobody_ends_somebody_elses_session(
    operator: Caller, driver: Caller, anybody: Caller
) -> None:
    sessions = (await operator.get("/auth/sessions"))["data"]
    await driver.delete(f"/auth/sessions/{sessions[0]['id']}", expect=404)
    await operator.get("/auth/profile")


async def test_a_new_password_keeps_this_session_and_ends_the_others(
    driver: Caller, anybody: Caller
) -> None:
    page, csrf = await browser(anybody)
    body = {"current_password": DRIVER_PASSWORD, "password": "dana's newer password"}
    wrong = body | {"current_password": "guessed"}
    await page.post("/auth/password", wrong, expect=401, headers=csrf)
    await page.post("/auth/password", body, expect=204, headers=csrf)
    await page.get("/auth/profile")
    await driver.get("/auth/profile", expect=401)
    assert len((await page.get("/auth/sessions"))["data"]) == 1


async def test_signing_out_ends_the_session_itself(driver: Caller, anybody: Caller) -> None:
    page, csrf = await browser(anybody)
    stolen = dict(page.client.cookies)
    await page.ask("DELETE", "/auth/session", 204, headers=csrf)
    thief = Caller(anybody.app, contract=anybody.contract)
    thief.client.cookies.update(stolen)
    await thief.get("/auth/profile", expect=401)


async def test_a_session_is_made_anew_at_every_sign_in(driver: Caller, anybody: Caller) -> None:
    """Session fixation: what a stranger put into the cookie before is never taken over."""
    page = Caller(anybody.app, contract=anybody.contract)
    page.client.cookies.set("csms_session", "known-to-a-stranger")
    await page.ask("POST", "/auth/session", 200, json=DANA)
    given = [c.value for c in page.client.cookies.jar if c.name == "csms_session"]
    assert "known-to-a-stranger" not in given[-1:]
    stranger = Caller(anybody.app, contract=anybody.contract)
    stranger.client.cookies.set("csms_session", "known-to-a-stranger")
    await stranger.get("/auth/profile", expect=401)


async def test_sessions_end_when_nobody_uses_them(
    driver: Caller, anybody: Caller, clock: TurnedClock
) -> None:
    page, _ = await browser(anybody)
    for _ in range(3):
        clock.turn(timedelta(days=6))
        await page.get("/auth/profile")
    clock.turn(timedelta(days=7, seconds=1))
    await page.get("/auth/profile", expect=401)


async def test_a_refresh_token_brings_the_next_pair(
    driver: Caller, anybody: Caller, clock: TurnedClock
) -> None:
    first = await tokens(anybody)
    clock.turn(timedelta(hours=2))
    await Caller(anybody.app, first["access_token"], anybody.contract).get(
        "/auth/profile", expect=401
    )
    second = await refresh(anybody, first["refresh_token"])
    await Caller(anybody.app, second["access_token"], anybody.contract).get("/auth/profile")
    assert second["refresh_token"] != first["refresh_token"]


async def test_a_refresh_token_that_comes_twice_ends_the_session(
    driver: Caller, anybody: Caller
) -> None:
    first = await tokens(anybody)
    second = await refresh(anybody, first["refresh_token"])
    refused = await refresh(anybody, first["refresh_token"], 401)
    assert "used before" in refused["detail"]
    await refresh(anybody, second["refresh_token"], 401)
    await Caller(anybody.app, second["access_token"], anybody.contract).get(
        "/auth/profile", expect=401
    )


def forged(claims: dict[str, object], **options: object) -> str:
    return jwt.encode(claims, **{"key": SERVER_KEY, "algorithm": "HS256", **options})  # type: ignore[arg-type]


@pytest.fixture
async def claims(driver: Caller, anybody: Caller) -> dict[str, object]:
    issued = await tokens(anybody)
    return dict(jwt.decode(issued["access_token"], options={"verify_signature": False}))


@pytest.mark.parametrize(
    ("change", "options"),
    [
        ({}, {"key": bytes(32)}),
        ({}, {"key": None, "algorithm": "none"}),
        ({}, {"algorithm": "HS512", "key": SERVER_KEY * 2}),
        ({"iss": "https://issuer.example"}, {}),
        ({"aud": "somebody-else"}, {}),
        ({"exp": 1}, {}),
        ({"ver": 77}, {}),
        ({"sid": "9999"}, {}),
        ({"sid": "not a number"}, {}),
        ({"sub": "1"}, {}),
    ],
)
async def test_forged_and_changed_tokens_are_refused(
    claims: dict[str, object],
    anybody: Caller,
    change: dict[str, object],
    options: dict[str, object],
) -> None:
    token = forged(claims | change, **options)
    refused = await Caller(anybody.app, token, anybody.contract).get("/auth/profile", expect=401)
    assert refused["code"] == "bad_token"
    good = Caller(anybody.app, forged(claims), anybody.contract)
    await good.get("/auth/profile")


async def test_over_https_cookies_are_bound_to_the_host(
    services: Services, operator: Caller
) -> None:
    app = create_app(services, ApiSettings(csrf_secret=SERVER_KEY, has_secure_cookies=True))
    page = Caller(app)
    opened = await page.ask(
        "POST", "/auth/session", 200, json={"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD}
    )
    for cookie in opened.headers.get_list("set-cookie"):
        name, _, rest = cookie.partition("=")
        assert name.startswith("__Host-csms_")
        assert {"Secure", "Path=/", "SameSite=strict"} <= set(rest.split("; "))
        assert "domain" not in rest.lower()
        assert ("HttpOnly" in rest) == (name == "__Host-csms_session")


@pytest.mark.parametrize("path", ["/auth/session", "/auth/sign-up/finish"])
async def test_pages_of_other_sites_sign_nobody_in(
    driver: Caller, anybody: Caller, path: str
) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    body = DANA if path == "/auth/session" else {"token": "x" * 43, "password": "y" * 12}
    refused = await anybody.ask("POST", path, 403, json=body, headers=headers)
    assert refused.json()["code"] == "csrf"
    form: httpx.Response = await anybody.client.post(
        path, content=b'{"email":"a@b.c"}', headers={"Content-Type": "text/plain"}
    )
    assert form.status_code == 422, "a form of another site cannot send JSON"


async def test_another_sessions_csrf_token_is_refused(driver: Caller, anybody: Caller) -> None:
    page, csrf = await browser(anybody)
    _, others = await browser(anybody)
    assert others != csrf
    refused = await page.ask("POST", "/auth/sessions/end-others", 403, headers=others)
    assert refused.json()["code"] == "csrf"
    await page.ask("POST", "/auth/sessions/end-others", 200, headers=csrf)


async def test_a_strangers_guesses_do_not_lock_a_person_out(
    driver: Caller, anybody: Caller
) -> None:
    for _ in range(5):
        await anybody.client.post("/auth/session", json=DANA | {"password": "guess"})
    assert (await anybody.client.post("/auth/session", json=DANA)).status_code == 429
    elsewhere = httpx.ASGITransport(anybody.app, client=("198.51.100.9", 4000))
    async with httpx.AsyncClient(transport=elsewhere, base_url="http://testserver") as person:
        assert (await person.post("/auth/session", json=DANA)).status_code == 200


async def test_what_is_long_over_is_forgotten(
    driver: Caller, anybody: Caller, database: Database
) -> None:
    await tokens(anybody)
    await database.pool.execute(
        "UPDATE user_session SET expires_at = now() - interval '91 days' WHERE kind = 'API'"
    )
    page, _ = await browser(anybody)
    assert await SqlUpkeep(database).forget() >= 2
    assert await database.pool.fetchval("SELECT count(*) FROM refresh_token") == 0
    await page.get("/auth/profile")
