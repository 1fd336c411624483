"""Granted roles, API keys, webhooks with their triggers, the audit's seals, retention."""

import functools
from json import dumps, loads

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from tortoise.migrations import operations as ops

_RULES = """
ALTER TABLE role_grant
  ADD CONSTRAINT role_grant_role CHECK (role IN ('viewer', 'operator', 'manager', 'finance'));
CREATE UNIQUE INDEX role_grant_once ON role_grant (user_id, role, coalesce(station_id, 0));
ALTER TABLE api_key
  ADD CONSTRAINT api_key_permissions CHECK (jsonb_typeof(permissions) = 'array');
CREATE INDEX api_key_list ON api_key (organization_id, id DESC);
ALTER TABLE webhook_endpoint
  ADD CONSTRAINT webhook_endpoint_kinds CHECK (jsonb_typeof(kinds) = 'array'),
  ADD CONSTRAINT webhook_endpoint_disabled CHECK (is_active OR disabled_reason IS NOT NULL);
ALTER TABLE webhook_delivery
  ADD CONSTRAINT webhook_delivery_state CHECK (state IN ('PENDING', 'DELIVERED', 'FAILED'));
CREATE INDEX webhook_delivery_list ON webhook_delivery (endpoint_id, id DESC);
CREATE INDEX webhook_delivery_age ON webhook_delivery (created_at);
ALTER TABLE retention
  ADD CONSTRAINT retention_kind CHECK (kind IN ('messages', 'meter_values', 'status_events')),
  ADD CONSTRAINT retention_days CHECK (keep_days BETWEEN 1 AND 36500);
INSERT INTO retention (kind, keep_days) VALUES
  ('messages', 400), ('meter_values', NULL), ('status_events', NULL);
CREATE TRIGGER audit_seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal
  FOR EACH STATEMENT EXECUTE FUNCTION csms_append_only();
"""

