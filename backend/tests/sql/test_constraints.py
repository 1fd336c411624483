"""Each wrong state is refused by the database itself, under the name of its constraint."""

from typing import Any

import asyncpg
import pytest

from tests.sql.rows import LaidCharger

pytestmark = pytest.mark.integration

_START = {
    "id": 1, "organization_id": 1, "charger_id": None, "connector_id": 1, "id_tag": "T",
    "id_tag_folded": "t", "started_at": "2026-01-01", "charger_started_at": "x",
    "received_at": "2026-01-01", "meter_start_wh": 0, "status": "ACTIVE",
    "authorization_status": "Accepted", "is_billable": False, "billing_status": "NOT_BILLABLE",
}  # fmt: skip
_END = {
    "status": "ENDED", "stopped_at": "2026-01-02", "stop_received_at": "2026-01-02",
    "stop_reason": "Local", "stop_source": "charger", "has_charger_stop": True,
    "meter_stop_wh": 100, "energy_wh": 100,
}  # fmt: skip


def insert(table: str, values: dict[str, Any]) -> str:
    """An INSERT with literals."""
    shown = ", ".join("NULL" if v is None else f"'{v}'" for v in values.values())
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({shown})"


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"id": 0}, "transaction_id"),
        ({"id": -5}, "transaction_id"),
        ({"connector_id": 0}, "transaction_outlet"),
        ({"status": "PAUSED"}, "transaction_status"),
        ({"status": "ENDED"}, "transaction_ended"),
        ({"stopped_at": "2026-01-02"}, "transaction_ended"),
        ({"billing_status": "PENDING"}, "transaction_not_billable"),
        ({"billing_status": "LOST"}, "transaction_billing"),
        ({"is_billable": True, "billing_status": "PENDING"}, "transaction_billable"),
        ({"authorization_status": "Maybe"}, "transaction_authorization"),
        ({"hold_amount": 5}, "transaction_hold"),
        ({**_END, "has_charger_stop": False}, "transaction_charger_stop"),
        ({**_END, "stop_source": None, "has_charger_stop": False}, "transaction_stop_whole"),
        ({**_END, "energy_wh": -1}, "transaction_energy"),
        ({"billing_status": "FAILED"}, "transaction_failed"),
    ],
)
async def test_a_session_that_cannot_be_is_refused(
    owner: asyncpg.Connection, charger: LaidCharger, change: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await owner.execute(insert("transaction", {**_START, "charger_id": charger.id, **change}))
    assert refusal.value.constraint_name == constraint
    await owner.execute(insert("transaction", {**_START, "charger_id": charger.id}))
    await owner.execute(
        insert("transaction", {**_START, "charger_id": charger.id, "id": 2, **_END})
    )


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("meter_stop_wh = 5", "transaction_stop_stands"),
        ("stopped_at = now()", "transaction_stop_stands"),
        ("has_charger_stop = false, stop_source = 'operator'", "transaction_stop_stands"),
        ("meter_start_wh = 5", "transaction_start_stands"),
        ("is_billable = true", "transaction_start_stands"),
        ("tariff_terms = 'cheaper'", "transaction_start_stands"),
        (
            "status = 'ACTIVE', stopped_at = NULL, has_charger_stop = false",
            "transaction_stop_stands",
        ),
    ],
)
async def test_what_a_session_said_stands(
    owner: asyncpg.Connection, charger: LaidCharger, change: str, constraint: str
) -> None:
    await owner.execute(insert("transaction", {**_START, "charger_id": charger.id, **_END}))
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await owner.execute(f"UPDATE transaction SET {change}")
    assert refusal.value.constraint_name == constraint


async def test_one_active_session_per_connector_and_one_of_each_start(
    owner: asyncpg.Connection, charger: LaidCharger
) -> None:
    row = {**_START, "charger_id": charger.id, "start_key": "k"}
    await owner.execute(insert("transaction", row))
    for change, index in (
        ({"id": 2, "start_key": "other"}, "transaction_one_active"),
        ({"id": 2, "status": "PENDING_RECONCILIATION"}, "transaction_same_start"),
    ):
        with pytest.raises(asyncpg.UniqueViolationError) as refusal:
            await owner.execute(insert("transaction", {**row, **change}))
        assert refusal.value.constraint_name == index


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("INSERT INTO organization (name, currency) VALUES ('x', 'eur')", "organization_currency"),
        (
            (
                "INSERT INTO app_user (organization_id, email, full_name, role) "
                "VALUES (1, 'a@b', 'A', 'ROOT')"
            ),
            "app_user_role",
        ),
        (
            "INSERT INTO station (organization_id, name, latitude, longitude) VALUES (1, 'x', 91, 0)",
            "station_place",
        ),
        (
            (
                "INSERT INTO tariff (organization_id, name, currency, price_per_kwh) "
                "VALUES (1, 'x', 'EUR', -1)"
            ),
            "tariff_prices",
        ),
        (
            "INSERT INTO job (kind, unique_key, payload, state) VALUES ('k', 'u', '', 'RUNNING')",
            "job_lease",
        ),
        (
            "INSERT INTO ledger_account (organization_id, kind, currency) VALUES (1, 'wallet', 'EUR')",
            "ledger_account_person",
        ),
        (
            "INSERT INTO id_tag (organization_id, id_tag, folded) VALUES (1, '', '')",
            "id_tag_said",
        ),
        ("UPDATE charger SET security_profile = 4", "charger_profile"),
        ("UPDATE charger SET charge_point_id = ''", "charger_named"),
        ("UPDATE charger SET registration = 'Maybe'", "charger_registration"),
        ("UPDATE charger_epoch SET epoch = 0", "charger_epoch_positive"),
    ],
)
async def test_a_row_that_cannot_be_is_refused(
    owner: asyncpg.Connection, charger: LaidCharger, statement: str, constraint: str
) -> None:
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await owner.execute(statement)
    assert refusal.value.constraint_name == constraint
    assert charger


