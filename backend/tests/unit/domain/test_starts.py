"""StartTransaction: the same start once, every start recorded, one ACTIVE session a connector."""

from decimal import Decimal

import pytest

from csms.domain.transactions.session import PendingRemoteStart
from csms.kernel.facts import (
    TransactionRestamped,
    TransactionStarted,
    TransactionStatusChanged,
)
from csms.kernel.ids import ConnectorNumber, IdTag, OperationId
from tests.fakes.charging import Story, at, sample
from tests.fakes.sessions import StoredSessions, card

pytestmark = pytest.mark.unit


async def test_a_start_is_recorded_with_price_person_and_hold() -> None:
    story = Story()
    answer = await story.start(meter=1000)
    (started,) = story.facts
    assert isinstance(started, TransactionStarted)
    assert answer.verdict.status == "Accepted"
    assert 0 < answer.transaction_id < 2**31
    assert started.user_id == 7
    assert started.is_billable
    assert started.hold_amount == Decimal(20)
    assert started.currency == "EUR"
    assert started.tariff_terms is not None
    assert '"price_per_kwh":"0.45"' in started.tariff_terms
    assert story.session(answer.transaction_id).status == "ACTIVE"


@pytest.mark.parametrize("tag", ["CARD", "card", "Card"])
async def test_the_same_start_gets_the_same_id_however_its_tag_is_spelled(tag: str) -> None:
    story = Story()
    first = await story.start()
    again = await story.start(tag=tag, received=3)
    assert again.transaction_id == first.transaction_id
    assert story.facts == ()


async def test_the_same_start_after_its_stop_is_still_the_same() -> None:
    story = Story()
    first = await story.start()
    await story.stop(first.transaction_id, 5000)
    again = await story.start(received=70)
    assert again.transaction_id == first.transaction_id
    assert story.facts == ()


async def test_the_same_start_keeps_its_first_answer_though_its_own_hold_took_the_credit() -> None:
    stored = StoredSessions(tags={"card": card(available="20")})
    story = Story(stored)
    await story.start()
    stored.tags["card"] = card(available="0")
    assert (await story.start(received=2)).verdict.status == "Accepted"


@pytest.mark.parametrize(
    ("changes", "is_other"),
    [
        ({"connector": 2}, True),
        ({"tag": "OTHER"}, True),
        ({"meter": 1001}, True),
        ({"minute": 30}, False),
    ],
)
async def test_what_differs_makes_another_start_only_a_time_alone_does_not(
    changes: dict[str, int], *, is_other: bool
) -> None:
    story = Story()
    first = await story.start()
    other = await story.start(**changes)  # type: ignore[arg-type]
    assert (other.transaction_id != first.transaction_id) is is_other


async def test_a_restamped_start_takes_the_corrected_time_and_then_repeats_as_that() -> None:
    story = Story()
    first = await story.start(minute=0)
    await story.start(minute=-30, received=1)
    (fact,) = story.facts
    assert isinstance(fact, TransactionRestamped)
    assert fact.started_at == at(-30)
    assert story.session(first.transaction_id).started_at == at(-30)
    again = await story.start(minute=-30, received=2)
    assert again.transaction_id == first.transaction_id
    assert story.facts == ()


@pytest.mark.parametrize("evidence", ["reading", "status"])
async def test_after_evidence_a_start_with_another_time_is_another_session(evidence: str) -> None:
    story = Story()
    first = await story.start()
    if evidence == "reading":
        await story.read(first.transaction_id, sample(at(5), 1000))
    else:
        story.status("Charging", minute=5)
    second = await story.start(minute=30)
    assert second.transaction_id != first.transaction_id
    assert story.session(first.transaction_id).status == "PENDING_RECONCILIATION"


async def test_another_start_on_the_connector_is_evidence_too() -> None:
    story = Story()
    first = await story.start(minute=0)
    await story.start(minute=5, tag="OTHER")
    third = await story.start(minute=10)
    assert third.transaction_id != first.transaction_id
    assert story.session(third.transaction_id).status == "ACTIVE"


async def test_with_an_unset_clock_the_same_start_is_one_while_it_has_no_stop() -> None:
    story = Story()
    unset = {"charger_time": "1970-01-01T00:00:07Z", "note": "clock_unset"}
    first = await story.start(minute=0, **unset)  # type: ignore[arg-type]
    again = await story.start(minute=4, **unset)  # type: ignore[arg-type]
    assert again.transaction_id == first.transaction_id
    assert story.facts == ()
    await story.stop(first.transaction_id, 1000, minute=20)
    second = await story.start(minute=40, **unset)  # type: ignore[arg-type]
    assert second.transaction_id != first.transaction_id


async def test_with_an_unset_clock_a_session_closed_by_us_has_still_no_stop() -> None:
    story = Story()
    unset = {"charger_time": "1970-01-01T00:00:07Z", "note": "clock_unset"}
    first = await story.start(minute=0, **unset)  # type: ignore[arg-type]
    story.sessions.open.clear()
    again = await story.start(minute=40, **unset)  # type: ignore[arg-type]
    assert again.transaction_id == first.transaction_id


async def test_an_unset_time_never_replaces_a_known_one() -> None:
    story = Story()
    first = await story.start(minute=0)
    again = await story.start(minute=3, charger_time="1970-01-01T00:00:00Z", note="clock_unset")
    assert again.transaction_id == first.transaction_id
    assert story.facts == ()
    assert story.session(first.transaction_id).started_at == at(0)


