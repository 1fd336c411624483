"""Money and energy, against the naive way of counting and for any figures at all."""

import json
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csms.domain.billing.ports import BillableTransaction
from csms.domain.billing.settlement import decide_bill
from csms.domain.ledger.transfer import NewTransfer, Posting, UnbalancedTransferError
from csms.domain.metering.canonical import canonical_value
from csms.domain.metering.moment import meter_moment, samples_json
from csms.domain.metering.samples import SampledValue
from csms.domain.tariffs.rating import Usage, cost_so_far, rate
from csms.domain.tariffs.terms import TariffTerms
from csms.domain.transactions.ports import StoredTransaction
from csms.kernel.ids import (
    ChargerId,
    ConnectorNumber,
    IdTag,
    OrganizationId,
    TariffId,
    TransactionId,
    UserId,
)
from tests.fakes.charging import at

pytestmark = pytest.mark.unit

prices = st.decimals(0, 10, places=6)
some_prices = st.none() | prices
energies = st.decimals(0, 1_000_000, places=3)
seconds = st.decimals(0, 1_000_000, places=3)


@st.composite
def tariffs(draw: st.DrawFn) -> TariffTerms:
    return TariffTerms(
        tariff_id=TariffId(1),
        name="any",
        currency=draw(st.sampled_from(["EUR", "JPY", "KWD"])),
        price_per_kwh=draw(prices),
        price_per_minute=draw(some_prices),
        price_per_session=draw(some_prices),
        idle_price_per_minute=draw(some_prices),
        idle_grace_minutes=draw(st.none() | st.integers(0, 60)),
        tax_percent=draw(st.none() | st.decimals(0, 30, places=2)),
    )


usages = st.builds(Usage, energy_wh=energies, duration_s=seconds, idle_s=seconds)


def _naive(terms: TariffTerms, usage: Usage) -> Fraction:
    total = Fraction(usage.energy_wh) / 1000 * Fraction(terms.price_per_kwh)
    total += Fraction(usage.duration_s) / 60 * Fraction(terms.price_per_minute or 0)
    total += Fraction(terms.price_per_session or 0)
    idle = max(Fraction(0), Fraction(usage.idle_s) / 60 - (terms.idle_grace_minutes or 0))
    return total + idle * Fraction(terms.idle_price_per_minute or 0)


def _half_up(exact: Fraction, digits: int) -> Fraction:
    return Fraction((exact * 10**digits + Fraction(1, 2)).__floor__(), 10**digits)


@given(tariffs(), usages)
def test_a_bill_is_the_exact_sum_rounded_half_up_once(terms: TariffTerms, usage: Usage) -> None:
    digits = {"EUR": 2, "JPY": 0, "KWD": 3}[terms.currency]
    assert Fraction(rate(terms, usage).total.amount) == _half_up(_naive(terms, usage), digits)


@given(tariffs(), usages)
def test_tax_is_a_part_of_the_bill(terms: TariffTerms, usage: Usage) -> None:
    rating = rate(terms, usage)
    if terms.tax_percent is None:
        assert rating.tax is None
    else:
        assert rating.tax is not None
        assert 0 <= rating.tax.amount <= rating.total.amount


@given(tariffs(), energies, seconds)
def test_the_cost_so_far_never_exceeds_the_bill_by_more_than_its_rounding(
    terms: TariffTerms, energy_wh: Decimal, duration_s: Decimal
) -> None:
    usage = Usage(energy_wh, duration_s)
    assert abs(cost_so_far(terms, usage) - rate(terms, usage).total.amount) <= Decimal("0.5000001")


@given(st.decimals(0, 10_000_000, places=6))
def test_kwh_become_wh_exactly_and_are_stored_exactly(kwh: Decimal) -> None:
    value = canonical_value(SampledValue(f"{kwh:f}", unit="kWh"))
    assert value.value == kwh * 1000
    stored = json.loads(samples_json([value]), parse_float=Decimal, parse_int=Decimal)
    assert stored[0]["value"] == kwh * 1000


@given(st.text(max_size=40))
def test_any_text_as_a_value_is_kept_and_breaks_nothing(text: str) -> None:
    moment = meter_moment([SampledValue(text)])
    kept = msgspec.json.decode(samples_json(moment.values))[0]["value"]
    if moment.register_wh is None and "not_a_number" in moment.problems:
        assert kept == text
    else:
        assert Decimal(text) == moment.values[0].value


@given(st.lists(st.decimals(-100, 100, places=4), min_size=2, max_size=5))
def test_a_transfer_exists_only_when_its_lines_sum_to_zero(amounts: list[Decimal]) -> None:
    def made() -> NewTransfer:
        lines = tuple(Posting("cash", amount) for amount in amounts)
        return NewTransfer(OrganizationId(1), "adjustment", "k", "EUR", lines, "")

    if sum(amounts) == 0:
        assert made().postings
    else:
        with pytest.raises(UnbalancedTransferError):
            made()


@given(
    st.lists(energies, min_size=1, max_size=5),
    st.decimals(0, 50, places=2),
    st.decimals(0, 1, places=4),
)
def test_however_often_a_session_is_corrected_the_wallet_has_paid_the_last_bill(
    ends: list[Decimal], held: Decimal, price: Decimal
) -> None:
    terms = TariffTerms(TariffId(1), "any", "EUR", price)
    accounts = {"wallet": -held, "hold": held}
    keys: set[str] = set()
    revision = 0
    for energy_wh in ends:
        for _ in range(2):
            bill = decide_bill(
                _billable(terms, energy_wh, -accounts["wallet"] - accounts["hold"],
                          accounts["hold"], revision)
            )  # fmt: skip
            for transfer in bill.transfers:
                assert transfer.idempotency_key not in keys
                keys.add(transfer.idempotency_key)
                for line in transfer.postings:
                    accounts[line.account] = accounts.get(line.account, Decimal(0)) + line.amount
            revision += 1 if bill.transfers else 0
    owed = (ends[-1] / 1000 * price).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert accounts["hold"] == 0
    assert accounts["wallet"] == -owed
    assert accounts.get("revenue", Decimal(0)) == owed
    assert sum(accounts.values()) == 0


def _billable(
    terms: TariffTerms, energy_wh: Decimal, charged: Decimal, held: Decimal, revision: int
) -> BillableTransaction:
    stored = StoredTransaction(
        transaction_id=TransactionId(42),
        charger_id=ChargerId(1),
        connector=ConnectorNumber(1),
        id_tag=IdTag("CARD"),
        user_id=UserId(7),
        status="ENDED",
        started_at=at(0),
        meter_start_wh=Decimal(0),
        authorization="Accepted",
        is_billable=True,
        billing_status="PENDING",
        stopped_at=at(60),
        charger_stopped_at=None,
        meter_stop_wh=energy_wh,
        stop_reason="Local",
        has_charger_stop=True,
        last_register_wh=energy_wh,
        highest_register_wh=energy_wh,
        energy_wh=energy_wh,
    )
    return BillableTransaction(
        organization_id=OrganizationId(1),
        transaction=stored,
        tariff_terms=msgspec.json.encode(terms).decode(),
        currency="EUR",
        duration_s=Decimal(3600),
        spans=(),
        charged=charged,
        held=held,
        revision=revision,
    )
