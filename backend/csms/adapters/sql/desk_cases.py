"""Cases, quarantined frames and dead jobs at the desk: closed or revived, audited."""

from typing import Final

from csms.adapters.sql.availability import answering
from csms.adapters.sql.engine import Database
from csms.adapters.sql.repositories.audit_entries import record_change
from csms.adapters.sql.texts import storable
from csms.domain.billing.cases import (
    Closable,
    Closing,
    DeskItemClosedError,
    DeskItemNotFoundError,
    JobNotDeadError,
)
from csms.domain.identity.actor import Actor
from csms.kernel.ids import JobId

_LOCK: Final[dict[Closable, str]] = {
    "case": """
SELECT kind, resolved_at FROM desk_case WHERE organization_id = $1 AND id = $2 FOR UPDATE
""",
    "quarantine": """
SELECT action AS kind, resolved_at FROM quarantine WHERE organization_id = $1 AND id = $2 FOR UPDATE
""",
}
_CLOSE_CASE = """
UPDATE desk_case SET resolved_at = $2, resolved_by = $3, resolution = $4 WHERE id = $1
"""
# Who closed a quarantined frame and why stands in the audit.
_CLOSE_QUARANTINE = "UPDATE quarantine SET resolved_at = $2 WHERE id = $1"
_AUDITED: Final[dict[Closable, tuple[str, str]]] = {
    "case": ("desk_case.resolved", "desk_case"),
    "quarantine": ("quarantine.resolved", "quarantine"),
}
_LOCK_JOB = """
SELECT kind, unique_key, state, attempts, last_error FROM job
 WHERE organization_id = $1 AND id = $2 FOR UPDATE
"""
_REVIVE = """
WITH revived AS (
  UPDATE job SET state = 'READY', attempts = 0, run_at = now(), finished_at = NULL
   WHERE id = $1 RETURNING id
)
SELECT pg_notify('csms_jobs', '') FROM revived
"""


class SqlDeskCases:
    """Implements csms.domain.billing.cases.DeskStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def close(self, actor: Actor, source: Closable, item_id: int, closing: Closing) -> None:
        """Close it once. Raises DeskItemNotFoundError, DeskItemClosedError."""
        resolution = storable(closing.resolution)
        with answering():
            async with self._database.writes(actor.organization_id) as connection:
                row = await connection.fetchrow(_LOCK[source], actor.organization_id, item_id)
                if row is None:
                    raise DeskItemNotFoundError(f"no {source} {item_id} at the desk", id=item_id)
                if row["resolved_at"] is not None:
                    raise DeskItemClosedError("somebody has closed it already", id=item_id)
                if source == "case":
                    await connection.execute(
                        _CLOSE_CASE, item_id, closing.resolved_at, actor.user_id, resolution
                    )
                else:
                    await connection.execute(_CLOSE_QUARANTINE, item_id, closing.resolved_at)
                action, target = _AUDITED[source]
                await record_change(
                    connection,
                    actor,
                    action,
                    (target, item_id),
                    before={"resolved_at": None},
                    after={
                        "resolved_at": closing.resolved_at,
                        "resolution": resolution,
                        "kind": row["kind"],
                    },
                )

    async def revive_job(self, actor: Actor, job_id: JobId) -> None:
        """Give a dead job its attempts again. Raises DeskItemNotFoundError, JobNotDeadError."""
        with answering():
            async with self._database.writes(actor.organization_id) as connection:
                row = await connection.fetchrow(_LOCK_JOB, actor.organization_id, job_id)
                if row is None:
                    raise DeskItemNotFoundError(f"no job {job_id}", id=job_id)
                if row["state"] != "DEAD":
                    raise JobNotDeadError(
                        f"the job is {row['state']}, not dead", id=job_id, state=row["state"]
                    )
                await connection.fetchval(_REVIVE, job_id)
                await record_change(
                    connection,
                    actor,
                    "job.retried",
                    ("job", job_id),
                    before={"state": "DEAD", "attempts": row["attempts"]},
                    after={"state": "READY", "attempts": 0, "unique_key": row["unique_key"]},
                )
