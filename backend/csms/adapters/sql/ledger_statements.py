"""The SQL of the ledger, for one transfer and for many alike."""

# One posting at a time per person; taken in the order of the keys, so that posters cannot deadlock.
LOCK_PEOPLE = """
SELECT pg_advisory_xact_lock(hashtextextended('wallet', person))
  FROM (SELECT DISTINCT person FROM unnest($1::bigint[]) AS person ORDER BY person) AS people
"""

ENSURE_ACCOUNTS = """
INSERT INTO ledger_account (organization_id, kind, user_id, currency)
SELECT DISTINCT a.organization_id, a.kind, a.user_id, a.currency
  FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[])
       AS a (organization_id, kind, user_id, currency)
 WHERE NOT EXISTS (SELECT 1 FROM ledger_account known
                    WHERE known.organization_id = a.organization_id AND known.kind = a.kind
                      AND coalesce(known.user_id, 0) = coalesce(a.user_id, 0)
                      AND known.currency = a.currency)
 ORDER BY 1, 2, 3, 4
ON CONFLICT (organization_id, kind, coalesce(user_id, 0), currency) DO NOTHING
"""

POST = """
WITH made AS (
  INSERT INTO ledger_transfer (organization_id, kind, idempotency_key, content_hash, transaction_id,
                               note, created_by)
  SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bytea[], $5::integer[],
                       $6::text[], $7::bigint[])
  ON CONFLICT (organization_id, idempotency_key) DO NOTHING
  RETURNING id, organization_id, idempotency_key
), lined AS (
  INSERT INTO ledger_entry (transfer_id, account_id, amount, currency)
  SELECT made.id, account.id, line.amount, line.currency
    FROM unnest($8::bigint[], $9::text[], $10::text[], $11::bigint[], $12::numeric[], $13::text[])
         WITH ORDINALITY
         AS line (organization_id, idempotency_key, kind, user_id, amount, currency, place)
    JOIN made ON made.organization_id = line.organization_id
             AND made.idempotency_key = line.idempotency_key
    JOIN ledger_account account
      ON account.organization_id = line.organization_id AND account.kind = line.kind
     AND coalesce(account.user_id, 0) = coalesce(line.user_id, 0)
     AND account.currency = line.currency
   ORDER BY line.place
)
SELECT id, organization_id, idempotency_key FROM made
"""

FIND_TRANSFERS = """
SELECT t.id, t.organization_id, t.idempotency_key, t.content_hash
  FROM ledger_transfer t
  JOIN unnest($1::bigint[], $2::text[]) AS asked (organization_id, idempotency_key)
    ON t.organization_id = asked.organization_id AND t.idempotency_key = asked.idempotency_key
"""

BALANCE = """
SELECT coalesce(sum(e.amount), 0) AS balance,
       coalesce(sum(e.amount) FILTER (WHERE a.kind = 'hold'), 0) AS held
  FROM ledger_account a JOIN ledger_entry e ON e.account_id = a.id
 WHERE a.organization_id = $1 AND a.user_id = $2 AND a.currency = $3
   AND a.kind IN ('wallet', 'hold')
"""
