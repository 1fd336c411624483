"""People of another issuer: tokens, keys and webhooks, and what attackers make of them."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from csms.adapters.identity.clerk_api import ClerkApi
from csms.adapters.identity.external_tokens import (
    ExternalTokenReader,
    IssuerRules,
    public_key_of,
)
from csms.adapters.identity.jwks import JsonFetcher, JwksCache
from csms.adapters.identity.openid_provider import DiscoveredTokens, OpenIdClient, OpenIdProvider
from csms.adapters.sql.engine import Database
from csms.adapters.sql.repositories.external_people import SqlExternalPeople
from csms.api.app import create_app
from csms.api.services import Services
from csms.api.settings import ApiSettings
from csms.domain.identity.errors import BadTokenError, IssuerUnreachableError
from csms.domain.identity.external import ExternalPeople, Issuers
from csms.domain.identity.sessions import SessionTimes
from csms.domain.identity.webhook_signatures import signing_key
from csms.kernel.ids import OrganizationId
from tests.api.caller import Caller
from tests.api.fakes import TurnedClock
from tests.api.issuer import PARTY, LocalIssuer, local_issuer, new_key

pytestmark = pytest.mark.integration

SECRET = "whsec_" + base64.b64encode(bytes(range(24))).decode()
CLIENT = "csms-web"


@pytest.fixture
def issuer() -> Iterator[LocalIssuer]:
    with local_issuer() as running:
        yield running


@pytest.fixture
async def fetcher() -> AsyncIterator[JsonFetcher]:
    found = JsonFetcher()
    yield found
    await found.close()


@pytest.fixture
def rules(issuer: LocalIssuer) -> IssuerRules:
    return IssuerRules(issuer.url, ("metadata", "role"), frozenset({PARTY}))


@pytest.fixture
async def clerk(
    services: Services,
    settings: ApiSettings,
    database: Database,
    issuer: LocalIssuer,
    fetcher: JsonFetcher,
    rules: IssuerRules,
) -> AsyncIterator[Caller]:
    """The API for nobody, with that issuer as its Clerk."""
    keys = JwksCache(fetcher, f"{issuer.url}/.well-known/jwks.json")
    people = ExternalPeople(
        ExternalTokenReader(rules, keys),
        SqlExternalPeople(database, OrganizationId(1)),
        services.clock,
        SessionTimes(),
    )
    found = replace(
        services,
        issuers=Issuers(people=people, issuer=issuer.url, webhook_key=signing_key(SECRET)),
    )
    async with Caller(create_app(found, settings)) as caller:
        yield caller


def bearer(caller: Caller, token: str) -> Caller:
    return Caller(caller.app, token, caller.contract)


async def test_a_person_is_made_on_first_sight_with_the_least_role(
    clerk: Caller, issuer: LocalIssuer, clock: TurnedClock
) -> None:
    claims = issuer.claims(clock.moment, email="erin@example.org", name="Erin")
    me = await bearer(clerk, issuer.sign(claims)).get("/auth/profile")
    assert (me["email"], me["full_name"], me["role"]) == ("erin@example.org", "Erin", "USER")
    again = await bearer(clerk, issuer.sign(claims | {"sid": "sess_2"})).get("/auth/profile")
    assert again["id"] == me["id"]


async def test_the_role_follows_the_newest_token(
    clerk: Caller, issuer: LocalIssuer, clock: TurnedClock
) -> None:
    plain = issuer.sign(issuer.claims(clock.moment))
    assert (await bearer(clerk, plain).get("/auth/profile"))["role"] == "USER"
    clock.turn(timedelta(seconds=20))
    admin = issuer.sign(issuer.claims(clock.moment, metadata={"role": "ADMIN"}))
    assert (await bearer(clerk, admin).get("/auth/profile"))["role"] == "ADMIN"
    await bearer(clerk, admin).get("/api/admin/stations")
    old = await bearer(clerk, plain).get("/auth/profile")
    assert old["role"] == "ADMIN", "an older token does not take back what a newer one said"
    clock.turn(timedelta(seconds=20))
    fallen = issuer.sign(issuer.claims(clock.moment, metadata={"role": "superuser"}))
    await bearer(clerk, fallen).get("/api/admin/stations", expect=403)


@pytest.mark.parametrize(
    ("change", "options"),
    [
        ({"iss": "https://other.example"}, {}),
        ({"azp": "https://evil.example"}, {}),
        ({"azp": None}, {}),
        ({"sid": None}, {}),
        ({"sub": ""}, {}),
        ({"exp": 1}, {}),
        ({"nbf": 4_000_000_000}, {}),
        ({"iat": 4_000_000_000}, {}),
        ({}, {"key": None, "algorithm": "none"}),
        ({}, {"key": "x" * 64, "algorithm": "HS256"}),
        ({}, {"key": new_key()}),
        ({}, {"kid": "unknown"}),
    ],
)
async def test_wrong_tokens_are_refused(
    clerk: Caller,
    issuer: LocalIssuer,
    clock: TurnedClock,
    change: dict[str, Any],
    options: dict[str, Any],
) -> None:
    claims = {k: v for k, v in (issuer.claims(clock.moment) | change).items() if v is not None}
    refused = await bearer(clerk, issuer.sign(claims, **options)).get("/auth/profile", expect=401)
    assert refused["code"] == "bad_token"


async def test_the_public_key_is_no_hmac_secret(
    clerk: Caller, issuer: LocalIssuer, clock: TurnedClock
) -> None:
    """HS256 confusion: signed with the published key as if it were a shared secret."""
    text = json.dumps(issuer.claims(clock.moment)).encode()
    head = json.dumps({"alg": "HS256", "typ": "JWT", "kid": "first"}).encode()
    signed = b".".join(base64.urlsafe_b64encode(p).rstrip(b"=") for p in (head, text))
    mac = hmac.new(issuer.pem().encode(), signed, hashlib.sha256).digest()
    token = signed + b"." + base64.urlsafe_b64encode(mac).rstrip(b"=")
    await bearer(clerk, token.decode()).get("/auth/profile", expect=401)


async def test_times_have_a_little_leeway(
    clerk: Caller, issuer: LocalIssuer, clock: TurnedClock
) -> None:
    token = issuer.sign(issuer.claims(clock.moment + timedelta(seconds=8)))
    await bearer(clerk, token).get("/auth/profile")
    clock.turn(timedelta(seconds=75))
    await bearer(clerk, token).get("/auth/profile")
    clock.turn(timedelta(seconds=10))
    await bearer(clerk, token).get("/auth/profile", expect=401)


async def test_a_session_revoked_here_stays_out(
    clerk: Caller, issuer: LocalIssuer, clock: TurnedClock
) -> None:
    person = bearer(clerk, issuer.sign(issuer.claims(clock.moment)))
    listed = (await person.get("/auth/sessions"))["data"]
    assert [(one["kind"], one["is_current"]) for one in listed] == [("EXTERNAL", True)]
    await person.delete(f"/auth/sessions/{listed[0]['id']}")
    await person.get("/auth/profile", expect=401)


async def test_a_deactivated_person_is_kept_out(
    operator: Caller, clerk: Caller, issuer: LocalIssuer, clock: TurnedClock
) -> None:
    person = bearer(clerk, issuer.sign(issuer.claims(clock.moment)))
    me = await person.get("/auth/profile")
    await operator.post(f"/users/{me['id']}/deactivate")
    await person.get("/auth/profile", expect=401)


async def test_a_fixed_key_needs_no_issuer_to_answer(
    issuer: LocalIssuer, rules: IssuerRules, clock: TurnedClock
) -> None:
    reader = ExternalTokenReader(rules, public_key_of(issuer.pem().replace("\n", "\\n")))
    claims = await reader.read(issuer.sign(issuer.claims(clock.moment)), clock.moment)
    assert claims.subject == "user_1"
    assert issuer.asked == []


async def test_keys_are_fetched_once_for_many_and_again_when_they_change(
    issuer: LocalIssuer, fetcher: JsonFetcher
) -> None:
    moment = [0.0]
    cache = JwksCache(fetcher, f"{issuer.url}/.well-known/jwks.json", lambda: moment[0])
    await asyncio.gather(*(cache.key("first") for _ in range(20)))
    assert len(issuer.asked) == 1
    for number in range(20):
        with pytest.raises(BadTokenError):
            await cache.key(f"made-up-{number}")
    assert len(issuer.asked) == 1, "strangers cannot make us ask by naming keys"
    issuer.keys["second"] = new_key()
    moment[0] += 31
    await cache.key("second")
    assert len(issuer.asked) == 2


async def test_known_keys_serve_while_the_issuer_is_down(
    issuer: LocalIssuer, fetcher: JsonFetcher
) -> None:
    moment = [0.0]
    cache = JwksCache(fetcher, f"{issuer.url}/.well-known/jwks.json", lambda: moment[0])
    issuer.is_down = True
    for _ in range(5):
        with pytest.raises(IssuerUnreachableError):
            await cache.key("first")
    assert len(issuer.asked) == 1, "after a failure there is a pause"
    issuer.is_down = False
    moment[0] += 2
    await cache.key("first")
    issuer.is_down = True
    moment[0] += 7200
    await cache.key("first")
    moment[0] += 86400
    with pytest.raises(IssuerUnreachableError):
        await cache.key("first")


async def test_address_and_name_come_from_the_issuers_api(
    services: Services,
    settings: ApiSettings,
    database: Database,
    issuer: LocalIssuer,
    fetcher: JsonFetcher,
    rules: IssuerRules,
    clock: TurnedClock,
) -> None:
    issuer.users["user_1"] = user(clock.moment)
    people = ExternalPeople(
        ExternalTokenReader(rules, public_key_of(issuer.pem())),
        SqlExternalPeople(database, OrganizationId(1)),
        clock,
        SessionTimes(),
        ClerkApi(fetcher, "sk_test_local", issuer.url, issuer.url),
    )
    async with Caller(create_app(replace(services, issuers=Issuers(people)), settings)) as caller:
        person = bearer(caller, issuer.sign(issuer.claims(clock.moment)))
        assert (await person.get("/auth/profile"))["email"] == "erin@example.org"
        await person.get("/auth/profile")
    assert issuer.asked == ["/v1/users/user_1"]


def user(updated_at: datetime, **more: Any) -> dict[str, Any]:
    """A user object as Clerk sends it."""
    return {
        "id": "user_1",
        "first_name": "Erin",
        "last_name": "Example",
        "primary_email_address_id": "idn_1",
        "email_addresses": [
            {
                "id": "idn_1",
                "email_address": "erin@example.org",
                "verification": {"status": "verified"},
            }
        ],
        "public_metadata": {},
        "updated_at": int(updated_at.timestamp() * 1000),
        **more,
    }


class Sender:
    """Sends signed webhooks."""

    def __init__(self, caller: Caller, clock: TurnedClock) -> None:
        self._caller = caller
        self._clock = clock
        self._count = 0

    async def send(self, kind: str, data: dict[str, Any], expect: int = 204, **options: Any) -> Any:
        self._count += 1
        body = json.dumps({"type": kind, "data": data}).encode()
        message_id = options.get("message_id", f"msg_{self._count}")
        sent_at = str(int((self._clock.moment + options.get("late", timedelta(0))).timestamp()))
        key = base64.b64decode(options.get("secret", SECRET).removeprefix("whsec_"))
        signed = f"{message_id}.{sent_at}.".encode() + body
        signature = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        headers = {
            "svix-id": message_id,
            "svix-timestamp": sent_at,
            "svix-signature": options.get("signature", f"v1,AAAA v1,{signature}"),
        }
        sent = options.get("body", body)
        answer = await self._caller.ask(
            "POST", "/webhooks/clerk", expect, content=sent, headers=headers
        )
        return answer.json() if answer.content else None


@pytest.fixture
def sender(clerk: Caller, clock: TurnedClock) -> Sender:
    return Sender(clerk, clock)


async def test_webhooks_make_change_and_shut_accounts(
    operator: Caller, sender: Sender, clock: TurnedClock, clerk: Caller, issuer: LocalIssuer
) -> None:
    await sender.send("user.created", user(clock.moment))
    made = (await operator.get("/users", search="erin@example.org"))["data"][0]
    assert (made["full_name"], made["role"]) == ("Erin Example", "USER")
    clock.turn(timedelta(seconds=5))
    await sender.send("user.updated", user(clock.moment, public_metadata={"role": "ADMIN"}))
    assert (await operator.get(f"/users/{made['id']}"))["role"] == "ADMIN"
    token = issuer.sign(issuer.claims(clock.moment, metadata={"role": "ADMIN"}))
    assert (await bearer(clerk, token).get("/auth/profile"))["id"] == made["id"]
    await sender.send("user.deleted", {"id": "user_1", "deleted": True})
    assert (await operator.get(f"/users/{made['id']}"))["is_active"] is False
    await bearer(clerk, token).get("/auth/profile", expect=401)


async def test_webhooks_out_of_order_do_not_turn_back_time(
    operator: Caller, sender: Sender, clock: TurnedClock, clerk: Caller, issuer: LocalIssuer
) -> None:
    newer, older = clock.moment, clock.moment - timedelta(minutes=1)
    await sender.send("user.updated", user(newer, first_name="Newer"))
    await sender.send("user.created", user(older, first_name="Older"))
    found = (await operator.get("/users", search="erin@example.org"))["data"]
    assert [one["full_name"] for one in found] == ["Newer Example"]
    await sender.send("user.deleted", {"id": "user_2", "deleted": True})
    await sender.send("user.created", user(newer, id="user_2", email_addresses=[]))
    assert (await operator.get("/users", search="example"))["total"] == len(found) + 1
    token = issuer.sign(issuer.claims(clock.moment, sub="user_2", sid="sess_9"))
    await bearer(clerk, token).get("/auth/profile", expect=401)


async def test_a_replayed_webhook_is_applied_once(
    operator: Caller, sender: Sender, clock: TurnedClock
) -> None:
    await sender.send("user.created", user(clock.moment), message_id="msg_same")
    clock.turn(timedelta(seconds=5))
    later = user(clock.moment, first_name="Replayed")
    await sender.send("user.updated", later, message_id="msg_same")
    found = (await operator.get("/users", search="erin@example.org"))["data"][0]
    assert found["full_name"] == "Erin Example"


@pytest.mark.parametrize(
    "options",
    [
        {"late": timedelta(minutes=-6)},
        {"late": timedelta(minutes=6)},
        {"signature": "v1,AAAA"},
        {"signature": "v2,AAAA"},
        {"secret": "whsec_" + base64.b64encode(bytes(24)).decode()},
        {"body": b'{"type":"user.created","data":{"id":"user_evil"}}'},
    ],
)
async def test_tampered_and_old_webhooks_are_refused(
    sender: Sender, clock: TurnedClock, options: dict[str, Any], database: Database
) -> None:
    refused = await sender.send("user.created", user(clock.moment), expect=401, **options)
    assert refused["code"] == "bad_webhook"
    assert await database.pool.fetchval("SELECT count(*) FROM external_identity") == 0


async def test_a_signed_event_of_another_shape_is_named(sender: Sender) -> None:
    refused = await sender.send("user.created", {"nothing": "here"}, expect=422)
    assert refused["code"] == "unreadable_event"
    await sender.send("organization.created", {"id": "org_1"})


async def test_a_session_that_the_issuer_ended_is_over(
    sender: Sender, clerk: Caller, issuer: LocalIssuer, clock: TurnedClock
) -> None:
    person = bearer(clerk, issuer.sign(issuer.claims(clock.moment)))
    await person.get("/auth/profile")
    await sender.send("session.revoked", {"id": "sess_1", "user_id": "user_1"})
    await person.get("/auth/profile", expect=401)


async def test_an_unverified_address_takes_over_no_account(
    driver: Caller, sender: Sender, clock: TurnedClock, clerk: Caller, issuer: LocalIssuer
) -> None:
    mine = await driver.get("/auth/profile")
    stranger = issuer.claims(clock.moment, email="dana@example.org", email_verified=False)
    found = await bearer(clerk, issuer.sign(stranger)).get("/auth/profile")
    assert found["id"] != mine["id"]
    assert found["email"].endswith("@unknown.invalid")
    proven = issuer.claims(
        clock.moment, sub="user_2", sid="sess_2", email="Dana@example.org", email_verified=True
    )
    assert (await bearer(clerk, issuer.sign(proven)).get("/auth/profile"))["id"] == mine["id"]


@pytest.fixture
async def openid(
    services: Services,
    settings: ApiSettings,
    database: Database,
    issuer: LocalIssuer,
    fetcher: JsonFetcher,
) -> AsyncIterator[Caller]:
    """The API for nobody, with that issuer as its OpenID Connect provider."""
    client = OpenIdClient(
        issuer.url, CLIENT, "secret", "http://testserver/auth/oidc/callback", role_path=("role",)
    )
    rules = IssuerRules(issuer.url, ("role",), audience=CLIENT, needs_session=False)
    people = ExternalPeople(
        DiscoveredTokens(rules, fetcher),
        SqlExternalPeople(database, OrganizationId(1)),
        services.clock,
        SessionTimes(),
    )
    provider = OpenIdProvider(client, fetcher, bytes(range(32)))
    found = replace(services, issuers=Issuers(people, provider, issuer.url))
    async with Caller(create_app(found, settings)) as caller:
        yield caller


async def depart(openid: Caller, issuer: LocalIssuer, clock: TurnedClock, next_page: str) -> Any:
    """Go to the provider and sign in there; return what the browser brings back."""
    away = await openid.client.get("/auth/oidc/start", params={"next": next_page})
    assert away.status_code == 303
    query = parse_qs(urlsplit(away.headers["location"]).query)
    claims = issuer.claims(clock.moment, aud=CLIENT, nonce=query["nonce"][0], role=["admin"])
    issuer.codes["code-1"] = {"challenge": query["code_challenge"][0], "claims": claims}
    return {"code": "code-1", "state": query["state"][0]}


async def test_a_browser_signs_in_at_the_provider(
    openid: Caller, issuer: LocalIssuer, clock: TurnedClock
) -> None:
    back = await depart(openid, issuer, clock, "/stations?sort=name")
    home = await openid.client.get("/auth/oidc/callback", params=back)
    assert (home.status_code, home.headers["location"]) == (303, "/stations?sort=name")
    me = await openid.get("/auth/profile")
    assert me["role"] == "ADMIN"
    again = await openid.client.get("/auth/oidc/callback", params=back)
    assert again.headers["location"].startswith("/sign-in?failed=")


async def test_another_browsers_way_back_is_refused(
    openid: Caller, issuer: LocalIssuer, clock: TurnedClock
) -> None:
    """Login CSRF: a stranger's code does not sign this browser in."""
    back = await depart(openid, issuer, clock, "/")
    victim = Caller(openid.app, contract=openid.contract)
    answer = await victim.client.get("/auth/oidc/callback", params=back)
    assert answer.headers["location"] == "/sign-in?failed=refused"
    assert "csms_session" not in victim.client.cookies


