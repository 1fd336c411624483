"""The first use of a new key or of a higher profile ends the old one (whitepaper A01, A05.FR.09)."""

from datetime import UTC, datetime

import asyncpg
import pytest

from csms.adapters.sql.admissions import SqlAdmissions
from csms.adapters.sql.engine import Database
from csms.domain.transactions.admission import ConnectionStart
from tests.sql.rows import LaidCharger

pytestmark = pytest.mark.integration


def start(charger: LaidCharger, **fields: object) -> ConnectionStart:
    return ConnectionStart(
        charger_id=charger.id,
        node="here",
        remote_address="192.0.2.7",
        protocol="ocpp1.6",
        security_profile=fields.pop("security_profile", 1),  # type: ignore[arg-type]
        connected_at=datetime.now(UTC),
        **fields,  # type: ignore[arg-type]
    )


async def test_the_first_use_of_a_key_ends_the_other(
    database: Database, owner: asyncpg.Connection, charger: LaidCharger
) -> None:
    add = "INSERT INTO charger_credential (charger_id, kind, hash, operation_id) VALUES ($1, 'chosen', $2, $3)"
    await owner.execute(add, charger.id, b"old", None)
    await owner.execute(add, charger.id, b"new", 3)
    new = await owner.fetchval("SELECT id FROM charger_credential WHERE operation_id = 3")
    admissions = SqlAdmissions(database)
    await admissions.admit(start(charger, settles_key=new))
    left = await owner.fetch("SELECT id FROM charger_credential WHERE retired_at IS NULL")
    assert [row["id"] for row in left] == [new]
    await admissions.close()


async def test_the_higher_profile_ends_the_lower_and_that_is_audited(
    database: Database, owner: asyncpg.Connection, charger: LaidCharger
) -> None:
    await owner.execute(
        "UPDATE charger SET security_profile = 1, pending_security_profile = 2 WHERE id = $1",
        charger.id,
    )
    admissions = SqlAdmissions(database)
    await admissions.admit(start(charger, security_profile=2, ends_lower_profile=True))
    row = await owner.fetchrow("SELECT security_profile, pending_security_profile FROM charger")
    assert tuple(row) == (2, None)
    audited = await owner.fetchval(
        "SELECT count(*) FROM audit_entry WHERE action = 'charger.security_profile_raised'"
    )
    assert audited == 1
    await admissions.close()
