"""What a row must not say, and an index for each list that is shown."""

from tortoise import migrations
from tortoise.migrations import operations as ops

_IDENTITY = """
ALTER TABLE organization
  ADD CONSTRAINT organization_currency CHECK (currency ~ '^[A-Z]{3}$'),
  ADD CONSTRAINT organization_waits CHECK (reconcile_after_s > 0 AND offline_cap_s > 0),
  ADD CONSTRAINT organization_hold CHECK (hold_amount >= 0);
ALTER TABLE app_user
  ADD CONSTRAINT app_user_role CHECK (role IN ('ADMIN', 'USER')),
  ADD CONSTRAINT app_user_deactivated CHECK (is_active = (deactivated_at IS NULL)),
  ADD CONSTRAINT app_user_erased CHECK (erased_at IS NULL OR (NOT is_active AND password_hash IS NULL));
CREATE UNIQUE INDEX app_user_email ON app_user (organization_id, lower(email)) WHERE erased_at IS NULL;
CREATE INDEX app_user_list ON app_user (organization_id, created_at DESC, id DESC);
ALTER TABLE id_tag
  ADD CONSTRAINT id_tag_said CHECK (id_tag <> '' AND folded <> ''),
  ADD CONSTRAINT id_tag_parent CHECK ((parent_id_tag IS NULL) = (parent_folded IS NULL)),
  ADD CONSTRAINT id_tag_app CHECK (NOT is_app_tag OR user_id IS NOT NULL);
CREATE UNIQUE INDEX id_tag_app_of_user ON id_tag (user_id) WHERE is_app_tag;
"""

_STATIONS = """
ALTER TABLE station
  ADD CONSTRAINT station_place CHECK (latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180);
CREATE INDEX station_list ON station (organization_id, name, id);
ALTER TABLE charger
  ADD CONSTRAINT charger_named CHECK (charge_point_id <> ''),
  ADD CONSTRAINT charger_profile CHECK (security_profile BETWEEN 0 AND 3),
  ADD CONSTRAINT charger_registration CHECK (registration IN ('Accepted', 'Pending', 'Rejected')),
  ADD CONSTRAINT charger_intervals CHECK (heartbeat_interval_s > 0 AND ping_interval_s >= 0),
  ADD CONSTRAINT charger_leniency CHECK (jsonb_typeof(leniency) = 'array');
CREATE UNIQUE INDEX charger_charge_point_id ON charger (charge_point_id);
CREATE INDEX charger_list ON charger (organization_id, charge_point_id);
ALTER TABLE charger_credential
  ADD CONSTRAINT charger_credential_kind CHECK (kind IN ('generated', 'chosen'));
CREATE INDEX charger_credential_active ON charger_credential (charger_id) WHERE retired_at IS NULL;
CREATE FUNCTION csms_two_credentials() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM charger WHERE id = NEW.charger_id FOR UPDATE;
  IF (SELECT count(*) FROM charger_credential WHERE charger_id = NEW.charger_id AND retired_at IS NULL) > 2 THEN
    RAISE EXCEPTION 'charger % has two active keys already', NEW.charger_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'charger_credential_two';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER charger_credential_two AFTER INSERT OR UPDATE ON charger_credential
  FOR EACH ROW WHEN (NEW.retired_at IS NULL) EXECUTE FUNCTION csms_two_credentials();
ALTER TABLE charger_epoch
  ADD CONSTRAINT charger_epoch_positive CHECK (epoch > 0),
  ADD CONSTRAINT charger_epoch_charger FOREIGN KEY (charger_id) REFERENCES charger (id) ON DELETE CASCADE;
ALTER TABLE connector
  ADD CONSTRAINT connector_number CHECK (connector_id >= 0),
  ADD CONSTRAINT connector_power CHECK (max_power_kw > 0);
ALTER TABLE connection
  ADD CONSTRAINT connection_order CHECK (disconnected_at >= connected_at);
CREATE INDEX connection_open ON connection (charger_id) WHERE disconnected_at IS NULL;
CREATE INDEX connection_list ON connection (organization_id, connected_at DESC, id DESC);
"""