# An event is queued by the statement that stores its fact, whoever runs it: never lost, never
# early. Where no endpoint listens, a trigger costs one look into a small table.
_EVENTS = """
CREATE FUNCTION csms_has_listener(the_organization bigint, the_kind text) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM webhook_endpoint
                  WHERE organization_id = the_organization AND is_active AND kinds ? the_kind)
$$;

CREATE FUNCTION csms_queue_delivery(the_organization bigint, the_endpoint bigint, the_message text,
                                    the_kind text, the_payload text, the_original bigint)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  the_delivery bigint;
BEGIN
  INSERT INTO webhook_delivery (organization_id, endpoint_id, message_id, kind, payload, replay_of)
  VALUES (the_organization, the_endpoint, the_message, the_kind, the_payload, the_original)
  RETURNING id INTO the_delivery;
  INSERT INTO job (organization_id, kind, unique_key, payload, max_attempts)
  VALUES (the_organization, 'deliver_webhook', 'webhook:' || the_delivery,
          json_build_object('delivery_id', the_delivery)::text, 20);
  PERFORM pg_notify('csms_jobs', '');
  RETURN the_delivery;
END $$;

CREATE FUNCTION csms_emit(the_organization bigint, the_kind text, the_data jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  one record;
  the_message text := 'msg_' || replace(gen_random_uuid()::text, '-', '');
BEGIN
  FOR one IN SELECT id FROM webhook_endpoint
              WHERE organization_id = the_organization AND is_active AND kinds ? the_kind
  LOOP
    PERFORM csms_queue_delivery(the_organization, one.id, the_message, the_kind,
      jsonb_build_object(
        'type', the_kind,
        'timestamp', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'data', the_data)::text, NULL);
  END LOOP;
END $$;

CREATE FUNCTION csms_moment(the_moment timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT to_char(the_moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

CREATE FUNCTION csms_session_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  the_kind text := TG_ARGV[0];
BEGIN
  IF the_kind = 'session.changed' THEN
    the_kind := CASE NEW.status WHEN 'ENDED' THEN 'session.ended' WHEN 'ACTIVE' THEN 'session.resumed'
                ELSE 'session.pending' END;
  ELSIF the_kind = 'billing.changed' THEN
    the_kind := CASE NEW.billing_status WHEN 'BILLED' THEN 'billing.billed' WHEN 'FAILED' THEN 'billing.failed' END;
  END IF;
  IF the_kind IS NULL OR NOT csms_has_listener(NEW.organization_id, the_kind) THEN
    RETURN NULL;
  END IF;
  PERFORM csms_emit(NEW.organization_id, the_kind, jsonb_build_object(
    'transaction_id', NEW.id,
    'charger_id', NEW.charger_id,
    'charge_point_id', (SELECT c.charge_point_id FROM charger c WHERE c.id = NEW.charger_id),
    'connector_id', NEW.connector_id,
    'user_id', NEW.user_id,
    'status', NEW.status,
    'started_at', csms_moment(NEW.started_at),
    'stopped_at', csms_moment(NEW.stopped_at),
    'stop_reason', NEW.stop_reason,
    'meter_start_wh', NEW.meter_start_wh,
    'meter_stop_wh', NEW.meter_stop_wh,
    'energy_wh', NEW.energy_wh,
    'billing_status', NEW.billing_status,
    'billing_error', NEW.billing_error,
    'cost', CASE WHEN NEW.cost_amount IS NOT NULL THEN
      jsonb_build_object('amount', NEW.cost_amount::text, 'currency', NEW.currency) END));
  RETURN NULL;
END $$;
CREATE TRIGGER transaction_started_event AFTER INSERT ON transaction
  FOR EACH ROW EXECUTE FUNCTION csms_session_event('session.started');
CREATE TRIGGER transaction_changed_event AFTER UPDATE OF status ON transaction
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
  EXECUTE FUNCTION csms_session_event('session.changed');
CREATE TRIGGER transaction_billed_event AFTER UPDATE OF billing_status, bill_revision ON transaction
  FOR EACH ROW WHEN ((OLD.billing_status, OLD.bill_revision) IS DISTINCT FROM (NEW.billing_status, NEW.bill_revision))
  EXECUTE FUNCTION csms_session_event('billing.changed');

CREATE FUNCTION csms_charger_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  the_kind text := TG_ARGV[0];
BEGIN
  IF NOT csms_has_listener(NEW.organization_id, the_kind) THEN
    RETURN NULL;
  END IF;
  PERFORM csms_emit(NEW.organization_id, the_kind, jsonb_build_object(
    'charger_id', NEW.charger_id,
    'charge_point_id', (SELECT c.charge_point_id FROM charger c WHERE c.id = NEW.charger_id),
    'connected_at', csms_moment(NEW.connected_at),
    'disconnected_at', csms_moment(NEW.disconnected_at),
    'reason', NEW.close_reason));
  RETURN NULL;
END $$;
CREATE TRIGGER connection_opened_event AFTER INSERT ON connection
  FOR EACH ROW EXECUTE FUNCTION csms_charger_event('charger.connected');
CREATE TRIGGER connection_closed_event AFTER UPDATE OF disconnected_at ON connection
  FOR EACH ROW WHEN (OLD.disconnected_at IS NULL AND NEW.disconnected_at IS NOT NULL)
  EXECUTE FUNCTION csms_charger_event('charger.disconnected');

CREATE FUNCTION csms_fault_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT csms_has_listener(NEW.organization_id, 'connector.faulted') THEN
    RETURN NULL;
  END IF;
  PERFORM csms_emit(NEW.organization_id, 'connector.faulted', jsonb_build_object(
    'charger_id', NEW.charger_id,
    'charge_point_id', (SELECT c.charge_point_id FROM charger c WHERE c.id = NEW.charger_id),
    'connector_id', NEW.connector_id,
    'status', NEW.status,
    'error_code', NEW.error_code,
    'info', NEW.info,
    'vendor_error_code', NEW.vendor_error_code,
    'reported_at', csms_moment(NEW.reported_at)));
  RETURN NULL;
END $$;
CREATE TRIGGER connector_faulted_event AFTER INSERT ON connector_status_event
  FOR EACH ROW WHEN (NEW.status = 'Faulted' OR NEW.error_code <> 'NoError')
  EXECUTE FUNCTION csms_fault_event();

CREATE FUNCTION csms_desk_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT csms_has_listener(NEW.organization_id, 'desk.opened') THEN
    RETURN NULL;
  END IF;
  PERFORM csms_emit(NEW.organization_id, 'desk.opened', jsonb_build_object(
    'case_id', NEW.id, 'kind', NEW.kind, 'summary', NEW.summary,
    'charger_id', NEW.charger_id, 'transaction_id', NEW.transaction_id,
    'opened_at', csms_moment(NEW.opened_at)));
  RETURN NULL;
END $$;
CREATE TRIGGER desk_opened_event AFTER INSERT ON desk_case
  FOR EACH ROW EXECUTE FUNCTION csms_desk_event();
"""


