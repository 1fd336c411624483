"""Rating, bills and wallets: one rounding, balanced transfers, each effect once."""

from decimal import Decimal

import msgspec
import pytest

from csms.domain.billing.jobs import BillJob, bill_job_of
from csms.domain.billing.ports import BillableTransaction, Settlement, StatusSpan
from csms.domain.billing.settlement import decide_bill, idle_seconds
from csms.domain.ledger.transfer import NewTransfer
from csms.domain.ledger.wallet import BadAmountError, Wallet, available
from csms.domain.tariffs.rating import Usage, cost_so_far, rate
from csms.domain.tariffs.terms import TariffTerms
from csms.domain.transactions.ports import StoredTransaction
from csms.kernel.facts import TransactionStopped
from csms.kernel.ids import (
    ChargePointId,
    ChargerId,
    ConnectorNumber,
    Epoch,
    IdTag,
    OrganizationId,
    TariffId,
    TransactionId,
    UserId,
)
from csms.kernel.journal import JournalEntry
from csms.kernel.money import CurrencyMismatchError, Money
from tests.fakes.charging import at

pytestmark = pytest.mark.unit

WALLET = Wallet(OrganizationId(1), UserId(7), "EUR")


def terms(per_kwh: str = "0.45", **more: object) -> TariffTerms:
    amounts = {k: Decimal(v) if isinstance(v, str) else v for k, v in more.items()}
    return TariffTerms(TariffId(1), "Standard", "EUR", Decimal(per_kwh), **amounts)  # type: ignore[arg-type]


def usage(energy: str = "0", minutes: str = "0", idle: str = "0") -> Usage:
    return Usage(Decimal(energy), Decimal(minutes) * 60, Decimal(idle) * 60)


@pytest.mark.parametrize(
    ("price", "used", "cost"),
    [
        (terms("0.45"), usage("12345"), "5.56"),
        (terms("0.45"), usage("4000"), "1.80"),
        (terms("0.45"), usage("0", "500"), "0.00"),
        (terms("0.50"), usage("10"), "0.01"),
        (terms("0.50"), usage("9"), "0.00"),
        (terms("0", price_per_minute="0.10"), usage("0", "30"), "3.00"),
        (terms("0.45", price_per_session="1"), usage("0"), "1.00"),
        (terms("0", idle_price_per_minute="0.20", idle_grace_minutes=10), usage(idle="9"), "0.00"),
        (terms("0", idle_price_per_minute="0.20", idle_grace_minutes=10), usage(idle="15"), "1.00"),
        (
            terms("0.30", price_per_minute="0.05", price_per_session="0.50"),
            usage("10000", "20"),
            "4.50",
        ),
    ],
)
def test_what_a_session_costs(price: TariffTerms, used: Usage, cost: str) -> None:
    assert rate(price, used).total == Money(Decimal(cost), "EUR")


def test_the_bill_is_rounded_once_and_not_line_by_line() -> None:
    price = terms("0.001", price_per_minute="0.0015", price_per_session="0.001")
    rating = rate(price, usage("2000", "1"))
    assert [str(line.amount) for line in rating.lines] == ["0.002", "0.0015", "0.001"]
    assert rating.total.amount == Decimal("0.00")
    thirds = terms("0", price_per_minute="0.10", idle_price_per_minute="0.10")
    assert rate(thirds, Usage(Decimal(0), Decimal(1), Decimal(2))).total.amount == Decimal("0.01")


def test_zero_energy_has_no_energy_line() -> None:
    assert rate(terms(), usage("0")).lines == ()


def test_each_line_says_how_it_came_about() -> None:
    (line,) = rate(terms(), usage("12345")).lines
    assert line.sentence == "12.345 kWh at 0.45 EUR = 5.55525 EUR"


@pytest.mark.parametrize(
    ("price", "energy", "sentence"),
    [
        ("0.450000", "4000.000", "4 kWh at 0.45 EUR = 1.80 EUR"),
        ("0.5", "10000", "10 kWh at 0.50 EUR = 5.00 EUR"),
        ("0.123400", "1000", "1 kWh at 0.1234 EUR = 0.1234 EUR"),
        ("1E+1", "100000", "100 kWh at 10.00 EUR = 1000.00 EUR"),
        ("0.000000", "1000", "1 kWh at 0.00 EUR = 0.00 EUR"),
    ],
)
def test_prices_and_amounts_show_two_decimals_and_no_zeros_behind(
    price: str, energy: str, sentence: str
) -> None:
    (line,) = rate(terms(price), usage(energy)).lines
    assert line.sentence == sentence
    assert f"{line.price} EUR = {line.amount} EUR" in sentence