_SESSIONS = """
ALTER TABLE tariff
  ADD CONSTRAINT tariff_currency CHECK (currency ~ '^[A-Z]{3}$'),
  ADD CONSTRAINT tariff_prices CHECK (price_per_kwh >= 0 AND price_per_minute >= 0 AND price_per_session >= 0
    AND idle_price_per_minute >= 0 AND idle_grace_minutes >= 0 AND tax_percent >= 0),
  ADD CONSTRAINT tariff_default CHECK (NOT is_default OR archived_at IS NULL);
CREATE UNIQUE INDEX tariff_one_default ON tariff (organization_id) WHERE is_default;
ALTER TABLE transaction
  ADD CONSTRAINT transaction_id CHECK (id > 0),
  ADD CONSTRAINT transaction_outlet CHECK (connector_id > 0),
  ADD CONSTRAINT transaction_status CHECK (status IN ('ACTIVE', 'PENDING_RECONCILIATION', 'ENDED')),
  ADD CONSTRAINT transaction_ended CHECK ((status = 'ENDED') = (stopped_at IS NOT NULL)),
  ADD CONSTRAINT transaction_stop_whole CHECK ((stopped_at IS NULL) = (stop_source IS NULL)
    AND (stopped_at IS NULL) = (stop_reason IS NULL) AND (stopped_at IS NULL) = (stop_received_at IS NULL)
    AND (stopped_at IS NOT NULL OR (meter_stop_wh IS NULL AND energy_wh IS NULL))),
  ADD CONSTRAINT transaction_stop_source CHECK (stop_source IN ('charger', 'deadline', 'operator')),
  ADD CONSTRAINT transaction_charger_stop CHECK (has_charger_stop = (stop_source IS NOT DISTINCT FROM 'charger')),
  ADD CONSTRAINT transaction_authorization CHECK (authorization_status IN ('Accepted', 'Blocked', 'Expired', 'Invalid', 'ConcurrentTx')),
  ADD CONSTRAINT transaction_billing CHECK (billing_status IN ('NOT_BILLABLE', 'PENDING', 'BILLED', 'FAILED')),
  ADD CONSTRAINT transaction_not_billable CHECK (is_billable OR billing_status = 'NOT_BILLABLE'),
  ADD CONSTRAINT transaction_billed CHECK (billing_status <> 'BILLED'
    OR (status = 'ENDED' AND cost_amount IS NOT NULL AND currency IS NOT NULL AND energy_wh IS NOT NULL)),
  ADD CONSTRAINT transaction_failed CHECK (billing_status <> 'FAILED' OR status = 'ENDED'),
  ADD CONSTRAINT transaction_energy CHECK (energy_wh >= 0),
  ADD CONSTRAINT transaction_billable CHECK (NOT is_billable OR user_id IS NOT NULL),
  ADD CONSTRAINT transaction_hold CHECK (hold_amount IS NULL OR (hold_amount >= 0 AND currency IS NOT NULL AND user_id IS NOT NULL));
CREATE UNIQUE INDEX transaction_one_active ON transaction (charger_id, connector_id) WHERE status = 'ACTIVE';
CREATE UNIQUE INDEX transaction_same_start ON transaction (charger_id, start_key) WHERE start_key IS NOT NULL;
CREATE INDEX transaction_list ON transaction (organization_id, started_at DESC, id DESC);
CREATE INDEX transaction_of_charger ON transaction (charger_id, started_at DESC, id DESC);
CREATE INDEX transaction_of_user ON transaction (user_id, started_at DESC, id DESC) WHERE user_id IS NOT NULL;
CREATE INDEX transaction_of_tag ON transaction (organization_id, id_tag_folded, started_at DESC);
CREATE INDEX transaction_open ON transaction (charger_id) WHERE status <> 'ENDED';
CREATE INDEX transaction_open_of_tag ON transaction (organization_id, id_tag_folded) WHERE status <> 'ENDED';
CREATE INDEX transaction_without_stop ON transaction (charger_id) WHERE NOT has_charger_stop;
CREATE INDEX transaction_due ON transaction (reconcile_by) WHERE status = 'PENDING_RECONCILIATION';
CREATE INDEX transaction_unbilled ON transaction (organization_id, billing_status, stopped_at)
  WHERE status = 'ENDED' AND billing_status IN ('PENDING', 'FAILED');
"""