async def test_a_later_start_supersedes_the_session_on_its_connector() -> None:
    story = Story()
    older = await story.start(minute=0)
    newer = await story.start(minute=30, tag="OTHER", meter=4000)
    change, started = story.facts
    assert isinstance(change, TransactionStatusChanged)
    assert change.transaction_id == older.transaction_id
    assert change.reason == "superseded"
    assert change.reconcile_by == at(60)
    assert isinstance(started, TransactionStarted)
    assert story.session(older.transaction_id).status == "PENDING_RECONCILIATION"
    assert story.session(newer.transaction_id).status == "ACTIVE"


async def test_an_earlier_start_from_a_queue_does_not_displace_the_live_session() -> None:
    story = Story()
    live = await story.start(minute=30)
    replayed = await story.start(minute=-120, tag="OTHER", meter=500, received=31)
    (started,) = story.facts
    assert isinstance(started, TransactionStarted)
    assert started.status == "PENDING_RECONCILIATION"
    assert started.reconcile_by == at(61)
    assert started.started_at == at(-120)
    assert story.session(live.transaction_id).status == "ACTIVE"
    assert replayed.transaction_id != live.transaction_id


async def test_sessions_on_two_connectors_do_not_touch_each_other() -> None:
    story = Story()
    one = await story.start(connector=1)
    two = await story.start(connector=2, minute=1)
    assert story.session(one.transaction_id).status == "ACTIVE"
    assert story.session(two.transaction_id).status == "ACTIVE"


@pytest.mark.parametrize(
    ("record", "status", "is_billable"),
    [
        (None, "Invalid", False),
        (card(is_blocked=True), "Blocked", True),
        (card(available="0"), "Blocked", True),
        (card(expires_at=at(-1)), "Expired", True),
        (card(forbids_concurrent=True, open_elsewhere=1), "ConcurrentTx", True),
        (card(user_id=None), "Accepted", False),
        (card(), "Accepted", True),
    ],
)
async def test_every_start_is_recorded_with_its_true_status_and_billed_to_the_person_if_any(
    record: object, status: str, *, is_billable: bool
) -> None:
    tags = {} if record is None else {"card": record}
    story = Story(StoredSessions(tags=tags))  # type: ignore[arg-type]
    answer = await story.start()
    (started,) = story.facts
    assert isinstance(started, TransactionStarted)
    assert answer.verdict.status == status
    assert started.authorization == status
    assert started.is_billable is is_billable
    assert answer.transaction_id > 0
    assert (started.hold_amount is not None) is (status == "Accepted" and is_billable)


async def test_the_hold_is_what_there_is_when_that_is_less() -> None:
    story = Story(StoredSessions(tags={"card": card(available="7.50")}))
    await story.start()
    (started,) = story.facts
    assert isinstance(started, TransactionStarted)
    assert started.hold_amount == Decimal("7.50")


async def test_the_chargers_free_tag_is_recorded_and_not_billed() -> None:
    story = Story()
    story.charger.free_id_tag = "card"
    answer = await story.start(tag="CARD")
    (started,) = story.facts
    assert isinstance(started, TransactionStarted)
    assert answer.verdict.status == "Accepted"
    assert not started.is_billable
    assert started.user_id is None


async def test_a_session_without_a_price_is_recorded_and_still_the_persons() -> None:
    story = Story(StoredSessions(terms=None))
    await story.start()
    (started,) = story.facts
    assert isinstance(started, TransactionStarted)
    assert started.is_billable
    assert started.tariff_terms is None
    assert started.hold_amount is None


async def test_a_start_on_connector_0_is_recorded_at_an_outlet_that_is_free() -> None:
    story = Story()
    await story.start(connector=1)
    await story.start(connector=0, tag="OTHER", meter=2000, minute=2)
    (started,) = story.facts
    assert isinstance(started, TransactionStarted)
    assert started.connector == 2
    assert started.note == "reported_connector_0"


async def test_a_start_beyond_all_bounds_is_still_recorded() -> None:
    story = Story()
    answer = await story.start(meter=10**24)
    again = await story.start(meter=10**24, received=3)
    assert answer.transaction_id == again.transaction_id
    assert story.session(answer.transaction_id).note == "register_out_of_bounds"


def _remote_start(story: Story, *, connector: int | None = 1, tag: str = "CARD") -> None:
    story.sessions.remote_starts.append(
        PendingRemoteStart(
            OperationId(5),
            None if connector is None else ConnectorNumber(connector),
            IdTag(tag),
            at(5),
            requested_at=at(0),
        )
    )


@pytest.mark.parametrize(
    ("connector", "tag", "minute", "is_bound"),
    [
        (1, "CARD", 1, True),
        (None, "card", 1, True),
        (1, "CARD", 4.9, True),
        (2, "CARD", 1, False),
        (1, "OTHER", 1, False),
        (1, "CARD", 6, False),
    ],
)
async def test_a_start_binds_to_the_remote_start_that_it_fulfils(
    connector: int | None, tag: str, minute: float, *, is_bound: bool
) -> None:
    story = Story()
    _remote_start(story, connector=connector, tag=tag)
    await story.start(minute=minute)
    (started,) = story.facts
    assert isinstance(started, TransactionStarted)
    assert (started.remote_start_operation_id == 5) is is_bound
    assert (story.sessions.remote_starts == []) is is_bound


async def test_a_replayed_start_from_before_the_request_is_not_its_doing() -> None:
    story = Story()
    _remote_start(story)
    await story.start(minute=-60, received=1)
    (started,) = story.facts
    assert isinstance(started, TransactionStarted)
    assert started.remote_start_operation_id is None


async def test_what_a_remote_start_has_put_aside_counts_for_its_session() -> None:
    story = Story(StoredSessions(tags={"card": card(available="0")}))
    _remote_start(story)
    story.sessions.remote_starts[0].hold_amount = Decimal(20)
    answer = await story.start(minute=1)
    assert answer.verdict.status == "Accepted"
