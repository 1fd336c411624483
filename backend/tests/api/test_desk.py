"""The desk: cases and quarantined frames are closed, dead jobs revived, each by a person, once."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from csms.adapters.sql.engine import Database
from tests.api.caller import Caller
from tests.api.network import Network

pytestmark = pytest.mark.integration

NOW = datetime.now(UTC)
SAID = {"resolution": "a replay; nothing to do"}


async def add_case(network: Network) -> int:
    made = await network.database.pool.fetchval(
        "INSERT INTO desk_case (organization_id, kind, case_key, charger_id, summary, evidence, "
        "opened_at) VALUES (1, 'second_stop', 'k', $1, 'two stops', '{\"a\":1}', $2) RETURNING id",
        network.charger["id"],
        NOW,
    )
    return int(made)


async def add_frame(network: Network) -> int:
    made = await network.database.pool.fetchval(
        "INSERT INTO quarantine (organization_id, charger_id, epoch, message_id, action, raw, error, "
        "received_at) VALUES (1, $1, 1, 'm1', 'MeterValues', $2, 'too odd', $3) RETURNING id",
        network.charger["id"],
        b'[2,"m1"\x00\xff',
        NOW,
    )
    return int(made)


async def add_job(database: Database, state: str) -> int:
    made = await database.pool.fetchval(
        "INSERT INTO job (organization_id, kind, unique_key, payload, state, attempts, last_error, "
        "finished_at) VALUES (1, 'close_overdue_session', $1, '{}', $1, 25, 'gone', "
        "CASE WHEN $1 = 'DEAD' THEN now() END) RETURNING id",
        state,
    )
    return int(made)


async def test_a_case_is_closed_by_somebody_with_what_was_decided(
    operator: Caller, network: Network, database: Database
) -> None:
    case_id = await add_case(network)
    (shown,) = (await operator.get("/api/admin/desk"))["data"]
    assert (shown["source"], shown["evidence"]) == ("case", {"a": 1})
    (action,) = shown["actions"]
    assert action == {"name": "resolve", "path": f"/api/admin/desk/{case_id}/resolve"}
    me = (await operator.get("/auth/profile"))["id"]
    closed = await operator.post(action["path"], SAID)
    assert (closed["resolved_by"], closed["resolution"]) == (me, SAID["resolution"])
    row = await database.pool.fetchrow("SELECT * FROM desk_case")
    assert (row["resolved_by"], row["resolution"]) == (me, SAID["resolution"])
    assert (await operator.get("/api/admin/desk"))["total"] == 0
    (entry,) = (await operator.get("/api/admin/audit", action="desk_case.resolved"))["data"]
    assert entry["target_id"] == str(case_id)
    assert entry["after"]["resolution"] == SAID["resolution"]
    refused = await operator.post(action["path"], SAID, expect=409)
    assert refused["code"] == "desk_item_closed"


async def test_a_quarantined_frame_is_shown_raw_and_taken_off_the_desk(
    operator: Caller, network: Network, database: Database
) -> None:
    frame_id = await add_frame(network)
    (shown,) = (await operator.get("/api/admin/desk", source="quarantine"))["data"]
    assert shown["evidence"]["raw_frame"] == '[2,"m1"\\000\\377'
    (action,) = shown["actions"]
    closed = await operator.post(action["path"], SAID)
    assert (closed["source"], closed["id"]) == ("quarantine", str(frame_id))
    assert (await operator.get("/api/admin/desk"))["total"] == 0
    (entry,) = (await operator.get("/api/admin/audit", action="quarantine.resolved"))["data"]
    assert entry["after"]["resolution"] == SAID["resolution"]
    await operator.post(action["path"], SAID, expect=409)
    assert await database.pool.fetchval("SELECT count(*) FROM quarantine") == 1


async def test_a_dead_job_gets_its_attempts_again(
    operator: Caller, network: Network, database: Database
) -> None:
    job_id = await add_job(database, "DEAD")
    (shown,) = (await operator.get("/api/admin/desk", source="job"))["data"]
    assert (shown["attempts"], shown["summary"]) == (25, "gone")
    (action,) = shown["actions"]
    assert action["path"] == f"/api/admin/desk/jobs/{job_id}/retry"
    job = await operator.post(action["path"])
    assert (job["state"], job["attempts"]) == ("READY", 0)
    assert (await operator.get("/api/admin/desk"))["total"] == 0
    assert (await operator.get("/api/admin/audit", action="job.retried"))["total"] == 1
    refused = await operator.post(action["path"], expect=409)
    assert refused["code"] == "job_not_dead"


@pytest.mark.parametrize(
    "path", ["/api/admin/desk/99/resolve", "/api/admin/desk/quarantine/99/resolve"]
)
async def test_what_is_not_at_the_desk_is_not_found(operator: Caller, path: str) -> None:
    await operator.post(path, SAID, expect=404)
    await operator.post("/api/admin/desk/jobs/99/retry", expect=404)


@pytest.mark.parametrize("body", [{}, {"resolution": "  "}, {"resolution": "x" * 501}])
async def test_nothing_is_closed_without_a_word(
    operator: Caller, network: Network, body: dict[str, str]
) -> None:
    case_id = await add_case(network)
    await operator.post(f"/api/admin/desk/{case_id}/resolve", body, expect=422)
    assert (await operator.get("/api/admin/desk"))["total"] == 1


async def test_what_belongs_to_another_organization_is_not_found(
    operator: Caller, network: Network, database: Database, owner: asyncpg.Connection
) -> None:
    case_id, job_id = await add_case(network), await add_job(database, "DEAD")
    await owner.execute("INSERT INTO organization (name) VALUES ('another')")
    await owner.execute("UPDATE job SET organization_id = 2")
    await owner.execute("UPDATE desk_case SET organization_id = 2")
    await operator.post(f"/api/admin/desk/jobs/{job_id}/retry", expect=404)
    await operator.post(f"/api/admin/desk/{case_id}/resolve", SAID, expect=404)
    assert (await operator.get("/api/admin/desk"))["total"] == 0


async def test_a_session_that_waits_is_shown_with_its_reason_deadline_and_evidence(
    operator: Caller, network: Network
) -> None:
    waiting = await network.add_transaction(
        status="PENDING_RECONCILIATION",
        status_reason="connection_lost",
        status_changed_at=NOW,
        reconcile_by=NOW + timedelta(days=7),
    )
    await network.add_transaction(connector_id=2)
    await network.add_reading(waiting, 1700)
    await network.report(network.charger, 1, "Charging")
    page = await operator.get("/api/admin/desk/pending")
    (shown,) = page["data"]
    assert (shown["id"], shown["reason"]) == (waiting, "connection_lost")
    assert shown["explanation"] == "the link to the charger was lost"
    assert shown["evidence"]["readings"] == 1
    assert shown["evidence"]["last_register_wh"] == 1700
    assert shown["evidence"]["connector_status"] == "Charging"
    assert shown["evidence"]["is_connected"] is False
    assert (await operator.get("/api/admin/desk/pending", reason="booted"))["total"] == 0
    closed = await operator.post(shown["close_path"], {"reason": "the charger was replaced"})
    assert closed["status"] == "ENDED"
    assert (await operator.get("/api/admin/desk/pending"))["total"] == 0


async def test_a_stalled_session_offers_to_stop_and_to_close_it(
    operator: Caller, network: Network
) -> None:
    session = await network.add_transaction()
    case_id = await add_case(network)
    await network.database.pool.execute(
        "UPDATE desk_case SET kind = 'stalled_session', transaction_id = $1", session
    )
    (shown,) = (await operator.get("/api/admin/desk", kind="stalled_session"))["data"]
    assert [(one["name"], one["path"]) for one in shown["actions"]] == [
        ("stop_session", f"/api/admin/transactions/{session}/stop"),
        ("close_session", f"/api/admin/transactions/{session}/close"),
        ("resolve", f"/api/admin/desk/{case_id}/resolve"),
    ]
