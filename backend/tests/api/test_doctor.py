"""The doctor over REST says what `csms doctor` says, and offers what would help."""

from datetime import UTC, datetime
from typing import Any

import pytest

from csms.adapters.sql.engine import Database
from csms.api.services import Services
from csms.kernel.ids import OrganizationId
from csms.reads.charger_findings import findings_of_charger
from tests.api.caller import Caller
from tests.api.network import Network

pytestmark = pytest.mark.integration


async def tell(database: Database, charger: dict[str, Any], **values: str) -> None:
    for key, value in values.items():
        await database.pool.execute(
            "INSERT INTO configuration_key (charger_id, key, value, is_readonly, learned_at) "
            "VALUES ($1, $2, $3, false, now())",
            charger["id"],
            key,
            value,
        )


async def examine(operator: Caller, charger: dict[str, Any]) -> list[dict[str, Any]]:
    found = await operator.get(f"/api/admin/chargers/{charger['id']}/doctor")
    assert found["charge_point_id"] == charger["charge_point_id"]
    findings: list[dict[str, Any]] = found["findings"]
    return findings


def of(findings: list[dict[str, Any]], topic: str) -> list[dict[str, Any]]:
    return [one for one in findings if one["topic"] == topic]


async def test_settings_that_would_lose_transactions_are_found_with_their_fix(
    operator: Caller, network: Network, database: Database
) -> None:
    await tell(
        database,
        network.charger,
        TransactionMessageAttempts="1",
        TransactionMessageRetryInterval="10",
        MeterValueSampleInterval="0",
        StopTransactionOnInvalidId="true",
    )
    findings = await examine(operator, network.charger)
    (retries,) = of(findings, "retries")
    assert retries["level"] == "problem"
    assert retries["section"] == "3.7.1"
    assert "thrown away after the first failure" in retries["text"]
    path = f"/api/admin/chargers/{network.charger['id']}/change-configuration"
    assert retries["fixes"][0] == {
        "label": "set TransactionMessageAttempts to 6",
        "method": "POST",
        "path": path,
        "body": {"key": "TransactionMessageAttempts", "value": "6"},
    }
    (sampling,) = of(findings, "configuration")
    assert sampling["text"].startswith("MeterValueSampleInterval is '0'")
    assert sampling["fixes"][0]["body"] == {"key": "MeterValueSampleInterval", "value": "60"}


async def test_what_was_never_asked_is_unknown_and_the_asking_is_offered(
    operator: Caller, network: Network
) -> None:
    (found,) = of(await examine(operator, network.charger), "configuration")
    assert found["level"] == "unknown"
    (fix,) = found["fixes"]
    asked = await operator.post(fix["path"], fix["body"])
    assert asked["status"] == "Accepted"


async def test_a_read_only_setting_is_named_without_a_fix(
    operator: Caller, network: Network, database: Database
) -> None:
    await tell(database, network.charger, MeterValueSampleInterval="0")
    await database.pool.execute("UPDATE configuration_key SET is_readonly = true")
    (found,) = of(await examine(operator, network.charger), "configuration")
    assert (found["level"], found["fixes"]) == ("problem", [])


async def test_a_required_key_that_is_missing_counts_once_all_were_asked_for(
    operator: Caller, network: Network, database: Database
) -> None:
    await tell(database, network.charger, MeterValueSampleInterval="60")
    assert of(await examine(operator, network.charger), "configuration")[0]["level"] == "ok"
    await network.add_operation(
        action="GetConfiguration",
        request='{"command":"GetConfiguration"}',
        status="ANSWERED",
        settled_at=datetime.now(UTC),
    )
    (missing, _) = of(await examine(operator, network.charger), "configuration")
    assert "TransactionMessageAttempts" in missing["text"]


async def test_a_refused_subprotocol_offers_to_take_it_for_ocpp_1_6(
    operator: Caller, network: Network, database: Database
) -> None:
    await database.pool.execute(
        "INSERT INTO handshake_attempt (at, charge_point_id, charger_id, organization_id, "
        "remote_address, outcome, http_status, reason) VALUES (now(), 'CP001', $1, 1, "
        "'192.0.2.7', 'wrong_subprotocol', 101, 'no acceptable subprotocol')",
        network.charger["id"],
    )
    await database.pool.execute(
        "INSERT INTO handshake_attempt (at, charge_point_id, remote_address, outcome, http_status,"
        " reason) VALUES (now(), 'cp001', '192.0.2.7', 'unknown_charger', 404, 'no such charger')"
    )
    refused, misspelled = of(await examine(operator, network.charger), "handshake")
    assert refused["level"] == "problem"
    assert "'cp001', which is spelled otherwise" in misspelled["text"]
    (fix,) = refused["fixes"]
    changed = await operator.put(fix["path"], fix["body"])
    assert changed["assumes_subprotocol"] is True


async def test_a_fault_is_shown_with_what_the_vendor_says(
    operator: Caller, network: Network, database: Database
) -> None:
    await network.report(network.charger, 1, "Faulted")
    await database.pool.execute(
        "UPDATE connector SET error_code = 'OtherError', vendor_error_code = 'E-17', info = 'relay'"
    )
    (found,) = of(await examine(operator, network.charger), "connector")
    assert found["level"] == "problem"
    assert found["text"].endswith("OtherError, E-17, relay")


async def test_command_and_address_say_the_same(
    operator: Caller, network: Network, services: Services
) -> None:
    shown = await examine(operator, network.charger)
    told = await findings_of_charger(
        services.database,
        OrganizationId(1),
        "CP001",
        is_server_running=True,
        now=services.clock.now(),
    )
    assert [(one.level, one.topic, one.text) for one in told.findings] == [
        (one["level"], one["topic"], one["text"]) for one in shown
    ]


async def test_no_charger_no_diagnosis(operator: Caller, network: Network) -> None:
    await operator.get("/api/admin/chargers/999999/doctor", expect=404)
