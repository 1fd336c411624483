"""What operators want of connectors, and what chargers should know of the id tags."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

_RULES = """
ALTER TABLE connector
  ADD CONSTRAINT connector_wanted CHECK (wanted_type IN ('Operative', 'Inoperative')),
  ADD CONSTRAINT connector_wanted_answer CHECK (wanted_answer IN ('Accepted', 'Scheduled')),
  ADD CONSTRAINT connector_wanted_whole CHECK ((wanted_type IS NULL) = (wanted_at IS NULL)
    AND (wanted_type IS NULL) = (wanted_answer IS NULL));
ALTER TABLE authorization_state
  ADD CONSTRAINT authorization_state_organization FOREIGN KEY (organization_id)
    REFERENCES organization (id) ON DELETE CASCADE;
ALTER TABLE authorization_step
  ADD CONSTRAINT authorization_step_charger FOREIGN KEY (charger_id) REFERENCES charger (id) ON DELETE CASCADE;
CREATE INDEX charger_pushes_authorizations ON charger (organization_id, id) WHERE pushes_authorizations;
CREATE INDEX charger_resends_availability ON charger (id) WHERE resends_availability;
"""


class Migration(migrations.Migration):
    dependencies = [("csms", "0008_faults_and_leniency")]

    initial = False

    operations = [
        ops.CreateModel(
            name="AuthorizationState",
            fields=[
                ("organization_id", fields.BigIntField(generated=False, primary_key=True, unique=True, db_index=True)),
                ("digest", fields.TextField(unique=False)),
                ("revision", fields.BigIntField()),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "authorization_state", "app": "csms", "pk_attr": "organization_id", "table_description": "What chargers should know of an organization's id tags: a digest, and how often it changed."},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="AuthorizationStep",
            fields=[
                ("charger_id", fields.BigIntField(generated=False, primary_key=True, unique=True, db_index=True)),
                ("organization", fields.ForeignKeyField("csms.Organization", source_field="organization_id", db_index=True, db_constraint=True, to_field="id", related_name=False, on_delete=OnDelete.RESTRICT)),
                ("revision", fields.BigIntField()),
                ("stepped_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "authorization_step", "app": "csms", "pk_attr": "charger_id", "table_description": "The revision of the id tags that a charger was last brought in step with."},
            bases=["Model"],
        ),
        ops.AddField(model_name="Charger", name="pushes_authorizations", field=fields.BooleanField(db_default=False)),
        ops.AddField(model_name="Charger", name="resends_availability", field=fields.BooleanField(db_default=False)),
        ops.AddField(model_name="Connector", name="wanted_type", field=fields.TextField(null=True, unique=False)),
        ops.AddField(model_name="Connector", name="wanted_answer", field=fields.TextField(null=True, unique=False)),
        ops.AddField(model_name="Connector", name="wanted_at", field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
        ops.AddField(model_name="Connector", name="wanted_operation_id", field=fields.BigIntField(null=True)),
        ops.RunSQL(_RULES),
    ]
