"""A firmware campaign step by step: waves, bounds, evidence, failures."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from csms.domain.maintenance.campaign_service import waves_of
from csms.domain.maintenance.campaigns import RECORD_WAIT, RETRY_REST, Campaign, Member, advance
from csms.kernel.ids import ChargerId, OperationId

pytestmark = pytest.mark.unit
NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
CAMPAIGN = Campaign("2.0", 1, 2, 2, timedelta(hours=1), None)


def member(number: int, **known: Any) -> Member:
    base = Member(ChargerId(number), 1, "WAITING", 0, True, "1.0", NOW - timedelta(days=1))
    return replace(base, **known)


def asked(number: int, **known: Any) -> Member:
    begun = {"status": "ASKED", "attempts": 1, "asked_at": NOW - timedelta(minutes=5)}
    return member(number, **(begun | {"operation_id": OperationId(number)} | known))


def told(found: Any) -> dict[int, tuple[str, str | None]]:
    return {change.charger_id: (change.status, change.reason) for change in found.changes}


def test_no_more_are_asked_at_once_than_allowed_and_later_waves_wait() -> None:
    members = [member(1), member(2), member(3), member(4, wave=2)]
    found = advance(CAMPAIGN, members, NOW)
    assert [change.charger_id for change in found.changes] == [1, 2]
    assert {change.status for change in found.changes} == {"ASKED"}
    assert (found.wave, found.status) == (1, "RUNNING")


def test_only_the_boot_with_the_version_after_the_request_is_a_proof() -> None:
    installed = asked(1, firmware_version="2.0", booted_at=NOW - timedelta(minutes=6))
    assert told(advance(CAMPAIGN, [installed], NOW)) == {}
    booted = asked(1, firmware_version="2.0", booted_at=NOW)
    found = advance(CAMPAIGN, [booted], NOW)
    assert told(found) == {1: ("DONE", None)}
    assert found.status == "DONE"
    said = asked(1, job_status="DONE", job_word="Installed")
    assert told(advance(CAMPAIGN, [said], NOW)) == {}


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"job_status": "FAILED", "job_word": "DownloadFailed"}, "DownloadFailed"),
        ({"job_status": "REFUSED", "job_word": "InvalidCertificate"}, "InvalidCertificate"),
        ({"job_status": "REPLACED"}, "another update"),
        ({"operation_status": "FAILED", "operation_error": "NotSupported"}, "NotSupported"),
        ({"asked_at": NOW - timedelta(hours=2)}, "in time"),
        (
            {"job_word": "Installed", "booted_at": NOW, "firmware_version": "1.9"},
            "came back with 1.9",
        ),
    ],
)
def test_a_failed_attempt_is_repeated_after_a_rest_and_then_named(
    known: dict[str, Any], reason: str
) -> None:
    (first,) = advance(CAMPAIGN, [asked(1, **known)], NOW).changes
    assert (first.status, first.not_before) == ("WAITING", NOW + RETRY_REST)
    resting = member(1, attempts=1, not_before=first.not_before)
    assert advance(CAMPAIGN, [resting], NOW).changes == ()
    found = advance(CAMPAIGN, [asked(1, attempts=2, **known)], NOW)
    assert found.changes[0].status == "FAILED"
    assert reason in (found.changes[0].reason or "")
    assert found.status == "DONE"


def test_one_that_is_away_costs_no_attempt_and_holds_nobody_up() -> None:
    away = asked(1, operation_status="FAILED", operation_error="not_connected", is_connected=False)
    later = member(2, wave=2)
    found = advance(CAMPAIGN, [away, later], NOW)
    assert told(found)[1] == ("WAITING", "the charger was not connected")
    assert found.changes[0].attempts == 0
    assert told(found)[2] == ("ASKED", None)
    assert found.wave == 2
    assert found.status == "RUNNING"


def test_a_request_whose_process_ended_is_made_again() -> None:
    lost = asked(1, operation_id=None, asked_at=NOW - RECORD_WAIT - timedelta(seconds=1))
    (change,) = advance(CAMPAIGN, [lost], NOW).changes
    assert (change.status, change.attempts) == ("WAITING", 0)
    fresh = asked(1, operation_id=None, asked_at=NOW)
    assert advance(CAMPAIGN, [fresh], NOW).changes == ()


def test_too_many_failures_pause_it_before_anybody_else_is_asked() -> None:
    careful = replace(CAMPAIGN, failures_max=0, attempts_max=1)
    members = [asked(1, job_status="FAILED", job_word="InstallationFailed"), member(2)]
    found = advance(careful, members, NOW)
    assert (found.status, told(found)[1][0]) == ("PAUSED", "FAILED")
    assert 2 not in told(found)


def test_who_has_the_version_already_is_not_asked() -> None:
    found = advance(CAMPAIGN, [member(1, firmware_version="2.0")], NOW)
    assert told(found) == {1: ("DONE", "it had the version already")}


def test_a_charger_that_another_campaign_updates_waits() -> None:
    assert advance(CAMPAIGN, [member(1, is_busy_elsewhere=True)], NOW).changes == ()


def test_waves_hold_every_charger_once() -> None:
    assert waves_of([5, 6, 7, 8], [1, 2]) == [(5, 1), (6, 2), (7, 2), (8, 3)]
    assert waves_of([5, 6], []) == [(5, 1), (6, 1)]
    assert waves_of([5], [3, 3]) == [(5, 1)]
