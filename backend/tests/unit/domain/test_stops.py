"""StopTransaction: always answered, counted once, matched where the id says nothing."""

from decimal import Decimal

import pytest

from csms.domain.transactions.reconcile import decide_deadline
from csms.kernel.facts import DeskCaseOpened, ReadingsTaken, TransactionStopped
from csms.kernel.ids import TransactionId
from tests.fakes.charging import RULES, Story, at, sample, wh
from tests.fakes.sessions import StoredSessions, card

pytestmark = pytest.mark.unit


def _desk_kinds(story: Story) -> list[str]:
    return [case.kind for case in story.stored.desk.values()]


async def test_a_stop_ends_the_session_with_its_energy() -> None:
    story = Story()
    started = await story.start(meter=1000)
    answer = await story.stop(started.transaction_id, 13345, tag="card", reason="EVDisconnected")
    (stopped,) = story.facts
    assert isinstance(stopped, TransactionStopped)
    assert stopped.energy_wh == Decimal(12345)
    assert stopped.energy_basis == "meter_stop"
    assert stopped.billing_status == "PENDING"
    assert stopped.stop_reason == "EVDisconnected"
    assert stopped.stop_source == "charger"
    assert not stopped.is_correction
    assert answer.verdict is not None
    assert answer.verdict.status == "Accepted"
    assert story.sessions.open == {}


async def test_an_absent_reason_means_local() -> None:
    story = Story()
    started = await story.start()
    await story.stop(started.transaction_id, 2000)
    (stopped,) = story.facts
    assert isinstance(stopped, TransactionStopped)
    assert stopped.stop_reason == "Local"


async def test_the_same_stop_gets_the_same_answer_and_changes_nothing() -> None:
    story = Story()
    started = await story.start()
    first = await story.stop(started.transaction_id, 5000, tag="CARD")
    story.stored.tags["card"] = card(available="-3")
    for later in (61, 90, 4000):
        again = await story.stop(started.transaction_id, 5000, tag="CARD", received=later)
        assert again == first
        assert story.facts == ()


async def test_a_second_different_stop_goes_to_the_desk_once_and_changes_no_bill() -> None:
    story = Story()
    started = await story.start()
    await story.stop(started.transaction_id, 5000)
    for _ in range(3):
        await story.stop(started.transaction_id, 9000, minute=65)
    assert story.stored.transactions[started.transaction_id].energy_wh == Decimal(4000)
    assert len(story.stored.stops) == 1
    assert _desk_kinds(story) == ["second_stop"]


@pytest.mark.parametrize("transaction_id", [0, -1, 99_999])
async def test_a_stop_of_an_unknown_id_is_matched_to_the_start_without_a_stop(
    transaction_id: int,
) -> None:
    story = Story()
    started = await story.start()
    await story.read(started.transaction_id, sample(at(10), 2000))
    await story.stop(transaction_id, 5000, tag="CARD")
    stopped = story.stored.transactions[started.transaction_id]
    assert stopped.has_charger_stop
    assert stopped.energy_wh == Decimal(4000)


async def test_a_matched_stop_that_comes_again_stays_one() -> None:
    story = Story()
    first = await story.start(minute=0, meter=1000)
    await story.stop(-1, 5000, minute=60)
    second = await story.start(minute=70, meter=5000)
    await story.stop(-1, 5000, minute=60, received=75)
    assert story.facts == ()
    assert story.session(second.transaction_id).status == "ACTIVE"
    assert story.stored.transactions[first.transaction_id].meter_stop_wh == Decimal(5000)


@pytest.mark.parametrize(
    ("tag", "parent", "is_matched"),
    [("CARD", None, True), (None, None, True), ("OTHER", None, False), ("TWIN", "FAMILY", True)],
)
async def test_an_unknown_stop_needs_the_tag_or_one_of_the_same_parent(
    tag: str | None, parent: str | None, *, is_matched: bool
) -> None:
    tags = {
        "card": card("CARD", parent=parent),
        "twin": card("TWIN", parent=parent),
        "other": card("OTHER"),
    }
    story = Story(StoredSessions(tags=tags))
    started = await story.start()
    await story.stop(-1, 5000, tag=tag)
    stored = story.stored.transactions[started.transaction_id]
    assert stored.has_charger_stop is is_matched
    assert (_desk_kinds(story) == []) is is_matched


