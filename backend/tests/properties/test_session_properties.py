"""Whatever order, loss and repetition a link makes of them: sessions as they really were.

A model charger runs real sessions on two outlets; their messages are delivered late, again, out
of order or never, between lost links, boots, statuses and deadlines.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csms.domain.transactions.reconcile import Reconciliation
from csms.kernel.ids import TransactionId
from tests.fakes.charging import RULES, Story, at, sample, wh
from tests.fakes.clock import FakeClock
from tests.fakes.sessions import StoredSessions, card

pytestmark = pytest.mark.unit

TAGS = ("CARD", "OTHER")


@dataclass
class RealSession:
    """What happened at an outlet. `readings` are (minute, register)."""

    connector: int
    tag: str
    start_minute: float
    meter_start: int
    readings: list[tuple[float, int]]
    stop_minute: float
    meter_stop: int
    transaction_id: int | None = None
    has_stop_arrived: bool = False
    arrived: set[float] = field(default_factory=set)


@dataclass(order=True)
class Delivery:
    """One message at the moment when it reaches us."""

    minute: float
    order: int
    kind: str = field(compare=False)
    number: int = field(compare=False, default=0)
    reading: int = field(compare=False, default=0)


def real_sessions(random: Random) -> list[RealSession]:
    """Return sessions that follow each other on each outlet, its meter rising."""
    found = []
    for connector in (1, 2):
        minute, meter = random.uniform(0, 20), random.randrange(0, 5000)
        for _ in range(random.randrange(0, 4)):
            start, meter_start = round(minute, 2), meter
            readings = []
            for _ in range(random.randrange(0, 4)):
                minute += random.uniform(2, 15)
                meter += random.randrange(1, 600)
                readings.append((round(minute, 2), meter))
            minute += random.uniform(2, 15)
            meter += random.randrange(1, 600)
            found.append(
                RealSession(
                    connector, random.choice(TAGS), start, meter_start, readings,
                    round(minute, 2), meter,
                )
            )  # fmt: skip
            minute += random.uniform(1, 10)
    return found


def deliveries(random: Random, sessions: list[RealSession]) -> list[Delivery]:
    """Return when what arrives: late, again, or never; a start arrives at least once."""
    found: list[Delivery] = []

    def deliver(kind: str, number: int, earliest: float, *, reading: int = 0) -> None:
        for _ in range(random.choice((1, 1, 1, 2, 3))):
            late = random.choice((0.0, 0.0, 0.0, random.uniform(0, 60), random.uniform(0, 600)))
            found.append(Delivery(earliest + late, len(found), kind, number, reading))

    for number, one in enumerate(sessions):
        first = Delivery(one.start_minute + random.choice((0, 0, 30)), len(found), "start", number)
        found.append(first)
        deliver("start", number, first.minute)
        for index, (minute, _) in enumerate(one.readings):
            if random.random() < 0.85:
                deliver("reading", number, max(minute, first.minute), reading=index)
        if random.random() < 0.85:
            deliver("stop", number, max(one.stop_minute, first.minute))
    for kind in ("lost", "back", "boot", "status", "deadline"):
        for _ in range(random.randrange(0, 4)):
            minute = random.uniform(0, 400)
            found.append(Delivery(minute, len(found), kind, random.randrange(1, 3)))
    return sorted(found)


class Play:
    """Delivers, and keeps what the server must know in the end."""

    def __init__(self, random: Random) -> None:
        tags = {tag.casefold(): card(tag, available="1000") for tag in TAGS}
        self.story = Story(StoredSessions(tags=tags))
        self.random = random
        self.sessions = real_sessions(random)
        self.actions: dict[str, Callable[[Delivery], Awaitable[None]]] = {
            "start": self._start,
            "reading": self._reading,
            "stop": self._stop,
            "lost": self._lost,
            "back": self._back,
            "boot": self._boot,
            "status": self._status,
            "deadline": self._deadline,
        }

    async def run(self) -> None:
        for delivery in deliveries(self.random, self.sessions):
            await self.actions[delivery.kind](delivery)

    async def _start(self, delivery: Delivery) -> None:
        one = self.sessions[delivery.number]
        answer = await self.story.start(
            minute=one.start_minute,
            meter=one.meter_start,
            tag=self.random.choice((one.tag, one.tag.lower())),
            connector=one.connector,
            received=delivery.minute,
        )
        assert one.transaction_id in (None, answer.transaction_id)
        one.transaction_id = answer.transaction_id

    async def _reading(self, delivery: Delivery) -> None:
        one = self.sessions[delivery.number]
        if one.transaction_id is None:
            return
        minute, register = one.readings[delivery.reading]
        voltage = wh("230", measurand="Voltage", unit="V")
        await self.story.read(
            one.transaction_id,
            sample(at(minute), register, voltage),
            connector=one.connector,
            received=delivery.minute,
        )
        one.arrived.add(minute)

    async def _stop(self, delivery: Delivery) -> None:
        one = self.sessions[delivery.number]
        if one.transaction_id is None:
            return
        begin = sample(at(one.start_minute), wh(str(one.meter_start), context="Transaction.Begin"))
        end = sample(at(one.stop_minute), wh(str(one.meter_stop), context="Transaction.End"))
        before = len(self.story.stored.readings)
        await self.story.stop(
            one.transaction_id,
            one.meter_stop,
            begin,
            end,
            minute=one.stop_minute,
            received=delivery.minute,
        )
        if one.has_stop_arrived:
            assert self.story.facts == ()
            assert len(self.story.stored.readings) == before
        one.has_stop_arrived = True

    async def _lost(self, delivery: Delivery) -> None:
        self.story.lose_link(minute=delivery.minute)

    async def _back(self, delivery: Delivery) -> None:
        self.story.reconnect(minute=delivery.minute)

    async def _boot(self, delivery: Delivery) -> None:
        self.story.boot(minute=delivery.minute)

    async def _status(self, delivery: Delivery) -> None:
        status = self.random.choice(("Available", "Charging", "Finishing", "Faulted"))
        self.story.status(status, minute=delivery.minute, connector=delivery.number)

    async def _deadline(self, delivery: Delivery) -> None:
        clock = FakeClock(at(delivery.minute + 60 * 24 * 8))
        closing = Reconciliation(self.story.stored, clock, RULES)
        for transaction_id in list(self.story.stored.transactions):
            closed = await closing.close_overdue(TransactionId(transaction_id))
            # A restart may come between: then memory knows, otherwise it does not.
            if closed and self.random.random() < 0.5:
                self.story.sessions.open.pop(TransactionId(transaction_id), None)


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False))
def test_sessions_survive_any_order_loss_and_repetition(random: Random) -> None:
    play = Play(random)
    asyncio.run(play.run())
    stored = play.story.stored
    started = [one for one in play.sessions if one.transaction_id is not None]

    assert len(started) == len(play.sessions), "every start arrives, and none is lost"
    assert len(stored.transactions) == len(started), "no session twice, none merged"
    kept = Counter(
        (fact.transaction_id, fact.sampled_at, value["measurand"], value.get("context"))
        for _, fact in stored.readings
        for value in msgspec.json.decode(fact.samples)
    )
    assert not [key for key, count in kept.items() if count > 1], "no reading twice"
    for one in started:
        transaction_id = TransactionId(one.transaction_id or 0)
        record = stored.transactions[transaction_id]
        for minute in one.arrived:
            key = (transaction_id, at(minute), "Energy.Active.Import.Register", None)
            assert kept[key] == 1, "no reading lost"
        assert record.has_charger_stop is one.has_stop_arrived
        assert record.meter_start_wh == one.meter_start
        if one.has_stop_arrived:
            assert record.energy_wh == Decimal(one.meter_stop - one.meter_start)
            assert record.status == "ENDED"
    assert play.story.stored.desk == {}, "an honest charger leaves nothing for a person"
    stops = Counter(s.transaction_id for s in stored.stops if s.stop_source == "charger")
    assert all(count == 1 for count in stops.values()), "each session is stopped once"


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 10_000),
    st.integers(0, 11_000),
    st.sampled_from([None, 0, -1, 424_242]),
    st.integers(1, 4),
)
def test_readings_and_a_stop_without_a_usable_id_make_the_same_bill(
    meter_start: int, energy_wh: int, named: int | None, times: int
) -> None:
    async def play() -> Story:
        story = Story()
        await story.start(meter=meter_start)
        for _ in range(times):
            await story.read(named, sample(at(20), meter_start + energy_wh // 2), received=20)
        for _ in range(times):
            await story.stop(named or -1, meter_start + energy_wh, tag="CARD", minute=60)
        return story

    story = asyncio.run(play())
    (record,) = story.stored.transactions.values()
    assert record.energy_wh == Decimal(energy_wh)
    assert len(story.stored.readings) == 1
    assert len(story.stored.stops) == 1
