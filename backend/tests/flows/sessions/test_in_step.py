"""A person's deactivation, a blocked tag, an empty wallet: caches and lists follow, where wanted."""

import asyncio
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.flows.sessions.obedient import ObedientCharger
from tests.flows.sessions.stage import Stage, in_thread

pytestmark = pytest.mark.integration

SOON_S = 60
POLL_S = 0.05


async def until(is_so: Callable[[], bool], what: str) -> None:
    """Wait until something is so; fail with `what` after a long while."""
    try:
        async with asyncio.timeout(SOON_S):
            while not is_so():  # noqa: ASYNC110 - another process sets no event
                await asyncio.sleep(POLL_S)
    except TimeoutError:
        raise AssertionError(f"never came true: {what}") from None


class Person:
    """A driver with a card."""

    def __init__(self, stage: Stage, top_up: str = "5.00") -> None:
        self.stage = stage
        self.id = stage.add_driver(top_up)
        self.card = f"S{secrets.token_hex(4).upper()}"
        stage.rest.post("/api/admin/id-tags", {"id_tag": self.card, "user_id": self.id})

    def change_card(self, **changes: Any) -> None:
        """Change what is on record of the card."""
        path = f"/api/admin/id-tags/{self.card}"
        answer = self.stage.rest.client.put(path, json=changes)
        assert answer.status_code == 200, answer.text


def wanted_charger(stage: Stage, **fields: Any) -> ObedientCharger:
    """Register a charger and return it, not yet connected."""
    return ObedientCharger(stage, *stage.add_charger(**fields))


async def test_cache_and_list_follow_people_tags_and_wallets(stage: Stage) -> None:
    person = await in_thread(Person, stage)
    post = stage.rest.post
    async with (
        await in_thread(wanted_charger, stage, pushes_authorizations=True) as charger,
        await in_thread(wanted_charger, stage) as left_alone,
    ):
        card = person.card

        async def follows(status: str | None, change: Callable[..., Any], *given: Any) -> None:
            charger.cache.add(card)
            await in_thread(change, *given)
            await until(lambda: charger.listed.get(card) == status, f"the list says {status}")
            await until(lambda: card not in charger.cache, "the cache is empty")

        await until(lambda: charger.listed.get(card) == "Accepted", "the first list")
        assert charger.calls[0][0] == "ClearCache"
        assert charger.calls[1][1]["updateType"] == "Full"
        await follows("Blocked", post, f"/users/{person.id}/deactivate")
        await follows("Accepted", post, f"/users/{person.id}/reactivate")
        await follows("Blocked", lambda: person.change_card(blocked=True))
        await follows("Accepted", lambda: person.change_card(blocked=False))
        past = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
        await follows("Expired", lambda: person.change_card(expires_at=past))
        await follows("Accepted", lambda: person.change_card(expires_at=None))
        soon = (datetime.now(UTC) + timedelta(seconds=2)).isoformat()
        await follows("Expired", lambda: person.change_card(expires_at=soon))
        await follows("Accepted", lambda: person.change_card(expires_at=None))
        charger.cache.add(card)
        await spend_everything(left_alone, card)
        await until(lambda: charger.listed.get(card) == "Blocked", "an empty wallet blocks")
        await until(lambda: card not in charger.cache, "the cache is empty")
        money = {"amount": {"amount": "50.00", "currency": "EUR"}, "note": "cash"}
        await follows("Accepted", post, f"/users/{person.id}/wallet/top-ups", money)
        await follows(None, stage.rest.client.delete, f"/api/admin/id-tags/{card}")
        updates = [p["updateType"] for action, p in charger.calls if action == "SendLocalList"]
        assert updates.count("Full") == 1, "afterwards only what has changed"
        assert not left_alone.asked, "a charger whose switch is off is sent nothing"
    listed = await in_thread(
        stage.rest.get, "/api/admin/operations", charger_id=charger.id, limit=100
    )
    actions = {one["action"] for one in listed["data"]}
    assert actions == {"ClearCache", "SendLocalList"}, "what was pushed is visible as operations"


async def spend_everything(charger: ObedientCharger, card: str) -> None:
    """Charge more than the wallet has."""
    began = datetime.now(UTC) - timedelta(hours=2)
    start = {"connectorId": 1, "idTag": card, "meterStart": 0, "timestamp": began.isoformat()}
    started = await charger.call("StartTransaction", start)
    assert started["idTagInfo"]["status"] == "Accepted"
    stop = {
        "transactionId": started["transactionId"],
        "meterStop": 20_000,
        "timestamp": datetime.now(UTC).isoformat(),
    }
    await charger.call("StopTransaction", stop)


async def test_an_offline_charger_is_caught_up_when_it_connects(stage: Stage) -> None:
    person = await in_thread(Person, stage)
    charger = await in_thread(wanted_charger, stage, pushes_authorizations=True)
    async with charger:
        await until(lambda: charger.listed.get(person.card) == "Accepted", "the first list")
    await in_thread(stage.rest.post, f"/users/{person.id}/deactivate")
    charger.cache.add(person.card)
    before = charger.asked["SendLocalList"]
    async with charger:
        await until(lambda: charger.listed.get(person.card) == "Blocked", "caught up")
        await until(lambda: person.card not in charger.cache, "the cache is empty")
        assert charger.asked["SendLocalList"] > before


async def test_a_change_waits_for_no_charger_and_is_tried_again(stage: Stage) -> None:
    person = await in_thread(Person, stage)
    charger = await in_thread(wanted_charger, stage, pushes_authorizations=True)
    async with charger:
        await until(lambda: charger.listed.get(person.card) == "Accepted", "the first list")
        charger.refusals["ClearCache"] = 2
        answered = await in_thread(stage.rest.post, f"/users/{person.id}/deactivate")
        assert answered["is_active"] is False
        await until(lambda: charger.listed.get(person.card) == "Blocked", "tried again")
        assert charger.refusals["ClearCache"] == 0
        charger.is_mute = True
        answered = await in_thread(stage.rest.post, f"/users/{person.id}/reactivate")
        assert answered["is_active"] is True
        assert charger.listed[person.card] == "Blocked", "nobody waited for the charger"


async def test_a_charger_that_holds_no_lists_has_its_cache_cleared(stage: Stage) -> None:
    person = await in_thread(Person, stage)
    charger = await in_thread(wanted_charger, stage, pushes_authorizations=True)
    await stage.run_sql(
        "INSERT INTO configuration_key (charger_id, key, value, is_readonly, learned_at) "
        "VALUES ($1, 'SupportedFeatureProfiles', 'Core,RemoteTrigger', true, now())",
        charger.id,
    )
    async with charger:
        await until(lambda: charger.asked["ClearCache"] == 1, "the first step")
        charger.cache.add(person.card)
        await in_thread(stage.rest.post, f"/users/{person.id}/deactivate")
        await until(lambda: person.card not in charger.cache, "the cache is empty")
        assert charger.asked["SendLocalList"] == 0
