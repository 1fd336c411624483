"""`csms doctor` says what is wrong, and what cannot be told."""

import asyncpg
import pytest

from tests.cli.conftest import Csms

pytestmark = pytest.mark.integration


@pytest.fixture
async def charger_id(owner: asyncpg.Connection) -> int:
    """A charger CP7 with a key."""
    station_id = await owner.fetchval(
        "INSERT INTO station (organization_id, name, latitude, longitude) "
        "VALUES (1, 'Yard', 52.5, 13.4) RETURNING id"
    )
    charger_id = await owner.fetchval(
        "INSERT INTO charger (organization_id, station_id, charge_point_id, name) "
        "VALUES (1, $1, 'CP7', 'Quay') RETURNING id",
        station_id,
    )
    await owner.execute(
        "INSERT INTO charger_credential (charger_id, kind, hash) VALUES ($1, 'generated', '')",
        charger_id,
    )
    return int(charger_id)


def of(findings: list[dict[str, str]], topic: str) -> list[tuple[str, str]]:
    """What was found on a topic: level and text."""
    return [(f["level"], f["text"]) for f in findings if f["topic"] == topic]


def test_environment_is_looked_at_and_what_is_hidden_is_called_unknown(csms: Csms) -> None:
    findings = csms("doctor", "--json").json
    assert of(findings, "version")[0][0] == "ok"
    assert of(findings, "roles")[0][1].startswith("separated")
    assert of(findings, "clocks")[0][0] == "ok"
    assert of(findings, "open files")[0][0] in {"ok", "note"}
    assert of(findings, "disk space")[0][0] == "unknown"
    assert of(findings, "true time")[0][0] == "unknown"


async def test_dead_job_is_a_problem(csms: Csms, owner: asyncpg.Connection) -> None:
    await owner.execute(
        "INSERT INTO job (kind, unique_key, payload, state, finished_at) "
        "VALUES ('bill', 'bill:1', '{}', 'DEAD', now())"
    )
    assert ("problem", "1 gave up and wait for a person") in of(
        csms("doctor", "--json", expect=1).json, "jobs"
    )


async def test_unknown_charger_shows_its_refused_attempts(
    csms: Csms, owner: asyncpg.Connection, charger_id: int
) -> None:
    await owner.execute(
        "INSERT INTO handshake_attempt (at, charge_point_id, remote_address, outcome, http_status,"
        " reason) VALUES (now(), 'cp7', '192.0.2.7', 'unknown_charger', 404, 'no such charger')"
    )
    shown = csms("doctor", "cp7", expect=1).out
    assert "no charger is registered as 'cp7'; 'CP7' is" in shown
    assert "unknown_charger (HTTP 404) from 192.0.2.7: no such charger" in shown


async def test_new_charger_has_never_been_connected(csms: Csms, charger_id: int) -> None:
    findings = csms("doctor", "CP7", "--json", expect=1).json
    assert of(findings, "registration") == [("ok", "Quay at Yard, security profile 1")]
    assert of(findings, "connection") == [("problem", "it has never been connected")]
    assert of(findings, "clock")[0][0] == "unknown"


async def test_troubled_charger_is_described(
    csms: Csms, owner: asyncpg.Connection, charger_id: int
) -> None:
    await owner.execute(
        "INSERT INTO charger_epoch (charger_id, epoch, node, connected_at, disconnected_at)"
        " VALUES ($1, 1, 'n', now() - interval '3 hours', now() - interval '2 hours')",
        charger_id,
    )
    await owner.execute(
        "INSERT INTO connector_status_event (organization_id, charger_id, connector_id, status,"
        " error_code, reported_at, received_at, is_current) VALUES (1, $1, 1, 'Available',"
        " 'NoError', now() + interval '10 minutes', now(), true)",
        charger_id,
    )
    await owner.execute(
        "INSERT INTO message (id, organization_id, charger_id, charge_point_id, epoch, direction,"
        " received_at, outcome, is_repeat, repairs) VALUES (1, 1, $1, 'CP7', 1, 'IN', now(),"
        ' \'answered\', false, \'[{"rule":"missing-zone","path":"timestamp"}]\')',
        charger_id,
    )
    await owner.execute(
        "INSERT INTO operation (organization_id, charger_id, charge_point_id, action, request,"
        " status, requested_at) VALUES (1, $1, 'CP7', 'Reset', '{}', 'SENT',"
        " now() - interval '1 hour')",
        charger_id,
    )
    await owner.execute(
        "INSERT INTO transaction (id, organization_id, charger_id, connector_id, id_tag,"
        " id_tag_folded, started_at, charger_started_at, received_at, meter_start_wh, status,"
        " status_reason, authorization_status, is_billable, billing_status) VALUES (77, 1, $1, 1,"
        " 'A', 'a', now() - interval '4 hours', '', now(), 0, 'PENDING_RECONCILIATION',"
        " 'connection_lost', 'Accepted', false, 'NOT_BILLABLE')",
        charger_id,
    )
    findings = csms("doctor", "CP7", "--json", expect=1).json
    assert of(findings, "connection") == [("problem", "offline for 2 h 0 min")]
    level, clock = of(findings, "clock")[0]
    assert (level, "after it arrived" in clock) == ("problem", True)
    assert of(findings, "repairs") == [("note", "messages by leniency rule: missing-zone 1")]
    assert "Reset has been SENT for 1 h 0 min" in of(findings, "operation")[0][1]
    level, session = of(findings, "session")[0]
    assert level == "note"
    assert session.startswith("77 on connector 1, PENDING_RECONCILIATION for 4 h 0 min")
