"""What the database needs from time to time: partitions ahead, old rows gone, deadlines queued."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from csms.adapters.sql.availability import answering
from csms.adapters.sql.effect_statements import RESERVATIONS_EXPIRED
from csms.adapters.sql.engine import Database
from csms.adapters.sql.operations import SqlOperationStore
from csms.domain.transactions.rules import REMOTE_START_WAIT

_FORGET = """
DELETE FROM {table} WHERE {key} IN (
  SELECT {key} FROM {table} WHERE {moment} < now() - $1::interval LIMIT 10000)
"""

# While the charger is offline the cap counts. A session that is still overdue a while later, because
# its job came to nothing, gets another one.
_QUEUE_OVERDUE = """
WITH overdue AS (
  SELECT x.id, x.organization_id, x.reconcile_by
    FROM transaction x
    JOIN organization o ON o.id = x.organization_id
    LEFT JOIN charger_epoch e ON e.charger_id = x.charger_id
   WHERE x.status = 'PENDING_RECONCILIATION' AND x.reconcile_by <= now()
     AND (e.disconnected_at IS NULL
          OR e.disconnected_at + make_interval(secs => o.offline_cap_s) <= now())
   ORDER BY x.reconcile_by LIMIT 500
), made AS (
  INSERT INTO job (organization_id, kind, unique_key, payload)
  SELECT organization_id, $1, $1 || ':' || id || ':' || extract(epoch FROM reconcile_by)::bigint
         || ':' || floor(extract(epoch FROM now()) / $2)::bigint,
         json_build_object('transaction_id', id)::text
    FROM overdue
  ON CONFLICT (unique_key) DO NOTHING
  RETURNING id
)
SELECT count(*), (SELECT pg_notify('csms_jobs', '') FROM (SELECT 1 FROM made LIMIT 1) AS any_made)
  FROM made
"""
OVERDUE_AGAIN_S = 300

# The loss of a link is noted by its gateway; where that could not be stored, it is made good here.
# The share lock keeps a connection that comes just now from loading what is about to change.
_NOTE_LOST_LINKS = """
WITH gone AS (
  SELECT e.charger_id FROM charger_epoch e
   WHERE e.disconnected_at < now() - $2::interval
     AND EXISTS (SELECT 1 FROM transaction x
                  WHERE x.charger_id = e.charger_id AND x.status = 'ACTIVE')
   ORDER BY e.charger_id LIMIT 500 FOR SHARE OF e SKIP LOCKED
)
UPDATE transaction t SET status = 'PENDING_RECONCILIATION', status_reason = $1,
                         status_changed_at = now(),
                         reconcile_by = now() + make_interval(secs => o.offline_cap_s)
  FROM gone JOIN charger c ON c.id = gone.charger_id
  JOIN organization o ON o.id = c.organization_id
 WHERE t.charger_id = gone.charger_id AND t.status = 'ACTIVE'
"""
LINK_LOST = "connection_lost"
LINK_LOST_AFTER = timedelta(minutes=1)

CLOSE_OVERDUE_SESSION = "close_overdue_session"
"""Kind of the job that ends a session whose deadline has passed; payload {transaction_id}."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long what is not business history is kept; None: for good."""

    handshakes: timedelta = timedelta(days=30)
    idempotency_keys: timedelta = timedelta(days=2)
    done_jobs: timedelta = timedelta(days=30)
    journal_markers: timedelta = timedelta(days=1)
    sign_ins: timedelta = timedelta(days=90)
    letters: timedelta = timedelta(days=30)
    webhook_receipts: timedelta = timedelta(days=30)
    messages: timedelta | None = timedelta(days=400)
    meter_values: timedelta | None = None
    status_events: timedelta | None = None


class SqlUpkeep:
    """The chores, each safe to repeat and to run on several nodes at once."""

    def __init__(
        self,
        database: Database,
        *,
        retention: Retention | None = None,
        days_ahead: int = 7,
        remote_start_wait: timedelta = REMOTE_START_WAIT,
    ) -> None:
        self._database = database
        self._operations = SqlOperationStore(database)
        self._retention = retention or Retention()
        self._days_ahead = days_ahead
        self._remote_start_wait = remote_start_wait

    async def make_partitions(self) -> int:
        """Make the partitions of the days to come; return how many were missing."""
        with answering():
            return int(
                await self._database.pool.fetchval(
                    "SELECT csms_make_partitions($1)", self._days_ahead
                )
            )

    async def drop_old_partitions(self) -> int:
        """Drop log partitions that are older than their retention; return how many."""
        dropped = 0
        for table, age in (
            ("message", self._retention.messages),
            ("meter_value", self._retention.meter_values),
            ("connector_status_event", self._retention.status_events),
        ):
            if age is not None:
                with answering():
                    dropped += await self._database.pool.fetchval(
                        "SELECT csms_drop_partitions($1, $2)", table, datetime.now(UTC) - age
                    )
        return dropped

    async def forget(self) -> int:
        """Delete, a portion at a time, what is past its retention; return how many rows."""
        kept = self._retention
        deleted = 0
        for table, key, moment, age in (
            ("handshake_attempt", "id", "at", kept.handshakes),
            ("idempotency_key", "id", "created_at", kept.idempotency_keys),
            ("journal_marker", "id", "at", kept.journal_markers),
            ("user_session", "id", "expires_at", kept.sign_ins),
            ("mail_token", "id", "expires_at", kept.letters),
            ("outgoing_mail", "id", "created_at", kept.letters),
            ("webhook_receipt", "id", "received_at", kept.webhook_receipts),
        ):
            statement = _FORGET.format(table=table, key=key, moment=moment)
            with answering():
                status = await self._database.pool.execute(statement, age)
            deleted += int(status.rpartition(" ")[2])
        with answering():
            status = await self._database.pool.execute(
                "DELETE FROM job WHERE state = 'DONE' AND finished_at < now() - $1::interval",
                kept.done_jobs,
            )
        return deleted + int(status.rpartition(" ")[2])

    async def queue_overdue_sessions(self) -> int:
        """Queue a job for each session whose deadline has passed; return how many are new.

        Sessions that still look active although their link is over wait under the cap from now on.
        """
        with answering():
            await self._database.pool.execute(_NOTE_LOST_LINKS, LINK_LOST, LINK_LOST_AFTER)
            return int(
                await self._database.pool.fetchval(
                    _QUEUE_OVERDUE, CLOSE_OVERDUE_SESSION, OVERDUE_AGAIN_S
                )
            )

    async def expire_reservations(self) -> int:
        """End the reservations whose time is over; return how many."""
        with answering():
            status = await self._database.pool.execute(RESERVATIONS_EXPIRED)
        return int(status.rpartition(" ")[2])

    async def expire_remote_starts(self) -> int:
        """Expire remote starts that no session came from, and give their holds back."""
        return await self._operations.expire_unused(datetime.now(UTC) - self._remote_start_wait)
