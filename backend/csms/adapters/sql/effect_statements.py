"""The SQL of what the optional profiles and the security extension leave behind."""

# The charger's last word counts; an answer that was stored late does not overtake it.
AVAILABILITY_AGREED = """
INSERT INTO connector AS k (organization_id, charger_id, connector_id, wanted_type, wanted_answer,
                            wanted_at, wanted_operation_id)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (charger_id, connector_id) DO UPDATE
   SET wanted_type = EXCLUDED.wanted_type, wanted_answer = EXCLUDED.wanted_answer,
       wanted_at = EXCLUDED.wanted_at, wanted_operation_id = EXCLUDED.wanted_operation_id
 WHERE k.wanted_at IS NULL OR k.wanted_at <= EXCLUDED.wanted_at
"""

RESERVATION_ASKED = """
INSERT INTO reservation AS r (id, organization_id, charger_id, connector_id, id_tag, id_tag_folded,
                              parent_id_tag, expires_at, operation_id, asked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (id) DO UPDATE
   SET connector_id = EXCLUDED.connector_id, id_tag = EXCLUDED.id_tag,
       id_tag_folded = EXCLUDED.id_tag_folded, parent_id_tag = EXCLUDED.parent_id_tag,
       expires_at = EXCLUDED.expires_at, operation_id = EXCLUDED.operation_id,
       asked_at = EXCLUDED.asked_at, status = 'ASKED', answered_at = NULL, ended_at = NULL
 WHERE r.charger_id = EXCLUDED.charger_id AND r.status NOT IN ('ACCEPTED', 'USED')
"""

# A request under the id of one that stands replaces it only when the charger agrees (§5.13).
RESERVATION_ANSWERED = """
UPDATE reservation
   SET status = $10, answered_at = $11, connector_id = $3, id_tag = $4, id_tag_folded = $5,
       parent_id_tag = $6, expires_at = $7, operation_id = $8, asked_at = $9,
       ended_at = CASE WHEN $10 = 'ACCEPTED' THEN NULL ELSE $11::timestamptz END
 WHERE id = $1 AND charger_id = $2
   AND (status = 'ASKED' OR (status = 'ACCEPTED' AND $10 = 'ACCEPTED'))
"""

RESERVATION_CANCELLED = """
UPDATE reservation SET status = 'CANCELLED', ended_at = $3
 WHERE id = $1 AND charger_id = $2 AND status IN ('ASKED', 'ACCEPTED')
"""

# A charger that was offline may have used it in time: its word counts.
RESERVATION_USED = """
UPDATE reservation SET status = 'USED', transaction_id = $3, ended_at = $4
 WHERE id = $1 AND charger_id = $2 AND status IN ('ASKED', 'ACCEPTED', 'EXPIRED')
"""

RESERVATIONS_EXPIRED = """
UPDATE reservation SET status = 'EXPIRED', ended_at = expires_at
 WHERE status IN ('ASKED', 'ACCEPTED') AND expires_at <= now()
"""

PROFILE_ASKED = """
INSERT INTO charger_profile (organization_id, charger_id, connector_id, profile_id, purpose,
                             stack_level, transaction_id, charging_profile, operation_id, asked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (operation_id) DO NOTHING
"""

# The same id, or the same place in the stack, is replaced (OCPP 1.6 §3.13.2, §5.16). A TxProfile
# that names no session is that of the one which runs on its connector (§7.8).
PROFILE_ANSWERED = """
WITH told AS (
  UPDATE charger_profile p SET status = $3, answered_at = $4,
         transaction_id = CASE WHEN $3 <> 'ACCEPTED' OR p.purpose <> 'TxProfile' THEN p.transaction_id
           ELSE coalesce(p.transaction_id, (
             SELECT t.id FROM transaction t
              WHERE t.charger_id = $1 AND t.connector_id = p.connector_id AND t.status = 'ACTIVE'
                AND NOT EXISTS (SELECT 1 FROM operation o
                                 WHERE o.id = $2 AND o.action = 'RemoteStartTransaction'))) END
   WHERE p.operation_id = $2 AND p.charger_id = $1 AND p.status = 'ASKED'
  RETURNING p.*
)
UPDATE charger_profile old SET status = 'REPLACED', ended_at = $4
  FROM told
 WHERE $3 = 'ACCEPTED' AND old.charger_id = $1 AND old.status = 'ACCEPTED' AND old.id <> told.id
   AND (old.profile_id = told.profile_id
        OR (old.connector_id = told.connector_id AND old.purpose = told.purpose
            AND old.stack_level = told.stack_level
            AND old.transaction_id IS NOT DISTINCT FROM told.transaction_id))
"""

