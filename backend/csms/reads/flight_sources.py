"""Where a session's flight record comes from: one statement per table, each with its own bound."""

from typing import Final

FRAMES_MAX: Final = 5_000
ROWS_MAX: Final = 5_000
BEFORE_S: Final = 300
"""How long before the session's start the record begins: the request, the card, the plug."""
AFTER_S: Final = 3_600
"""How long after its stop its connector is still looked at; what names the session counts always."""
LATE_DAYS: Final = 14
"""How long after its stop a frame that names the session is still looked for."""

SESSION: Final = """
SELECT t.*, c.charge_point_id, c.name AS charger_name, c.vendor, c.model, c.firmware_version
  FROM transaction t JOIN charger c ON c.id = t.charger_id
 WHERE t.organization_id = $1 AND t.id = $2
"""
# $1 charger, $2 session as text, $3 connector, $4 from, $5 to, $6 late, $7 id tag, $8 operation.
FRAMES: Final = """
SELECT id, direction, action, message_id, request, answer, received_at, answered_at, outcome,
       correlation_id, repairs, is_repeat
  FROM message
 WHERE charger_id = $1 AND received_at >= $4 AND received_at < $6
   AND (
     request ~ ('"transactionId"[[:space:]]*:[[:space:]]*"?' || $2 || '"?[^0-9]')
     OR (action = 'StartTransaction'
         AND answer ~ ('"transactionId"[[:space:]]*:[[:space:]]*' || $2 || '[^0-9]'))
     OR correlation_id = $8
     OR (received_at < $5 AND (
          action = 'BootNotification' OR outcome IN ('garbage', 'unsolicited')
          OR (action = 'Authorize' AND lower(request) LIKE '%"' || $7 || '"%')
          OR (action IN ('StatusNotification', 'MeterValues')
              AND request ~ ('"connectorId"[[:space:]]*:[[:space:]]*(0|' || $3 || ')[^0-9]'))))
   )
 ORDER BY received_at, id LIMIT $9
"""
READINGS: Final = """
SELECT sampled_at, received_at, register_wh, power_w, soc_percent, is_suspect, is_inferred, note,
       samples
  FROM meter_value WHERE transaction_id = $1 ORDER BY received_at, id LIMIT $2
"""
OPERATIONS: Final = """
SELECT id, action, request, response, status, error_code, error_detail, requested_by, requested_at,
       sent_at, settled_at, message_id, warnings
  FROM operation
 WHERE charger_id = $1 AND (transaction_id = $2 OR id = $3
       OR (requested_at >= $4 AND requested_at < $5 AND request LIKE '%' || $2::text || '%'))
 ORDER BY requested_at, id LIMIT $6
"""
CONNECTIONS: Final = """
SELECT epoch, connected_at, disconnected_at, protocol, close_code, close_reason
  FROM connection
 WHERE charger_id = $1 AND connected_at < $3 AND coalesce(disconnected_at, now()) >= $2
 ORDER BY connected_at LIMIT $4
"""
FAULTS: Final = """
SELECT connector_id, error_code, vendor_error_code, info, opened_at, resolved_at, resolution,
       is_history
  FROM fault
 WHERE charger_id = $1 AND connector_id IN (0, $2) AND opened_at < $4
   AND coalesce(resolved_at, now()) >= $3
 ORDER BY opened_at LIMIT $5
"""
CASES: Final = """
SELECT id, kind, summary, evidence, opened_at, resolved_at, resolution, resolved_by
  FROM desk_case WHERE organization_id = $1 AND transaction_id = $2 ORDER BY opened_at LIMIT $3
"""
TRANSFERS: Final = """
SELECT t.id, t.kind, t.note, t.created_by, t.created_at,
       (SELECT json_agg(json_build_object('account', a.kind, 'amount', e.amount::text,
                                          'currency', e.currency) ORDER BY e.id)
          FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id
         WHERE e.transfer_id = t.id)::text AS postings
  FROM ledger_transfer t
 WHERE t.organization_id = $1 AND t.transaction_id = $2 ORDER BY t.id LIMIT $3
"""
AUDIT: Final = """
SELECT at, actor_user_id, action, before::text AS before, after::text AS after
  FROM audit_entry
 WHERE organization_id = $1 AND target_kind = 'transaction' AND target_id = $2
 ORDER BY at, id LIMIT $3
"""
