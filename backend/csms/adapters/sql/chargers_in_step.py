"""Which chargers lag behind what they should know, and the jobs that bring them in step.

State is compared with state: nothing that changes a tag, a person or a wallet has to think of it,
and a change that nobody noticed is found at the next look.
"""

import hashlib
from datetime import timedelta
from typing import Final

import msgspec

from csms.adapters.sql.availability import answering
from csms.adapters.sql.engine import Database
from csms.adapters.sql.local_lists import SqlLocalListStore
from csms.kernel.ids import ChargerId, OrganizationId

KEEP_AUTHORIZATIONS: Final = "keep_authorizations"
"""Kind of the job that clears a charger's cache and changes its list; payload ChargerJob."""
RESEND_AVAILABILITY: Final = "resend_availability"
"""Kind of the job that asks for an agreed availability again; payload ChargerJob."""
MAX_ATTEMPTS: Final = 12
"""With back-off about an hour; the next change or connection begins anew."""
CATCH_UP_DELAY: Final = timedelta(seconds=10)

_WATCHED = """
SELECT DISTINCT organization_id FROM charger WHERE pushes_authorizations AND archived_at IS NULL
"""
_NOTE_STATE = """
INSERT INTO authorization_state AS s (organization_id, digest, revision, changed_at)
VALUES ($1, $2, 1, now())
ON CONFLICT (organization_id) DO UPDATE
   SET digest = EXCLUDED.digest, revision = s.revision + 1, changed_at = now()
 WHERE s.digest <> EXCLUDED.digest
"""

# A charger that is away gets its job when it is back: one per connection and revision.
_QUEUE_AUTHORIZATIONS = """
WITH made AS (
  INSERT INTO job (organization_id, kind, unique_key, payload, max_attempts)
  SELECT c.organization_id, $1::text, concat_ws(':', $1::text, c.id, s.revision, e.epoch),
         json_build_object('organization_id', c.organization_id, 'charger_id', c.id)::text, $3
    FROM charger c
    JOIN authorization_state s ON s.organization_id = c.organization_id
    JOIN charger_epoch e ON e.charger_id = c.id
    LEFT JOIN authorization_step p ON p.charger_id = c.id
   WHERE c.pushes_authorizations AND c.archived_at IS NULL AND NOT c.is_disabled
     AND c.registration = 'Accepted' AND e.disconnected_at IS NULL
     AND e.connected_at <= now() - $2::interval AND coalesce(p.revision, 0) < s.revision
   ORDER BY c.id LIMIT 1000
  ON CONFLICT (unique_key) DO NOTHING
  RETURNING id
)
SELECT count(*), (SELECT pg_notify('csms_jobs', '') FROM (SELECT 1 FROM made LIMIT 1) AS any_made)
  FROM made
"""
_QUEUE_AVAILABILITY = """
WITH made AS (
  INSERT INTO job (organization_id, kind, unique_key, payload, max_attempts)
  SELECT c.organization_id, $1::text,
         concat_ws(':', $1::text, c.id, e.epoch, extract(epoch FROM c.booted_at)::bigint),
         json_build_object('organization_id', c.organization_id, 'charger_id', c.id)::text, $3
    FROM charger c JOIN charger_epoch e ON e.charger_id = c.id
   WHERE c.resends_availability AND c.archived_at IS NULL AND NOT c.is_disabled
     AND c.registration = 'Accepted' AND e.disconnected_at IS NULL
     AND greatest(e.connected_at, c.booted_at) <= now() - $2::interval
     AND EXISTS (SELECT 1 FROM connector k
                  WHERE k.charger_id = c.id AND k.wanted_at < greatest(e.connected_at, c.booted_at))
   ORDER BY c.id LIMIT 1000
  ON CONFLICT (unique_key) DO NOTHING
  RETURNING id
)
SELECT count(*), (SELECT pg_notify('csms_jobs', '') FROM (SELECT 1 FROM made LIMIT 1) AS any_made)
  FROM made
"""

_DUE = """
SELECT s.revision FROM charger c
  JOIN authorization_state s ON s.organization_id = c.organization_id
  LEFT JOIN authorization_step p ON p.charger_id = c.id
 WHERE c.id = $1 AND c.pushes_authorizations AND coalesce(p.revision, 0) < s.revision
"""
_STEPPED = """
INSERT INTO authorization_step AS p (charger_id, organization_id, revision, stepped_at)
SELECT c.id, c.organization_id, $2, now() FROM charger c WHERE c.id = $1
ON CONFLICT (charger_id) DO UPDATE
   SET revision = EXCLUDED.revision, stepped_at = EXCLUDED.stepped_at
 WHERE p.revision < EXCLUDED.revision
"""


class ChargerJob(msgspec.Struct, frozen=True):
    """Which charger a job is about."""

    organization_id: OrganizationId
    charger_id: ChargerId


class SqlChargersInStep:
    """Implements csms.domain.local_lists.in_step.StepStore, and queues the jobs.

    `delay` is how long a charger that has just come gets to say how it stands.
    """

    def __init__(
        self,
        database: Database,
        local_lists: SqlLocalListStore,
        *,
        delay: timedelta = CATCH_UP_DELAY,
    ) -> None:
        self._database = database
        self._local_lists = local_lists
        self._delay = delay

    async def queue_steps(self) -> int:
        """Queue a job for each charger that is there and lags behind; return how many are new."""
        with answering():
            watched = await self._database.pool.fetch(_WATCHED)
        for row in watched:
            await self._note_state(OrganizationId(row["organization_id"]))
        if not watched:
            return 0
        return await self._queue(_QUEUE_AUTHORIZATIONS, KEEP_AUTHORIZATIONS)

    async def queue_availability(self) -> int:
        """Queue a job for each charger that came back or booted; return how many are new."""
        return await self._queue(_QUEUE_AVAILABILITY, RESEND_AVAILABILITY)

    async def due(self, charger_id: ChargerId) -> int | None:
        """Return the revision that the charger lags behind, None when there is none."""
        with answering():
            found: int | None = await self._database.pool.fetchval(_DUE, charger_id)
        return found

    async def stepped(self, charger_id: ChargerId, revision: int) -> None:
        """Note that the charger has been brought to this revision."""
        with answering():
            await self._database.pool.execute(_STEPPED, charger_id, revision)

    async def _note_state(self, organization_id: OrganizationId) -> None:
        entries = await self._local_lists.registered(organization_id)
        digest = hashlib.sha256(msgspec.json.encode(entries)).hexdigest()
        with answering():
            await self._database.pool.execute(_NOTE_STATE, organization_id, digest)

    async def _queue(self, statement: str, kind: str) -> int:
        with answering():
            return int(
                await self._database.pool.fetchval(statement, kind, self._delay, MAX_ATTEMPTS)
            )
