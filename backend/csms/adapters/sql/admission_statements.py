"""The SQL of handshakes and admissions, for many chargers at a time."""

LOOK_UP = """
SELECT c.id AS charger_id, c.organization_id, c.charge_point_id, c.security_profile,
       c.assumes_subprotocol, c.is_strict, c.leniency, ml.rules AS model_rules, c.archived_at, c.pending_security_profile,
       coalesce(c.serial_number, c.box_serial_number) AS serial_number,
       k.id AS key_id, k.kind AS key_kind, k.hash AS key_hash, k.salt AS key_salt,
       k.operation_id IS NOT NULL AS key_is_proposed,
       k.reboot_needed_at IS NOT NULL
         AND (c.booted_at IS NULL OR c.booted_at <= k.reboot_needed_at) AS key_waits_for_reboot
  FROM charger c
  LEFT JOIN model_leniency ml ON ml.organization_id = c.organization_id
         AND lower(ml.vendor) = lower(c.vendor) AND lower(ml.model) = lower(c.model)
  LEFT JOIN charger_credential k ON k.charger_id = c.id AND k.retired_at IS NULL
 WHERE c.charge_point_id = ANY ($1::text[])
 ORDER BY c.id, k.id
"""

# Raising the epoch waits for commits under the older one, which hold the row FOR SHARE. Rows are
# raised in the order of ids, like the journal locks them. Nobody comes in under a profile that was
# changed after the handshake looked it up.
ADMIT = """
WITH asked AS (
  SELECT a.*, c.organization_id
    FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::smallint[],
                $6::timestamptz[], $7::text[], $8::text[], $9::text[])
         AS a (charger_id, node, remote_address, protocol, security_profile, connected_at, user_agent,
               tls, client_certificate)
    JOIN charger c ON c.id = a.charger_id
     AND a.security_profile IN (c.security_profile, c.pending_security_profile)
   ORDER BY a.charger_id
), raised AS (
  INSERT INTO charger_epoch AS e (charger_id, epoch, node, connected_at, protocol)
  SELECT charger_id, 1, node, connected_at, protocol FROM asked ORDER BY charger_id
  ON CONFLICT (charger_id) DO UPDATE
     SET epoch = e.epoch + 1, node = EXCLUDED.node, connected_at = EXCLUDED.connected_at,
         protocol = EXCLUDED.protocol, disconnected_at = NULL
  RETURNING charger_id, epoch
), replaced AS (
  UPDATE connection old
     SET disconnected_at = greatest(asked.connected_at, old.connected_at),
         close_reason = 'a newer connection took its place'
    FROM asked
   WHERE old.charger_id = asked.charger_id AND old.disconnected_at IS NULL
), opened AS (
  INSERT INTO connection (organization_id, charger_id, epoch, node, remote_address, user_agent,
                          protocol, security_profile, connected_at, tls, client_certificate)
  SELECT asked.organization_id, asked.charger_id, raised.epoch, asked.node, asked.remote_address,
         asked.user_agent, asked.protocol, asked.security_profile, asked.connected_at, asked.tls,
         asked.client_certificate
    FROM asked JOIN raised ON raised.charger_id = asked.charger_id
)
SELECT raised.charger_id, raised.epoch, asked.organization_id
  FROM raised JOIN asked ON asked.charger_id = raised.charger_id
"""

CHARGERS = """
SELECT c.id, c.organization_id, c.charge_point_id, c.station_id, c.registration, c.is_disabled,
       c.is_strict, c.leniency, c.heartbeat_interval_s, c.ping_interval_s, c.free_id_tag,
       coalesce(c.serial_number, c.box_serial_number) AS serial_number,
       3 IN (c.security_profile, c.pending_security_profile) AS keeps_serial_number,
       c.vendor, c.model, ml.rules AS model_rules, o.currency, o.minimum_balance, o.hold_amount,
       o.reconcile_after_s,
       o.offline_cap_s
  FROM charger c JOIN organization o ON o.id = c.organization_id
  LEFT JOIN model_leniency ml ON ml.organization_id = c.organization_id
         AND lower(ml.vendor) = lower(c.vendor) AND lower(ml.model) = lower(c.model)
 WHERE c.id = ANY ($1::bigint[])
"""

