"""Energy for the bill: which register it rests on, and when nothing does."""

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from csms.domain.metering.plausibility import PlausibilityLimits, max_energy_wh
from csms.domain.transactions.energy import (
    MeterEvidence,
    energy_at_close,
    energy_entered,
    energy_of_stop,
)

pytestmark = pytest.mark.unit

LIMITS = PlausibilityLimits()


def _evidence(
    *,
    stop: str | None = "5000",
    end: str | None = None,
    highest: str = "1000",
    minutes: float | None = 60,
) -> MeterEvidence:
    return MeterEvidence(
        meter_start_wh=Decimal(1000),
        highest_wh=Decimal(highest),
        meter_stop_wh=None if stop is None else Decimal(stop),
        transaction_end_wh=None if end is None else Decimal(end),
        duration=None if minutes is None else timedelta(minutes=minutes),
        max_power_w=11_000,
    )


@pytest.mark.parametrize(
    ("evidence", "basis", "energy_wh"),
    [
        (_evidence(), "meter_stop", "4000"),
        (_evidence(stop="1000"), "meter_stop", "0"),
        (_evidence(stop="999.5"), "meter_stop", "0"),
        (_evidence(highest="5000.9"), "meter_stop", "4000"),
        (_evidence(highest="5000.9", end="5001"), "meter_stop", "4000"),
        (_evidence(stop="0", end="5000"), "transaction_end", "4000"),
        (_evidence(stop="3000", highest="4000", end="4500"), "transaction_end", "3500"),
        (_evidence(stop="3000", highest="4000", end="3500"), "last_register", "3000"),
        (_evidence(stop="0", highest="4000"), "last_register", "3000"),
        (_evidence(stop="900000", highest="4000"), "last_register", "3000"),
        (_evidence(stop="900000", minutes=None), "meter_stop", "899000"),
        (_evidence(stop="0"), "unreconciled", None),
        (_evidence(stop="900000"), "unreconciled", None),
        (_evidence(stop="900000", end="800000"), "unreconciled", None),
    ],
)
def test_the_bill_rests_on_the_first_register_that_can_be_right(
    evidence: MeterEvidence, basis: str, energy_wh: str | None
) -> None:
    energy = energy_of_stop(evidence, LIMITS)
    assert energy.basis == basis
    assert energy.energy_wh == (None if energy_wh is None else Decimal(energy_wh))
    assert (energy.failure is None) is (energy_wh is not None)


def test_the_explanation_names_each_register_that_was_tried_and_why_not() -> None:
    energy = energy_of_stop(_evidence(stop="0", highest="4000", end="100"), LIMITS)
    told = msgspec.json.decode(energy.explanation)
    assert told["basis"] == "last_register"
    assert told["energy_wh"] == 3000
    assert [(one["basis"], bool(one["refused"])) for one in told["tried"]] == [
        ("meter_stop", True),
        ("transaction_end", True),
        ("last_register", False),
    ]


def test_a_deadline_closes_with_the_last_good_register() -> None:
    assert energy_at_close(_evidence(stop=None, highest="4200"), LIMITS).energy_wh == Decimal(3200)
    assert energy_at_close(_evidence(stop=None), LIMITS).energy_wh == Decimal(0)


def test_an_operators_register_is_taken_as_entered() -> None:
    energy = energy_entered(_evidence(stop=None), Decimal("1500.5"))
    assert energy.energy_wh == Decimal("500.5")
    assert energy.basis == "operator"


@pytest.mark.parametrize(
    ("power_w", "minutes", "bound_wh"),
    [(22_000, 60, "26216.67"), (22_000, 0, "2016.67"), (None, 60, "1191666.67")],
)
def test_energy_is_bounded_by_power_times_time_with_tolerance(
    power_w: int | None, minutes: int, bound_wh: str
) -> None:
    bound = max_energy_wh(power_w, timedelta(minutes=minutes), LIMITS)
    assert bound.quantize(Decimal("0.01")) == Decimal(bound_wh)
