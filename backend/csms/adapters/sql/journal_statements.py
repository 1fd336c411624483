"""The SQL of the journal: one statement for what every message causes, one per rarer fact."""

# The chargers ($1) are locked in the order of ids, like the admission's update, so that the two
# cannot deadlock. Rows come as JSON lists: messages $3, readings $4, status reports $5.
HOT = """
WITH locked AS MATERIALIZED (
  SELECT charger_id, epoch FROM charger_epoch WHERE charger_id = ANY ($1::bigint[])
   ORDER BY charger_id FOR SHARE
), stale AS MATERIALIZED (
  SELECT coalesce(array_agg(said.charger_id), '{}') AS ids
    FROM unnest($1::bigint[], $2::bigint[]) AS said (charger_id, epoch)
    LEFT JOIN locked ON locked.charger_id = said.charger_id
   WHERE said.epoch <> 0 AND locked.epoch IS DISTINCT FROM said.epoch
), logged AS (
  INSERT INTO message (id, organization_id, charger_id, charge_point_id, epoch, direction, action,
                       message_id, request, answer, received_at, answered_at, outcome,
                       correlation_id, repairs, is_repeat)
  SELECT m.id, m.organization_id, m.charger_id, m.charge_point_id, m.epoch,
         coalesce(m.direction, 'IN'), m.action, m.message_id, m.request, m.answer, m.received_at,
         m.answered_at, coalesce(m.outcome, 'answered'), m.correlation_id, m.repairs,
         coalesce(m.is_repeat, false)
    FROM json_to_recordset($3::json)
         AS m (id bigint, organization_id bigint, charger_id bigint, charge_point_id text,
               epoch bigint, received_at timestamptz, answered_at timestamptz, action text,
               message_id text, request text, answer text, direction text, outcome text,
               correlation_id text, repairs text, is_repeat boolean), stale
   WHERE m.charger_id <> ALL (stale.ids)
), metered AS (
  INSERT INTO meter_value (organization_id, charger_id, connector_id, transaction_id, sampled_at,
                           received_at, register_wh, power_w, soc_percent, is_suspect, is_inferred,
                           note, samples)
  SELECT v.organization_id, v.charger_id, v.connector_id, v.transaction_id, v.sampled_at,
         v.received_at, v.register_wh, v.power_w, v.soc_percent, coalesce(v.is_suspect, false),
         coalesce(v.is_inferred, false), v.note, v.samples
    FROM json_to_recordset($4::json)
         AS v (organization_id bigint, charger_id bigint, connector_id smallint,
               sampled_at timestamptz, received_at timestamptz, samples text,
               transaction_id integer, register_wh numeric, power_w numeric, soc_percent numeric,
               is_suspect boolean, is_inferred boolean, note text), stale
   WHERE v.charger_id <> ALL (stale.ids)
), report AS MATERIALIZED (
  SELECT r.*
    FROM json_to_recordset($5::json)
         AS r (organization_id bigint, charger_id bigint, connector_id smallint, status text,
               error_code text, reported_at timestamptz, received_at timestamptz,
               is_current boolean, info text, vendor_id text, vendor_error_code text,
               clock_note text, is_shown boolean), stale
   WHERE r.charger_id <> ALL (stale.ids)
), reported AS (
  INSERT INTO connector_status_event (organization_id, charger_id, connector_id, status, error_code,
                                      info, vendor_id, vendor_error_code, reported_at, received_at,
                                      is_current, clock_note)
  SELECT organization_id, charger_id, connector_id, status, error_code, info, vendor_id,
         vendor_error_code, reported_at, received_at, is_current, clock_note
    FROM report
), shown AS (
  INSERT INTO connector (organization_id, charger_id, connector_id, status, error_code, info,
                         vendor_id, vendor_error_code, status_at, status_received_at)
  SELECT organization_id, charger_id, connector_id, status, error_code, info, vendor_id,
         vendor_error_code, reported_at, received_at
    FROM report WHERE is_shown ORDER BY charger_id, connector_id
  ON CONFLICT (charger_id, connector_id) DO UPDATE
     SET status = EXCLUDED.status, error_code = EXCLUDED.error_code, info = EXCLUDED.info,
         vendor_id = EXCLUDED.vendor_id, vendor_error_code = EXCLUDED.vendor_error_code,
         status_at = EXCLUDED.status_at, status_received_at = EXCLUDED.status_received_at
   WHERE connector.status_at IS NULL OR connector.status_at <= EXCLUDED.status_at
)
SELECT ids FROM stale
"""

