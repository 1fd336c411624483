"""The promises of presence, live events, leases, limits and the operation channel, in memory."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from csms.adapters.memory.leases import MemoryLeases
from csms.adapters.memory.live_events import MemoryLiveEvents
from csms.adapters.memory.operation_channel import MemoryOperationChannel
from csms.adapters.memory.presence import MemoryPresence
from csms.adapters.memory.rate_limits import MemoryRateLimits
from csms.domain.operations.commands import OperationOutcome, OperationRequest, Reset
from csms.domain.stations.presence import OnlineCharger
from csms.kernel.ids import ChargePointId, ChargerId, Epoch, OrganizationId
from csms.kernel.live import LiveEvent

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ONE, TWO = OrganizationId(1), OrganizationId(2)


def online(number: int, epoch: int, organization: OrganizationId = ONE) -> OnlineCharger:
    return OnlineCharger(
        ChargerId(number),
        ChargePointId(f"CP{number}"),
        organization,
        "node",
        Epoch(epoch),
        "ocpp1.6",
        "127.0.0.1",
        NOW,
        NOW,
    )


def event(kind: str, organization: OrganizationId = ONE) -> LiveEvent:
    return LiveEvent(organization_id=organization, kind=kind, at=NOW)


async def test_presence_of_an_older_epoch_changes_nothing() -> None:
    presence = MemoryPresence()
    await presence.arrived(online(1, 2))
    await presence.arrived(online(1, 1))
    await presence.left(ChargerId(1), Epoch(1))
    assert (await presence.find([ChargerId(1), ChargerId(9)])) == {1: online(1, 2)}
    await presence.left(ChargerId(1), Epoch(2))
    assert await presence.find([ChargerId(1)]) == {}


async def test_presence_is_scoped_and_knows_when_a_charger_was_heard() -> None:
    presence = MemoryPresence()
    await presence.arrived(online(2, 1))
    await presence.arrived(online(1, 1))
    await presence.arrived(online(3, 1, TWO))
    later = NOW + timedelta(minutes=1)
    await presence.seen({ChargerId(1): later, ChargerId(8): later})
    await presence.seen({ChargerId(1): NOW})
    found = await presence.online(ONE)
    assert [one.charge_point_id for one in found] == ["CP1", "CP2"]
    assert found[0].last_seen_at == later


async def test_events_reach_the_readers_of_their_organization_in_order() -> None:
    live = MemoryLiveEvents()
    async with live.subscribe(ONE) as events:
        live.publish(event("a"))
        live.publish(event("hidden", TWO))
        live.publish(event("b"))
        kinds = [(await anext(events)).event.kind for _ in range(2)]
    assert kinds == ["a", "b"]


async def test_reader_that_waits_is_woken() -> None:
    live = MemoryLiveEvents()
    async with live.subscribe(ONE) as events:
        waiting = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0)
        live.publish(event("late"))
        assert (await asyncio.wait_for(waiting, 5)).event.kind == "late"


async def test_resuming_reader_gets_what_it_missed() -> None:
    live = MemoryLiveEvents()
    for kind in "abc":
        live.publish(event(kind))
    async with live.subscribe(ONE, after=1) as events:
        got = [await anext(events) for _ in range(2)]
    assert [(one.event.kind, one.has_gap) for one in got] == [("b", False), ("c", False)]


async def test_gap_is_told_when_memory_does_not_reach_back() -> None:
    live = MemoryLiveEvents(remembered_max=2)
    for kind in "abcde":
        live.publish(event(kind))
    async with live.subscribe(ONE, after=1) as events:
        first, second = await anext(events), await anext(events)
    assert (first.event.kind, first.has_gap) == ("d", True)
    assert not second.has_gap
    async with live.subscribe(ONE, after=900) as events:
        assert (await anext(events)).has_gap


async def test_an_organization_is_watched_while_somebody_reads_and_a_moment_longer() -> None:
    live = MemoryLiveEvents(linger_s=0.01)
    assert not live.is_watched(ONE)
    async with live.subscribe(ONE):
        assert live.is_watched(ONE)
        assert not live.is_watched(TWO)
    assert live.is_watched(ONE), "who lost the stream may resume"
    async with asyncio.timeout(5):
        while live.is_watched(ONE):  # noqa: ASYNC110 - a timer of the loop sets no event
            await asyncio.sleep(0.005)


async def test_who_resumes_is_told_of_what_was_passed_over() -> None:
    live = MemoryLiveEvents()
    live.publish(event("a"))
    live.pass_over(ONE)
    async with live.subscribe(ONE, after=1) as events:
        live.publish(event("c"))
        seen = await anext(events)
        assert (seen.event.kind, seen.has_gap) == ("c", True)
    async with live.subscribe(ONE, after=2) as events:
        assert not (await anext(events)).has_gap, "nothing was passed over since"


async def test_slow_reader_loses_the_oldest_and_is_told() -> None:
    live = MemoryLiveEvents(reader_max=2)
    async with live.subscribe(ONE) as events:
        for kind in "abcd":
            live.publish(event(kind))
        first = await anext(events)
    assert (first.event.kind, first.has_gap) == ("c", True)


async def test_lease_has_one_holder_until_it_ends() -> None:
    now = [0.0]
    leases = MemoryLeases(lambda: now[0])
    assert await leases.acquire("job", "a", ttl_s=10)
    assert not await leases.acquire("job", "b", ttl_s=10)
    now[0] = 5
    assert await leases.acquire("job", "a", ttl_s=10)
    now[0] = 12
    assert not await leases.acquire("job", "b", ttl_s=10)
    await leases.release("job", "b")
    now[0] = 15
    assert await leases.acquire("job", "b", ttl_s=10)
    await leases.release("job", "b")
    assert await leases.acquire("job", "a", ttl_s=10)


async def test_rate_limit_moves_with_its_window_and_counts_no_refusal() -> None:
    now = [0.0]
    limits = MemoryRateLimits(lambda: now[0], keys_max=2)
    for _ in range(2):
        assert (await limits.hit("k", limit=2, window_s=10)).is_allowed
    now[0] = 4
    refused = await limits.hit("k", limit=2, window_s=10)
    assert not refused.is_allowed
    assert refused.retry_after_s == 6
    now[0] = 10
    assert (await limits.hit("k", limit=2, window_s=10)).is_allowed
    await limits.forget("k")
    assert (await limits.hit("k", limit=1, window_s=10)).is_allowed
    await limits.hit("x", limit=1, window_s=10)
    await limits.hit("y", limit=1, window_s=10)
    assert (await limits.hit("k", limit=1, window_s=10)).is_allowed


async def test_channel_hands_over_to_the_gateway_that_is_attached() -> None:
    channel = MemoryOperationChannel()
    request = OperationRequest(7, 1, Reset(type="Soft"), NOW)
    assert (await channel.send(request, 1)).error_code == "not_connected"

    async def carry(asked: OperationRequest, timeout_s: float) -> OperationOutcome:
        assert timeout_s == 1
        return OperationOutcome(operation_id=asked.operation_id, status="ANSWERED")

    channel.attach(carry)
    assert (await channel.send(request, 1)).status == "ANSWERED"
    channel.detach()
    assert (await channel.send(request, 1)).error_code == "not_connected"
