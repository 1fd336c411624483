"""A bill waits for idle minutes only where they have a price, and never for long."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from csms.domain.billing.idle_wait import BillNotDueError, IdleWait, decide_due_bill, not_before
from csms.domain.billing.ports import BillableTransaction, IdleSight
from csms.kernel.ids import UserId
from tests.fakes.charging import at
from tests.unit.domain.test_money import billable, terms

pytestmark = pytest.mark.unit

STOPPED = at(60)
WAIT = IdleWait(bound=timedelta(hours=2), look_again=timedelta(minutes=1))
IDLE_PRICE = terms("0.45", idle_price_per_minute="0.10")


def seen(
    minutes: float,
    report: tuple[str, datetime] | None,
    *,
    has_next_session: bool = False,
    price: object = IDLE_PRICE,
    stop_source: str = "charger",
    **changes: object,
) -> BillableTransaction:
    """A session that was stopped that many minutes ago, at the end of its hour."""
    one = billable(price=price)  # type: ignore[arg-type]
    now = STOPPED + timedelta(minutes=minutes)
    return replace(
        one,
        transaction=replace(one.transaction, stop_source=stop_source, **changes),
        idle=IdleSight(now, STOPPED, report, has_next_session),
    )


FINISHING = ("Finishing", STOPPED + timedelta(seconds=1))
FINISHING_BEFORE = ("Finishing", STOPPED - timedelta(seconds=1))
CHARGING = ("Charging", STOPPED - timedelta(minutes=30))
FREE = ("Available", STOPPED + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("case", "due_in_minutes"),
    [
        (seen(0, FINISHING), 1),
        (seen(0, FINISHING_BEFORE), 1),
        (seen(119.5, FINISHING), 120),
        (seen(120, FINISHING), None),
        (seen(0, CHARGING), 1),
        (seen(0.5, None), 1),
        (seen(1, CHARGING), None),
        (seen(0, FREE), None),
        (seen(0, FINISHING, has_next_session=True), None),
        (seen(0, FINISHING, price=terms("0.45")), None),
        (seen(0, FINISHING, price=terms("0.45", idle_price_per_minute="0")), None),
        (seen(0, FINISHING, stop_source="deadline"), None),
        (seen(0, FINISHING, stop_source="operator"), None),
        (seen(0, FINISHING, is_billable=False), None),
        (seen(0, FINISHING, user_id=None), None),
        (seen(0, FINISHING, energy_wh=None), None),
        (seen(0, FINISHING, user_id=UserId(7)), 1),
    ],
)
def test_when_a_bill_is_due(case: BillableTransaction, due_in_minutes: float | None) -> None:
    expected = None if due_in_minutes is None else STOPPED + timedelta(minutes=due_in_minutes)
    assert not_before(case, WAIT) == expected


def test_a_bill_that_is_not_due_is_not_made() -> None:
    with pytest.raises(BillNotDueError) as told:
        decide_due_bill(seen(0, FINISHING), WAIT)
    assert told.value.due_at == STOPPED + timedelta(minutes=1)
    assert decide_due_bill(seen(0, FREE), WAIT).status == "BILLED"


def test_a_price_that_cannot_be_read_is_not_waited_for() -> None:
    broken = replace(seen(0, FINISHING), tariff_terms="{}")
    assert decide_due_bill(broken, WAIT).status == "FAILED"