MARK = "INSERT INTO journal_marker (id) VALUES ($1)"

WHAT_IS_THERE = """
SELECT m.id FROM message m
  JOIN unnest($1::bigint[], $2::timestamptz[]) AS asked (id, received_at)
    ON m.received_at = asked.received_at AND m.id = asked.id
UNION ALL
SELECT id FROM journal_marker WHERE id = ANY ($3::bigint[])
"""

QUARANTINE = """
INSERT INTO quarantine (organization_id, charger_id, epoch, message_id, action, raw, error, received_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, coalesce($8, now()))
"""

# What a certificate is tied to stays as it was registered (whitepaper A00.FR.405).
BOOTED = """
UPDATE charger SET
  vendor = b.vendor, model = b.model, booted_at = b.at, last_seen_at = b.at,
  serial_number = CASE WHEN 3 IN (security_profile, pending_security_profile)
    THEN coalesce(charger.serial_number, charger.box_serial_number, b.serial_number)
    ELSE coalesce(b.serial_number, charger.serial_number) END,
  box_serial_number = coalesce(b.box_serial_number, charger.box_serial_number),
  firmware_version = coalesce(b.firmware_version, charger.firmware_version),
  iccid = coalesce(b.iccid, charger.iccid), imsi = coalesce(b.imsi, charger.imsi),
  meter_type = coalesce(b.meter_type, charger.meter_type),
  meter_serial_number = coalesce(b.meter_serial_number, charger.meter_serial_number)
FROM unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[],
            $7::text[], $8::text[], $9::text[], $10::text[], $11::text[])
     AS b (charger_id, at, vendor, model, serial_number, box_serial_number, firmware_version,
           iccid, imsi, meter_type, meter_serial_number)
WHERE charger.id = b.charger_id
"""

REGISTRATION_CHANGED = """
UPDATE charger SET registration = r.registration, updated_at = r.at
FROM unnest($1::bigint[], $2::text[], $3::timestamptz[]) AS r (charger_id, registration, at)
WHERE charger.id = r.charger_id
"""

STATUS_CHANGED = """
UPDATE transaction t SET status = s.status, status_reason = s.reason, status_changed_at = s.at,
                         reconcile_by = s.reconcile_by
FROM unnest($1::integer[], $2::bigint[], $3::text[], $4::text[], $5::timestamptz[],
            $6::timestamptz[]) AS s (id, charger_id, status, reason, at, reconcile_by)
WHERE t.id = s.id AND t.charger_id = s.charger_id AND t.status <> 'ENDED'
"""

RESTAMPED = """
UPDATE transaction t SET started_at = s.started_at, charger_started_at = s.charger_started_at,
                         start_key = s.start_key
FROM unnest($1::integer[], $2::bigint[], $3::timestamptz[], $4::text[], $5::text[])
     AS s (id, charger_id, started_at, charger_started_at, start_key)
WHERE t.id = s.id AND t.charger_id = s.charger_id AND t.status <> 'ENDED'
"""

STARTED = """
INSERT INTO transaction (id, organization_id, charger_id, connector_id, id_tag, id_tag_folded,
  user_id, started_at, charger_started_at, received_at, meter_start_wh, status, status_changed_at,
  authorization_status, is_billable, billing_status, start_key, tariff_id, tariff_terms, currency,
  hold_amount, remote_start_operation_id, reservation_number, reconcile_by, note)
SELECT s.id, s.organization_id, s.charger_id, s.connector_id, s.id_tag, s.id_tag_folded,
  s.user_id, s.started_at, s.charger_started_at, s.received_at, s.meter_start_wh, s.status,
  s.received_at, s.authorization_status, s.is_billable,
  CASE WHEN s.is_billable THEN 'PENDING' ELSE 'NOT_BILLABLE' END, s.start_key, s.tariff_id,
  s.tariff_terms, s.currency, s.hold_amount, s.operation_id, s.reservation_number,
  s.reconcile_by, s.note
FROM unnest($1::integer[], $2::bigint[], $3::bigint[], $4::smallint[], $5::text[], $6::text[],
            $7::bigint[], $8::timestamptz[], $9::text[], $10::timestamptz[], $11::numeric[],
            $12::text[], $13::text[], $14::boolean[], $15::text[], $16::bigint[], $17::text[],
            $18::text[], $19::numeric[], $20::bigint[], $21::integer[], $22::timestamptz[],
            $23::text[])
     AS s (id, organization_id, charger_id, connector_id, id_tag, id_tag_folded, user_id,
           started_at, charger_started_at, received_at, meter_start_wh, status,
           authorization_status, is_billable, start_key, tariff_id, tariff_terms, currency,
           hold_amount, operation_id, reservation_number, reconcile_by, note)
"""

