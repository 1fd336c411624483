"""Signed records of sessions with their results, and meters' public keys."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import asyncpg
import msgspec

from csms.adapters.sql.availability import answering
from csms.adapters.sql.engine import Database
from csms.adapters.sql.journal_facts import queue_jobs
from csms.adapters.sql.journal_statements import DESK_CASE_OPENED
from csms.adapters.sql.repositories.audit_entries import record_change
from csms.adapters.sql.texts import storable
from csms.domain.identity.actor import Actor
from csms.domain.metering.canonical import SIGNED
from csms.domain.metering.signed_sessions import PlainRegisters
from csms.domain.stations.errors import ChargerNotFoundError
from csms.domain.transactions.signed_readings import (
    CHECK_SIGNED,
    RECORDS_MAX,
    CheckedRecord,
    CheckSignedJob,
    KeySource,
    SignedRecord,
    SignedSession,
)
from csms.kernel.errors import NotFoundError
from csms.kernel.facts import DeskCaseOpened
from csms.kernel.ids import ChargerId, ConnectorNumber, OrganizationId, TransactionId
from csms.kernel.jobs import JobRequest

LEARNED_KEY: Final = re.compile(r"meterpublickey(?:\[(\d+)\]|(\d+))?", re.IGNORECASE)
"""MeterPublicKey, MeterPublicKey[n] and MeterPublicKeyn are what chargers call it."""
CHECKED_AGAIN_MAX: Final = 500
"""How many sessions a new key has checked again, the newest first."""

_SESSION = """
SELECT organization_id, charger_id, connector_id, status, meter_start_wh, meter_stop_wh, energy_wh
  FROM transaction WHERE id = $1
"""
_RECORDS = """
SELECT m.sampled_at, sample.value ->> 'value' AS text, sample.value ->> 'context' AS context
  FROM meter_value m CROSS JOIN LATERAL json_array_elements(m.samples::json) AS sample
 WHERE m.organization_id = $1 AND m.transaction_id = $2 AND m.samples LIKE $3
   AND sample.value ->> 'format' = 'SignedData'
 ORDER BY m.sampled_at, m.id LIMIT $4
"""
_KEPT = """
SELECT signed_data AS text, sampled_at, context FROM signed_reading WHERE transaction_id = $1
"""
_KEYS = """
SELECT connector_id, public_key FROM meter_key
 WHERE charger_id = $1 AND connector_id IN (0, $2) ORDER BY connector_id DESC LIMIT 1
"""
_LEARNED = """
SELECT key, value FROM configuration_key
 WHERE charger_id = $1 AND key ILIKE 'meterpublickey%' AND value <> ''
