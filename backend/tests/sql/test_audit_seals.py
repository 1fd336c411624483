"""The audit's chain: what is changed, taken away or cut off after its seal is found."""

import asyncio

import asyncpg
import pytest

from csms.adapters.sql.audit_seals import AuditSeals
from csms.adapters.sql.engine import Database
from csms.adapters.sql.repositories.audit_entries import record_change
from csms.domain.identity.actor import Actor
from csms.kernel.ids import OrganizationId

pytestmark = pytest.mark.integration

OURS = OrganizationId(1)


async def write(database: Database, count: int, organization: int = 1) -> None:
    actor = Actor(None, "ADMIN", OrganizationId(organization))
    async with database.writes(OrganizationId(organization)) as connection:
        for number in range(count):
            await record_change(
                connection, actor, "thing.changed", ("thing", number), after={"n": number}
            )


@pytest.fixture
async def seals(database: Database) -> AuditSeals:
    await write(database, 5)
    seals = AuditSeals(database)
    assert await seals.seal() == 5
    return seals


async def tamper(owner: asyncpg.Connection, statement: str) -> None:
    """As only the owner of the tables can, past the triggers."""
    async with owner.transaction():
        await owner.execute("SET LOCAL session_replication_role = replica")
        await owner.execute(statement)


async def test_an_untouched_chain_is_sound_and_grows(database: Database, seals: AuditSeals) -> None:
    first = await seals.verify(OURS)
    assert (first.sealed, first.unsealed, first.faults) == (5, 0, [])
    assert first.head is not None
    await write(database, 2)
    assert (await seals.verify(OURS)).unsealed == 2
    await seals.seal()
    place, _, seal = first.head.partition(":")
    later = await seals.verify(OURS, head=(int(place), seal))
    assert (later.sealed, later.is_sound) == (7, True)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE audit_entry SET action = 'nothing' WHERE target_id = '2'", "was changed"),
        ("UPDATE audit_entry SET after = '{\"n\": 9}' WHERE target_id = '2'", "was changed"),
        ("UPDATE audit_entry SET actor = actor || 'x' WHERE target_id = '2'", "was changed"),
        ("DELETE FROM audit_entry WHERE target_id = '2'", "was taken away"),
        ("DELETE FROM audit_seal WHERE sequence = 2", "are missing"),
    ],
)
async def test_tampering_is_found(
    owner: asyncpg.Connection, seals: AuditSeals, statement: str, fault: str
) -> None:
    await tamper(owner, statement)
    verdict = await seals.verify(OURS)
    assert not verdict.is_sound
    assert fault in verdict.faults[0]


async def test_a_chain_that_was_cut_off_is_found_by_a_noted_head(
    owner: asyncpg.Connection, seals: AuditSeals
) -> None:
    noted = (await seals.verify(OURS)).head
    assert noted is not None
    await tamper(owner, "DELETE FROM audit_seal WHERE sequence > 3")
    await tamper(owner, "DELETE FROM audit_entry WHERE target_id IN ('3', '4')")
    assert (await seals.verify(OURS)).is_sound
    place, _, seal = noted.partition(":")
    assert not (await seals.verify(OURS, head=(int(place), seal))).is_sound


async def test_workers_that_seal_at_once_make_one_chain_per_organization(
    database: Database, owner: asyncpg.Connection
) -> None:
    await owner.execute("INSERT INTO organization (id, name) VALUES (2, 'Other')")
    seals = AuditSeals(database)

    async def change_and_seal(organization: int) -> None:
        for _ in range(5):
            await write(database, 3, organization)
            await seals.seal()

    await asyncio.gather(*(change_and_seal(o) for o in (1, 2, 1, 2)))
    await seals.seal()
    for organization in (1, 2):
        verdict = await seals.verify(OrganizationId(organization))
        assert (verdict.sealed, verdict.unsealed, verdict.faults) == (30, 0, [])


async def test_the_servers_role_can_neither_change_nor_delete(database: Database) -> None:
    for table in ("audit_entry", "audit_seal"):
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = 1"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await database.pool.execute(statement)