REMOTE_STARTED = """
UPDATE operation o SET transaction_id = s.transaction_id
FROM unnest($1::bigint[], $2::integer[]) AS s (operation_id, transaction_id)
WHERE o.id = s.operation_id AND o.transaction_id IS NULL
"""

# A stop of the charger's own stands for good; an inferred end yields to the real one only.
STOPPED = """
UPDATE transaction t SET
  status = 'ENDED', status_changed_at = s.received_at, reconcile_by = NULL,
  stopped_at = s.stopped_at, charger_stopped_at = s.charger_stopped_at,
  stop_received_at = s.received_at, meter_stop_wh = s.meter_stop_wh, stop_reason = s.stop_reason,
  stop_id_tag = s.stop_id_tag, stop_source = s.stop_source,
  has_charger_stop = s.stop_source = 'charger', energy_wh = s.energy_wh,
  energy_basis = s.energy_basis, explanation = s.explanation,
  billing_status = CASE WHEN NOT t.is_billable THEN 'NOT_BILLABLE'
                        WHEN s.billing_status = 'BILLED' THEN 'PENDING' ELSE s.billing_status END,
  billing_error = CASE WHEN s.billing_status = 'FAILED' THEN s.note END,
  note = coalesce(s.note, t.note)
FROM unnest($1::integer[], $2::bigint[], $3::timestamptz[], $4::text[], $5::timestamptz[],
            $6::numeric[], $7::text[], $8::text[], $9::text[], $10::numeric[], $11::text[],
            $12::text[], $13::text[], $14::text[], $15::boolean[])
     AS s (id, charger_id, stopped_at, charger_stopped_at, received_at, meter_stop_wh, stop_reason,
           stop_id_tag, stop_source, energy_wh, energy_basis, explanation, billing_status, note,
           is_correction)
WHERE t.id = s.id AND t.charger_id = s.charger_id AND NOT t.has_charger_stop
  AND (t.status <> 'ENDED' OR s.is_correction OR s.stop_source = 'charger')
RETURNING t.id
"""

OPERATION_ANSWERED = """
UPDATE operation o SET
  status = a.status,
  sent_at = CASE WHEN a.status = 'SENT' THEN a.at ELSE coalesce(o.sent_at, a.sent_at) END,
  settled_at = CASE WHEN a.status = 'SENT' THEN NULL ELSE a.at END,
  response = coalesce(a.response, o.response), error_code = a.error_code,
  error_detail = a.error_detail, message_id = coalesce(o.message_id, a.message_id)
FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::timestamptz[], $5::text[], $6::text[],
            $7::text[], $8::text[], $9::timestamptz[])
     AS a (id, charger_id, status, at, response, error_code, error_detail, message_id, sent_at)
WHERE o.id = a.id AND o.charger_id = a.charger_id
  AND (o.settled_at IS NULL OR o.status IN ('TIMED_OUT', 'EXPIRED'))
"""

CONFIGURATION_LEARNED = """
INSERT INTO configuration_key (charger_id, key, value, is_readonly, learned_at)
SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::boolean[], $5::timestamptz[])
ON CONFLICT (charger_id, key) DO UPDATE
   SET value = EXCLUDED.value, is_readonly = EXCLUDED.is_readonly, learned_at = EXCLUDED.learned_at
"""

DESK_CASE_OPENED = """
INSERT INTO desk_case (organization_id, kind, case_key, charger_id, transaction_id, summary,
                       evidence, opened_at)
SELECT d.organization_id, d.kind, d.case_key, d.charger_id, t.id, d.summary, d.evidence, d.opened_at
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::integer[], $6::text[],
            $7::text[], $8::timestamptz[])
     AS d (organization_id, kind, case_key, charger_id, transaction_id, summary, evidence, opened_at)
LEFT JOIN transaction t ON t.id = d.transaction_id
ON CONFLICT (organization_id, case_key) DO NOTHING
"""

HELD_BY_OPERATIONS = """
SELECT o.id, o.organization_id, o.hold_for, o.hold_amount, o.hold_currency
  FROM operation o
 WHERE o.id = ANY ($1::bigint[]) AND o.hold_for IS NOT NULL
   AND EXISTS (SELECT 1 FROM ledger_transfer t WHERE t.organization_id = o.organization_id
                AND t.idempotency_key = 'hold:operation:' || o.id)
 ORDER BY o.id
"""
