"""Verdicts on id tags: what Authorize and StartTransaction answer, and for how long it holds."""

from datetime import timedelta
from decimal import Decimal

import pytest

from csms.domain.authorization.authorize import authorize, has_credit, verdict_of
from csms.domain.authorization.verdict import IdTagRecord
from csms.domain.stations.charger import Charger
from csms.domain.transactions.rules import SessionRules
from csms.kernel.ids import IdTag, OrganizationId
from tests.fakes.charging import RULES, Story, at
from tests.fakes.sessions import card

pytestmark = pytest.mark.unit


def _charger(free: str | None = None) -> Charger:
    charger = Story().charger
    charger.free_id_tag = free
    return charger


@pytest.mark.parametrize(
    ("record", "status"),
    [
        (None, "Invalid"),
        (card(), "Accepted"),
        (card(user_id=None), "Accepted"),
        (card(user_id=None, is_blocked=True), "Blocked"),
        (card(is_blocked=True, expires_at=at(-5)), "Blocked"),
        (card(is_user_active=False), "Blocked"),
        (card(expires_at=at(0)), "Expired"),
        (card(expires_at=at(0.1)), "Accepted"),
        (card(available="0"), "Blocked"),
        (card(available="-4"), "Blocked"),
        (card(available="0.01"), "Accepted"),
        (card(open_elsewhere=3), "Accepted"),
        (card(open_elsewhere=1, forbids_concurrent=True), "ConcurrentTx"),
        (card(open_elsewhere=0, forbids_concurrent=True), "Accepted"),
    ],
)
def test_the_status_of_a_tag_is_what_is_on_record(record: IdTagRecord | None, status: str) -> None:
    verdict = verdict_of(record, _charger(), IdTag("CARD"), at(0), RULES)
    assert verdict.status == status
    assert verdict.reason


@pytest.mark.parametrize(
    ("minimum", "available", "is_enough"),
    [
        ("0", "0", False),
        ("0", "0.01", True),
        ("5", "4.99", False),
        ("5", "5", True),
        ("-50", "-10", True),
        ("-50", "-50", False),
        ("-50", "-60", False),
    ],
)
def test_credit_is_asked_down_to_the_minimum_balance(
    minimum: str, available: str, *, is_enough: bool
) -> None:
    assert has_credit(card(available=available), Decimal(minimum)) is is_enough


def test_an_organizations_own_minimum_counts_before_the_installations() -> None:
    charger = _charger()
    charger.minimum_balance = Decimal(60)
    verdict = verdict_of(card(available="50"), charger, IdTag("CARD"), at(0), RULES)
    assert verdict.status == "Blocked"
    assert "60" in verdict.reason


@pytest.mark.parametrize(
    ("record", "expires_at"),
    [
        (card(available="100"), None),
        (card(available="100", expires_at=at(600)), at(600)),
        (card(available="5"), at(15)),
        (card(available="5", expires_at=at(600)), at(15)),
        (card(available="5", expires_at=at(3)), at(3)),
        (card(available="0"), at(0)),
        (card(is_user_active=False), at(0)),
        (card(user_id=None), None),
    ],
)
def test_low_credit_and_deactivation_shorten_what_a_charger_may_remember(
    record: IdTagRecord, expires_at: object
) -> None:
    assert verdict_of(record, _charger(), IdTag("CARD"), at(0), RULES).expires_at == expires_at


@pytest.mark.parametrize("record", [None, card(available="0"), card(user_id=None)])
def test_the_free_tag_of_the_charger_is_accepted_without_credit(record: object) -> None:
    verdict = verdict_of(record, _charger("card"), IdTag("CARD"), at(0), RULES)  # type: ignore[arg-type]
    assert verdict.status == "Accepted"
    assert verdict.is_free
    assert verdict.user_id is None


def test_a_free_tag_that_is_blocked_stays_blocked() -> None:
    verdict = verdict_of(card(is_blocked=True), _charger("CARD"), IdTag("CARD"), at(0), RULES)
    assert verdict.status == "Blocked"


async def test_authorize_reads_the_tag_in_the_chargers_organization() -> None:
    asked: list[tuple[int, str]] = []

    class Records:
        async def find(self, organization_id: OrganizationId, id_tag: str) -> IdTagRecord | None:
            asked.append((organization_id, id_tag))
            return card(parent="FAMILY")

    rules = SessionRules(low_credit_expiry=timedelta(minutes=1))
    verdict = await authorize(_charger(), IdTag("cArD"), Records(), at(0), rules)
    assert asked == [(1, "cArD")]
    assert verdict.parent_id_tag == "FAMILY"
