"""Signing up, proving an address, forgetting a password: by letters that only their reader can use."""

from datetime import timedelta

import pytest

from csms.adapters.sql.engine import Database
from csms.api.app import create_app
from csms.api.services import Services
from csms.api.settings import ApiSettings
from csms.domain.identity.self_service import SelfServiceRules
from csms.kernel.ids import OrganizationId
from tests.api.caller import Caller
from tests.api.conftest import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.api.fakes import TurnedClock
from tests.api.letters import Post

pytestmark = pytest.mark.integration

NEW = "nora@example.org"
PASSWORD = "nora's long password"


@pytest.fixture
def post(database: Database, services: Services) -> Post:
    return Post(database, services)


async def ask(caller: Caller, email: str = NEW, **more: str) -> None:
    await caller.post("/auth/sign-up", {"email": email, "full_name": "Nora", **more}, expect=202)


async def test_a_letter_makes_the_account_and_signs_in(
    operator: Caller, anybody: Caller, post: Post
) -> None:
    await ask(anybody, locale="de")
    await post.work()
    kind, body = (await post.letters(NEW))[0]
    assert kind == "sign_up"
    assert "https://csms.example.org/sign-up/finish#token=" in body
    assert "Nora" not in body, "a name that a stranger typed does not go into letters"
    done = {"token": await post.link(NEW), "password": PASSWORD}
    made = await anybody.post("/auth/sign-up/finish", done)
    me = await (await anybody.signed_in(NEW, PASSWORD)).get("/auth/profile")
    assert (me["id"], me["role"], me["full_name"]) == (made["user_id"], "USER", "Nora")
    assert (await anybody.post("/auth/sign-up/finish", done, expect=422))["code"] == "bad_mail_link"


async def test_without_the_letter_there_is_no_account(
    operator: Caller, anybody: Caller, post: Post
) -> None:
    """Whoever signs up with somebody else's address gets nothing, and leaves nothing behind."""
    await ask(anybody)
    await post.work()
    assert (await operator.get("/users", search=NEW))["total"] == 0
    forged = {"token": "x" * 43, "password": PASSWORD}
    assert (await anybody.post("/auth/sign-up/finish", forged, expect=422))[
        "code"
    ] == "bad_mail_link"


async def test_known_and_unknown_addresses_get_the_same_answers(
    driver: Caller, anybody: Caller, post: Post, database: Database
) -> None:
    for path, body in (
        ("/auth/sign-up", {"full_name": "N"}),
        ("/auth/password/forgotten", {}),
    ):
        answers = [
            await anybody.ask("POST", path, 202, json={"email": email, **body})
            for email in ("dana@example.org", NEW)
        ]
        assert answers[0].content == answers[1].content
        assert await database.pool.fetchval("SELECT count(*) FROM outgoing_mail") == 0, (
            "nothing that tells them apart happens before the answer"
        )
    await post.work()
    assert {kind for kind, _ in await post.letters("dana@example.org")} == {
        "already_registered",
        "reset_password",
    }
    assert {kind for kind, _ in await post.letters(NEW)} == {"sign_up"}


async def test_a_letter_resets_the_password_and_ends_every_sign_in(
    driver: Caller, anybody: Caller, post: Post
) -> None:
    await anybody.post("/auth/password/forgotten", {"email": "DANA@example.org"}, expect=202)
    await post.work()
    link = await post.link("dana@example.org")
    weak = {"token": link, "password": "password1"}
    assert (await anybody.post("/auth/password/reset", weak, expect=422))["code"] == "weak_password"
    good = {"token": link, "password": "dana's other password"}
    await anybody.post("/auth/password/reset", good, expect=204)
    await driver.get("/auth/profile", expect=401)
    await anybody.post("/auth/password/reset", good, expect=422)
    again = await anybody.signed_in("dana@example.org", "dana's other password")
    assert (await again.get("/auth/security"))["is_email_verified"] is True