@pytest.mark.parametrize("change", [{"nonce": "other"}, {"aud": "other"}, {"iss": "https://x.y"}])
async def test_an_id_token_for_somebody_else_is_refused(
    openid: Caller, issuer: LocalIssuer, clock: TurnedClock, change: dict[str, str]
) -> None:
    back = await depart(openid, issuer, clock, "/")
    issuer.codes["code-1"]["claims"] |= change
    answer: httpx.Response = await openid.client.get("/auth/oidc/callback", params=back)
    assert answer.headers["location"] == "/sign-in?failed=refused"


@pytest.mark.parametrize(
    "address",
    ["https://evil.example", "//evil.example", "/\\evil.example", "/a\\b", "javascript:x", "/\nx"],
)
async def test_the_way_back_leads_to_our_own_pages_only(
    openid: Caller, issuer: LocalIssuer, clock: TurnedClock, address: str
) -> None:
    back = await depart(openid, issuer, clock, address)
    home = await openid.client.get("/auth/oidc/callback", params=back)
    assert home.headers["location"] == "/"


async def test_a_providers_bearer_token_needs_our_audience(
    openid: Caller, issuer: LocalIssuer, clock: TurnedClock
) -> None:
    good = issuer.sign(issuer.claims(clock.moment, aud=CLIENT))
    await bearer(openid, good).get("/auth/profile")
    for claims in ({"aud": "other"}, {}):
        token = issuer.sign(issuer.claims(clock.moment, **claims))
        await bearer(openid, token).get("/auth/profile", expect=401)
