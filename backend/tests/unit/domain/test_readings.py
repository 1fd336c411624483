"""MeterValues: each reading kept once, with its session, in canonical units."""

from decimal import Decimal

import msgspec
import pytest

from csms.domain.transactions.decision import StopSession
from csms.domain.transactions.reconcile import decide_deadline
from csms.kernel.facts import TransactionStatusChanged, TransactionStopped
from tests.fakes.charging import RULES, Story, at, sample, wh
from tests.fakes.sessions import StoredSessions, card

pytestmark = pytest.mark.unit


async def test_newer_readings_of_an_open_session_ask_nobody() -> None:
    story = Story()
    started = await story.start()
    story.stored.calls.clear()
    await story.read(started.transaction_id, sample(at(1), 1100), sample(at(2), 1200))
    assert story.stored.calls == []
    assert [fact.register_wh for fact in story.taken] == [Decimal(1100), Decimal(1200)]
    assert story.session(started.transaction_id).last_register_wh == Decimal(1200)
    assert not any(fact.is_suspect or fact.is_inferred for fact in story.taken)


async def test_readings_are_not_doubled_whatever_message_brings_them() -> None:
    story = Story()
    started = await story.start()
    one = sample(at(1), 1100, wh("230.5", measurand="Voltage", unit="V", phase="L1-N"))
    await story.read(started.transaction_id, one)
    await story.read(started.transaction_id, one, received=5)
    assert story.facts == ()
    more = sample(at(1), 1100, wh("229", measurand="Voltage", unit="V", phase="L2-N"))
    await story.read(started.transaction_id, more, received=6)
    (fact,) = story.taken
    assert [v["phase"] for v in msgspec.json.decode(fact.samples)] == ["L2-N"]


async def test_a_reading_twice_in_one_message_is_taken_once() -> None:
    story = Story()
    started = await story.start()
    await story.read(started.transaction_id, sample(at(1), 1100), sample(at(1), 1100))
    assert len(story.taken) == 1


@pytest.mark.parametrize("named", [None, 0, -1, 77_777])
async def test_readings_without_a_usable_id_belong_to_the_session_open_then(
    named: int | None,
) -> None:
    story = Story()
    started = await story.start()
    await story.read(named, sample(at(3), 1300))
    (fact,) = story.taken
    assert fact.transaction_id == started.transaction_id
    assert fact.is_inferred
    assert story.session(started.transaction_id).last_register_wh == Decimal(1300)


async def test_inferred_readings_go_to_the_session_of_their_own_time() -> None:
    story = Story()
    older = await story.start(minute=0)
    newer = await story.start(minute=30, meter=3000, tag="OTHER")
    await story.read(None, sample(at(20), 2000), sample(at(40), 3500), received=41)
    owners = {fact.sampled_at: fact.transaction_id for fact in story.taken}
    assert owners == {at(20): older.transaction_id, at(40): newer.transaction_id}


async def test_readings_without_any_session_are_kept_without_one() -> None:
    story = Story()
    await story.read(None, sample(at(3), 1300))
    (fact,) = story.taken
    assert fact.transaction_id is None
    assert fact.register_wh == Decimal(1300)
    assert story.stored.calls == []


async def test_connector_0_never_touches_a_session() -> None:
    story = Story()
    started = await story.start()
    await story.read(started.transaction_id, sample(at(3), 999_000), connector=0)
    (fact,) = story.taken
    assert fact.transaction_id is None
    assert story.session(started.transaction_id).last_register_wh == Decimal(1000)


async def test_an_id_of_another_connector_does_not_count() -> None:
    story = Story()
    one = await story.start(connector=1)
    two = await story.start(connector=2, minute=1)
    await story.read(one.transaction_id, sample(at(3), 1100), connector=2)
    (fact,) = story.taken
    assert fact.transaction_id == two.transaction_id
    assert fact.is_inferred


async def test_readings_that_name_another_chargers_session_are_kept_and_change_nothing() -> None:
    stored = StoredSessions()
    mine, theirs = Story(stored, charger_id=1), Story(stored, charger_id=2)
    my_session = await mine.start()
    their_session = await theirs.start()
    await mine.read(their_session.transaction_id, sample(at(3), 1500))
    (fact,) = mine.taken
    assert fact.transaction_id is None
    assert fact.note is not None
    assert "another_charger" in fact.note
    assert mine.session(my_session.transaction_id).last_register_wh == Decimal(1000)
    assert stored.transactions[their_session.transaction_id].last_sampled_at is None


async def test_late_readings_after_the_stop_are_kept_with_their_session() -> None:
    story = Story()
    started = await story.start()
    await story.stop(started.transaction_id, 5000)
    await story.read(started.transaction_id, sample(at(30), 3000), received=70)
    (fact,) = story.taken
    assert fact.transaction_id == started.transaction_id
    assert len(story.stored.stops) == 1


