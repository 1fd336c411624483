"""What is wanted of a connector, and when a report contradicts it."""

from datetime import timedelta

import pytest

from csms.domain.stations.availability import Wanted, difference, to_resend, wanted_of
from csms.kernel.ids import ConnectorNumber
from tests.fakes.charging import NOON

pytestmark = pytest.mark.unit

ONE, TWO, WHOLE = ConnectorNumber(1), ConnectorNumber(2), ConnectorNumber(0)
OUT = Wanted("Inoperative", "Accepted", NOON)
IN_LATER = Wanted("Operative", "Accepted", NOON + timedelta(minutes=1))


def test_the_later_word_counts_be_it_on_the_connector_or_on_the_whole_charger() -> None:
    assert wanted_of(ONE, {ONE: OUT, WHOLE: IN_LATER}) == IN_LATER
    assert wanted_of(ONE, {ONE: IN_LATER, WHOLE: OUT}) == IN_LATER
    assert wanted_of(TWO, {ONE: OUT, WHOLE: None}) is None
    assert wanted_of(WHOLE, {ONE: OUT}) is None


@pytest.mark.parametrize(
    ("wanted", "reported", "differs"),
    [
        (OUT, "Available", True),
        (OUT, "Preparing", True),
        (OUT, "Unavailable", False),
        (OUT, "Faulted", False),
        (OUT, "Charging", False),
        (OUT, None, False),
        (IN_LATER, "Unavailable", True),
        (IN_LATER, "Faulted", False),
        (IN_LATER, "Charging", False),
        (None, "Unavailable", False),
    ],
)
def test_a_report_contradicts_what_is_wanted(
    wanted: Wanted | None, reported: str | None, *, differs: bool
) -> None:
    assert (difference(wanted, reported) is not None) is differs


def test_only_what_the_reports_contradict_is_asked_again() -> None:
    agreed = {ONE: OUT, TWO: IN_LATER, WHOLE: None}
    reported = {ONE: "Available", TWO: "Available", WHOLE: "Available"}
    assert to_resend(agreed, reported) == ((ONE, "Inoperative"),)


def test_a_whole_charger_is_asked_once() -> None:
    agreed = {ONE: None, TWO: None, WHOLE: OUT}
    reported = {ONE: "Available", TWO: "Available", WHOLE: "Available"}
    assert to_resend(agreed, reported) == ((WHOLE, "Inoperative"),)