"""
_KEEP = """
INSERT INTO signed_reading (organization_id, transaction_id, digest, signed_data, sampled_at, context,
  result, reason, algorithm, meter_serial, pagination, begin_wh, end_wh, public_key, key_source,
  checked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
ON CONFLICT (transaction_id, digest) DO UPDATE
   SET result = EXCLUDED.result, reason = EXCLUDED.reason, algorithm = EXCLUDED.algorithm,
       public_key = EXCLUDED.public_key, key_source = EXCLUDED.key_source,
       checked_at = EXCLUDED.checked_at
"""
_OWNED = "SELECT 1 FROM charger WHERE organization_id = $1 AND id = $2 FOR UPDATE"
_SET_KEY = """
INSERT INTO meter_key (organization_id, charger_id, connector_id, public_key, fingerprint)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (charger_id, connector_id) DO UPDATE
   SET public_key = EXCLUDED.public_key, fingerprint = EXCLUDED.fingerprint, created_at = now()
"""
_TO_CHECK = """
SELECT DISTINCT s.transaction_id FROM signed_reading s JOIN transaction t ON t.id = s.transaction_id
 WHERE t.charger_id = $1 AND ($2 = 0 OR t.connector_id = $2)
 ORDER BY s.transaction_id DESC LIMIT $3
"""
# A stop that came after the check may have brought the energy to compare with.
_STALE = """
SELECT DISTINCT t.organization_id, t.id, t.stop_received_at
  FROM signed_reading s JOIN transaction t ON t.id = s.transaction_id
 WHERE s.checked_at > now() - interval '7 days' AND t.stop_received_at > s.checked_at LIMIT $1
"""


class MeterKeyNotFoundError(NotFoundError):
    """No key was set for this connector."""


class SqlSignedReadings:
    """Implements csms.domain.transactions.signed_readings.SignedReadingStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def session(self, transaction_id: TransactionId) -> SignedSession | None:
        """Return the session with its records and the key that counts for its connector."""
        with answering():
            async with self._database.pool.acquire() as connection:
                row = await connection.fetchrow(_SESSION, transaction_id)
                if row is None:
                    return None
                told = await connection.fetch(
                    _RECORDS, row["organization_id"], transaction_id, f'%"{SIGNED}"%', RECORDS_MAX
                )
                kept = await connection.fetch(_KEPT, transaction_id)
                key, source = await _key_of(connection, row["charger_id"], row["connector_id"])
        records = {
            record.digest: record
            for record in (
                SignedRecord(r["text"], r["sampled_at"], r["context"]) for r in (*kept, *told)
            )
        }
        return SignedSession(
            transaction_id,
            PlainRegisters(row["meter_start_wh"], row["meter_stop_wh"], row["energy_wh"]),
            row["status"] == "ENDED",
            tuple(sorted(records.values(), key=lambda record: record.sampled_at)),
            key,
            source,
        )

    async def keep(
        self,
        session: SignedSession,
        checked: Sequence[CheckedRecord],
        cases: Sequence[DeskCaseOpened],
        checked_at: datetime,
    ) -> None:
        """Store the results, and what is for a person."""
        with answering():
            async with self._database.pool.acquire() as connection, connection.transaction():
                row = await connection.fetchrow(_SESSION, session.transaction_id)
                owner, charger_id = row["organization_id"], row["charger_id"]
                await connection.executemany(
                    _KEEP, [_row(owner, session, one, checked_at) for one in checked]
                )
                rows = [
                    (owner, one.kind, one.case_key, charger_id, one.transaction_id,
                     storable(one.summary), storable(one.evidence), one.opened_at)
                    for one in cases
                ]  # fmt: skip
                if rows:
                    columns = [list(column) for column in zip(*rows, strict=True)]
                    await connection.execute(DESK_CASE_OPENED, *columns)

    async def set_key(
        self,
        actor: Actor,
        charger_id: ChargerId,
        connector: ConnectorNumber,
        public_key: str,
        key_fingerprint: str,
    ) -> None:
        """Store the key, audited, and queue what it may verify. Raises ChargerNotFoundError."""
        owner = actor.organization_id
        async with self._database.writes(owner) as connection:
            if await connection.fetchval(_OWNED, owner, charger_id) is None:
                raise ChargerNotFoundError(f"no charger {charger_id}", charger_id=charger_id)
            await connection.execute(
                _SET_KEY, owner, charger_id, connector, storable(public_key), key_fingerprint
            )
            after = {"connector_id": connector, "fingerprint": key_fingerprint}
            await record_change(
                connection, actor, "meter_key.set", ("charger", charger_id), after=after
            )
            rows = await connection.fetch(_TO_CHECK, charger_id, connector, CHECKED_AGAIN_MAX)
            why = f"key:{key_fingerprint}"
            jobs = [_job(owner, TransactionId(row["transaction_id"]), why) for row in rows]
            await queue_jobs(connection, jobs)

    async def remove_key(
        self, actor: Actor, charger_id: ChargerId, connector: ConnectorNumber
    ) -> None:
        """Forget the key, audited; what was checked stays checked. Raises MeterKeyNotFoundError."""
        async with self._database.writes(actor.organization_id) as connection:
            gone = await connection.fetchval(
                "DELETE FROM meter_key WHERE organization_id = $1 AND charger_id = $2"
                " AND connector_id = $3 RETURNING fingerprint",
                actor.organization_id,
                charger_id,
                connector,
            )
            if gone is None:
                raise MeterKeyNotFoundError(f"no key is set for connector {connector}")
            before = {"connector_id": connector, "fingerprint": gone}
            await record_change(
                connection, actor, "meter_key.removed", ("charger", charger_id), before=before
            )

    async def queue(self, organization_id: OrganizationId, transaction_id: TransactionId) -> None:
        """Queue a check of the session now."""
        with answering():
            async with self._database.pool.acquire() as connection:
                moment = await connection.fetchval("SELECT now()")
                await queue_jobs(
                    connection, [_job(organization_id, transaction_id, f"asked:{moment}")]
                )

    async def queue_stopped(self) -> int:
        """Queue sessions that were stopped after their check; return how many are new."""
        with answering():
            async with self._database.pool.acquire() as connection:
                rows = await connection.fetch(_STALE, CHECKED_AGAIN_MAX)
                return await queue_jobs(
                    connection,
                    [
                        _job(
                            OrganizationId(row["organization_id"]),
                            TransactionId(row["id"]),
                            f"stop:{row['stop_received_at']}",
                        )
                        for row in rows
                    ],
                )


def learned_connector(key: str) -> int | None:
    """Return the connector that a configuration key holds a public key for; 0 is all."""
    found = LEARNED_KEY.fullmatch(key)
    return None if found is None else int(found[1] or found[2] or 0)


async def _key_of(
    connection: asyncpg.Connection, charger_id: int, connector_id: int
) -> tuple[str | None, KeySource | None]:
    """The key that a person set counts before one that the charger told."""
    row = await connection.fetchrow(_KEYS, charger_id, connector_id)
    if row is not None:
        return row["public_key"], "set"
    learned = {
        learned_connector(one["key"]): one["value"]
        for one in await connection.fetch(_LEARNED, charger_id)
    }
    key = learned.get(connector_id, learned.get(0))
    return (None, None) if key is None else (key, "learned")


def _row(
    owner: int, session: SignedSession, one: CheckedRecord, checked_at: datetime
) -> tuple[Any, ...]:
    found, data = one.verification, one.verification.data
    begin = data.register("begin") if data is not None else None
    end = data.register("end") if data is not None else None
    return (
        owner, session.transaction_id, one.record.digest, storable(one.record.text),
        one.record.sampled_at, storable(one.record.context), found.result, storable(found.reason),
        storable(data.algorithm) if data is not None else None,
        storable(data.meter_serial) if data is not None else None,
        storable(data.pagination) if data is not None else None,
        begin.register_wh if begin is not None else None,
        end.register_wh if end is not None else None,
        storable(session.public_key), session.key_source, checked_at,
    )  # fmt: skip


def _job(owner: OrganizationId, transaction_id: TransactionId, why: str) -> JobRequest:
    return JobRequest(
        kind=CHECK_SIGNED,
        unique_key=f"{CHECK_SIGNED}:{transaction_id}:{why}",
        payload=msgspec.json.encode(CheckSignedJob(transaction_id)).decode(),
        organization_id=owner,
    )
