"""Sealing the audit, and checking the seals.

Entries are written by whoever changes something, without any lock; a worker puts them into the
chain of their organization seconds later. So the chain costs the hot paths nothing, and an entry
that is changed or taken away after its seal is found.
"""

from typing import Final

import asyncpg

from csms.adapters.sql.availability import answering
from csms.adapters.sql.engine import Database
from csms.kernel.audit_chain import FIRST, AuditVerdict, seal_of
from csms.kernel.ids import OrganizationId

BATCH: Final = 500
LATE_COMMITS: Final = 10_000
"""How far below the newest sealed entry one is looked for whose transaction committed later."""
MAX_FAULTS: Final = 100
_LOCK: Final = 0x6373_6D73_0002

_ENTRY = """
SELECT ARRAY[a.id::text, to_char(a.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
  a.actor_user_id::text, a.actor, a.action, a.target_kind, a.target_id, a.before::text, a.after::text,
  a.remote_address] AS fields
"""
_WAITING = f"""{_ENTRY}, a.id, a.organization_id FROM audit_entry a
 WHERE a.id > (SELECT coalesce(max(entry_id), 0) - $1 FROM audit_seal)
   AND NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.entry_id = a.id) ORDER BY a.id LIMIT $2
"""  # noqa: S608  # both parts are literals of this file
_LAST = """
SELECT sequence, hash FROM audit_seal WHERE organization_id = $1 ORDER BY sequence DESC LIMIT 1
"""
_SEAL = """
INSERT INTO audit_seal (organization_id, sequence, entry_id, hash) VALUES ($1, $2, $3, $4)
"""
_CHAIN = f"""{_ENTRY}, s.sequence, s.entry_id, s.hash, a.id FROM audit_seal s
  LEFT JOIN audit_entry a ON a.id = s.entry_id AND a.organization_id = s.organization_id
 WHERE s.organization_id = $1 ORDER BY s.sequence
"""
_UNSEALED = """
SELECT count(*) AS n, count(*) FILTER (WHERE a.at < now() - interval '10 minutes') AS old
  FROM audit_entry a WHERE a.organization_id = $1
   AND NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.entry_id = a.id)
"""


class AuditSeals:
    """Seals and checks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def seal(self) -> int:
        """Put what waits into its chain; return how many. One worker at a time does it."""
        sealed = 0
        with answering():
            async with self._database.pool.acquire() as connection:
                while True:
                    made = await self._seal_batch(connection)
                    sealed += made
                    if made < BATCH:
                        return sealed

    async def _seal_batch(self, connection: asyncpg.Connection) -> int:
        async with connection.transaction():
            if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", _LOCK):
                return 0
            rows = await connection.fetch(_WAITING, LATE_COMMITS, BATCH)
            ends: dict[int, tuple[int, bytes]] = {}
            seals = []
            for row in rows:
                owner = row["organization_id"]
                if owner not in ends:
                    last = await connection.fetchrow(_LAST, owner)
                    ends[owner] = (0, FIRST) if last is None else (last["sequence"], last["hash"])
                sequence, previous = ends[owner]
                made = seal_of(bytes(previous), sequence + 1, row["fields"])
                ends[owner] = (sequence + 1, made)
                seals.append((owner, sequence + 1, row["id"], made))
            await connection.executemany(_SEAL, seals)
        return len(rows)

    async def verify(
        self, organization_id: OrganizationId, *, head: tuple[int, str] | None = None
    ) -> AuditVerdict:
        """Compute the chain again and compare; `head` is a place and a seal noted earlier."""
        previous, expected, faults = FIRST, 1, list[str]()
        has_head = head is None
        with answering():
            async with self._database.reads(organization_id) as connection:
                async for row in connection.cursor(_CHAIN, organization_id, prefetch=1000):
                    sequence = row["sequence"]
                    if sequence != expected:
                        _add(faults, f"seals {expected} to {sequence - 1} are missing")
                    made = seal_of(previous, sequence, row["fields"])
                    if row["id"] is None:
                        _add(faults, f"entry {row['entry_id']} was taken away (seal {sequence})")
                    elif sequence == expected and made != bytes(row["hash"]):
                        _add(faults, f"entry {row['entry_id']} was changed (seal {sequence})")
                    previous, expected = bytes(row["hash"]), sequence + 1
                    has_head = has_head or (sequence, previous.hex()) == head
                waiting = await connection.fetchrow(_UNSEALED, organization_id)
        if not has_head:
            _add(faults, f"the noted seal {head} is not in the chain: it was cut off or made anew")
        if waiting["old"]:
            _add(faults, f"{waiting['old']} entries older than ten minutes have no seal")
        return AuditVerdict(
            sealed=expected - 1,
            unsealed=waiting["n"],
            head=None if expected == 1 else f"{expected - 1}:{previous.hex()}",
            faults=faults,
        )


def _add(faults: list[str], fault: str) -> None:
    if len(faults) < MAX_FAULTS:
        faults.append(fault)