_WORK = """
ALTER TABLE job
  ADD CONSTRAINT job_state CHECK (state IN ('READY', 'RUNNING', 'DONE', 'DEAD')),
  ADD CONSTRAINT job_lease CHECK ((state = 'RUNNING') = (leased_until IS NOT NULL) AND (state = 'RUNNING') = (lease_owner IS NOT NULL)),
  ADD CONSTRAINT job_finished CHECK ((state IN ('DONE', 'DEAD')) = (finished_at IS NOT NULL)),
  ADD CONSTRAINT job_attempts CHECK (attempts >= 0 AND max_attempts > 0),
  ADD CONSTRAINT job_organization FOREIGN KEY (organization_id) REFERENCES organization (id);
CREATE UNIQUE INDEX job_unique_key ON job (unique_key);
CREATE INDEX job_ready ON job (run_at, id) WHERE state = 'READY';
CREATE INDEX job_running ON job (leased_until) WHERE state = 'RUNNING';
CREATE INDEX job_finished_at ON job (finished_at) WHERE state IN ('DONE', 'DEAD');
CREATE INDEX job_list ON job (organization_id, created_at DESC, id DESC);
ALTER TABLE operation
  ADD CONSTRAINT operation_status CHECK (status IN ('REQUESTED', 'SENT', 'ANSWERED', 'FAILED', 'TIMED_OUT', 'EXPIRED')),
  ADD CONSTRAINT operation_settled CHECK ((status IN ('REQUESTED', 'SENT')) = (settled_at IS NULL)),
  ADD CONSTRAINT operation_hold CHECK ((hold_for IS NULL) = (hold_amount IS NULL) AND (hold_for IS NULL) = (hold_currency IS NULL));
CREATE INDEX operation_list ON operation (organization_id, requested_at DESC, id DESC);
CREATE INDEX operation_of_charger ON operation (charger_id, requested_at DESC, id DESC);
CREATE INDEX operation_holding ON operation (requested_at) WHERE hold_for IS NOT NULL AND transaction_id IS NULL;
CREATE INDEX operation_unsettled ON operation (requested_at) WHERE settled_at IS NULL;
CREATE INDEX quarantine_open ON quarantine (organization_id, received_at DESC) WHERE resolved_at IS NULL;
CREATE INDEX desk_case_open ON desk_case (organization_id, opened_at DESC) WHERE resolved_at IS NULL;
CREATE INDEX desk_case_list ON desk_case (organization_id, opened_at DESC, id DESC);
ALTER TABLE desk_case ADD CONSTRAINT desk_case_resolved CHECK ((resolved_at IS NULL) = (resolution IS NULL));
ALTER TABLE handshake_attempt ADD CONSTRAINT handshake_attempt_status CHECK (http_status BETWEEN 100 AND 599);
CREATE INDEX handshake_attempt_list ON handshake_attempt (organization_id, at DESC, id DESC);
CREATE INDEX audit_entry_list ON audit_entry (organization_id, at DESC, id DESC);
CREATE INDEX audit_entry_target ON audit_entry (target_kind, target_id, at DESC);
ALTER TABLE operation
  ADD CONSTRAINT operation_requested_by FOREIGN KEY (requested_by) REFERENCES app_user (id),
  ADD CONSTRAINT operation_hold_for FOREIGN KEY (hold_for) REFERENCES app_user (id);
ALTER TABLE desk_case ADD CONSTRAINT desk_case_resolved_by FOREIGN KEY (resolved_by) REFERENCES app_user (id);
ALTER TABLE ledger_transfer ADD CONSTRAINT ledger_transfer_created_by FOREIGN KEY (created_by) REFERENCES app_user (id);
ALTER TABLE message ADD CONSTRAINT message_direction CHECK (direction IN ('IN', 'OUT'));
"""


class Migration(migrations.Migration):
    dependencies = [("csms", "0002_partitions_and_sequences")]

    operations = [
        ops.RunSQL(_IDENTITY),
        ops.RunSQL(_STATIONS),
        ops.RunSQL(_SESSIONS),
        ops.RunSQL(_WORK),
    ]
