"""Faults that resolve themselves, leniency by charger model, and how often each rule was needed."""

from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise import fields
from tortoise.indexes import Index

_RULES = """
ALTER TABLE fault
  ADD CONSTRAINT fault_order CHECK (resolved_at >= opened_at),
  ADD CONSTRAINT fault_resolved CHECK ((resolved_at IS NULL) = (resolution IS NULL)),
  ADD CONSTRAINT fault_history CHECK (NOT is_history OR resolved_at IS NOT NULL);
CREATE UNIQUE INDEX fault_open ON fault (charger_id, connector_id) WHERE resolved_at IS NULL;
CREATE INDEX fault_list ON fault (organization_id, opened_at DESC, id DESC);
ALTER TABLE model_leniency
  ADD CONSTRAINT model_leniency_named CHECK (vendor <> '' AND model <> ''),
  ADD CONSTRAINT model_leniency_rules CHECK (jsonb_typeof(rules) = 'object');
CREATE UNIQUE INDEX model_leniency_model ON model_leniency (organization_id, lower(vendor), lower(model));
CREATE INDEX leniency_count_list ON leniency_count (organization_id, day);
"""


class Migration(migrations.Migration):
    dependencies = [('csms', '0007_access')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Fault',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('charger', fields.ForeignKeyField('csms.Charger', source_field='charger_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('connector_id', fields.SmallIntField()),
                ('status', fields.TextField(unique=False)),
                ('error_code', fields.TextField(unique=False)),
                ('vendor_id', fields.TextField(null=True, unique=False)),
                ('vendor_error_code', fields.TextField(null=True, unique=False)),
                ('info', fields.TextField(null=True, unique=False)),
                ('opened_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('received_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('resolved_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('resolution', fields.TextField(null=True, unique=False)),
                ('is_history', fields.BooleanField(db_default=False)),
            ],
            options={'table': 'fault', 'app': 'csms', 'indexes': [Index(fields=['charger_id', 'opened_at'])], 'pk_attr': 'id', 'table_description': 'A fault of one connector, open while `resolved_at` is NULL; history was told afterwards.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ModelLeniency',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('vendor', fields.TextField(unique=False)),
                ('model', fields.TextField(unique=False)),
                ('rules', fields.JSONField(db_default=SqlDefault("'{}'::jsonb"), encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('note', fields.TextField(null=True, unique=False)),
                ('updated_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'model_leniency', 'app': 'csms', 'pk_attr': 'id', 'table_description': 'Which rules all chargers of a model get or do not get; the others are as by default.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='LeniencyCount',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('charger', fields.ForeignKeyField('csms.Charger', source_field='charger_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('rule', fields.TextField(unique=False)),
                ('day', fields.DateField()),
                ('hits', fields.BigIntField()),
                ('last_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'leniency_count', 'app': 'csms', 'unique_together': (('charger', 'rule', 'day'),), 'pk_attr': 'id', 'table_description': 'How often a rule repaired something of a charger on one day (UTC).'},
            bases=['Model'],
        ),
        ops.RunSQL(_RULES),
    ]