def test_tax_is_included_in_the_prices_and_shown_as_a_part() -> None:
    rating = rate(terms("0.595", tax_percent="19"), usage("10000"))
    assert rating.total == Money(Decimal("5.95"), "EUR")
    assert rating.tax == Money(Decimal("0.95"), "EUR")
    assert rate(terms(), usage("10000")).tax is None


def test_currencies_round_to_their_own_minor_unit() -> None:
    yen = TariffTerms(TariffId(1), "x", "JPY", Decimal("30.5"))
    assert rate(yen, usage("1000")).total == Money(Decimal(31), "JPY")


def test_the_cost_so_far_is_what_the_bill_would_be_before_rounding() -> None:
    price = terms("0.30", price_per_minute="0.05", price_per_session="0.50")
    assert cost_so_far(price, usage("10001", "20")) == Decimal("4.5003")


@pytest.mark.parametrize(
    ("status", "is_after_stop", "counts"),
    [
        ("SuspendedEV", False, True),
        ("SuspendedEV", True, False),
        ("Finishing", True, True),
        ("Finishing", False, False),
        ("SuspendedEVSE", False, False),
        ("SuspendedEVSE", True, False),
        ("Faulted", False, False),
        ("Faulted", True, False),
        ("Charging", False, False),
        ("Available", True, False),
    ],
)
def test_idle_is_only_what_the_driver_causes(
    status: str, *, is_after_stop: bool, counts: bool
) -> None:
    spans = (StatusSpan(status, Decimal(90), is_after_stop),)
    assert idle_seconds(spans) == (Decimal(90) if counts else Decimal(0))


def billable(
    *,
    energy: str | None = "12345",
    price: TariffTerms | None = None,
    is_billable: bool = True,
    charged: str = "0",
    held: str = "20",
    revision: int = 0,
    spendable: str | None = "30",
    has_price: bool = True,
) -> BillableTransaction:
    fixed = (price or terms()) if has_price else None
    stored = StoredTransaction(
        transaction_id=TransactionId(42),
        charger_id=ChargerId(1),
        connector=ConnectorNumber(1),
        id_tag=IdTag("CARD"),
        user_id=UserId(7) if is_billable else None,
        status="ENDED",
        started_at=at(0),
        meter_start_wh=Decimal(1000),
        authorization="Accepted",
        is_billable=is_billable,
        billing_status="PENDING",
        stopped_at=at(60),
        charger_stopped_at=None,
        meter_stop_wh=Decimal(13345),
        stop_reason="Local",
        has_charger_stop=True,
        last_register_wh=Decimal(1000),
        highest_register_wh=Decimal(1000),
        energy_wh=None if energy is None else Decimal(energy),
    )
    return BillableTransaction(
        organization_id=OrganizationId(1),
        transaction=stored,
        tariff_terms=None if fixed is None else msgspec.json.encode(fixed).decode(),
        currency="EUR",
        duration_s=Decimal(3600),
        spans=(),
        charged=Decimal(charged),
        held=Decimal(held),
        revision=revision,
        available=None if spendable is None else Decimal(spendable),
    )


def _wallet_change(settlement: Settlement) -> Decimal:
    lines = [p for t in settlement.transfers for p in t.postings if p.account == "wallet"]
    return sum((line.amount for line in lines), Decimal(0))


def _told(settlement: Settlement) -> dict[str, object]:
    return msgspec.json.decode(settlement.explanation)  # type: ignore[no-any-return]


def test_the_first_bill_ends_the_hold_and_takes_the_cost() -> None:
    settlement = decide_bill(billable())
    assert settlement.status == "BILLED"
    assert settlement.cost == Decimal("5.56")
    assert [(t.kind, t.idempotency_key) for t in settlement.transfers] == [
        ("release", "release:42"),
        ("charge", "bill:42:0"),
    ]
    assert _wallet_change(settlement) == Decimal(20) - Decimal("5.56")


def test_a_second_look_at_the_same_end_moves_nothing() -> None:
    settlement = decide_bill(billable(charged="5.56", held="0", revision=1))
    assert settlement.transfers == ()
    assert settlement.cost == Decimal("5.56")


@pytest.mark.parametrize(("energy", "change"), [("20000", "-3.44"), ("2000", "4.66")])
def test_a_correction_moves_the_difference_under_the_key_of_its_revision(
    energy: str, change: str
) -> None:
    settlement = decide_bill(billable(energy=energy, charged="5.56", held="0", revision=1))
    (transfer,) = settlement.transfers
    assert (transfer.kind, transfer.idempotency_key) == ("correction", "bill:42:1")
    assert _wallet_change(settlement) == Decimal(change)


