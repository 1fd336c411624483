"""What the database knows about itself, for `csms doctor`."""

from collections.abc import Mapping
from typing import Any

import asyncpg

from csms.adapters.sql.availability import answering
from csms.adapters.sql.engine import Database

_DATABASE = """
SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int
       AS version_number, current_user AS acting_as, session_user AS signed_in_as, now() AS now,
       (SELECT rolsuper FROM pg_roles WHERE rolname = session_user) AS is_superuser,
       (SELECT count(*) FROM pg_roles WHERE rolname = 'csms_app') = 1 AS has_app_role,
       pg_database_size(current_database()) AS size_bytes,
       current_setting('max_connections')::int AS connections_max,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections
"""
_WORK = """
SELECT (SELECT count(*) FROM job WHERE state = 'DEAD') AS dead_jobs,
       (SELECT count(*) FROM job WHERE state = 'READY' AND run_at < now() - interval '5 minutes')
         AS late_jobs,
       (SELECT count(*) FROM transaction WHERE status = 'ENDED' AND billing_status = 'FAILED')
         AS failed_bills,
       (SELECT count(*) FROM desk_case WHERE resolved_at IS NULL) AS desk_cases,
       (SELECT count(*) FROM quarantine WHERE resolved_at IS NULL) AS quarantined,
       (SELECT count(*) FROM charger_epoch WHERE disconnected_at IS NULL) AS links
"""


class Diagnosis:
    """Reads for the doctor; nothing is changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_database(self) -> asyncpg.Record:
        """Return version, roles, time, size and connections."""
        with answering():
            return await self._database.pool.fetchrow(_DATABASE)

    async def of_work(self) -> Mapping[str, Any]:
        """Return how much waits: jobs, bills, cases."""
        with answering():
            return dict(await self._database.pool.fetchrow(_WORK))