async def test_readings_after_a_deadline_correct_its_end_upwards() -> None:
    story = Story()
    started = await story.start()
    await story.read(started.transaction_id, sample(at(10), 2000))
    story.reconnect(minute=12)
    await story.stored.close(started.transaction_id, decide_deadline(at(43), RULES))
    story.sessions.open.clear()
    await story.read(started.transaction_id, sample(at(30), 4000), received=44)
    corrections = [fact for fact in story.facts if isinstance(fact, TransactionStopped)]
    assert [c.energy_wh for c in corrections] == [Decimal(3000)]
    assert corrections[0].is_correction
    assert corrections[0].stop_source == "deadline"


@pytest.mark.parametrize(
    ("register", "problem"),
    [
        (500, "register_below_start"),
        (1900, "register_fell"),
        (900_000, "register_jumped"),
    ],
)
async def test_an_implausible_register_is_kept_as_suspect_and_does_not_count(
    register: int, problem: str
) -> None:
    story = Story()
    started = await story.start(meter=1000)
    await story.read(started.transaction_id, sample(at(10), 2000))
    await story.read(started.transaction_id, sample(at(11), register))
    (fact,) = story.taken
    assert fact.is_suspect
    assert fact.register_wh is None
    assert fact.note == problem
    assert str(register) in fact.samples
    assert story.session(started.transaction_id).last_register_wh == Decimal(2000)


async def test_a_register_may_fall_by_the_rounding_to_whole_wh() -> None:
    story = Story()
    started = await story.start(meter=1000)
    await story.read(started.transaction_id, sample(at(10), wh("2000.9")))
    await story.read(started.transaction_id, sample(at(11), 2000))
    assert not story.taken[0].is_suspect
    assert story.session(started.transaction_id).last_register_wh == Decimal("2000.9")


async def test_an_unset_clock_is_noted_and_does_not_make_a_reading_implausible() -> None:
    story = Story()
    started = await story.start(note="clock_unset", charger_time="1970-01-01T00:00:00Z")
    await story.read(started.transaction_id, sample(at(0.1), 30_000, note="clock_unset"))
    (fact,) = story.taken
    assert fact.note == "clock_unset"
    assert fact.register_wh == Decimal(30_000)


async def test_a_reading_resumes_a_session_that_waits() -> None:
    story = Story()
    started = await story.start()
    story.lose_link(minute=5)
    story.reconnect(minute=6)
    await story.read(started.transaction_id, sample(at(7), 1100))
    changes = [fact for fact in story.facts if isinstance(fact, TransactionStatusChanged)]
    assert [(c.status, c.reason) for c in changes] == [("ACTIVE", "resumed_by_reading")]
    session = story.session(started.transaction_id)
    assert session.status == "ACTIVE"
    assert session.reconcile_by is None


async def test_readings_of_a_superseded_session_leave_the_live_one_active() -> None:
    story = Story()
    older = await story.start(minute=0)
    newer = await story.start(minute=30, tag="OTHER", meter=3000)
    await story.read(older.transaction_id, sample(at(20), 2500), received=31)
    assert story.session(newer.transaction_id).status == "ACTIVE"
    assert story.session(older.transaction_id).status == "PENDING_RECONCILIATION"


async def test_readings_newer_than_all_of_the_other_show_which_session_goes_on() -> None:
    story = Story()
    older = await story.start(minute=0)
    newer = await story.start(minute=30, tag="OTHER", meter=3000)
    await story.read(older.transaction_id, sample(at(35), 2500))
    assert story.session(older.transaction_id).status == "ACTIVE"
    assert story.session(newer.transaction_id).status == "PENDING_RECONCILIATION"


async def test_readings_burn_the_hold_down_and_at_the_limit_a_stop_is_asked_with_back_off() -> None:
    story = Story(StoredSessions(tags={"card": card(available="5")}))
    started = await story.start(meter=0)
    below = await story.read(started.transaction_id, sample(at(30), 9_900))
    assert below.follow_ups == ()
    reached = await story.read(started.transaction_id, sample(at(31), 10_200))
    assert reached.follow_ups == (StopSession(started.transaction_id, 1, "limit_reached"),)  # type: ignore[arg-type]
    asked = []
    for minute in (31.5, 32.1, 33, 34.2, 35, 36, 38.3):
        register = 10_200 + int(minute * 10)
        decision = await story.read(started.transaction_id, sample(at(minute), register))
        if decision.follow_ups:
            asked.append(minute)
    assert asked == [32.1, 34.2, 38.3]


async def test_inferred_readings_burn_the_hold_down_too() -> None:
    story = Story(StoredSessions(tags={"card": card(available="5")}))
    await story.start(meter=0)
    decision = await story.read(None, sample(at(40), 11_000))
    assert [f.reason for f in decision.follow_ups] == ["limit_reached"]


async def test_a_session_without_a_hold_is_never_asked_to_stop_by_its_readings() -> None:
    story = Story(StoredSessions(tags={"card": card(user_id=None)}))
    started = await story.start(meter=0)
    decision = await story.read(started.transaction_id, sample(at(600), 200_000))
    assert decision.follow_ups == ()


async def test_a_message_without_samples_is_taken_and_does_nothing() -> None:
    story = Story()
    started = await story.start()
    decision = await story.read(started.transaction_id, received=3)
    assert decision.facts == ()