PROFILES_CLEARED = """
UPDATE charger_profile SET status = 'CLEARED', ended_at = $6
 WHERE charger_id = $1 AND status = 'ACCEPTED'
   AND ($2::integer IS NULL OR profile_id = $2)
   AND ($3::smallint IS NULL OR connector_id = $3)
   AND ($4::text IS NULL OR purpose = $4)
   AND ($5::integer IS NULL OR stack_level = $5)
"""

# The profile inside a RemoteStart is that of the session which came from it (§5.16.2).
PROFILE_BOUND = """
UPDATE charger_profile SET transaction_id = $3, connector_id = $4
 WHERE operation_id = $2 AND charger_id = $1 AND purpose = 'TxProfile'
"""

PROFILES_ENDED = """
UPDATE charger_profile SET status = 'ENDED', ended_at = now()
 WHERE transaction_id = ANY ($1::integer[]) AND purpose = 'TxProfile' AND status = 'ACCEPTED'
"""

LIST_SENT = """
INSERT INTO local_list_update (organization_id, charger_id, operation_id, version, update_type,
                               entries, sent_at)
VALUES ($1, $2, $3, $4, $5, $6::text::jsonb, $7)
ON CONFLICT (operation_id) DO NOTHING
"""
LIST_VERSION_SENT = """
INSERT INTO local_list (charger_id, organization_id, sent_version) VALUES ($1, $2, $3)
ON CONFLICT (charger_id) DO UPDATE SET sent_version = EXCLUDED.sent_version
"""
LIST_ANSWERED = """
UPDATE local_list_update SET status = $3, answered_at = $4
 WHERE operation_id = $2 AND charger_id = $1
"""
LIST_ACCEPTED = """
INSERT INTO local_list AS l (charger_id, organization_id, accepted_version, accepted_at, entries)
VALUES ($1, $2, $3, $4, $5::text::jsonb)
ON CONFLICT (charger_id) DO UPDATE
   SET accepted_version = EXCLUDED.accepted_version, accepted_at = EXCLUDED.accepted_at,
       entries = CASE WHEN $7 THEN EXCLUDED.entries
                      ELSE (l.entries || EXCLUDED.entries) - $6::text[] END
"""
LIST_VERSION_TOLD = """
INSERT INTO local_list (charger_id, organization_id, told_version, told_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (charger_id) DO UPDATE
   SET told_version = EXCLUDED.told_version, told_at = EXCLUDED.told_at
"""

MAINTENANCE_ASKED = """
INSERT INTO maintenance_job (organization_id, charger_id, kind, operation_id, request_id, location,
                             version_before, asked_at, status_at)
SELECT $1, $2, $3, $4, $5, $6,
       CASE WHEN $3 IN ('FIRMWARE', 'SIGNED_FIRMWARE') THEN c.firmware_version END, $7, $7
  FROM charger c WHERE c.id = $2
ON CONFLICT (operation_id) DO NOTHING
"""

# A new one that runs takes the place of an older one of its kind.
MAINTENANCE_ANSWERED = """
WITH told AS (
  UPDATE maintenance_job
     SET status = $3, charger_status = $5, file_name = $6, status_at = $4,
         ended_at = CASE WHEN $3 = 'REFUSED' THEN $4::timestamptz END
   WHERE operation_id = $2 AND charger_id = $1 AND status = 'ASKED'
  RETURNING *
)
UPDATE maintenance_job old SET status = 'REPLACED', status_at = $4, ended_at = $4
  FROM told
 WHERE $3 = 'RUNNING' AND old.charger_id = $1 AND old.kind = told.kind AND old.id < told.id
   AND old.status IN ('ASKED', 'RUNNING')
"""