async def test_people_tags_tariffs_and_chargers_are_unique_where_they_must(
    owner: asyncpg.Connection, user_id: int, charger: LaidCharger, station_id: int
) -> None:
    assert user_id
    for statement in (
        (
            "INSERT INTO app_user (organization_id, email, full_name, role) "
            "VALUES (1, 'DRIVER@example.org', 'A', 'USER')"
        ),
        "INSERT INTO id_tag (organization_id, id_tag, folded) VALUES (1, 'a', 'a'), (1, 'A', 'a')",
        (
            "INSERT INTO tariff (organization_id, name, currency, price_per_kwh, is_default) "
            "VALUES (1, 'x', 'EUR', 1, true), (1, 'y', 'EUR', 1, true)"
        ),
        (
            "INSERT INTO charger (organization_id, station_id, charge_point_id, name) "
            f"VALUES (1, {station_id}, '{charger.charge_point_id}', 'twin')"
        ),
    ):
        with pytest.raises(asyncpg.UniqueViolationError):
            await owner.execute(statement)


async def test_a_charger_has_three_active_keys_at_most(
    owner: asyncpg.Connection, charger: LaidCharger
) -> None:
    add = "INSERT INTO charger_credential (charger_id, kind, hash) VALUES ($1, 'generated', 'h')"
    for _ in range(3):
        await owner.execute(add, charger.id)
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute(add, charger.id)
    await owner.execute("UPDATE charger_credential SET retired_at = now() WHERE id = 1")
    await owner.execute(add, charger.id)


async def test_what_has_history_is_not_deleted(
    owner: asyncpg.Connection, charger: LaidCharger
) -> None:
    await owner.execute(insert("transaction", {**_START, "charger_id": charger.id}))
    with pytest.raises((asyncpg.ForeignKeyViolationError, asyncpg.RestrictViolationError)):
        await owner.execute("DELETE FROM charger")
    with pytest.raises((asyncpg.ForeignKeyViolationError, asyncpg.RestrictViolationError)):
        await owner.execute("DELETE FROM station")
    with pytest.raises(asyncpg.RestrictViolationError):
        await owner.execute("DELETE FROM transaction")


async def test_a_transfer_that_does_not_balance_does_not_commit(owner: asyncpg.Connection) -> None:
    await owner.execute(
        "INSERT INTO ledger_account (organization_id, kind, currency) "
        "VALUES (1, 'cash', 'EUR'), (1, 'revenue', 'EUR'), (1, 'revenue', 'USD')"
    )
    transfer = (
        "INSERT INTO ledger_transfer (organization_id, kind, idempotency_key, content_hash, note) "
        "VALUES (1, 'correction', 'k', '', '')"
    )
    line = "INSERT INTO ledger_entry (transfer_id, account_id, amount, currency) SELECT id, "
    for lines in (
        [],
        ["1, 5, 'EUR'"],
        ["1, 5, 'EUR'", "2, -4, 'EUR'"],
        ["1, 5, 'EUR'", "3, -5, 'USD'"],
        ["1, 5, 'EUR'", "3, -5, 'EUR'"],
    ):
        await owner.execute("BEGIN")
        await owner.execute(transfer)
        for one in lines:
            await owner.execute(f"{line} {one} FROM ledger_transfer WHERE idempotency_key = 'k'")
        with pytest.raises(asyncpg.CheckViolationError) as refusal:
            await owner.execute("COMMIT")
        assert refusal.value.constraint_name == "ledger_transfer_balances"
    async with owner.transaction():
        await owner.execute(transfer)
        for one in ("1, 5, 'EUR'", "2, -5, 'EUR'"):
            await owner.execute(f"{line} {one} FROM ledger_transfer WHERE idempotency_key = 'k'")


@pytest.mark.parametrize(
    "table", ["ledger_entry", "ledger_transfer", "ledger_account", "audit_entry"]
)
async def test_history_is_append_only_even_for_its_owner(
    owner: asyncpg.Connection, table: str
) -> None:
    for statement in (
        f"DELETE FROM {table}",
        f"UPDATE {table} SET id = id",
        f"TRUNCATE {table} CASCADE",
    ):
        with pytest.raises(asyncpg.RestrictViolationError):
            await owner.execute(statement)
