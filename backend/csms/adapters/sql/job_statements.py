"""The SQL of the durable queue."""

# Wakes the workers once per commit, and only when something new is queued.
ENQUEUE = """
WITH made AS (
  INSERT INTO job (organization_id, kind, unique_key, payload, run_at, max_attempts)
  SELECT j.organization_id, j.kind, j.unique_key, j.payload, coalesce(j.run_at, now()),
         j.max_attempts
    FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::timestamptz[],
                $6::integer[])
         AS j (organization_id, kind, unique_key, payload, run_at, max_attempts)
  ON CONFLICT (unique_key) DO NOTHING
  RETURNING id
)
SELECT count(*), (SELECT pg_notify('csms_jobs', '') FROM (SELECT 1 FROM made LIMIT 1) AS any_made)
  FROM made
"""

CLAIM = """
UPDATE job SET state = 'RUNNING', attempts = attempts + 1, lease_owner = $1,
               leased_until = now() + $2::interval
 WHERE id IN (
   SELECT id FROM job
    WHERE (state = 'READY' AND run_at <= now() AND kind = ANY ($3::text[]))
    ORDER BY run_at, id
    LIMIT $4 FOR UPDATE SKIP LOCKED)
RETURNING id, kind, unique_key, payload, organization_id, attempts, max_attempts, leased_until
"""

RENEW = """
UPDATE job SET leased_until = now() + $3::interval
 WHERE id = $1 AND state = 'RUNNING' AND lease_owner = $2 AND attempts = $4
"""

COMPLETE = """
UPDATE job SET state = 'DONE', finished_at = now(), leased_until = NULL, lease_owner = NULL,
               last_error = NULL
 WHERE id = $1 AND state = 'RUNNING' AND lease_owner = $2 AND attempts = $3
"""

RETRY = """
UPDATE job SET state = 'READY', run_at = now() + $4::interval, leased_until = NULL,
               lease_owner = NULL, last_error = $5
 WHERE id = $1 AND state = 'RUNNING' AND lease_owner = $2 AND attempts = $3
"""

POSTPONE = """
UPDATE job SET state = 'READY', run_at = $4, attempts = attempts - 1, leased_until = NULL,
               lease_owner = NULL, last_error = $5
 WHERE id = $1 AND state = 'RUNNING' AND lease_owner = $2 AND attempts = $3
"""

BURY = """
UPDATE job SET state = 'DEAD', finished_at = now(), leased_until = NULL, lease_owner = NULL,
               last_error = $4
 WHERE id = $1 AND state = 'RUNNING' AND lease_owner = $2 AND attempts = $3
"""

# A lease that ran out: the worker died. The attempt counts; the last one makes the job dead.
FREE_EXPIRED = """
UPDATE job SET state = CASE WHEN attempts >= max_attempts THEN 'DEAD' ELSE 'READY' END,
               finished_at = CASE WHEN attempts >= max_attempts THEN now() END,
               run_at = now(), leased_until = NULL, lease_owner = NULL,
               last_error = 'the worker that held this job did not finish it'
 WHERE id IN (SELECT id FROM job WHERE state = 'RUNNING' AND leased_until < now()
               ORDER BY id FOR UPDATE SKIP LOCKED)
RETURNING id
"""

REVIVE = """
UPDATE job SET state = 'READY', attempts = 0, run_at = now(), finished_at = NULL
 WHERE id = $1 AND state = 'DEAD'
"""

FORGET_DONE = "DELETE FROM job WHERE state = 'DONE' AND finished_at < now() - $1::interval"

NEXT_RUN = "SELECT min(run_at) - now() FROM job WHERE state = 'READY' AND kind = ANY ($1::text[])"
