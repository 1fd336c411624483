"""Reservations, charging profiles, local lists, maintenance, security events and certificates."""

from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise import fields
from tortoise.indexes import Index

# One sequence for every number of ours on the wire: reservations, profiles, lists, requests. A
# random first one keeps clear of what a former system has left in chargers.
_NUMBERS = """
DO $$ BEGIN
  EXECUTE format('CREATE SEQUENCE wire_number_seq AS integer MINVALUE 1 MAXVALUE 2147483647 START WITH %s NO CYCLE',
                 1 + floor(random() * (2 ^ 30 - 1))::bigint);
END $$;
"""

_RULES = """
ALTER TABLE reservation
  ADD CONSTRAINT reservation_id CHECK (id > 0),
  ADD CONSTRAINT reservation_connector CHECK (connector_id >= 0),
  ADD CONSTRAINT reservation_status CHECK (status IN ('ASKED', 'ACCEPTED', 'REJECTED', 'FAULTED', 'OCCUPIED',
    'UNAVAILABLE', 'USED', 'CANCELLED', 'EXPIRED'));
CREATE INDEX reservation_list ON reservation (organization_id, id DESC);
CREATE INDEX reservation_running ON reservation (expires_at) WHERE status IN ('ASKED', 'ACCEPTED');
ALTER TABLE charging_profile
  ADD CONSTRAINT charging_profile_id CHECK (id > 0),
  ADD CONSTRAINT charging_profile_object CHECK (jsonb_typeof(charging_profile) = 'object');
ALTER TABLE charger_profile
  ADD CONSTRAINT charger_profile_status CHECK (status IN ('ASKED', 'ACCEPTED', 'REJECTED', 'NOT_SUPPORTED',
    'REPLACED', 'CLEARED', 'ENDED'));
CREATE UNIQUE INDEX charger_profile_operation ON charger_profile (operation_id);
CREATE INDEX charger_profile_transaction ON charger_profile (transaction_id) WHERE transaction_id IS NOT NULL;
ALTER TABLE local_list
  ADD CONSTRAINT local_list_charger FOREIGN KEY (charger_id) REFERENCES charger (id) ON DELETE CASCADE,
  ADD CONSTRAINT local_list_entries CHECK (jsonb_typeof(entries) = 'object');
ALTER TABLE local_list_update
  ADD CONSTRAINT local_list_update_type CHECK (update_type IN ('Full', 'Differential'));
CREATE UNIQUE INDEX local_list_update_operation ON local_list_update (operation_id);
ALTER TABLE maintenance_job
  ADD CONSTRAINT maintenance_job_kind CHECK (kind IN ('FIRMWARE', 'SIGNED_FIRMWARE', 'DIAGNOSTICS', 'LOG')),
  ADD CONSTRAINT maintenance_job_status CHECK (status IN ('ASKED', 'RUNNING', 'DONE', 'FAILED', 'REFUSED', 'REPLACED'));
CREATE UNIQUE INDEX maintenance_job_operation ON maintenance_job (operation_id);
CREATE INDEX maintenance_job_list ON maintenance_job (organization_id, id DESC);
CREATE INDEX maintenance_job_firmware ON maintenance_job (charger_id)
  WHERE kind IN ('FIRMWARE', 'SIGNED_FIRMWARE') AND confirmed_at IS NULL;
CREATE INDEX security_event_list ON security_event (organization_id, id DESC);
"""


