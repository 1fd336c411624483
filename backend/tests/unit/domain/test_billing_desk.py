"""What a person decides about a bill: the energy, a waiver, once, with the reason told."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal

import msgspec
import pytest

from csms.domain.billing.decision import Decision, decision_in
from csms.domain.billing.desk import (
    BadDecisionError,
    BillingDesk,
    BillNotFailedError,
    BillNotPossibleError,
    BillSettledError,
    DeskBill,
    decide_at_desk,
    doubts_about,
)
from csms.domain.billing.ports import BillableTransaction
from csms.domain.billing.settlement import decide_bill
from csms.domain.identity.actor import Actor, PermissionMissingError
from csms.domain.metering.plausibility import PlausibilityLimits
from csms.domain.tariffs.terms import TariffTerms
from csms.domain.transactions.ports import StoredTransaction
from csms.kernel.facts import BillingStatus
from csms.kernel.ids import (
    ChargerId,
    ConnectorNumber,
    IdTag,
    OrganizationId,
    TariffId,
    TransactionId,
    UserId,
)
from csms.kernel.jobs import JobRequest
from tests.fakes.charging import at
from tests.fakes.clock import FakeClock

pytestmark = pytest.mark.unit

OPERATOR = Actor(UserId(1), "ADMIN", OrganizationId(1), "user 1")
DRIVER = Actor(UserId(7), "USER", OrganizationId(1), "user 7")
NUMBER = TransactionId(42)
LIMITS = PlausibilityLimits()
ENERGY = Decision("energy", "user 1", "read on site", at(90), Decimal(4000))
WAIVER = Decision("waiver", "user 1", "our meter was broken", at(90))


def bill(
    status: BillingStatus = "FAILED",
    *,
    energy: str | None = None,
    charged: str = "0",
    held: str = "20",
    revision: int = 0,
    explanation: str | None = None,
    has_price: bool = True,
) -> BillableTransaction:
    """A session of an hour at 22 kW, whose readings show 3000 Wh."""
    terms = TariffTerms(TariffId(1), "Standard", "EUR", Decimal("0.45"))
    stored = StoredTransaction(
        transaction_id=NUMBER,
        charger_id=ChargerId(1),
        connector=ConnectorNumber(1),
        id_tag=IdTag("CARD"),
        user_id=UserId(7),
        status="ENDED",
        started_at=at(0),
        meter_start_wh=Decimal(1000),
        authorization="Accepted",
        is_billable=True,
        billing_status=status,
        stopped_at=at(60),
        charger_stopped_at=None,
        meter_stop_wh=Decimal(10),
        stop_reason="Local",
        has_charger_stop=True,
        last_register_wh=Decimal(4000),
        highest_register_wh=Decimal(4000),
        energy_wh=None if energy is None else Decimal(energy),
        max_power_w=22_000,
    )
    return BillableTransaction(
        organization_id=OrganizationId(1),
        transaction=stored,
        tariff_terms=msgspec.json.encode(terms).decode() if has_price else None,
        currency="EUR",
        duration_s=Decimal(3600),
        spans=(),
        charged=Decimal(charged),
        held=Decimal(held),
        revision=revision,
        available=Decimal(30),
        bill_explanation=explanation,
        energy_explanation='{"basis":"unreconciled","sentence":"no reading can be trusted"}',
    )


def moved(decided: DeskBill, account: str = "wallet") -> Decimal:
    """What the decision does to the wallet."""
    transfers = decided.settlement.transfers
    lines = [p.amount for t in transfers for p in t.postings if p.account == account]
    return sum(lines, Decimal(0))


def decided_on(b: BillableTransaction, decision: Decision) -> DeskBill:
    decided = decide_at_desk(b, decision, LIMITS)
    assert decided is not None
    return decided


def test_an_entered_energy_is_billed_and_tells_who_and_why() -> None:
    decided = decided_on(bill(), ENERGY)
    assert (decided.settlement.status, decided.settlement.cost) == ("BILLED", Decimal("1.80"))
    assert decided.energy_wh == 4000
    assert moved(decided) == Decimal(20) - Decimal("1.80")
    told = msgspec.json.decode(decided.settlement.explanation)
    assert "user 1 entered the energy: read on site." in told["sentence"]
    assert told["decision"]["energy_wh"] == "4000"
    energy = msgspec.json.decode(decided.energy_explanation or "")
    assert energy["basis"] == "operator"
    assert "user 1 entered 4000 Wh: read on site" in energy["sentence"]
    assert energy["before"]["basis"] == "unreconciled"


def test_an_entered_energy_corrects_what_was_charged_before() -> None:
    decided = decided_on(bill(charged="5.56", held="0", revision=1), ENERGY)
    assert moved(decided) == Decimal("3.76")
    assert "3.76 given back" in decided.settlement.explanation


def test_a_waiver_gives_hold_and_charges_back_and_bills_nothing() -> None:
    decided = decided_on(bill(charged="5.56", revision=1), WAIVER)
    assert (decided.settlement.status, decided.settlement.cost) == ("NOT_BILLABLE", None)
    assert moved(decided) == Decimal("25.56")
    assert moved(decided, "hold") == Decimal(-20)
    told = msgspec.json.decode(decided.settlement.explanation)
    assert "our meter was broken (5.56 EUR given back)" in told["sentence"]
    assert decision_in(decided.settlement.explanation) == WAIVER


@pytest.mark.parametrize("decision", [ENERGY, WAIVER])
def test_the_same_decision_again_changes_nothing(decision: Decision) -> None:
    explanation = decided_on(bill(), decision).settlement.explanation
    status: BillingStatus = "NOT_BILLABLE" if decision is WAIVER else "BILLED"
    later = msgspec.structs.replace(decision, decided_at=at(95))
    assert decide_at_desk(bill(status, explanation=explanation), later, LIMITS) is None
    other = msgspec.structs.replace(decision, reason="another one")
    with pytest.raises(BillSettledError):
        decide_at_desk(bill(status, explanation=explanation), other, LIMITS)


def test_only_what_failed_is_decided() -> None:
    with pytest.raises(BillNotFailedError):
        decide_at_desk(bill("PENDING", energy="4000"), ENERGY, LIMITS)
    with pytest.raises(BillSettledError):
        decide_at_desk(bill("BILLED", energy="4000"), ENERGY, LIMITS)


def test_an_energy_does_not_help_where_the_price_is_missing() -> None:
    with pytest.raises(BillNotPossibleError, match="no price was in force"):
        decide_at_desk(bill(has_price=False), ENERGY, LIMITS)
    assert decided_on(bill(has_price=False), WAIVER).settlement.status == "NOT_BILLABLE"


def test_a_waiver_stands_when_the_charger_tells_its_end_later() -> None:
    explanation = decided_on(bill(), WAIVER).settlement.explanation
    late = bill("PENDING", energy="4000", held="0", revision=1, explanation=explanation)
    settlement = decide_bill(late)
    assert settlement.status == "NOT_BILLABLE"
    assert settlement.transfers == ()
    assert decision_in(settlement.explanation) == WAIVER


def test_a_person_may_bill_what_was_waived_and_failed_again() -> None:
    explanation = decided_on(bill(), WAIVER).settlement.explanation
    decided = decided_on(bill(held="0", revision=1, explanation=explanation), ENERGY)
    assert decided.settlement.status == "BILLED"


@pytest.mark.parametrize(
    ("energy_wh", "doubt"),
    [("3000", None), ("24000", None), ("30000", "more than the 26217 Wh"), ("2000", "3000 Wh")],
)
def test_an_energy_that_does_not_fit_is_doubted_and_billed(
    energy_wh: str, doubt: str | None
) -> None:
    doubts = doubts_about(bill(), Decimal(energy_wh), LIMITS)
    assert len(doubts) == (doubt is not None)
    assert doubt is None or doubt in doubts[0]
    decision = msgspec.structs.replace(ENERGY, energy_wh=Decimal(energy_wh))
    assert decided_on(bill(), decision).settlement.status == "BILLED"


@pytest.mark.parametrize("text", [None, "", "a sentence", "[]", '{"decision":7}', '{"lines":[]}'])
def test_other_explanations_carry_no_decision(text: str | None) -> None:
    assert decision_in(text) is None


def test_an_earlier_explanation_that_is_no_json_is_kept_as_a_sentence() -> None:
    decided = decided_on(replace(bill(), energy_explanation="by hand"), ENERGY)
    assert msgspec.json.decode(decided.energy_explanation or "")["before"] == "by hand"


@dataclass
class Store:
    """One session; remembers what was queued and stored."""

    standing: BillableTransaction
    queued: list[JobRequest] = field(default_factory=list)
    stored: list[DeskBill | None] = field(default_factory=list)

    async def queue_again(
        self,
        actor: Actor,
        transaction_id: TransactionId,
        make: Callable[[BillableTransaction], JobRequest],
    ) -> None:
        self.queued.append(make(self.standing))

    async def settle(
        self,
        actor: Actor,
        transaction_id: TransactionId,
        decide: Callable[[BillableTransaction], DeskBill | None],
    ) -> None:
        self.stored.append(decide(self.standing))


def desk(store: Store) -> BillingDesk:
    return BillingDesk(store, FakeClock(at(90)))


async def test_billing_again_queues_first_and_then_bills() -> None:
    store = Store(bill("PENDING", energy="4000"))
    await desk(store).retry(OPERATOR, NUMBER)
    (job,), (stored,) = store.queued, store.stored
    assert job.unique_key.startswith("bill:42:again:")
    assert job.run_at is not None
    assert job.run_at > at(90)
    assert stored is not None
    assert (stored.settlement.status, stored.action) == ("BILLED", "bill.retried")


@pytest.mark.parametrize("status", ["BILLED", "NOT_BILLABLE"])
async def test_what_is_settled_is_not_billed_again(status: BillingStatus) -> None:
    store = Store(bill(status, energy="4000"))
    with pytest.raises(BillSettledError):
        await desk(store).retry(OPERATOR, NUMBER)
    assert store.stored == []


async def test_a_decision_returns_what_speaks_against_it() -> None:
    store = Store(bill())
    doubts = await desk(store).resolve(
        OPERATOR, NUMBER, reason=" read on site ", energy_wh=Decimal(30_000)
    )
    assert len(doubts) == 1
    (stored,) = store.stored
    assert stored is not None
    assert stored.reason == "read on site"


@pytest.mark.parametrize(
    ("reason", "energy_wh", "is_waived"),
    [
        ("  ", "4000", False),
        ("r", None, False),
        ("r", "4000", True),
        ("r", "-1", False),
        ("r", "NaN", False),
    ],
)
async def test_a_decision_is_whole_or_refused(
    reason: str, energy_wh: str | None, *, is_waived: bool
) -> None:
    store = Store(bill())
    energy = None if energy_wh is None else Decimal(energy_wh)
    with pytest.raises(BadDecisionError):
        await desk(store).resolve(
            OPERATOR, NUMBER, reason=reason, energy_wh=energy, is_waived=is_waived
        )
    assert store.stored == []


async def test_drivers_decide_no_bills() -> None:
    store = Store(bill())
    with pytest.raises(PermissionMissingError):
        await desk(store).retry(DRIVER, NUMBER)
    with pytest.raises(PermissionMissingError):
        await desk(store).resolve(DRIVER, NUMBER, reason="free", is_waived=True)
    assert (store.queued, store.stored) == ([], [])