MODEL_RULES = """
SELECT rules FROM model_leniency
 WHERE organization_id = $1 AND lower(vendor) = lower($2) AND lower(model) = lower($3)
"""
REPAIRS_COUNTED = """
INSERT INTO leniency_count AS l (organization_id, charger_id, rule, day, hits, last_at)
SELECT c.organization_id, n.charger_id, n.rule, n.day, n.hits, n.last_at
  FROM unnest($1::bigint[], $2::text[], $3::date[], $4::bigint[], $5::timestamptz[])
       AS n (charger_id, rule, day, hits, last_at)
  JOIN charger c ON c.id = n.charger_id
 ORDER BY n.charger_id, n.rule, n.day
ON CONFLICT (charger_id, rule, day) DO UPDATE
   SET hits = l.hits + EXCLUDED.hits, last_at = greatest(l.last_at, EXCLUDED.last_at)
"""

CONNECTORS = """
SELECT charger_id, connector_id, status, error_code, status_at, max_power_kw
  FROM connector WHERE charger_id = ANY ($1::bigint[]) ORDER BY charger_id, connector_id
"""

OPEN_SESSIONS = """
SELECT x.id, x.charger_id, x.connector_id, x.id_tag, x.status, x.started_at, x.received_at,
       x.meter_start_wh, x.start_key, x.is_billable, x.user_id, x.tariff_terms, x.hold_amount,
       x.reconcile_by, x.remote_start_operation_id, tag.parent_id_tag, x.authorization_status,
       x.charger_started_at, x.note, x.status_reason,
       CASE WHEN x.status = 'PENDING_RECONCILIATION' THEN x.status_changed_at END AS pending_since,
       best.register_wh AS last_register_wh,
       (SELECT max(v.sampled_at) FROM meter_value v WHERE v.transaction_id = x.id)
         AS last_sampled_at,
       (EXISTS (SELECT 1 FROM meter_value v WHERE v.transaction_id = x.id)
        OR EXISTS (SELECT 1 FROM connector_status_event s
                    WHERE s.charger_id = x.charger_id AND s.connector_id = x.connector_id
                      AND s.reported_at > x.started_at AND s.received_at > x.received_at))
         AS has_evidence
  FROM transaction x
  LEFT JOIN id_tag tag ON tag.organization_id = x.organization_id AND tag.folded = x.id_tag_folded
  LEFT JOIN LATERAL (
    SELECT v.register_wh, v.sampled_at FROM meter_value v
     WHERE v.transaction_id = x.id AND v.register_wh IS NOT NULL AND NOT v.is_suspect
     ORDER BY v.register_wh DESC, v.sampled_at DESC LIMIT 1) AS best ON true
 WHERE x.charger_id = ANY ($1::bigint[]) AND x.status <> 'ENDED'
 ORDER BY x.charger_id, x.started_at, x.id
"""

REMOTE_STARTS = """
SELECT id, charger_id, request, requested_at, hold_amount FROM operation
 WHERE charger_id = ANY ($1::bigint[]) AND requested_at > $2
   AND action IN ('RemoteStart', 'RemoteStartTransaction') AND transaction_id IS NULL
   AND (status IN ('REQUESTED', 'SENT', 'TIMED_OUT')
        OR (status = 'ANSWERED' AND response LIKE '%Accepted%'))
 ORDER BY charger_id, id
"""

RECENT = """
SELECT asked.charger_id, m.action, m.message_id, m.request, m.answer
  FROM unnest($1::bigint[]) AS asked (charger_id)
 CROSS JOIN LATERAL (
   SELECT one.action, one.message_id, one.request, one.answer, one.received_at, one.id
     FROM message one
    WHERE one.charger_id = asked.charger_id AND one.received_at > $2 AND one.direction = 'IN'
      AND one.action IN ('StartTransaction', 'MeterValues', 'StopTransaction')
      AND one.outcome = 'answered' AND one.message_id IS NOT NULL
      AND one.request IS NOT NULL AND one.answer IS NOT NULL
    ORDER BY one.received_at DESC, one.id DESC LIMIT $3) AS m
 ORDER BY asked.charger_id, m.received_at, m.id
"""

