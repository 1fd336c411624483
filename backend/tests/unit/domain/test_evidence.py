"""Status reports, boots, links and deadlines: nothing of it ends or bills a session by itself."""

from datetime import timedelta
from decimal import Decimal

import pytest

from csms.domain.identity.actor import Actor
from csms.domain.transactions.burn_down import stops_to_repeat
from csms.domain.transactions.close import (
    BadClosingReasonError,
    BadClosingRegisterError,
    OperatorClosing,
    SessionEndedError,
)
from csms.domain.transactions.ports import Closable
from csms.domain.transactions.reconcile import Reconciliation, decide_deadline
from csms.domain.transactions.remote_starts import expired_remote_starts, remember_remote_start
from csms.kernel.errors import ForbiddenError, NotFoundError
from csms.kernel.facts import (
    ConnectorReported,
    Fact,
    OperationAnswered,
    TransactionStatusChanged,
    TransactionStopped,
)
from csms.kernel.ids import ConnectorNumber, IdTag, OperationId, OrganizationId, TransactionId
from tests.fakes.charging import RULES, Story, at, sample
from tests.fakes.clock import FakeClock
from tests.fakes.sessions import StoredSessions, card

pytestmark = pytest.mark.unit

OPERATOR = Actor(None, "ADMIN", OrganizationId(1))


async def _close_due(story: Story, transaction_id: TransactionId, minute: float) -> bool:
    reconciliation = Reconciliation(story.stored, FakeClock(at(minute)), RULES)
    return await reconciliation.close_overdue(transaction_id)


async def test_an_older_report_is_history_and_never_overwrites_a_newer_one() -> None:
    story = Story()
    story.status("Charging", minute=10)
    story.status("Faulted", minute=5, received=11, error="GroundFailure")
    fact, *_ = story.facts
    assert isinstance(fact, ConnectorReported)
    assert not fact.is_current
    assert story.charger.connector(ConnectorNumber(1)).status == "Charging"


@pytest.mark.parametrize("status", ["Available", "Finishing", "Faulted", "Unavailable"])
async def test_no_status_ends_or_bills_a_session(status: str) -> None:
    story = Story()
    started = await story.start()
    story.status(status, minute=5)
    assert not any(
        isinstance(f, TransactionStatusChanged | TransactionStopped) for f in story.facts
    )
    assert story.session(started.transaction_id).status == "ACTIVE"


@pytest.mark.parametrize(
    ("status", "resumes"),
    [
        ("Charging", True),
        ("SuspendedEV", True),
        ("SuspendedEVSE", True),
        ("Available", False),
        ("Preparing", False),
        ("Finishing", False),
        ("Faulted", False),
    ],
)
async def test_a_status_that_only_a_session_has_resumes_the_one_that_waits(
    status: str, *, resumes: bool
) -> None:
    story = Story()
    started = await story.start()
    story.lose_link(minute=5)
    story.status(status, minute=6)
    assert (story.session(started.transaction_id).status == "ACTIVE") is resumes


async def test_a_status_of_connector_0_or_another_connector_resumes_nothing() -> None:
    story = Story()
    started = await story.start()
    story.lose_link(minute=5)
    story.status("Charging", minute=6, connector=0)
    story.status("Charging", minute=6, connector=2)
    assert story.session(started.transaction_id).status == "PENDING_RECONCILIATION"


async def test_a_replayed_status_resumes_nothing() -> None:
    story = Story()
    started = await story.start()
    story.status("Available", minute=4)
    story.lose_link(minute=5)
    story.status("Charging", minute=3, received=8)
    assert story.session(started.transaction_id).status == "PENDING_RECONCILIATION"


async def test_a_superseded_session_is_not_resumed_by_a_status() -> None:
    story = Story()
    older = await story.start(minute=0)
    newer = await story.start(minute=30, tag="OTHER", meter=3000)
    await story.stop(newer.transaction_id, 4000, minute=40)
    story.status("Charging", minute=41)
    assert story.session(older.transaction_id).status == "PENDING_RECONCILIATION"


async def test_a_lost_link_ends_nothing_and_has_no_deadline_but_the_cap() -> None:
    story = Story()
    started = await story.start()
    story.lose_link(minute=5)
    session = story.session(started.transaction_id)
    assert session.status == "PENDING_RECONCILIATION"
    assert session.reconcile_by == at(5) + timedelta(days=7)


