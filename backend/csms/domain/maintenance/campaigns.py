"""Firmware campaigns, step by step: what the evidence says, and whom to ask next. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from csms.kernel.ids import ChargerId, OperationId

CampaignStatus = Literal["RUNNING", "PAUSED", "CANCELLED", "DONE"]
MemberStatus = Literal["WAITING", "ASKED", "DONE", "FAILED", "CANCELLED"]

RETRY_REST: Final = timedelta(seconds=60)
"""How long a charger rests after an attempt that failed."""
RECORD_WAIT: Final = timedelta(seconds=120)
"""An update without a recorded operation after this time was never sent: the process had ended."""
_FAILED_JOBS: Final = {
    "FAILED": "the charger reported {}",
    "REFUSED": "the charger refused: {}",
    "REPLACED": "another update took its place ({})",
}


@dataclass(frozen=True, slots=True)
class Campaign:
    """What is to be installed, and how carefully. `failures_max` None: never stops by itself."""

    version: str
    wave: int
    parallel_max: int
    attempts_max: int
    boot_timeout: timedelta
    failures_max: int | None


@dataclass(frozen=True, slots=True)
class Member:
    """A charger of a campaign with the evidence there is of it."""

    charger_id: ChargerId
    wave: int
    status: MemberStatus
    attempts: int
    is_connected: bool
    firmware_version: str | None
    booted_at: datetime | None
    asked_at: datetime | None = None
    not_before: datetime | None = None
    operation_id: OperationId | None = None
    operation_status: str | None = None
    operation_error: str | None = None
    job_status: str | None = None
    job_word: str | None = None
    is_busy_elsewhere: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one charger. ASKED means that the update is to be sent now."""

    charger_id: ChargerId
    status: MemberStatus
    attempts: int
    reason: str | None = None
    not_before: datetime | None = None
    version_after: str | None = None


@dataclass(frozen=True, slots=True)
class Advance:
    """One step of a campaign."""

    changes: tuple[Change, ...]
    wave: int
    status: CampaignStatus = "RUNNING"
    status_reason: str | None = None


def advance(campaign: Campaign, members: Sequence[Member], now: datetime) -> Advance:
    """Return the next step of a running campaign.

    A charger is done only when it has booted with the campaign's version after it was asked, or had
    it already. One that is away waits without holding up its wave.
    """
    settled = {change.charger_id: change for change in _settled(campaign, members, now)}
    status = {one.charger_id: one.status for one in members}
    status |= {charger_id: change.status for charger_id, change in settled.items()}
    failures = sum(1 for one in status.values() if one == "FAILED")
    if campaign.failures_max is not None and failures > campaign.failures_max:
        reason = f"{failures} chargers failed; more than {campaign.failures_max} stop the campaign"
        return Advance(tuple(settled.values()), campaign.wave, "PAUSED", reason)
    wave = _wave_after(campaign.wave, members, status)
    room = campaign.parallel_max - sum(1 for one in status.values() if one == "ASKED")
    asked = []
    for one in members:
        if room <= 0:
            break
        is_due = one.not_before is None or one.not_before <= now
        if one.wave > wave or status[one.charger_id] != "WAITING" or one.charger_id in settled:
            continue
        if not one.is_connected or one.is_busy_elsewhere or not is_due:
            continue
        asked.append(Change(one.charger_id, "ASKED", one.attempts + 1))
        room -= 1
    is_over = not asked and all(one in {"DONE", "FAILED", "CANCELLED"} for one in status.values())
    return Advance((*settled.values(), *asked), wave, "DONE" if is_over else "RUNNING")


def _settled(campaign: Campaign, members: Sequence[Member], now: datetime) -> Iterator[Change]:
    for one in members:
        if one.status == "WAITING" and one.firmware_version == campaign.version:
            reason = None if one.attempts else "it had the version already"
            yield Change(one.charger_id, "DONE", one.attempts, reason, None, one.firmware_version)
        elif one.status == "ASKED":
            change = _outcome(campaign, one, now)
            if change is not None:
                yield change


def _outcome(campaign: Campaign, one: Member, now: datetime) -> Change | None:
    """What became of an update that was asked for; None while it may still come."""
    asked_at = one.asked_at or now
    if (
        one.firmware_version == campaign.version
        and one.booted_at is not None
        and one.booted_at >= asked_at
    ):
        return Change(one.charger_id, "DONE", one.attempts, None, None, one.firmware_version)
    if one.operation_id is None and now - asked_at > RECORD_WAIT:
        # Nobody knows whether it went out; asking again is harmless (OCPP 1.6 §5.19).
        return Change(one.charger_id, "WAITING", one.attempts - 1, "the request was lost", now)
    if one.operation_status == "FAILED" and one.operation_error in {"not_connected", None}:
        reason = "the charger was not connected"
        return Change(one.charger_id, "WAITING", one.attempts - 1, reason, now + RETRY_REST)
    failure = _failure(campaign, one, asked_at, now)
    return None if failure is None else _failed(campaign, one, now, failure)


def _failure(campaign: Campaign, one: Member, asked_at: datetime, now: datetime) -> str | None:
    """Why the attempt came to nothing; None while it is under way."""
    if one.operation_status in {"FAILED", "EXPIRED"}:
        return f"the request failed: {one.operation_error}"
    if one.job_status in _FAILED_JOBS:
        return _FAILED_JOBS[one.job_status].format(one.job_word or "nothing more")
    has_booted = one.booted_at is not None and one.booted_at > asked_at
    if one.job_word == "Installed" and has_booted:
        return f"it came back with {one.firmware_version or 'no version'}"
    if now - asked_at > campaign.boot_timeout:
        last = f"; it last reported {one.job_word}" if one.job_word else ""
        return f"it did not boot with {campaign.version} in time{last}"
    return None


def _failed(campaign: Campaign, one: Member, now: datetime, reason: str) -> Change:
    if one.attempts < campaign.attempts_max:
        return Change(one.charger_id, "WAITING", one.attempts, reason, now + RETRY_REST)
    return Change(one.charger_id, "FAILED", one.attempts, reason)


def _wave_after(wave: int, members: Sequence[Member], status: dict[ChargerId, MemberStatus]) -> int:
    """The next wave starts when none of those before has anything to do that is present."""
    last = max((one.wave for one in members), default=wave)
    while wave < last and not any(
        status[one.charger_id] == "ASKED"
        or (status[one.charger_id] == "WAITING" and one.is_connected)
        for one in members
        if one.wave <= wave
    ):
        wave += 1
    return wave