@pytest.mark.parametrize(
    ("meter", "minute"),
    [(1500, 60), (9_000_000, 60), (5000, -60)],
    ids=["below a reading", "more than fits", "before the start"],
)
async def test_an_unknown_stop_that_contradicts_the_session_is_not_matched(
    meter: int, minute: float
) -> None:
    story = Story()
    started = await story.start()
    await story.read(started.transaction_id, sample(at(10), 2000))
    await story.stop(-1, meter, minute=minute)
    assert not story.stored.transactions[started.transaction_id].has_charger_stop
    assert _desk_kinds(story) == ["unmatched_stop"]


async def test_an_ambiguous_stop_waits_at_the_desk_and_ends_nothing() -> None:
    story = Story()
    one = await story.start(connector=1)
    two = await story.start(connector=2, minute=1)
    await story.stop(-1, 5000)
    await story.stop(-1, 5000, received=90)
    assert set(story.sessions.open) == {one.transaction_id, two.transaction_id}
    assert _desk_kinds(story) == ["ambiguous_stop"]


async def test_of_two_sessions_in_a_row_the_stop_belongs_to_the_last_start_before_it() -> None:
    story = Story()
    older = await story.start(minute=0, meter=1000)
    newer = await story.start(minute=30, meter=3000, tag="OTHER")
    await story.stop(-1, 2900, minute=29, received=50)
    assert story.stored.transactions[older.transaction_id].has_charger_stop
    await story.stop(-1, 5000, minute=60)
    assert story.stored.transactions[newer.transaction_id].has_charger_stop


async def test_a_stop_that_names_another_chargers_session_changes_nothing() -> None:
    stored = StoredSessions()
    mine, theirs = Story(stored, charger_id=1), Story(stored, charger_id=2)
    my_session = await mine.start()
    their_session = await theirs.start()
    answer = await mine.stop(their_session.transaction_id, 5000, tag="CARD")
    assert answer.verdict is not None
    assert stored.transactions[my_session.transaction_id].status == "ACTIVE"
    assert stored.transactions[their_session.transaction_id].status == "ACTIVE"
    assert _desk_kinds(mine) == ["foreign_stop"]


async def test_an_id_of_a_former_system_that_collides_in_another_time_is_an_unknown_one() -> None:
    stored = StoredSessions()
    mine, theirs = Story(stored, charger_id=1), Story(stored, charger_id=2)
    past = await theirs.start(minute=-9000)
    await theirs.stop(past.transaction_id, 3000, minute=-8900)
    my_session = await mine.start()
    await mine.stop(past.transaction_id, 5000)
    assert stored.transactions[my_session.transaction_id].energy_wh == Decimal(4000)
    assert stored.transactions[past.transaction_id].meter_stop_wh == Decimal(3000)


async def test_a_late_stop_corrects_what_a_deadline_had_inferred() -> None:
    story = Story()
    started = await story.start()
    await story.read(started.transaction_id, sample(at(10), 2000))
    story.lose_link(minute=11)
    story.reconnect(minute=20)
    closed = await story.stored.close(started.transaction_id, decide_deadline(at(51), RULES))
    assert closed
    await story.stop(started.transaction_id, 5000, minute=45, received=60)
    (stopped,) = story.facts
    assert isinstance(stopped, TransactionStopped)
    assert stopped.is_correction
    assert stopped.energy_wh == Decimal(4000)
    assert [s.stop_source for s in story.stored.stops] == ["deadline", "charger"]


async def test_transaction_data_becomes_readings_and_known_ones_are_not_doubled() -> None:
    story = Story()
    started = await story.start()
    known = sample(at(10), 2000)
    await story.read(started.transaction_id, known)
    begin = sample(at(0), wh("1000", context="Transaction.Begin"))
    end = sample(
        at(60),
        wh("5000", context="Transaction.End"),
        wh("c2lnbmVk", context="Transaction.End", format="SignedData", location="Inlet"),
    )
    await story.stop(started.transaction_id, 5000, begin, known, end, known)
    taken = [fact for fact in story.facts if isinstance(fact, ReadingsTaken)]
    assert [fact.sampled_at for fact in taken] == [at(0), at(60)]
    assert "c2lnbmVk" in taken[1].samples
    assert all(fact.transaction_id == started.transaction_id for fact in taken)


