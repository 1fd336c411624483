"""Ends sessions without their charger: by deadline, or on an operator's word."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import asyncpg

from csms.adapters.sql.availability import answering
from csms.adapters.sql.engine import Database
from csms.adapters.sql.journal_batch import Waiting
from csms.adapters.sql.journal_facts import store_facts
from csms.adapters.sql.repositories.audit_entries import record_change
from csms.adapters.sql.transaction_reads import SESSION, stored_transaction
from csms.domain.identity.actor import Actor
from csms.domain.transactions.ports import Closable
from csms.kernel.errors import NotFoundError
from csms.kernel.facts import Fact, TransactionStopped
from csms.kernel.ids import ChargePointId, ChargerId, Epoch, OrganizationId, TransactionId
from csms.kernel.jobs import JobOfFact
from csms.kernel.journal import JournalEntry

Closed = Callable[[ChargerId, TransactionId], None]
"""Told after the commit, so that the node that holds the charger forgets the session."""

_LOCK = """
SELECT t.organization_id, t.charger_id, c.charge_point_id, t.status, o.offline_cap_s,
       CASE WHEN e.disconnected_at IS NOT NULL OR e.charger_id IS NULL
            THEN coalesce(e.disconnected_at, t.received_at) END AS offline_since
  FROM transaction t
  JOIN charger c ON c.id = t.charger_id
  JOIN organization o ON o.id = t.organization_id
  LEFT JOIN charger_epoch e ON e.charger_id = t.charger_id
 WHERE t.id = $1 AND ($2::bigint IS NULL OR t.organization_id = $2)
   FOR UPDATE OF t
"""
_NO_EPOCH = Epoch(0)


class SqlSessionCloser:
    """Implements csms.domain.transactions.ports.SessionCloser.

    `jobs_for` is the journal's own table: an end queues the same jobs, whoever tells it.
    """

    def __init__(
        self, database: Database, jobs_for: Mapping[type[Fact], JobOfFact], closed: Closed
    ) -> None:
        self._database = database
        self._jobs_for = jobs_for
        self._closed = closed

    async def close(
        self,
        transaction_id: TransactionId,
        decide: Callable[[Closable], tuple[Fact, ...]],
        *,
        actor: Actor | None = None,
    ) -> tuple[Fact, ...]:
        """Lock, decide, store; all or nothing. Raises NotFoundError and what `decide` does."""
        organization_id = None if actor is None else actor.organization_id
        with answering():
            async with self._database.pool.acquire() as connection, connection.transaction():
                row = await connection.fetchrow(_LOCK, transaction_id, organization_id)
                if row is None:
                    raise NotFoundError(
                        "no such session", code="transaction_not_found", id=transaction_id
                    )
                session = await connection.fetchrow(f"{SESSION} WHERE x.id = $1", transaction_id)
                facts = decide(
                    Closable(
                        organization_id=OrganizationId(row["organization_id"]),
                        transaction=stored_transaction(session),
                        offline_since=row["offline_since"],
                        offline_cap=timedelta(seconds=row["offline_cap_s"]),
                    )
                )
                await self._store(connection, row, facts)
                if actor is not None and facts:
                    await _audit(connection, actor, transaction_id, facts)
        if facts:
            self._closed(ChargerId(row["charger_id"]), transaction_id)
        return facts

    async def _store(
        self, connection: asyncpg.Connection, row: asyncpg.Record, facts: tuple[Fact, ...]
    ) -> None:
        entry = JournalEntry(
            organization_id=OrganizationId(row["organization_id"]),
            charger_id=ChargerId(row["charger_id"]),
            charge_point_id=ChargePointId(row["charge_point_id"]),
            epoch=_NO_EPOCH,
            message=None,
            facts=facts,
        )
        jobs = tuple(
            job
            for fact in facts
            if (job_of := self._jobs_for.get(type(fact))) is not None
            and (job := job_of(entry, fact)) is not None
        )
        await store_facts(connection, [Waiting(entry, jobs, _nobody_waits, deadline=0.0)])


def _nobody_waits(_: Exception | None) -> None:
    """The transaction around it tells how it ended."""


async def _audit(
    connection: asyncpg.Connection,
    actor: Actor,
    transaction_id: TransactionId,
    facts: tuple[Fact, ...],
) -> None:
    end = next(fact for fact in facts if isinstance(fact, TransactionStopped))
    await record_change(
        connection,
        actor,
        "transaction.closed",
        ("transaction", transaction_id),
        after={
            "at": datetime.now(UTC).isoformat(),
            "meter_stop_wh": None if end.meter_stop_wh is None else str(end.meter_stop_wh),
            "energy_wh": None if end.energy_wh is None else str(end.energy_wh),
            "reason": end.note,
        },
    )