async def test_links_age_and_serve_one_purpose(
    driver: Caller, anybody: Caller, post: Post, clock: TurnedClock
) -> None:
    await anybody.post("/auth/password/forgotten", {"email": "dana@example.org"}, expect=202)
    await post.work()
    link = await post.link("dana@example.org")
    for path in ("/auth/sign-up/finish", "/auth/email/verify"):
        body = {"token": link} | ({"password": PASSWORD} if "finish" in path else {})
        assert (await anybody.post(path, body, expect=422))["code"] == "bad_mail_link"
    clock.turn(timedelta(hours=1, seconds=1))
    late = {"token": link, "password": PASSWORD}
    assert (await anybody.post("/auth/password/reset", late, expect=422))["code"] == "bad_mail_link"


async def test_using_one_link_ends_the_others(driver: Caller, anybody: Caller, post: Post) -> None:
    links = []
    for _ in range(2):
        await anybody.post("/auth/password/forgotten", {"email": "dana@example.org"}, expect=202)
        await post.work()
        links.append(await post.link("dana@example.org"))
    await anybody.post(
        "/auth/password/reset", {"token": links[0], "password": PASSWORD}, expect=204
    )
    await anybody.post(
        "/auth/password/reset", {"token": links[1], "password": PASSWORD}, expect=422
    )


async def test_an_address_is_confirmed_by_its_letter_only(driver: Caller, post: Post) -> None:
    assert (await driver.get("/auth/security"))["is_email_verified"] is False
    await driver.post("/auth/email/verification", {}, expect=202)
    link = await post.link("dana@example.org")
    await driver.post("/auth/email/verify", {"token": link}, expect=204)
    assert (await driver.get("/auth/security"))["is_email_verified"] is True
    me = await driver.get("/auth/profile")
    await driver.put(f"/users/{me['id']}", {"email": "dana@elsewhere.example"})
    assert (await driver.get("/auth/security"))["is_email_verified"] is False


async def test_a_deactivated_person_gets_no_link(
    operator: Caller, driver: Caller, anybody: Caller, post: Post
) -> None:
    me = await driver.get("/auth/profile")
    await operator.post(f"/users/{me['id']}/deactivate")
    await anybody.post("/auth/password/forgotten", {"email": "dana@example.org"}, expect=202)
    await ask(anybody, "dana@example.org")
    assert await post.work() == 2
    assert await post.letters("dana@example.org") == []


async def test_letters_to_one_person_are_bounded(anybody: Caller, post: Post) -> None:
    for _ in range(7):
        await anybody.post("/auth/password/forgotten", {"email": NEW}, expect=202)
    assert await post.work() == 5


async def test_sign_up_can_be_switched_off(
    services: Services, settings: ApiSettings, anybody: Caller
) -> None:
    services.self_service.rules = SelfServiceRules(
        OrganizationId(1), "https://csms.example.org", can_sign_up=False
    )
    refused = await anybody.post("/auth/sign-up", {"email": NEW, "full_name": "Nora"}, expect=403)
    assert refused["code"] == "sign_up_closed"
    config = await anybody.get("/api/config")
    assert config["identity"]["can_sign_up"] is False


async def test_the_outbox_is_for_operators_in_development(
    operator: Caller, driver: Caller, anybody: Caller, post: Post, services: Services
) -> None:
    await ask(anybody)
    await post.work()
    listed = await operator.get("/api/admin/outbox")
    assert [letter["recipient"] for letter in listed["data"]] == [NEW]
    await driver.get("/api/admin/outbox", expect=403)
    closed = Caller(create_app(services, ApiSettings(csrf_secret=bytes(32), has_outbox=False)))
    signed_in = await closed.signed_in(ADMIN_EMAIL, ADMIN_PASSWORD)
    assert (await signed_in.get("/api/admin/outbox", expect=403))["code"] == "outbox_closed"


async def test_erasing_a_person_erases_what_was_written_to_them(
    operator: Caller, driver: Caller, anybody: Caller, post: Post, database: Database
) -> None:
    await driver.post("/auth/email/verification", {}, expect=202)
    me = await driver.get("/auth/profile")
    await operator.delete(f"/users/{me['id']}")
    for table in ("outgoing_mail", "mail_token"):
        assert await database.pool.fetchval(f"SELECT count(*) FROM {table}") == 0
    assert (
        await database.pool.fetchval(
            "SELECT count(*) FROM user_session WHERE user_id = $1", me["id"]
        )
        == 0
    )