async def test_a_stop_without_a_session_in_memory_still_ends_it() -> None:
    story = Story()
    started = await story.start()
    story.sessions.open.clear()
    await story.stop(started.transaction_id, 5000)
    assert story.stored.transactions[started.transaction_id].energy_wh == Decimal(4000)


async def test_a_stop_before_its_start_ends_it_at_the_start_and_says_so() -> None:
    story = Story()
    started = await story.start(minute=0, meter=1000)
    await story.stop(started.transaction_id, 1500, minute=-2, received=30)
    (stopped,) = story.facts
    assert isinstance(stopped, TransactionStopped)
    assert stopped.stopped_at == at(0)
    assert stopped.note is not None
    assert "stop_before_start" in stopped.note


async def test_a_stop_whose_time_and_register_both_contradict_its_id_is_not_taken_for_it() -> None:
    story = Story()
    started = await story.start(minute=0, meter=1000)
    await story.stop(started.transaction_id, 400, minute=-600, received=30)
    assert not story.stored.transactions[started.transaction_id].has_charger_stop
    assert _desk_kinds(story) == ["unmatched_stop"]


async def test_a_clock_turned_back_during_a_session_does_not_cost_its_energy() -> None:
    story = Story()
    started = await story.start(minute=0, meter=1000)
    await story.stop(started.transaction_id, 9000, minute=-20, received=40)
    record = story.stored.transactions[started.transaction_id]
    assert record.energy_wh == Decimal(8000)
    assert record.billing_status == "PENDING"


async def test_a_register_beyond_all_bounds_is_answered_and_waits_for_a_person() -> None:
    story = Story()
    started = await story.start(meter=1000)
    for _ in range(2):
        await story.stop(started.transaction_id, 10**24)
    record = story.stored.transactions[started.transaction_id]
    assert record.billing_status == "FAILED"
    assert _desk_kinds(story) == ["energy_not_reconciled"]


async def test_energy_that_cannot_be_reconciled_goes_to_the_desk_and_is_not_billed() -> None:
    story = Story()
    started = await story.start(meter=1000)
    await story.stop(started.transaction_id, 0)
    stopped, case = story.facts
    assert isinstance(stopped, TransactionStopped)
    assert stopped.billing_status == "FAILED"
    assert stopped.energy_wh is None
    assert stopped.note is not None
    assert "below the start" in stopped.note
    assert isinstance(case, DeskCaseOpened)
    assert case.kind == "energy_not_reconciled"


async def test_a_session_without_a_person_ends_not_billable() -> None:
    story = Story(StoredSessions(tags={"card": card(user_id=None)}))
    started = await story.start()
    await story.stop(started.transaction_id, 5000)
    (stopped,) = story.facts
    assert isinstance(stopped, TransactionStopped)
    assert stopped.billing_status == "NOT_BILLABLE"
    assert stopped.energy_wh == Decimal(4000)


@pytest.mark.parametrize(
    ("tag", "status"),
    [("OTHER", "Accepted"), ("STRANGER", "Invalid"), ("LOST", "Blocked"), ("OLD", "Expired")],
)
async def test_another_tag_that_stops_gets_its_own_status_credit_aside(
    tag: str, status: str
) -> None:
    tags = {
        "card": card(),
        "other": card("OTHER", available="-50"),
        "lost": card("LOST", is_blocked=True),
        "old": card("OLD", expires_at=at(-60)),
    }
    story = Story(StoredSessions(tags=tags))
    started = await story.start()
    answer = await story.stop(started.transaction_id, 5000, tag=tag)
    assert answer.verdict is not None
    assert answer.verdict.status == status
    assert story.stored.transactions[TransactionId(started.transaction_id)].status == "ENDED"