class Migration(migrations.Migration):
    dependencies = [("csms", "0006_optional_profiles")]

    initial = False

    operations = [
        ops.CreateModel(
            name='ApiKey',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('user', fields.ForeignKeyField('csms.AppUser', source_field='user_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('name', fields.TextField(unique=False)),
                ('prefix', fields.CharField(unique=True, max_length=20)),
                ('secret_hash', fields.BinaryField()),
                ('permissions', fields.JSONField(encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('station_ids', fields.JSONField(null=True, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('expires_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('last_used_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('last_used_from', fields.TextField(null=True, unique=False)),
                ('revoked_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'api_key', 'app': 'csms', 'pk_attr': 'id', 'table_description': 'A key of a person for programs: only its SHA-256 is kept, `prefix` tells keys apart.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='AuditSeal',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('sequence', fields.BigIntField()),
                ('entry_id', fields.BigIntField(unique=True)),
                ('hash', fields.BinaryField()),
                ('sealed_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'audit_seal', 'app': 'csms', 'unique_together': (('organization', 'sequence'),), 'pk_attr': 'id', 'table_description': "The place of an audit entry in its organization's chain; each hash covers the one before."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Retention',
            fields=[
                ('kind', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=40)),
                ('keep_days', fields.IntField(null=True)),
                ('updated_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('updated_by', fields.BigIntField(null=True)),
            ],
            options={'table': 'retention', 'app': 'csms', 'pk_attr': 'kind', 'table_description': 'How many days a kind of log is kept, for the whole installation; NULL: for good.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='RoleGrant',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('user', fields.ForeignKeyField('csms.AppUser', source_field='user_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('role', fields.TextField(unique=False)),
                ('station', fields.ForeignKeyField('csms.Station', source_field='station_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('granted_by', fields.BigIntField(null=True)),
                ('granted_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'role_grant', 'app': 'csms', 'pk_attr': 'id', 'table_description': 'An operator role that a person holds, for one station or (NULL) the whole organization.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='WebhookEndpoint',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('url', fields.TextField(unique=False)),
                ('description', fields.TextField(db_default='', unique=False)),
                ('kinds', fields.JSONField(encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('is_active', fields.BooleanField(db_default=True)),
                ('secret_version', fields.IntField(db_default=1)),
                ('failing_since', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('disabled_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('disabled_reason', fields.TextField(null=True, unique=False)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('created_by', fields.BigIntField(null=True)),
            ],
            options={'table': 'webhook_endpoint', 'app': 'csms', 'pk_attr': 'id', 'table_description': "Where events are sent. The signing secret is derived from the server's and `secret_version`."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='WebhookDelivery',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('endpoint', fields.ForeignKeyField('csms.WebhookEndpoint', source_field='endpoint_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('message_id', fields.TextField(unique=False)),
                ('kind', fields.TextField(unique=False)),
                ('payload', fields.TextField(unique=False)),
                ('state', fields.TextField(db_default='PENDING', unique=False)),
                ('attempts', fields.IntField(db_default=0)),
                ('replay_of', fields.BigIntField(null=True)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('last_attempt_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('next_attempt_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('delivered_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('http_status', fields.SmallIntField(null=True)),
                ('error', fields.TextField(null=True, unique=False)),
                ('response', fields.TextField(null=True, unique=False)),
                ('duration_ms', fields.IntField(null=True)),
            ],
            options={'table': 'webhook_delivery', 'app': 'csms', 'pk_attr': 'id', 'table_description': 'One event for one endpoint, with what became of it. Inserted by triggers, with the fact.'},
            bases=['Model'],
        ),
        ops.RunSQL(_RULES),
        ops.RunSQL(_EVENTS),
    ]