# What a process that died could not say: its links are lost, and their sessions wait under the cap.
# It may have died between noting that a link was over and noting what that means for its session.
RECOVER = """
WITH gone AS (
  UPDATE charger_epoch e SET disconnected_at = greatest(now(), e.connected_at)
   WHERE e.node = $1 AND e.disconnected_at IS NULL
  RETURNING e.charger_id
), closed AS (
  UPDATE connection c SET disconnected_at = greatest(now(), c.connected_at), close_code = 1006,
                          close_reason = 'the server ended without closing it'
    FROM gone WHERE c.charger_id = gone.charger_id AND c.disconnected_at IS NULL
), waiting AS (
  UPDATE transaction t SET status = 'PENDING_RECONCILIATION', status_reason = $2,
                           status_changed_at = now(),
                           reconcile_by = now() + make_interval(secs => o.offline_cap_s)
    FROM charger_epoch e JOIN charger c ON c.id = e.charger_id
    JOIN organization o ON o.id = c.organization_id
   WHERE e.node = $1 AND t.charger_id = e.charger_id AND t.status = 'ACTIVE'
)
SELECT count(*) FROM gone
"""

DISCONNECTED = """
WITH gone AS (
  SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::integer[], $5::text[])
           AS g (charger_id, epoch, at, code, reason)
), closed AS (
  UPDATE connection c SET disconnected_at = greatest(gone.at, c.connected_at),
                          close_code = gone.code, close_reason = gone.reason
    FROM gone
   WHERE c.charger_id = gone.charger_id AND c.epoch = gone.epoch
     AND (c.disconnected_at IS NULL OR c.close_code IS NULL)
), rested AS (
  UPDATE charger_epoch e SET disconnected_at = greatest(gone.at, e.connected_at)
    FROM (SELECT e.charger_id, gone.at FROM charger_epoch e
            JOIN gone ON gone.charger_id = e.charger_id AND gone.epoch = e.epoch
           ORDER BY e.charger_id FOR NO KEY UPDATE OF e) AS gone
   WHERE e.charger_id = gone.charger_id
)
UPDATE charger c SET last_seen_at = greatest(gone.at, c.last_seen_at)
  FROM gone WHERE c.id = gone.charger_id
"""

SEEN = """
UPDATE charger c SET last_seen_at = greatest(s.at, c.last_seen_at)
  FROM (SELECT c.id, s.at FROM charger c
          JOIN unnest($1::bigint[], $2::timestamptz[]) AS s (charger_id, at) ON s.charger_id = c.id
         ORDER BY c.id FOR NO KEY UPDATE OF c) AS s
 WHERE c.id = s.id
"""

RECORD_HANDSHAKES = """
INSERT INTO handshake_attempt (at, charge_point_id, charger_id, organization_id, remote_address,
                               outcome, http_status, reason, subprotocols)
SELECT * FROM unnest($1::timestamptz[], $2::text[], $3::bigint[], $4::bigint[], $5::text[],
                     $6::text[], $7::smallint[], $8::text[], $9::text[])
"""

# Who failed before saying its name belongs to the only organization, where there is one only. A
# charger may be gone since.
RECORD_SECURITY_EVENTS = """
INSERT INTO security_event (organization_id, charger_id, source, remote_address, type, tech_info,
                            occurred_at, received_at)
SELECT coalesce(e.organization_id, alone.id), c.id, 'SERVER', e.remote_address, e.type, e.reason,
       e.at, e.at
  FROM unnest($1::timestamptz[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[])
         AS e (at, charger_id, organization_id, remote_address, type, reason)
  LEFT JOIN charger c ON c.id = e.charger_id
  LEFT JOIN (SELECT min(id) AS id FROM organization HAVING count(*) = 1) AS alone ON true
 WHERE coalesce(e.organization_id, alone.id) IS NOT NULL
"""

# The first use of a key ends what a change of key left open (whitepaper A01). The other keeps its
# operation: a late answer of the charger still has the last word.
KEY_SETTLED = """
UPDATE charger_credential k
   SET retired_at = CASE WHEN k.id <> $2 THEN $3::timestamptz END,
       operation_id = CASE WHEN k.id <> $2 THEN k.operation_id END,
       reboot_needed_at = CASE WHEN k.id <> $2 THEN k.reboot_needed_at END
 WHERE k.charger_id = $1 AND k.retired_at IS NULL
   AND EXISTS (SELECT 1 FROM charger_credential used WHERE used.id = $2 AND used.retired_at IS NULL)
"""
PROFILE_LOCKED = """
SELECT security_profile FROM charger
 WHERE id = $1 AND pending_security_profile = $2 AND security_profile < $2 FOR UPDATE
"""
PROFILE_RAISED = """
UPDATE charger SET security_profile = $2, pending_security_profile = NULL, updated_at = now()
 WHERE id = $1
"""
