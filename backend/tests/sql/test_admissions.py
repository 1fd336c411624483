"""Admission raises the epoch, ends what came before, and loads what decisions rest on."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import asyncpg
import pytest

from csms.adapters.sql.admissions import ChargerGoneError, SqlAdmissions
from csms.adapters.sql.engine import Database
from csms.adapters.sql.journal import SqlJournal
from csms.adapters.sql.upkeep import LINK_LOST_AFTER, SqlUpkeep
from csms.domain.stations.handshakes import HandshakeAttempt
from csms.domain.transactions.admission import ConnectionStart
from csms.kernel.ids import ChargePointId, ChargerId, Epoch
from csms.kernel.journal import StaleEpochError
from tests.sql.rows import NOW, LaidCharger, LayCharger, readings, report, started

pytestmark = pytest.mark.integration


@pytest.fixture
async def admissions(database: Database) -> AsyncIterator[SqlAdmissions]:
    """Admissions as the gateway uses them."""
    admissions = SqlAdmissions(database)
    yield admissions
    await admissions.close()


def start_of(charger_id: int) -> ConnectionStart:
    """A connection that is about to be admitted."""
    return ConnectionStart(
        charger_id=ChargerId(charger_id),
        node="node-a",
        remote_address="192.0.2.1",
        protocol="ocpp1.6",
        security_profile=1,
        connected_at=datetime.now(UTC),
    )


async def test_the_epoch_rises_with_each_admission(
    admissions: SqlAdmissions, lay_charger: LayCharger, owner: asyncpg.Connection
) -> None:
    charger = await lay_charger(epoch=None)
    epochs = [(await admissions.admit(start_of(charger.id))).epoch for _ in range(3)]
    assert epochs == [1, 2, 3]
    rows = await owner.fetch(
        "SELECT epoch, disconnected_at IS NULL AS is_open FROM connection ORDER BY epoch"
    )
    assert [(r["epoch"], r["is_open"]) for r in rows] == [(1, False), (2, False), (3, True)]


async def test_two_connections_at_once_get_two_epochs(
    admissions: SqlAdmissions, lay_charger: LayCharger
) -> None:
    chargers = [await lay_charger(epoch=None) for _ in range(4)]
    admitted = await asyncio.gather(
        *(admissions.admit(start_of(c.id)) for _ in range(5) for c in chargers)
    )
    for charger in chargers:
        epochs = [a.epoch for a in admitted if a.charger.id == charger.id]
        assert sorted(epochs) == [1, 2, 3, 4, 5]


async def test_a_deleted_charger_is_not_admitted(
    admissions: SqlAdmissions, charger: LaidCharger
) -> None:
    gone, there = await asyncio.gather(
        admissions.admit(start_of(999_999)),
        admissions.admit(start_of(charger.id)),
        return_exceptions=True,
    )
    assert isinstance(gone, ChargerGoneError)
    assert not isinstance(there, BaseException)


async def test_open_sessions_come_back_as_they_stood(
    admissions: SqlAdmissions, journal: SqlJournal, charger: LaidCharger
) -> None:
    await journal.append(
        charger.entry(started(21, start_key="k"), action="StartTransaction", request='{"s":1}')
    )
    await journal.append(charger.entry(readings(21, wh=1500)))
    await journal.append(charger.entry(report("Charging")))
    admitted = await admissions.admit(start_of(charger.id))
    assert (admitted.charger.hold_amount, admitted.charger.reconcile_after_s) == (20, 1800)
    session = admitted.sessions.open[21]  # type: ignore[index]
    assert session.last_register_wh == Decimal(1500)
    assert session.last_sampled_at == NOW
    assert session.has_evidence
    assert session.start_key == "k"
    assert admitted.charger.connectors[1].status == "Charging"  # type: ignore[index]
    assert [(r.action, r.request) for r in admitted.recent] == [
        ("StartTransaction", '{"s":1}'),
        ("MeterValues", '{"a":1}'),
        ("MeterValues", '{"a":1}'),
    ]


async def test_a_session_without_readings_stands_at_its_meter_start(
    admissions: SqlAdmissions, journal: SqlJournal, charger: LaidCharger
) -> None:
    await journal.append(charger.entry(started(22)))
    session = (await admissions.admit(start_of(charger.id))).sessions.open[22]  # type: ignore[index]
    assert session.last_register_wh == Decimal(1000)
    assert not session.has_evidence


async def test_exchanges_of_long_ago_are_not_recent(
    admissions: SqlAdmissions, journal: SqlJournal, charger: LaidCharger
) -> None:
    await journal.append(charger.entry(received_at=NOW - timedelta(hours=1)))
    assert (await admissions.admit(start_of(charger.id))).recent == ()


async def test_nothing_of_the_old_epoch_is_stored_after_an_admission(
    admissions: SqlAdmissions, journal: SqlJournal, charger: LaidCharger, owner: asyncpg.Connection
) -> None:
    """Whatever the race: what the admission did not see was not stored."""
    for turn in range(15):
        transaction_id = 100 + turn
        appended, admitted = await asyncio.gather(
            journal.append(
                charger.entry(
                    started(transaction_id, status="PENDING_RECONCILIATION"), epoch=turn + 1
                )
            ),
            admissions.admit(start_of(charger.id)),
            return_exceptions=True,
        )
        assert not isinstance(admitted, BaseException)
        is_stored = await owner.fetchval("SELECT 1 FROM transaction WHERE id = $1", transaction_id)
        if appended is None:
            assert is_stored
            assert transaction_id in admitted.sessions.open
        else:
            assert isinstance(appended, StaleEpochError)
            assert not is_stored


async def test_a_late_close_of_an_older_connection_leaves_the_newer_one(
    admissions: SqlAdmissions, charger: LaidCharger, owner: asyncpg.Connection
) -> None:
    old = await admissions.admit(start_of(charger.id))
    new = await admissions.admit(start_of(charger.id))
    await admissions.disconnected(
        charger.id, old.epoch, at=datetime.now(UTC), code=1006, reason="lost"
    )
    rows = {r["epoch"]: r for r in await owner.fetch("SELECT * FROM connection")}
    assert rows[old.epoch]["close_code"] == 1006
    assert rows[new.epoch]["disconnected_at"] is None
    assert await owner.fetchval("SELECT disconnected_at FROM charger_epoch") is None
    await admissions.disconnected(
        charger.id, new.epoch, at=datetime.now(UTC), code=1000, reason="bye"
    )
    assert await owner.fetchval("SELECT disconnected_at FROM charger_epoch") is not None
    assert await owner.fetchval("SELECT last_seen_at FROM charger") is not None


async def test_a_look_up_carries_the_active_keys(
    admissions: SqlAdmissions, charger: LaidCharger, owner: asyncpg.Connection
) -> None:
    await owner.execute(
        "INSERT INTO charger_credential (charger_id, kind, hash, salt, retired_at) "
        "VALUES ($1, 'generated', 'old', 's', now()), ($1, 'generated', 'new', 't', NULL)",
        charger.id,
    )
    known, unknown, odd = await asyncio.gather(
        admissions.look_up(charger.charge_point_id),
        admissions.look_up("nobody"),
        admissions.look_up("\0"),
    )
    assert known is not None
    assert [(k.hash, k.salt) for k in known.credentials] == [(b"new", b"t")]
    assert unknown is None
    assert odd is None


async def test_attempts_are_kept_with_their_reason(
    admissions: SqlAdmissions, charger: LaidCharger, owner: asyncpg.Connection
) -> None:
    attempt = HandshakeAttempt(
        at=NOW,
        charge_point_id="nobody\0",
        remote_address="192.0.2.7",
        outcome="unknown_charger",
        http_status=404,
        reason="no such charger",
        subprotocols=("ocpp1.6", "ocpp2.0.1"),
    )
    await admissions.record_handshakes([attempt, attempt])
    await admissions.record_handshakes([])
    row = await owner.fetchrow("SELECT * FROM handshake_attempt LIMIT 1")
    assert (row["http_status"], row["subprotocols"]) == (404, "ocpp1.6, ocpp2.0.1")
    await admissions.seen({charger.id: NOW})
    assert await owner.fetchval("SELECT last_seen_at FROM charger") == NOW


async def test_an_epoch_that_is_known_to_nobody_closes_nothing(
    admissions: SqlAdmissions, charger: LaidCharger, owner: asyncpg.Connection
) -> None:
    await admissions.disconnected(charger.id, Epoch(77), at=NOW, code=1000, reason="")
    assert await owner.fetchval("SELECT disconnected_at FROM charger_epoch") is None
    assert ChargePointId(charger.charge_point_id)


async def test_links_of_a_process_that_died_are_lost_and_their_sessions_wait(
    admissions: SqlAdmissions,
    journal: SqlJournal,
    lay_charger: LayCharger,
    owner: asyncpg.Connection,
) -> None:
    charger = await lay_charger(epoch=None)
    other = await lay_charger(epoch=None)
    admitted = await admissions.admit(start_of(charger.id))
    await admissions.admit(replace(start_of(other.id), node="node-b"))
    await journal.append(charger.entry(started(41), epoch=admitted.epoch))

    assert await admissions.recover("node-a") == 1
    assert await admissions.recover("node-a") == 0

    session = await owner.fetchrow("SELECT * FROM transaction WHERE id = 41")
    assert session["status"] == "PENDING_RECONCILIATION"
    assert session["status_reason"] == "server_ended"
    assert session["reconcile_by"] > datetime.now(UTC) + timedelta(days=6)
    rows = await owner.fetch(
        "SELECT charger_id, close_code FROM connection WHERE disconnected_at IS NOT NULL"
    )
    assert [(r["charger_id"], r["close_code"]) for r in rows] == [(charger.id, 1006)]
    again = await admissions.admit(start_of(charger.id))
    waiting = next(iter(again.sessions.open.values()))
    assert waiting.status_reason == "server_ended"
    assert waiting.pending_since == session["status_changed_at"]
    assert waiting.authorization == "Accepted"


async def test_a_session_waits_also_when_its_process_died_just_after_noting_the_lost_link(
    admissions: SqlAdmissions,
    journal: SqlJournal,
    lay_charger: LayCharger,
    owner: asyncpg.Connection,
) -> None:
    charger = await lay_charger(epoch=None)
    admitted = await admissions.admit(start_of(charger.id))
    await journal.append(charger.entry(started(41), epoch=admitted.epoch))
    now = datetime.now(UTC)
    await admissions.disconnected(charger.id, admitted.epoch, at=now, code=1006, reason="lost")

    assert await admissions.recover("node-a") == 0

    status = "SELECT status, status_reason FROM transaction WHERE id = 41"
    assert tuple(await owner.fetchrow(status)) == ("PENDING_RECONCILIATION", "server_ended")


async def test_a_link_whose_loss_could_not_be_noted_is_made_good_by_the_schedule(
    database: Database,
    admissions: SqlAdmissions,
    journal: SqlJournal,
    lay_charger: LayCharger,
    owner: asyncpg.Connection,
) -> None:
    gone, here = await lay_charger(epoch=None), await lay_charger(epoch=None)
    for number, charger in ((41, gone), (42, here)):
        admitted = await admissions.admit(start_of(charger.id))
        await journal.append(charger.entry(started(number), epoch=admitted.epoch))
        if charger is gone:
            at = datetime.now(UTC) - 2 * LINK_LOST_AFTER
            await owner.execute("UPDATE charger_epoch SET connected_at = $1", at)
            await admissions.disconnected(gone.id, admitted.epoch, at=at, code=1006, reason="lost")

    await SqlUpkeep(database).queue_overdue_sessions()

    rows = await owner.fetch("SELECT id, status, status_reason FROM transaction ORDER BY id")
    assert [tuple(row) for row in rows] == [
        (41, "PENDING_RECONCILIATION", "connection_lost"),
        (42, "ACTIVE", None),
    ]
