"""What waits, runs or is broken in the database right now: figures for monitoring."""

import asyncio
from dataclasses import dataclass, field
from typing import Final

from csms.adapters.sql.engine import Database

READ_TIMEOUT_S: Final = 5

# Each reads a partial index of what is not finished, so that history costs nothing.
_JOBS: Final = """
SELECT kind, state, count(*) AS count,
       coalesce(extract(epoch FROM now() - min(run_at)), 0)::float8 AS oldest_s
  FROM job WHERE state IN ('READY', 'RUNNING') GROUP BY kind, state
UNION ALL
SELECT kind, state, count(*), 0 FROM job WHERE state = 'DEAD' GROUP BY kind, state
"""
_SESSIONS: Final = """
SELECT status, count(*) AS count FROM transaction WHERE status <> 'ENDED' GROUP BY status
"""
_BILLING: Final = """
SELECT billing_status AS status, count(*) AS count,
       coalesce(extract(epoch FROM now() - min(stopped_at)), 0)::float8 AS oldest_s
  FROM transaction
 WHERE status = 'ENDED' AND billing_status IN ('PENDING', 'FAILED') GROUP BY billing_status
"""
_DESK: Final = (
    "SELECT kind, count(*) AS count FROM desk_case WHERE resolved_at IS NULL GROUP BY kind"
)
_CONNECTORS: Final = """
SELECT coalesce(status, 'unknown') AS status, count(*) AS count
  FROM connector WHERE connector_id > 0 GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many of a kind wait, and for how long the oldest has, in seconds."""

    count: int
    oldest_s: float


@dataclass(frozen=True, slots=True)
class Figures:
    """One look at the database, over all organizations."""

    jobs: dict[tuple[str, str], Waiting] = field(default_factory=dict)
    open_sessions: dict[str, int] = field(default_factory=dict)
    unbilled: dict[str, Waiting] = field(default_factory=dict)
    desk: dict[str, int] = field(default_factory=dict)
    connectors: dict[str, int] = field(default_factory=dict)


async def read_figures(database: Database) -> Figures:
    """Read all figures. Raises TimeoutError and the driver's errors."""
    async with asyncio.timeout(READ_TIMEOUT_S):
        jobs = await database.pool.fetch(_JOBS)
        sessions = await database.pool.fetch(_SESSIONS)
        unbilled = await database.pool.fetch(_BILLING)
        desk = await database.pool.fetch(_DESK)
        connectors = await database.pool.fetch(_CONNECTORS)
    return Figures(
        jobs={(r["kind"], r["state"]): Waiting(r["count"], r["oldest_s"]) for r in jobs},
        open_sessions={r["status"]: r["count"] for r in sessions},
        unbilled={r["status"]: Waiting(r["count"], r["oldest_s"]) for r in unbilled},
        desk={r["kind"]: r["count"] for r in desk},
        connectors={r["status"]: r["count"] for r in connectors},
    )