MAINTENANCE_REPORTED = """
WITH job AS (
  SELECT id, ended_at FROM maintenance_job
   WHERE charger_id = $2 AND kind = $3 AND $4::text IS NOT NULL
     AND ($6::integer IS NULL OR request_id = $6)
   ORDER BY id DESC LIMIT 1
), moved AS (
  UPDATE maintenance_job j
     SET status = $4, charger_status = $5, status_at = $7,
         ended_at = CASE WHEN $4 IN ('DONE', 'FAILED') THEN $7::timestamptz END
    FROM job WHERE j.id = job.id AND (job.ended_at IS NULL OR $4 IN ('DONE', 'FAILED'))
)
INSERT INTO maintenance_event (organization_id, charger_id, job_id, kind, status, request_id,
                               received_at)
VALUES ($1, $2, (SELECT id FROM job), $3, $5, $6, $7)
"""

# The proof of an update: the charger comes back with another version than it had.
FIRMWARE_CONFIRMED = """
UPDATE maintenance_job j
   SET version_after = b.version, confirmed_at = b.at, status = 'DONE',
       ended_at = coalesce(j.ended_at, b.at)
  FROM unnest($1::bigint[], $2::text[], $3::timestamptz[]) AS b (charger_id, version, at)
 WHERE j.charger_id = b.charger_id AND j.kind IN ('FIRMWARE', 'SIGNED_FIRMWARE')
   AND j.confirmed_at IS NULL AND j.status IN ('ASKED', 'RUNNING', 'DONE')
   AND j.version_before <> b.version
"""

