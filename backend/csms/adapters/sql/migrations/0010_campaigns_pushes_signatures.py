"""Firmware campaigns, configuration templates, what is kept in step, signed readings."""

from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from tortoise import fields

_RULES = """
ALTER TABLE meter_key
  ADD CONSTRAINT meter_key_connector CHECK (connector_id >= 0);
ALTER TABLE signed_reading
  ADD CONSTRAINT signed_reading_result CHECK (result IN ('VERIFIED', 'INVALID', 'UNVERIFIABLE')),
  ADD CONSTRAINT signed_reading_reason CHECK ((result = 'VERIFIED') = (reason IS NULL));
ALTER TABLE firmware_campaign
  ADD CONSTRAINT firmware_campaign_status CHECK (status IN ('RUNNING', 'PAUSED', 'CANCELLED', 'DONE')),
  ADD CONSTRAINT firmware_campaign_kind CHECK (kind IN ('FIRMWARE', 'SIGNED_FIRMWARE')),
  ADD CONSTRAINT firmware_campaign_bounds CHECK (parallel_max > 0 AND attempts_max > 0 AND boot_timeout_s > 0),
  ADD CONSTRAINT firmware_campaign_signed CHECK (
    (kind = 'SIGNED_FIRMWARE') = (signing_certificate IS NOT NULL AND signature IS NOT NULL));
CREATE INDEX signed_reading_checked ON signed_reading (checked_at);
CREATE INDEX firmware_campaign_list ON firmware_campaign (organization_id, id DESC);
CREATE INDEX firmware_campaign_running ON firmware_campaign (id) WHERE status = 'RUNNING';
ALTER TABLE campaign_charger
  ADD CONSTRAINT campaign_charger_status CHECK (status IN ('WAITING', 'ASKED', 'DONE', 'FAILED', 'CANCELLED'));
CREATE INDEX campaign_charger_open ON campaign_charger (campaign_id, wave) WHERE status IN ('WAITING', 'ASKED');
-- A charger takes one firmware at a time, whichever campaign brings it.
CREATE UNIQUE INDEX campaign_charger_asked ON campaign_charger (charger_id) WHERE status = 'ASKED';
ALTER TABLE configuration_template
  ADD CONSTRAINT configuration_template_values CHECK (jsonb_typeof(values) = 'object');
CREATE UNIQUE INDEX configuration_template_name ON configuration_template (organization_id, lower(name));
ALTER TABLE charger_pushes
  ADD CONSTRAINT charger_pushes_charger FOREIGN KEY (charger_id) REFERENCES charger (id) ON DELETE CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [('csms', '0009_wanted_and_known')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ConfigurationTemplate',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('name', fields.TextField(unique=False)),
                ('vendor', fields.TextField(null=True, unique=False)),
                ('model', fields.TextField(null=True, unique=False)),
                ('values', fields.JSONField(encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('updated_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'configuration_template', 'app': 'csms', 'pk_attr': 'id', 'table_description': 'Keys with the values that chargers of a vendor and model should have; null is any.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ChargerPushes',
            fields=[
                ('charger_id', fields.BigIntField(generated=False, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('template', fields.ForeignKeyField('csms.ConfigurationTemplate', source_field='template_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('has_default_profiles', fields.BooleanField(db_default=False)),
                ('checked_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('problem', fields.TextField(null=True, unique=False)),
                ('updated_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'charger_pushes', 'app': 'csms', 'pk_attr': 'charger_id', 'table_description': 'Which things are kept in step at a charger; all are off until somebody switches them on.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='FirmwareCampaign',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('name', fields.TextField(unique=False)),
                ('kind', fields.TextField(unique=False)),
                ('location', fields.TextField(unique=False)),
                ('version', fields.TextField(unique=False)),
                ('signing_certificate', fields.TextField(null=True, unique=False)),
                ('signature', fields.TextField(null=True, unique=False)),
                ('retrieve_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('status', fields.TextField(db_default='RUNNING', unique=False)),
                ('status_reason', fields.TextField(null=True, unique=False)),
                ('parallel_max', fields.IntField()),
                ('attempts_max', fields.IntField()),
                ('boot_timeout_s', fields.IntField()),
                ('failures_max', fields.IntField(null=True)),
                ('wave', fields.IntField(db_default=1)),
                ('created_by', fields.BigIntField(null=True)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('ended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'firmware_campaign', 'app': 'csms', 'pk_attr': 'id', 'table_description': 'What is to be installed where, and how carefully. `wave` is the one that runs.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='CampaignCharger',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('campaign', fields.ForeignKeyField('csms.FirmwareCampaign', source_field='campaign_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('charger', fields.ForeignKeyField('csms.Charger', source_field='charger_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('wave', fields.IntField()),
                ('status', fields.TextField(db_default='WAITING', unique=False)),
                ('attempts', fields.IntField(db_default=0)),
                ('operation_id', fields.BigIntField(null=True)),
                ('request_id', fields.IntField(null=True)),
                ('version_before', fields.TextField(null=True, unique=False)),
                ('version_after', fields.TextField(null=True, unique=False)),
                ('reason', fields.TextField(null=True, unique=False)),
                ('not_before', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('asked_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('ended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'campaign_charger', 'app': 'csms', 'unique_together': (('campaign', 'charger'),), 'pk_attr': 'id', 'table_description': "One charger of a campaign. DONE only when it booted with the campaign's version."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='MeterKey',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('charger', fields.ForeignKeyField('csms.Charger', source_field='charger_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('connector_id', fields.SmallIntField()),
                ('public_key', fields.TextField(unique=False)),
                ('fingerprint', fields.TextField(unique=False)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'meter_key', 'app': 'csms', 'unique_together': (('charger', 'connector_id'),), 'pk_attr': 'id', 'table_description': "The public key of a charger's meter, set by a person; connector 0 is for all without an own."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='SignedReading',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('transaction', fields.ForeignKeyField('csms.Transaction', source_field='transaction_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('digest', fields.TextField(unique=False)),
                ('signed_data', fields.TextField(unique=False)),
                ('sampled_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('context', fields.TextField(null=True, unique=False)),
                ('result', fields.TextField(unique=False)),
                ('reason', fields.TextField(null=True, unique=False)),
                ('algorithm', fields.TextField(null=True, unique=False)),
                ('meter_serial', fields.TextField(null=True, unique=False)),
                ('pagination', fields.TextField(null=True, unique=False)),
                ('begin_wh', fields.DecimalField(null=True, max_digits=16, decimal_places=3)),
                ('end_wh', fields.DecimalField(null=True, max_digits=16, decimal_places=3)),
                ('public_key', fields.TextField(null=True, unique=False)),
                ('key_source', fields.TextField(null=True, unique=False)),
                ('checked_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'signed_reading', 'app': 'csms', 'unique_together': (('transaction', 'digest'),), 'pk_attr': 'id', 'table_description': 'A signed record of a session as it came, with the result of its check.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='ChargingProfile',
            name='is_default',
            field=fields.BooleanField(db_default=False),
        ),
        ops.RunSQL(_RULES),
    ]