def test_going_past_what_there_was_becomes_debt_and_is_stated() -> None:
    settlement = decide_bill(billable(energy="100000", held="20", spendable="5"))
    assert _wallet_change(settlement) == Decimal(20) - Decimal(45)
    told = _told(settlement)
    assert told["debt"] == "20.00"
    assert "20.00 EUR is owed" in str(told["sentence"])


def test_a_covered_bill_speaks_of_no_debt() -> None:
    assert "debt" not in _told(decide_bill(billable()))


def test_a_session_of_nobody_is_not_billed() -> None:
    settlement = decide_bill(billable(is_billable=False, held="0"))
    assert settlement.status == "NOT_BILLABLE"
    assert settlement.cost is None
    assert settlement.transfers == ()


@pytest.mark.parametrize(
    ("open_case", "word"),
    [
        (billable(energy=None), "energy"),
        (billable(has_price=False), "price"),
        (billable(price=TariffTerms(TariffId(1), "x", "USD", Decimal(1))), "USD"),
    ],
)
def test_what_is_open_fails_with_its_reason_and_debits_nothing(
    open_case: BillableTransaction, word: str
) -> None:
    settlement = decide_bill(open_case)
    assert settlement.status == "FAILED"
    assert settlement.transfers == ()
    assert settlement.cost is None
    assert settlement.failure is not None
    assert word in settlement.failure


def test_zero_cost_gives_the_hold_back_and_charges_nothing() -> None:
    settlement = decide_bill(billable(energy="0"))
    assert [t.kind for t in settlement.transfers] == ["release"]
    assert settlement.cost == Decimal("0.00")


def _entry() -> JournalEntry:
    return JournalEntry(
        OrganizationId(1), ChargerId(1), ChargePointId("CP001"), Epoch(1), message=None
    )


def _stopped(**changes: object) -> TransactionStopped:
    fact = TransactionStopped(
        transaction_id=TransactionId(42),
        stopped_at=at(60),
        received_at=at(61),
        stop_reason="Local",
        meter_stop_wh=Decimal(5000),
        energy_wh=Decimal(4000),
        energy_basis="meter_stop",
        explanation="{}",
        billing_status="PENDING",
        stop_source="charger",
    )
    return msgspec.structs.replace(fact, **changes)


def test_a_stop_queues_one_billing_job_and_a_corrected_end_another() -> None:
    first = bill_job_of(_entry(), _stopped())
    again = bill_job_of(_entry(), _stopped(received_at=at(99)))
    corrected = bill_job_of(_entry(), _stopped(energy_wh=Decimal(4500)))
    assert first is not None
    assert again is not None
    assert corrected is not None
    assert first.unique_key == again.unique_key != corrected.unique_key
    assert msgspec.json.decode(first.payload, type=BillJob).transaction_id == 42
    assert first.organization_id == 1


def test_what_waits_for_a_person_queues_no_job() -> None:
    assert bill_job_of(_entry(), _stopped(billing_status="FAILED", energy_wh=None)) is None


@pytest.mark.parametrize(
    ("transfer", "wallet", "other"),
    [
        (WALLET.top_up(Money(Decimal(50), "EUR"), key="k", note="", by=None), "50", "cash"),
        (WALLET.refund(Money(Decimal(5), "EUR"), key="k", note="", by=None), "-5", "cash"),
        (
            WALLET.adjustment(Money(Decimal(-3), "EUR"), key="k", note="", by=None),
            "-3",
            "adjustment",
        ),
        (WALLET.charge(Decimal(5), TransactionId(1), 0, note=""), "-5", "revenue"),
        (WALLET.correction(Decimal(-2), TransactionId(1), 1, note=""), "2", "revenue"),
        (WALLET.hold(Decimal(20), TransactionId(1)), "-20", "hold"),
        (WALLET.release(Decimal(20), TransactionId(1)), "20", "hold"),
    ],
)
def test_every_transfer_balances_between_the_wallet_and_one_other_account(
    transfer: NewTransfer, wallet: str, other: str
) -> None:
    amounts = {posting.account: posting.amount for posting in transfer.postings}
    assert amounts == {"wallet": Decimal(wallet), other: -Decimal(wallet)}


@pytest.mark.parametrize("amount", ["0", "-1", "0.001"])
def test_a_top_up_is_more_than_zero_in_whole_cents(amount: str) -> None:
    with pytest.raises(BadAmountError):
        WALLET.top_up(Money(Decimal(amount), "EUR"), key="k", note="", by=None)


def test_money_of_another_currency_does_not_enter_a_wallet() -> None:
    with pytest.raises(CurrencyMismatchError):
        WALLET.top_up(Money(Decimal(5), "USD"), key="k", note="", by=None)


def test_what_can_be_spent_is_the_balance_less_what_is_held() -> None:
    assert available(Decimal(50), Decimal(20)) == Decimal(30)