@pytest.mark.parametrize("comes_back", ["reconnect", "boot"])
async def test_from_reconnect_or_boot_the_deadline_runs_30_minutes(comes_back: str) -> None:
    story = Story()
    started = await story.start()
    story.lose_link(minute=5)
    getattr(story, comes_back)(minute=600)
    assert story.session(started.transaction_id).reconcile_by == at(630)


async def test_our_own_restart_finds_sessions_active_and_lets_them_wait() -> None:
    story = Story()
    started = await story.start()
    story.reconnect(minute=10)
    session = story.session(started.transaction_id)
    assert session.status == "PENDING_RECONCILIATION"
    assert session.reconcile_by == at(40)


async def test_flapping_without_evidence_does_not_renew_the_deadline() -> None:
    story = Story()
    started = await story.start()
    story.lose_link(minute=5)
    story.reconnect(minute=10)
    for minute in (12, 15, 20, 30, 39):
        story.lose_link(minute=minute)
        story.reconnect(minute=minute + 0.5)
        story.boot(minute=minute + 0.6)
    assert story.session(started.transaction_id).reconcile_by == at(40)


async def test_evidence_ends_the_waiting_and_a_new_loss_begins_anew() -> None:
    story = Story()
    started = await story.start()
    story.reconnect(minute=10)
    await story.read(started.transaction_id, sample(at(20), 1500))
    story.lose_link(minute=30)
    story.reconnect(minute=35)
    assert story.session(started.transaction_id).reconcile_by == at(65)


async def test_a_deadline_that_passed_while_the_charger_was_away_leaves_time_for_its_queue() -> (
    None
):
    story = Story()
    started = await story.start()
    story.lose_link(minute=5)
    story.reconnect(minute=10)
    story.lose_link(minute=11)
    story.reconnect(minute=500)
    assert story.session(started.transaction_id).reconcile_by == at(505)


async def test_organizations_set_their_own_waits() -> None:
    story = Story()
    story.charger.reconcile_after_s = 3600
    story.charger.offline_cap_s = 86_400
    started = await story.start()
    story.lose_link(minute=5)
    assert story.session(started.transaction_id).reconcile_by == at(5) + timedelta(days=1)
    story.reconnect(minute=10)
    assert story.session(started.transaction_id).reconcile_by == at(70)


async def test_at_the_deadline_a_session_is_closed_with_its_last_good_register() -> None:
    story = Story()
    started = await story.start()
    await story.read(started.transaction_id, sample(at(9), 1750))
    story.reconnect(minute=10)
    assert not await _close_due(story, started.transaction_id, 39)
    assert await _close_due(story, started.transaction_id, 40)
    (stopped,) = story.stored.stops
    assert stopped.stop_source == "deadline"
    assert stopped.energy_wh == Decimal(750)
    assert stopped.energy_basis == "last_register"
    assert stopped.stopped_at == at(9)
    assert stopped.billing_status == "PENDING"


async def test_while_the_charger_is_offline_only_the_cap_closes_a_session() -> None:
    story = Story()
    started = await story.start()
    story.lose_link(minute=5)
    story.reconnect(minute=10)
    story.lose_link(minute=20)
    cap = 20 + 7 * 24 * 60
    assert not await _close_due(story, started.transaction_id, 50)
    assert not await _close_due(story, started.transaction_id, cap - 1)
    assert await _close_due(story, started.transaction_id, cap)


@pytest.mark.parametrize("state", ["active", "ended"])
async def test_a_deadline_does_nothing_to_a_session_that_goes_on_or_has_ended(state: str) -> None:
    story = Story()
    started = await story.start()
    if state == "ended":
        await story.stop(started.transaction_id, 2000)
    before = story.stored.transactions[started.transaction_id]
    assert not await _close_due(story, started.transaction_id, 5000)
    assert story.stored.transactions[started.transaction_id] == before


async def test_a_deadline_of_a_session_whose_energy_cannot_be_opens_the_desk() -> None:
    story = Story()
    started = await story.start()
    story.sessions.open[started.transaction_id].note = "clock_unset"
    await story.read(started.transaction_id, sample(at(1), 300_000))
    story.reconnect(minute=2)
    stored = story.stored.transactions[started.transaction_id]
    facts = decide_deadline(at(99), RULES)(await _closable(story, started.transaction_id))
    assert stored.highest_register_wh == Decimal(300_000)
    assert isinstance(facts[0], TransactionStopped)
    assert facts[0].billing_status == "FAILED"
    assert len(facts) == 2