SECURITY_EVENT = """
INSERT INTO security_event (organization_id, charger_id, type, tech_info, occurred_at, received_at)
VALUES ($1, $2, $3, $4, $5, $6)
"""
FAULT_REPLACED = """
UPDATE fault SET resolved_at = greatest($6, opened_at), resolution = 'another error'
 WHERE charger_id = $1 AND connector_id = $2 AND resolved_at IS NULL
   AND (error_code, coalesce(vendor_id, ''), coalesce(vendor_error_code, ''))
       IS DISTINCT FROM ($3, coalesce($4::text, ''), coalesce($5::text, ''))
"""
# The connector has one open fault at most: the same one again is the one that stands.
FAULT_OPENED = """
INSERT INTO fault (organization_id, charger_id, connector_id, status, error_code, vendor_id,
                   vendor_error_code, info, opened_at, received_at, is_history)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, false)
ON CONFLICT (charger_id, connector_id) WHERE resolved_at IS NULL
  DO UPDATE SET status = EXCLUDED.status, info = coalesce(EXCLUDED.info, fault.info)
"""
FAULT_HISTORY = """
INSERT INTO fault (organization_id, charger_id, connector_id, status, error_code, vendor_id,
                   vendor_error_code, info, opened_at, received_at, resolved_at, resolution,
                   is_history)
SELECT $1::bigint, $2::bigint, $3::smallint, $4::text, $5::text, $6::text, $7::text, $8::text,
       $9::timestamptz, $10::timestamptz,
       greatest($11::timestamptz, $9), 'over before it was told', true
 WHERE NOT EXISTS (SELECT 1 FROM fault WHERE charger_id = $2 AND connector_id = $3
                      AND opened_at = $9 AND error_code = $5)
"""
FAULT_CLEARED = """
UPDATE fault SET resolved_at = greatest($4, opened_at), resolution = $3
 WHERE charger_id = $1 AND connector_id = $2 AND resolved_at IS NULL
"""
FAULT_HISTORY_OVER = """
UPDATE fault SET resolved_at = $4, resolution = $3
 WHERE charger_id = $1 AND connector_id = $2 AND is_history
   AND opened_at <= $4 AND resolved_at > $4
"""
CERTIFICATE_REQUESTED = """
INSERT INTO certificate_request (organization_id, charger_id, csr, status, reason, received_at, state)
VALUES ($1, $2, $3, $4, $5, $6, CASE WHEN $4 = 'Accepted' THEN 'WAITING' ELSE 'REJECTED' END)
"""
# With a new request comes a new key: what is signed for the older one would not fit any more.
CERTIFICATE_REQUESTS_REPLACED = """
UPDATE certificate_request SET state = 'REPLACED', decided_at = $2
 WHERE charger_id = $1 AND state IN ('WAITING', 'SIGNED')
"""
# A certificate that was not ours may be refused while ours still waits for a signature.
CERTIFICATE_ANSWERED = """
UPDATE certificate_request SET state = CASE WHEN $2 = 'Accepted' THEN 'INSTALLED' ELSE 'REFUSED' END,
       decided_at = coalesce(decided_at, $3)
 WHERE id = (SELECT id FROM certificate_request
              WHERE charger_id = $1 AND (state = 'SIGNED' OR (state = 'WAITING' AND $2 = 'Accepted'))
              ORDER BY id DESC LIMIT 1)
"""
SECURITY_PROFILE_ACCEPTED = """
UPDATE charger SET pending_security_profile = $2 WHERE id = $1 AND security_profile < $2
"""
CERTIFICATES_FORGOTTEN = "DELETE FROM installed_certificate WHERE charger_id = $1 AND use = $2"
CERTIFICATE_TOLD = """
INSERT INTO installed_certificate (organization_id, charger_id, use, hash_algorithm,
                                   issuer_name_hash, issuer_key_hash, serial_number, told_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""

CONFIGURATION_PENDING = """
INSERT INTO configuration_key (charger_id, key, is_readonly, learned_at, pending_value, needs_reboot)
VALUES ($1, $2, false, $4, $3, true)
ON CONFLICT (charger_id, key) DO UPDATE
   SET pending_value = EXCLUDED.pending_value, needs_reboot = true
"""
CONFIGURATION_SETTLED = """
UPDATE configuration_key SET pending_value = NULL WHERE charger_id = $1 AND key = $2
"""
CONFIGURATION_TAKEN = """
UPDATE configuration_key SET pending_value = NULL
 WHERE charger_id = ANY ($1::bigint[]) AND pending_value = value
"""

# The charger's word is the last: also when its first use of the old key, before it answered, has
# ended the new one. Only a key that an operator has set since stands above it.
KEY_ACCEPTED = """
UPDATE charger_credential
   SET retired_at = CASE WHEN operation_id IS DISTINCT FROM $2 THEN $3::timestamptz END,
       operation_id = CASE WHEN operation_id IS DISTINCT FROM $2 THEN operation_id END,
       reboot_needed_at = NULL
 WHERE charger_id = $1 AND (retired_at IS NULL OR operation_id = $2)
   AND EXISTS (SELECT 1 FROM charger_credential new
                WHERE new.charger_id = $1 AND new.operation_id = $2
                  AND (new.retired_at IS NULL
                       OR NOT EXISTS (SELECT 1 FROM charger_credential later
                                       WHERE later.charger_id = $1 AND later.id > new.id)))
"""
KEY_REFUSED = """
UPDATE charger_credential SET retired_at = $3, operation_id = NULL, reboot_needed_at = NULL
 WHERE charger_id = $1 AND operation_id = $2 AND retired_at IS NULL
"""
KEY_AFTER_REBOOT = """
UPDATE charger_credential new SET reboot_needed_at = $3, retired_at = NULL
 WHERE new.charger_id = $1 AND new.operation_id = $2
   AND (new.retired_at IS NULL
        OR NOT EXISTS (SELECT 1 FROM charger_credential later
                        WHERE later.charger_id = $1 AND later.id > new.id))
"""