class Migration(migrations.Migration):
    dependencies = [('csms', '0005_first_rows')]

    initial = False

    operations = [
        ops.RunSQL(_NUMBERS),
        ops.CreateModel(
            name='CertificateRequest',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('charger', fields.ForeignKeyField('csms.Charger', source_field='charger_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('csr', fields.TextField(unique=False)),
                ('status', fields.TextField(unique=False)),
                ('reason', fields.TextField(null=True, unique=False)),
                ('received_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'certificate_request', 'app': 'csms', 'indexes': [Index(fields=['charger_id', 'id'])], 'pk_attr': 'id', 'table_description': 'A CSR that a charger sent, with what we answered.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ChargerProfile',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('charger', fields.ForeignKeyField('csms.Charger', source_field='charger_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('connector_id', fields.SmallIntField()),
                ('profile_id', fields.IntField()),
                ('purpose', fields.TextField(unique=False)),
                ('stack_level', fields.IntField()),
                ('transaction_id', fields.IntField(null=True)),
                ('charging_profile', fields.TextField(unique=False)),
                ('status', fields.TextField(db_default='ASKED', unique=False)),
                ('operation_id', fields.BigIntField()),
                ('asked_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('answered_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('ended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'charger_profile', 'app': 'csms', 'indexes': [Index(fields=['charger_id', 'status'])], 'pk_attr': 'id', 'table_description': 'A profile as one charger was told it, and what became of it there.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ChargingProfile',
            fields=[
                ('id', fields.IntField(generated=False, primary_key=True, unique=True, db_index=True, db_default=SqlDefault("nextval('wire_number_seq'::regclass)"))),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('description', fields.TextField(unique=False)),
                ('charging_profile', fields.JSONField(encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('updated_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'charging_profile', 'app': 'csms', 'pk_attr': 'id', 'table_description': 'A profile that operators keep; the id is its chargingProfileId on the wire.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='InstalledCertificate',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('charger', fields.ForeignKeyField('csms.Charger', source_field='charger_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('use', fields.TextField(unique=False)),
                ('hash_algorithm', fields.TextField(unique=False)),
                ('issuer_name_hash', fields.TextField(unique=False)),
                ('issuer_key_hash', fields.TextField(unique=False)),
                ('serial_number', fields.TextField(unique=False)),
                ('told_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'installed_certificate', 'app': 'csms', 'indexes': [Index(fields=['charger_id', 'use'])], 'pk_attr': 'id', 'table_description': 'A root certificate as the charger listed it, by its hashes.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='LocalList',
            fields=[
                ('charger_id', fields.BigIntField(generated=False, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('sent_version', fields.IntField(null=True)),
                ('accepted_version', fields.IntField(null=True)),
                ('accepted_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('told_version', fields.IntField(null=True)),
                ('told_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('entries', fields.JSONField(db_default=SqlDefault("'{}'::jsonb"), encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
            ],
            options={'table': 'local_list', 'app': 'csms', 'pk_attr': 'charger_id', 'table_description': "A charger's list. `entries`, by folded tag, are those of `accepted_version`."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='LocalListUpdate',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('charger', fields.ForeignKeyField('csms.Charger', source_field='charger_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('operation_id', fields.BigIntField()),
                ('version', fields.IntField()),
                ('update_type', fields.TextField(unique=False)),
                ('entries', fields.JSONField(encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('status', fields.TextField(null=True, unique=False)),
                ('sent_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('answered_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'local_list_update', 'app': 'csms', 'indexes': [Index(fields=['charger_id', 'id'])], 'pk_attr': 'id', 'table_description': 'One SendLocalList with its answer. `entries` are as on the wire.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='MaintenanceJob',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('charger', fields.ForeignKeyField('csms.Charger', source_field='charger_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('kind', fields.TextField(unique=False)),
                ('operation_id', fields.BigIntField()),
                ('request_id', fields.IntField(null=True)),
                ('location', fields.TextField(unique=False)),
                ('file_name', fields.TextField(null=True, unique=False)),
                ('charger_status', fields.TextField(null=True, unique=False)),
                ('status', fields.TextField(db_default='ASKED', unique=False)),
                ('version_before', fields.TextField(null=True, unique=False)),
                ('version_after', fields.TextField(null=True, unique=False)),
                ('asked_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('status_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('ended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('confirmed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'maintenance_job', 'app': 'csms', 'indexes': [Index(fields=['charger_id', 'id'])], 'pk_attr': 'id', 'table_description': 'One firmware update or upload. `confirmed_at`: a boot with another version proved it.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='MaintenanceEvent',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('charger', fields.ForeignKeyField('csms.Charger', source_field='charger_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('job', fields.ForeignKeyField('csms.MaintenanceJob', source_field='job_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('kind', fields.TextField(unique=False)),
                ('status', fields.TextField(unique=False)),
                ('request_id', fields.IntField(null=True)),
                ('received_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'maintenance_event', 'app': 'csms', 'indexes': [Index(fields=['charger_id', 'id'])], 'pk_attr': 'id', 'table_description': 'One status that a charger reported; without a job where none was asked for.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Reservation',
            fields=[
                ('id', fields.IntField(generated=False, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('charger', fields.ForeignKeyField('csms.Charger', source_field='charger_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('connector_id', fields.SmallIntField()),
                ('id_tag', fields.TextField(unique=False)),
                ('id_tag_folded', fields.TextField(unique=False)),
                ('parent_id_tag', fields.TextField(null=True, unique=False)),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('status', fields.TextField(db_default='ASKED', unique=False)),
                ('operation_id', fields.BigIntField(null=True)),
                ('transaction_id', fields.IntField(null=True)),
                ('asked_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('answered_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('ended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'reservation', 'app': 'csms', 'pk_attr': 'id', 'table_description': 'A reservation from the request to its end; `operation_id` is the request.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='SecurityEvent',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('charger', fields.ForeignKeyField('csms.Charger', source_field='charger_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('type', fields.TextField(unique=False)),
                ('tech_info', fields.TextField(null=True, unique=False)),
                ('occurred_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('received_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'security_event', 'app': 'csms', 'indexes': [Index(fields=['charger_id', 'id'])], 'pk_attr': 'id', 'table_description': 'A security event as a charger reported it.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='ChargerCredential',
            name='operation_id',
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name='ConfigurationKey',
            name='needs_reboot',
            field=fields.BooleanField(db_default=False),
        ),
        ops.AddField(
            model_name='ConfigurationKey',
            name='pending_value',
            field=fields.TextField(null=True, unique=False),
        ),
        ops.RunSQL(_RULES),
    ]
