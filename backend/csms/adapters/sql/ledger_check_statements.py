"""The SQL of the ledger check. Outer joins throughout: what ought to be there may be missing."""

TRANSFERS = """
SELECT t.id, t.organization_id, t.kind, t.idempotency_key, t.content_hash, t.transaction_id,
       x.id IS NOT NULL AS has_session,
       array_agg(a.kind) AS accounts, array_agg(a.user_id) AS people,
       array_agg(e.amount) AS amounts, array_agg(e.currency) AS currencies,
       bool_or(a.organization_id <> t.organization_id OR a.currency <> e.currency) AS is_foreign
  FROM ledger_transfer t
  LEFT JOIN ledger_entry e ON e.transfer_id = t.id
  LEFT JOIN ledger_account a ON a.id = e.account_id
  LEFT JOIN transaction x ON x.id = t.transaction_id
 GROUP BY t.id, x.id
"""

ORPHANS = """
SELECT e.id, e.amount, e.currency, t.id IS NULL AS has_no_transfer
  FROM ledger_entry e
  LEFT JOIN ledger_transfer t ON t.id = e.transfer_id
  LEFT JOIN ledger_account a ON a.id = e.account_id
 WHERE t.id IS NULL OR a.id IS NULL
 ORDER BY e.id
"""

BALANCES = """
SELECT coalesce(a.organization_id, t.organization_id) AS organization_id, e.currency,
       coalesce(a.kind, 'missing') AS account, sum(e.amount) AS amount, count(*) AS postings
  FROM ledger_entry e
  LEFT JOIN ledger_account a ON a.id = e.account_id
  LEFT JOIN ledger_transfer t ON t.id = e.transfer_id
 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""

# As the product itself derives what a person sees (csms.adapters.sql.ledger_statements.BALANCE).
WALLETS = """
SELECT a.organization_id, a.user_id, a.currency, sum(e.amount) AS balance
  FROM ledger_account a JOIN ledger_entry e ON e.account_id = a.id
 WHERE a.kind IN ('wallet', 'hold')
 GROUP BY 1, 2, 3
"""

# Money of a session: its own transfers, and the hold of the remote start that it came from. A
# session whose bill is still queued, or waits for a person, may keep its hold.
SESSIONS = """
WITH moved AS (
  SELECT t.transaction_id,
         coalesce(-sum(e.amount) FILTER (WHERE a.kind = 'wallet'
                                           AND t.kind IN ('charge', 'correction')), 0) AS charged,
         coalesce(sum(e.amount) FILTER (WHERE a.kind = 'hold'), 0) AS held,
         bool_or(a.user_id IS DISTINCT FROM x.user_id) AS is_of_other,
         bool_or(e.currency <> x.currency) AS is_in_other
    FROM ledger_transfer t
    JOIN transaction x ON x.id = t.transaction_id
    JOIN ledger_entry e ON e.transfer_id = t.id
    JOIN ledger_account a ON a.id = e.account_id AND a.kind IN ('wallet', 'hold')
   GROUP BY t.transaction_id
), asked AS (
  SELECT substring(t.idempotency_key FROM '[0-9]+$')::bigint AS operation_id, sum(e.amount) AS held
    FROM ledger_transfer t
    JOIN ledger_entry e ON e.transfer_id = t.id
    JOIN ledger_account a ON a.id = e.account_id AND a.kind = 'hold'
   WHERE t.idempotency_key ~ '^(hold|release):operation:[0-9]{1,18}$'
   GROUP BY 1
)
SELECT x.id, x.status, x.billing_status, x.cost_amount, x.currency,
       coalesce(m.charged, 0) AS charged,
       coalesce(m.held, 0) + coalesce(o.held, 0) AS held,
       coalesce(m.is_of_other, false) AS is_of_other,
       coalesce(m.is_in_other, false) AS is_in_other,
       EXISTS (SELECT 1 FROM job j WHERE j.state IN ('READY', 'RUNNING')
                AND j.unique_key LIKE 'bill:' || x.id || ':%') AS is_bill_queued
  FROM transaction x
  LEFT JOIN moved m ON m.transaction_id = x.id
  LEFT JOIN asked o ON o.operation_id = x.remote_start_operation_id
 WHERE (x.billing_status = 'BILLED' AND coalesce(m.charged, 0) IS DISTINCT FROM x.cost_amount)
    OR (x.billing_status = 'NOT_BILLABLE' AND coalesce(m.charged, 0) <> 0)
    OR (x.status = 'ENDED' AND x.billing_status IN ('BILLED', 'NOT_BILLABLE')
        AND coalesce(m.held, 0) + coalesce(o.held, 0) <> 0)
    OR m.is_of_other OR m.is_in_other
 ORDER BY x.id
"""

LOST_HOLDS = """
SELECT o.id, o.charge_point_id, o.status, sum(e.amount) AS held, min(e.currency) AS currency
  FROM operation o
  JOIN ledger_transfer t ON t.organization_id = o.organization_id
   AND t.idempotency_key IN ('hold:operation:' || o.id, 'release:operation:' || o.id)
  JOIN ledger_entry e ON e.transfer_id = t.id
  JOIN ledger_account a ON a.id = e.account_id AND a.kind = 'hold'
 WHERE o.hold_for IS NOT NULL AND o.transaction_id IS NULL AND o.settled_at < now() - $1::interval
 GROUP BY o.id HAVING sum(e.amount) <> 0
 ORDER BY o.id
"""

UNSETTLED = """
SELECT x.id, c.charge_point_id, x.billing_status, x.stopped_at, x.billing_error,
       extract(epoch FROM now() - x.stop_received_at)::float8 AS age_s
  FROM transaction x JOIN charger c ON c.id = x.charger_id
 WHERE x.status = 'ENDED' AND x.billing_status IN ('PENDING', 'FAILED')
 ORDER BY x.stop_received_at, x.id
"""

COUNT_SESSIONS = "SELECT count(*) FROM transaction"
