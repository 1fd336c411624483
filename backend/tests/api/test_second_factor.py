"""The second factor: set up with a code, asked for at sign-in, good for one use each."""

from datetime import timedelta

import httpx
import pyotp
import pytest

from tests.api.caller import Caller
from tests.api.conftest import DRIVER_PASSWORD
from tests.api.fakes import TurnedClock

pytestmark = pytest.mark.integration

DANA = "dana@example.org"
STEP = timedelta(seconds=30)


class Phone:
    """An authenticator app."""

    def __init__(self, secret: str, clock: TurnedClock) -> None:
        self._totp = pyotp.TOTP(secret)
        self._clock = clock

    @property
    def code(self) -> str:
        return self._totp.at(self._clock.moment)


async def token(caller: Caller, expect: int, code: str = "") -> httpx.Response:
    form = {"username": DANA, "password": DRIVER_PASSWORD, "code": code}
    return await caller.ask("POST", "/auth/token", expect, data=form)


@pytest.fixture
async def enrolled(driver: Caller, clock: TurnedClock) -> tuple[Phone, list[str]]:
    proposal = await driver.post("/auth/second-factor", {"current_password": DRIVER_PASSWORD})
    assert proposal["address"].startswith("otpauth://totp/CSMS:dana%40example.org?secret=")
    phone = Phone(proposal["secret"], clock)
    confirmed = await driver.post("/auth/second-factor/confirm", {"code": phone.code})
    clock.turn(STEP)
    return phone, confirmed["recovery_codes"]


async def test_a_proposed_secret_counts_only_once_confirmed(
    driver: Caller, anybody: Caller
) -> None:
    wrong = {"current_password": "not mine at all"}
    refused = await driver.post("/auth/second-factor", wrong, expect=401)
    assert refused["code"] == "bad_credentials"
    await driver.post("/auth/second-factor", {"current_password": DRIVER_PASSWORD})
    refused = await driver.post("/auth/second-factor/confirm", {"code": "000000"}, expect=401)
    assert refused["code"] == "bad_second_factor"
    await token(anybody, 200)


async def test_signing_in_asks_for_a_code(
    enrolled: tuple[Phone, list[str]], anybody: Caller, driver: Caller
) -> None:
    phone, _ = enrolled
    assert (await token(anybody, 401)).json()["code"] == "second_factor_needed"
    assert (await token(anybody, 401, "123456")).json()["code"] == "bad_second_factor"
    await token(anybody, 200, phone.code)
    state = await driver.get("/auth/security")
    assert (state["has_second_factor"], state["recovery_codes_left"]) == (True, 10)


async def test_a_wrong_password_says_nothing_of_the_second_factor(
    enrolled: tuple[Phone, list[str]], anybody: Caller
) -> None:
    phone, _ = enrolled
    form = {"username": DANA, "password": "wrong", "code": phone.code}
    refused = await anybody.ask("POST", "/auth/token", 401, data=form)
    assert refused.json()["code"] == "bad_credentials"
    await token(anybody, 200, phone.code)


async def test_a_code_is_good_once(
    enrolled: tuple[Phone, list[str]], anybody: Caller, clock: TurnedClock
) -> None:
    phone, _ = enrolled
    seen = phone.code
    await token(anybody, 200, seen)
    assert (await token(anybody, 401, seen)).json()["code"] == "bad_second_factor"
    clock.turn(STEP)
    assert (await token(anybody, 401, seen)).json()["code"] == "bad_second_factor"
    await token(anybody, 200, phone.code)


async def test_a_recovery_code_is_good_once(
    enrolled: tuple[Phone, list[str]], anybody: Caller, driver: Caller
) -> None:
    _, codes = enrolled
    assert len(set(codes)) == 10
    await token(anybody, 200, codes[0].upper().replace("-", " "))
    assert (await token(anybody, 401, codes[0])).json()["code"] == "bad_second_factor"
    assert (await driver.get("/auth/security"))["recovery_codes_left"] == 9


async def test_guessing_codes_is_stopped_for_who_knows_the_password(
    enrolled: tuple[Phone, list[str]], anybody: Caller, settings: object
) -> None:
    phone, _ = enrolled
    limits = anybody.app.state.services.rate_limits
    for number in range(10):
        await token(anybody, 401, f"{number:06d}")
        for window_s in ("15", "300", "3600"):
            await limits.forget(f"sign-in:192.0.2.17:{DANA}:{window_s}")
    stopped = await token(anybody, 429, phone.code)
    assert int(stopped.headers["retry-after"]) > 0


async def test_switching_off_needs_password_and_code(
    enrolled: tuple[Phone, list[str]], driver: Caller, anybody: Caller
) -> None:
    phone, codes = enrolled
    body = {"current_password": DRIVER_PASSWORD, "code": "000000"}
    await driver.post("/auth/second-factor/switch-off", body, expect=401)
    fresh = await driver.post("/auth/second-factor/recovery-codes", body | {"code": phone.code})
    await driver.post("/auth/second-factor/switch-off", body | {"code": codes[0]}, expect=401)
    await driver.post(
        "/auth/second-factor/switch-off",
        body | {"code": fresh["recovery_codes"][0]},
        expect=204,
    )
    await token(anybody, 200)
    await driver.post("/auth/second-factor/switch-off", body, expect=409)