async def _closable(story: Story, transaction_id: TransactionId) -> Closable:
    seen: list[Closable] = []

    def look(closable: Closable) -> tuple[Fact, ...]:
        seen.append(closable)
        return ()

    await story.stored.close(transaction_id, look)
    return seen[0]


async def test_an_operator_closes_a_session_at_an_entered_register_and_a_late_stop_corrects() -> (
    None
):
    story = Story()
    started = await story.start(meter=1000)
    closing = OperatorClosing(story.stored, FakeClock(at(60)), RULES)
    await closing.close(
        OPERATOR, started.transaction_id, reason="cable torn off", meter_stop_wh=Decimal(4000)
    )
    (stopped,) = story.stored.stops
    assert stopped.stop_source == "operator"
    assert stopped.energy_wh == Decimal(3000)
    assert stopped.note == "cable torn off"
    await story.stop(started.transaction_id, 4500, minute=59, received=90)
    assert story.stored.transactions[started.transaction_id].energy_wh == Decimal(3500)
    assert story.stored.stops[-1].is_correction


async def test_an_operator_closes_without_a_register_at_the_last_good_one() -> None:
    story = Story()
    started = await story.start(meter=1000)
    await story.read(started.transaction_id, sample(at(9), 1750))
    closing = OperatorClosing(story.stored, FakeClock(at(60)), RULES)
    await closing.close(OPERATOR, started.transaction_id, reason="lost", meter_stop_wh=None)
    (stopped,) = story.stored.stops
    assert stopped.energy_wh == Decimal(750)
    assert stopped.stopped_at == at(9)


@pytest.mark.parametrize(
    ("actor", "reason", "meter", "error"),
    [
        (OPERATOR, "why", Decimal(999), BadClosingRegisterError),
        (OPERATOR, "why", Decimal(-1), BadClosingRegisterError),
        (OPERATOR, "why", Decimal("NaN"), BadClosingRegisterError),
        (OPERATOR, "  ", None, BadClosingReasonError),
        (Actor(None, "USER", OrganizationId(1)), "why", None, ForbiddenError),
        (Actor(None, "ADMIN", OrganizationId(2)), "why", None, NotFoundError),
    ],
)
async def test_closing_by_hand_is_refused_where_it_cannot_be_right(
    actor: Actor, reason: str, meter: Decimal | None, error: type[Exception]
) -> None:
    story = Story()
    started = await story.start(meter=1000)
    closing = OperatorClosing(story.stored, FakeClock(at(60)), RULES)
    with pytest.raises(error):
        await closing.close(actor, started.transaction_id, reason=reason, meter_stop_wh=meter)
    assert story.stored.stops == []


async def test_a_session_that_has_ended_cannot_be_closed_by_hand() -> None:
    story = Story()
    started = await story.start()
    await story.stop(started.transaction_id, 2000)
    closing = OperatorClosing(story.stored, FakeClock(at(70)), RULES)
    with pytest.raises(SessionEndedError):
        await closing.close(OPERATOR, started.transaction_id, reason="why", meter_stop_wh=None)


def test_a_remote_start_that_no_session_follows_expires() -> None:
    story = Story()
    remember_remote_start(
        story.sessions, OperationId(3), IdTag("CARD"), ConnectorNumber(1), at(0), RULES
    )
    assert expired_remote_starts(story.sessions, at(4.9)).facts == ()
    decision = expired_remote_starts(story.sessions, at(5.1))
    (fact,) = decision.facts
    assert isinstance(fact, OperationAnswered)
    assert fact.status == "EXPIRED"
    story.site.commit(decision)
    assert story.sessions.remote_starts == []


async def test_a_stop_at_the_limit_is_asked_again_though_no_reading_comes() -> None:
    story = Story(StoredSessions(tags={"card": card(available="5")}))
    started = await story.start(meter=0)
    await story.read(started.transaction_id, sample(at(40), 11_000))
    assert stops_to_repeat(story.sessions, at(40.5), RULES) == ()
    assert [s.transaction_id for s in stops_to_repeat(story.sessions, at(41), RULES)] == [
        started.transaction_id
    ]
    await story.stop(started.transaction_id, 11_500)
    assert stops_to_repeat(story.sessions, at(400), RULES) == ()
