"""Live events: who sees which, where a lost connection goes on, when a stream ends."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from csms.api.app import create_app
from csms.api.services import Services
from csms.api.settings import ApiSettings
from csms.kernel.ids import OrganizationId, UserId
from csms.kernel.live import LiveEvent
from tests.api.caller import Caller
from tests.api.fakes import TurnedClock

pytestmark = pytest.mark.integration


@pytest.fixture
async def watched(services: Services, settings: ApiSettings) -> AsyncIterator[Caller]:
    """The API with a heartbeat that does not keep a test waiting."""
    async with Caller(create_app(services, replace(settings, event_heartbeat_s=0.001))) as caller:
        yield caller


def happened(services: Services, kind: str, user_id: int | None = None) -> None:
    services.live_events.publish(
        LiveEvent(
            organization_id=OrganizationId(1),
            kind=kind,
            at=datetime(2026, 3, 14, tzinfo=UTC),
            user_id=None if user_id is None else UserId(user_id),
            data='{"a":1}',
        )
    )


async def watch(
    watched: Caller, person: Caller, clock: TurnedClock, after: int | None = 0
) -> tuple[list[dict[str, Any]], str]:
    """Return the events until the sign-in ends, which a clock that runs makes soon."""
    clock.step = timedelta(minutes=1)
    headers = dict(person.client.headers)
    if after is not None:
        headers["Last-Event-ID"] = str(after)
    answer = await watched.client.get("/api/events", headers=headers)
    clock.step = timedelta(0)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    frames = [frame for frame in answer.text.split("\n\n") if frame.startswith("id:")]
    return [dict(line.split(": ", 1) for line in f.split("\n")) for f in frames], answer.text


async def test_operators_see_everything_drivers_what_concerns_them(
    services: Services, operator: Caller, driver: Caller, watched: Caller, clock: TurnedClock
) -> None:
    me = (await driver.get("/auth/profile"))["id"]
    happened(services, "charger.connected")
    happened(services, "transaction.started", me)
    happened(services, "transaction.started", me + 1)
    now = clock.moment
    seen, text = await watch(watched, driver, clock)
    assert [event["event"] for event in seen] == ["transaction.started"]
    data = msgspec.json.decode(seen[0]["data"])
    assert data["data"] == {"a": 1}
    assert data["at"] == "2026-03-14T00:00:00Z"
    assert ": alive" in text
    clock.moment = now
    everything, _ = await watch(watched, operator, clock)
    assert len(everything) == 3


async def test_a_top_up_is_told_to_its_driver_alone(
    operator: Caller, driver: Caller, watched: Caller, clock: TurnedClock
) -> None:
    me = (await driver.get("/auth/profile"))["id"]
    for whose in (me, (await operator.get("/auth/profile"))["id"]):
        body = {"amount": {"amount": "5.00", "currency": "EUR"}, "note": "cash"}
        await operator.post(f"/users/{whose}/wallet/top-ups", body, expect=201)
    seen, _ = await watch(watched, driver, clock)
    assert [event["event"] for event in seen] == ["wallet.changed"]


async def test_a_lost_connection_goes_on_after_the_last_event(
    services: Services, operator: Caller, watched: Caller, clock: TurnedClock
) -> None:
    for kind in ("a.one", "a.two", "a.three"):
        happened(services, kind)
    now = clock.moment
    first, _ = await watch(watched, operator, clock)
    clock.moment = now
    rest, _ = await watch(watched, operator, clock, after=int(first[1]["id"]))
    assert [event["event"] for event in rest] == ["a.three"]


async def test_a_driver_gets_only_own_events_of_what_was_missed(
    services: Services, driver: Caller, watched: Caller, clock: TurnedClock
) -> None:
    me = (await driver.get("/auth/profile"))["id"]
    for kind, user_id in (
        ("transaction.started", me),
        ("charger.connected", None),
        ("transaction.updated", me + 1),
        ("transaction.updated", me),
        ("transaction.ended", me),
    ):
        happened(services, kind, user_id)
    now = clock.moment
    first, _ = await watch(watched, driver, clock)
    assert [event["event"] for event in first] == [
        "transaction.started",
        "transaction.updated",
        "transaction.ended",
    ]
    clock.moment = now
    missed, text = await watch(watched, driver, clock, after=int(first[0]["id"]))
    assert missed == first[1:]
    assert "event: gap" not in text
    clock.moment = now
    nothing, _ = await watch(watched, driver, clock, after=int(first[-1]["id"]))
    assert nothing == []


async def test_without_a_last_event_nothing_old_is_told(
    services: Services, operator: Caller, watched: Caller, clock: TurnedClock
) -> None:
    happened(services, "a.one")
    seen, _ = await watch(watched, operator, clock, after=None)
    assert seen == []


async def test_what_memory_no_longer_reaches_is_told_as_a_gap(
    services: Services, operator: Caller, watched: Caller, clock: TurnedClock
) -> None:
    happened(services, "a.one")
    happened(services, "a.two")
    seen, _ = await watch(watched, operator, clock, after=4711)
    assert [event["event"] for event in seen] == ["gap", "a.one", "a.two"]


@pytest.mark.parametrize("last", ["-1", "x"])
async def test_a_last_event_that_cannot_be_is_refused(
    operator: Caller, watched: Caller, last: str
) -> None:
    headers = dict(operator.client.headers) | {"Last-Event-ID": last}
    assert (await watched.client.get("/api/events", headers=headers)).status_code == 422


async def test_events_need_a_signed_in_person(watched: Caller) -> None:
    assert (await watched.client.get("/api/events")).status_code == 401
