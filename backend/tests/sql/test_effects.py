"""Reservations, profiles, lists, jobs, keys and certificates: what their facts leave behind."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from csms.adapters.sql.engine import Database
from csms.adapters.sql.journal import SqlJournal
from csms.adapters.sql.key_changes import SqlKeyChanges
from csms.adapters.sql.local_lists import SqlLocalListStore
from csms.adapters.sql.upkeep import SqlUpkeep
from csms.adapters.sql.wire_numbers import SqlWireNumbers
from csms.domain.operations.errors import KeyChangeOpenError
from csms.kernel.facts import (
    ChargerBooted,
    ChargingProfileAnswered,
    ChargingProfileAsked,
    ChargingProfilesCleared,
    ConfigurationLearned,
    ConfigurationPending,
    KeyChangeAnswered,
    LocalListAnswered,
    LocalListSent,
    LocalListVersionTold,
    MaintenanceAnswered,
    MaintenanceAsked,
    MaintenanceReported,
    ReservationAnswered,
    ReservationAsked,
    ReservationCancelled,
    TransactionStopped,
)
from csms.kernel.ids import ConnectorNumber, IdTag, OperationId, TransactionId
from tests.sql.rows import NOW, LaidCharger, started

pytestmark = pytest.mark.integration
ONE = ConnectorNumber(1)


def reservation(number: int = 7, **fields: Any) -> ReservationAsked:
    return ReservationAsked(
        reservation_id=number,
        operation_id=OperationId(fields.pop("operation_id", 1)),
        connector=fields.pop("connector", ONE),
        id_tag=IdTag(fields.pop("id_tag", "Tag")),
        expires_at=fields.pop("expires_at", NOW + timedelta(hours=1)),
        asked_at=NOW,
        **fields,
    )


def profile(operation_id: int, number: int, **fields: Any) -> ChargingProfileAsked:
    return ChargingProfileAsked(
        operation_id=OperationId(operation_id),
        connector=ONE,
        profile_id=number,
        purpose=fields.pop("purpose", "TxDefaultProfile"),
        stack_level=fields.pop("stack_level", 0),
        profile="{}",
        asked_at=NOW,
        **fields,
    )


async def statuses(owner: asyncpg.Connection, table: str, key: str = "id") -> dict[int, str]:
    rows = await owner.fetch(f"SELECT {key} AS key, status FROM {table}")
    return {row["key"]: row["status"] for row in rows}


async def test_a_reservation_is_asked_accepted_and_used(
    journal: SqlJournal, charger: LaidCharger, owner: asyncpg.Connection
) -> None:
    await journal.append(charger.entry(reservation()))
    assert await statuses(owner, "reservation") == {7: "ASKED"}
    await journal.append(charger.entry(ReservationAnswered(reservation(), "ACCEPTED", NOW)))
    assert await statuses(owner, "reservation") == {7: "ACCEPTED"}
    await journal.append(charger.entry(started(11, reservation_number=7)))
    row = await owner.fetchrow("SELECT status, transaction_id FROM reservation")
    assert dict(row) == {"status": "USED", "transaction_id": 11}


async def test_a_replacement_counts_only_when_the_charger_agrees(
    journal: SqlJournal, charger: LaidCharger, owner: asyncpg.Connection
) -> None:
    await journal.append(charger.entry(reservation()))
    await journal.append(charger.entry(ReservationAnswered(reservation(), "ACCEPTED", NOW)))
    other = reservation(id_tag="Other", operation_id=2)
    await journal.append(charger.entry(other))
    await journal.append(charger.entry(ReservationAnswered(other, "REJECTED", NOW)))
    assert await owner.fetchval("SELECT id_tag FROM reservation") == "Tag"
    assert await statuses(owner, "reservation") == {7: "ACCEPTED"}
    await journal.append(charger.entry(ReservationAnswered(other, "ACCEPTED", NOW)))
    assert await owner.fetchval("SELECT id_tag FROM reservation") == "Other"


async def test_a_reservation_of_another_charger_is_left_alone(
    journal: SqlJournal, charger: LaidCharger, lay_charger: Any, owner: asyncpg.Connection
) -> None:
    stranger = await lay_charger()
    await journal.append(charger.entry(reservation()))
    await journal.append(charger.entry(ReservationAnswered(reservation(), "ACCEPTED", NOW)))
    await journal.append(stranger.entry(reservation(id_tag="Other")))
    await journal.append(stranger.entry(ReservationCancelled(7, NOW)))
    await journal.append(stranger.entry(started(12, reservation_number=7)))
    row = await owner.fetchrow("SELECT status, id_tag FROM reservation")
    assert dict(row) == {"status": "ACCEPTED", "id_tag": "Tag"}


async def test_reservations_expire_by_the_clock_and_a_late_start_still_counts(
    journal: SqlJournal, charger: LaidCharger, owner: asyncpg.Connection, database: Database
) -> None:
    past = reservation(expires_at=NOW - timedelta(minutes=1))
    await journal.append(charger.entry(past, reservation(8)))
    assert await SqlUpkeep(database).expire_reservations() == 1
    assert await statuses(owner, "reservation") == {7: "EXPIRED", 8: "ASKED"}
    await journal.append(charger.entry(started(11, reservation_number=7)))
    assert (await statuses(owner, "reservation"))[7] == "USED"


async def test_a_profile_replaces_its_like_and_a_clear_names_what_goes(
    journal: SqlJournal, charger: LaidCharger, owner: asyncpg.Connection
) -> None:
    for operation_id, number in ((1, 70), (2, 71), (3, 72)):
        asked = profile(operation_id, number, stack_level=0 if number < 72 else 1)
        await journal.append(charger.entry(asked))
        answer = ChargingProfileAnswered(OperationId(operation_id), "ACCEPTED", NOW)
        await journal.append(charger.entry(answer))
    known = await statuses(owner, "charger_profile", "profile_id")
    assert known == {70: "REPLACED", 71: "ACCEPTED", 72: "ACCEPTED"}
    await journal.append(charger.entry(ChargingProfilesCleared(NOW, stack_level=1)))
    known = await statuses(owner, "charger_profile", "profile_id")
    assert known == {70: "REPLACED", 71: "ACCEPTED", 72: "CLEARED"}


async def test_a_rejected_profile_replaces_nothing(
    journal: SqlJournal, charger: LaidCharger, owner: asyncpg.Connection
) -> None:
    await journal.append(charger.entry(profile(1, 70)))
    await journal.append(charger.entry(ChargingProfileAnswered(OperationId(1), "ACCEPTED", NOW)))
    await journal.append(charger.entry(profile(2, 70)))
    await journal.append(charger.entry(ChargingProfileAnswered(OperationId(2), "REJECTED", NOW)))
    known = await statuses(owner, "charger_profile", "operation_id")
    assert known == {1: "ACCEPTED", 2: "REJECTED"}


async def test_a_profile_of_a_session_ends_with_it(
    journal: SqlJournal, charger: LaidCharger, owner: asyncpg.Connection
) -> None:
    await journal.append(charger.entry(started(11)))
    await journal.append(charger.entry(profile(1, 70, purpose="TxProfile", transaction_id=11)))
    await journal.append(charger.entry(ChargingProfileAnswered(OperationId(1), "ACCEPTED", NOW)))
    stop = TransactionStopped(
        transaction_id=TransactionId(11),
        stopped_at=NOW,
        received_at=NOW,
        stop_reason="Local",
        meter_stop_wh=Decimal(2000),
        energy_wh=Decimal(1000),
        energy_basis="registers",
        explanation="{}",
        billing_status="NOT_BILLABLE",
        stop_source="charger",
    )
    await journal.append(charger.entry(stop))
    assert await statuses(owner, "charger_profile", "profile_id") == {70: "ENDED"}


def _entries(*tags: str, gone: tuple[str, ...] = ()) -> str:
    listed: list[dict[str, Any]] = [
        {"idTag": tag, "idTagInfo": {"status": "Accepted"}} for tag in tags
    ]
    return json.dumps(listed + [{"idTag": tag} for tag in gone])


async def test_what_a_charger_holds_follows_what_it_took(
    journal: SqlJournal, charger: LaidCharger, database: Database
) -> None:
    store = SqlLocalListStore(database)
    assert (await store.held(charger.id)).version is None
    updates = (
        (5, "Full", _entries("A", "B"), "Accepted"),
        (6, "Differential", _entries("C", gone=("a",)), "Accepted"),
        (7, "Differential", _entries("D"), "Failed"),
    )
    for version, kind, entries, status in updates:
        operation_id = OperationId(version)
        sent = LocalListSent(operation_id, version, kind, entries, NOW)  # type: ignore[arg-type]
        await journal.append(charger.entry(sent))
        answered = LocalListAnswered(
            operation_id,
            version,
            kind,  # type: ignore[arg-type]
            entries,
            status,
            NOW,
        )
        await journal.append(charger.entry(answered))
    held = await store.held(charger.id)
    assert held.version == 6
    assert set(held.entries) == {"b", "c"}
    told = LocalListVersionTold(0, NOW + timedelta(minutes=1))
    await journal.append(charger.entry(told))
    assert (await store.held(charger.id)).version is None


async def test_the_part_size_is_what_the_charger_told(
    journal: SqlJournal, charger: LaidCharger, database: Database
) -> None:
    values = json.dumps([{"key": "SendLocalListMaxLength", "value": "40", "readonly": True}])
    await journal.append(charger.entry(ConfigurationLearned(values=values, learned_at=NOW)))
    assert (await SqlLocalListStore(database).held(charger.id)).part_max == 40


def booted(version: str) -> ChargerBooted:
    return ChargerBooted(
        received_at=NOW, registration="Accepted", vendor="V", model="M", firmware_version=version
    )


async def test_only_a_boot_with_another_version_proves_an_update(
    journal: SqlJournal, charger: LaidCharger, owner: asyncpg.Connection
) -> None:
    await journal.append(charger.entry(booted("1")))
    await journal.append(charger.entry(MaintenanceAsked(OperationId(1), "FIRMWARE", "x:y", NOW)))
    await journal.append(charger.entry(MaintenanceAnswered(OperationId(1), "RUNNING", NOW)))
    for said, status in (("Downloading", "RUNNING"), ("Installed", "DONE"), ("Idle", None)):
        told = MaintenanceReported("FIRMWARE", status, said, NOW)  # type: ignore[arg-type]
        await journal.append(charger.entry(told))
    await journal.append(charger.entry(booted("1")))
    job = await owner.fetchrow("SELECT status, charger_status, confirmed_at FROM maintenance_job")
    assert tuple(job) == ("DONE", "Installed", None)
    await journal.append(charger.entry(booted("2")))
    job = await owner.fetchrow(
        "SELECT version_before, version_after, confirmed_at FROM maintenance_job"
    )
    assert tuple(job) == ("1", "2", NOW)
    events = await owner.fetch("SELECT status, job_id IS NULL FROM maintenance_event ORDER BY id")
    assert [tuple(one) for one in events] == [
        ("Downloading", False),
        ("Installed", False),
        ("Idle", True),
    ]


async def test_a_new_upload_takes_the_place_of_the_one_that_runs(
    journal: SqlJournal, charger: LaidCharger, owner: asyncpg.Connection
) -> None:
    for number in (1, 2):
        asked = MaintenanceAsked(OperationId(number), "LOG", "x:y", NOW, number)
        await journal.append(charger.entry(asked))
        answer = MaintenanceAnswered(OperationId(number), "RUNNING", NOW, "AcceptedCanceled")
        await journal.append(charger.entry(answer))
    assert await statuses(owner, "maintenance_job", "request_id") == {1: "REPLACED", 2: "RUNNING"}


async def test_what_waits_for_a_reboot_is_settled_by_what_is_told_later(
    journal: SqlJournal, charger: LaidCharger, owner: asyncpg.Connection
) -> None:
    await journal.append(charger.entry(ConfigurationPending("Key", "2", NOW)))
    row = await owner.fetchrow("SELECT value, pending_value, needs_reboot FROM configuration_key")
    assert tuple(row) == (None, "2", True)
    values = json.dumps([{"key": "Key", "value": "2", "readonly": False}])
    await journal.append(charger.entry(ConfigurationLearned(values=values, learned_at=NOW)))
    row = await owner.fetchrow("SELECT value, pending_value, needs_reboot FROM configuration_key")
    assert tuple(row) == ("2", None, True)


@pytest.mark.parametrize(
    ("status", "left"), [("Accepted", ["new"]), ("Rejected", ["old"]), ("NotSupported", ["old"])]
)
async def test_the_charger_decides_which_key_stays(
    journal: SqlJournal,
    charger: LaidCharger,
    owner: asyncpg.Connection,
    database: Database,
    status: str,
    left: list[str],
) -> None:
    await owner.execute(
        "INSERT INTO charger_credential (charger_id, kind, hash) VALUES ($1, 'chosen', 'old')",
        charger.id,
    )
    await SqlKeyChanges(database).propose(charger.id, OperationId(3), b"0123456789abcdef")
    await journal.append(charger.entry(KeyChangeAnswered(OperationId(3), status, NOW)))
    rows = await owner.fetch(
        "SELECT CASE hash WHEN 'old' THEN 'old' ELSE 'new' END, operation_id "
        "FROM charger_credential WHERE retired_at IS NULL"
    )
    assert [tuple(row) for row in rows] == [(one, None) for one in left]


async def test_a_second_change_of_key_may_follow_an_open_one_and_a_third_waits(
    journal: SqlJournal, charger: LaidCharger, owner: asyncpg.Connection, database: Database
) -> None:
    await owner.execute(
        "INSERT INTO charger_credential (charger_id, kind, hash) VALUES ($1, 'chosen', 'old')",
        charger.id,
    )
    changes = SqlKeyChanges(database)
    await changes.propose(charger.id, OperationId(3), b"0123456789abcdef")
    await changes.propose(charger.id, OperationId(4), b"0123456789abcdeg")
    with pytest.raises(KeyChangeOpenError):
        await changes.propose(charger.id, OperationId(5), b"0123456789abcdeh")
    await journal.append(charger.entry(KeyChangeAnswered(OperationId(4), "Accepted", NOW)))
    rows = await owner.fetch("SELECT id FROM charger_credential WHERE retired_at IS NULL")
    assert [row["id"] for row in rows] == [3]


async def test_a_key_that_was_never_sent_is_withdrawn(
    charger: LaidCharger, owner: asyncpg.Connection, database: Database
) -> None:
    changes = SqlKeyChanges(database)
    await changes.propose(charger.id, OperationId(3), b"0123456789abcdef")
    await changes.withdraw(charger.id, OperationId(3))
    assert not await owner.fetch("SELECT 1 FROM charger_credential WHERE retired_at IS NULL")


async def test_our_numbers_rise_and_are_positive(database: Database) -> None:
    numbers = SqlWireNumbers(database)
    first, second = await numbers.next(), await numbers.next()
    assert 0 < first < second < 2**31
