"""Cases that follow from time passing: opened once, closed when their reason is gone."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest

from csms.adapters.sql.engine import Database
from csms.adapters.sql.evidence import SqlEvidence
from tests.sql.rows import LaidCharger

pytestmark = pytest.mark.integration

Lay = Callable[..., Awaitable[None]]


@pytest.fixture
def evidence(database: Database) -> SqlEvidence:
    return SqlEvidence(database)


async def lay_session(
    owner: asyncpg.Connection, charger: LaidCharger, status: str = "ACTIVE", number: int = 77
) -> None:
    await owner.execute(
        "INSERT INTO transaction (id, organization_id, charger_id, connector_id, id_tag,"
        " id_tag_folded, started_at, charger_started_at, received_at, meter_start_wh, status,"
        " authorization_status, is_billable, billing_status) VALUES ($1, 1, $2, 1, 'A', 'a',"
        " now() - interval '4 hours', '', now() - interval '4 hours', 0, $3, 'Accepted', false,"
        " 'NOT_BILLABLE')",
        number,
        charger.id,
        status,
    )


async def lay_connector(
    owner: asyncpg.Connection, charger: LaidCharger, status: str, minutes_ago: int
) -> None:
    await owner.execute(
        "INSERT INTO connector (organization_id, charger_id, connector_id, status, error_code,"
        " status_at, status_received_at) VALUES (1, $1, 1, $2, 'NoError',"
        " now() - make_interval(mins => $3), now() - make_interval(mins => $3))"
        " ON CONFLICT (charger_id, connector_id) DO UPDATE SET status = EXCLUDED.status,"
        " status_at = EXCLUDED.status_at, status_received_at = EXCLUDED.status_received_at",
        charger.id,
        status,
        minutes_ago,
    )


async def lay_reading(
    owner: asyncpg.Connection, charger: LaidCharger, register_wh: int | None, minutes_ago: int
) -> None:
    await owner.execute(
        "INSERT INTO meter_value (organization_id, charger_id, connector_id, transaction_id,"
        " sampled_at, received_at, register_wh, is_suspect, is_inferred, samples) VALUES (1, $1, 1,"
        " 77, now() - make_interval(mins => $3), now() - make_interval(mins => $3), $2, false,"
        " false, '[]')",
        charger.id,
        register_wh,
        minutes_ago,
    )


async def connected(owner: asyncpg.Connection, charger: LaidCharger) -> None:
    await owner.execute(
        "UPDATE charger_epoch SET connected_at = now() - interval '5 hours', disconnected_at = NULL"
    )


async def cases(owner: asyncpg.Connection) -> list[tuple[Any, ...]]:
    rows = await owner.fetch(
        "SELECT kind, transaction_id, resolved_at IS NULL AS is_open, evidence FROM desk_case"
        " ORDER BY id"
    )
    assert all(json.loads(row["evidence"]) for row in rows)
    return [(row["kind"], row["transaction_id"], row["is_open"]) for row in rows]


async def test_a_session_whose_register_stands_still_while_charging_is_stalled(
    evidence: SqlEvidence, owner: asyncpg.Connection, charger: LaidCharger
) -> None:
    await connected(owner, charger)
    await lay_session(owner, charger)
    await lay_connector(owner, charger, "Charging", 240)
    await lay_reading(owner, charger, 500, 90)
    for minutes_ago in (60, 40, 20, 1):
        await lay_reading(owner, charger, 800, minutes_ago)
    assert await evidence.gather() == 1
    assert await cases(owner) == [("stalled_session", 77, True)]
    assert await evidence.gather() == 0
    await lay_reading(owner, charger, 900, 0)
    assert await evidence.gather() == 1
    assert await cases(owner) == [("stalled_session", 77, False)]


async def test_a_session_without_any_reading_is_stalled_too(
    evidence: SqlEvidence, owner: asyncpg.Connection, charger: LaidCharger
) -> None:
    await connected(owner, charger)
    await lay_session(owner, charger)
    await lay_connector(owner, charger, "Charging", 240)
    await evidence.gather()
    assert await cases(owner) == [("stalled_session", 77, True)]


@pytest.mark.parametrize("why", ["grows", "suspended", "offline", "just began to charge"])
async def test_what_is_not_stalled(
    evidence: SqlEvidence, owner: asyncpg.Connection, charger: LaidCharger, why: str
) -> None:
    await connected(owner, charger)
    await lay_session(owner, charger)
    await lay_connector(owner, charger, "Charging", 240)
    await lay_reading(owner, charger, 500, 90)
    if why == "grows":
        await lay_reading(owner, charger, 800, 3)
    elif why == "suspended":
        await lay_connector(owner, charger, "SuspendedEV", 200)
    elif why == "offline":
        await owner.execute("UPDATE charger_epoch SET disconnected_at = now()")
    else:
        await lay_connector(owner, charger, "Charging", 2)
    assert await evidence.gather() == 0


async def test_an_open_session_on_a_connector_that_is_long_available_is_a_ghost(
    evidence: SqlEvidence, owner: asyncpg.Connection, charger: LaidCharger
) -> None:
    await lay_session(owner, charger, "PENDING_RECONCILIATION")
    await lay_connector(owner, charger, "Available", 5)
    assert await evidence.gather() == 0
    await lay_connector(owner, charger, "Available", 30)
    assert await evidence.gather() == 1
    assert await cases(owner) == [("ghost_session", 77, True)]
    await lay_connector(owner, charger, "Charging", 0)
    await evidence.gather()
    assert await cases(owner) == [("ghost_session", 77, False)]


async def test_a_session_of_an_archived_charger_is_a_ghost(
    evidence: SqlEvidence, owner: asyncpg.Connection, charger: LaidCharger
) -> None:
    await lay_session(owner, charger)
    await owner.execute("UPDATE charger SET archived_at = now() - interval '1 hour'")
    await evidence.gather()
    assert await cases(owner) == [("ghost_session", 77, True)]


async def test_a_remote_start_that_was_accepted_and_came_to_nothing(
    evidence: SqlEvidence, owner: asyncpg.Connection, charger: LaidCharger
) -> None:
    insert = (
        "INSERT INTO operation (organization_id, charger_id, charge_point_id, action, request,"
        " response, status, settled_at) VALUES (1, $1, 'CP', 'RemoteStartTransaction', '{}', $2,"
        " 'EXPIRED', now()) RETURNING id"
    )
    operation_id = await owner.fetchval(insert, charger.id, '{"status":"Accepted"}')
    await owner.fetchval(insert, charger.id, '{"status":"Rejected"}')
    assert await evidence.gather() == 1
    assert await cases(owner) == [("remote_start_without_session", None, True)]
    await lay_session(owner, charger)
    await owner.execute("UPDATE transaction SET remote_start_operation_id = $1", operation_id)
    await evidence.gather()
    assert (await cases(owner))[0] == ("remote_start_without_session", None, False)


async def test_what_a_person_has_dismissed_stays_dismissed(
    evidence: SqlEvidence, owner: asyncpg.Connection, charger: LaidCharger
) -> None:
    await lay_session(owner, charger)
    await owner.execute("UPDATE charger SET archived_at = now() - interval '1 hour'")
    await evidence.gather()
    await owner.execute("UPDATE desk_case SET resolved_at = now(), resolution = 'seen'")
    assert await evidence.gather() == 0
    assert await cases(owner) == [("ghost_session", 77, False)]
