"""Leniency by charger model, and how often each rule was needed."""

from tortoise import fields
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.models import Model

from csms.adapters.sql.models.columns import owner, reference


class ModelLeniency(Model):
    """Which rules all chargers of a model get or do not get; the others are as by default."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    vendor = fields.TextField()
    model = fields.TextField()
    rules = fields.JSONField(db_default=SqlDefault("'{}'::jsonb"))  # type: ignore[var-annotated]
    note = fields.TextField(null=True)
    updated_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "model_leniency"
        app = "csms"


class LeniencyCount(Model):
    """How often a rule repaired something of a charger on one day (UTC)."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    charger = reference("Charger", is_indexed=False, is_part=True)
    rule = fields.TextField()
    day = fields.DateField()
    hits = fields.BigIntField()
    last_at = fields.DatetimeField()

    class Meta:
        table = "leniency_count"
        app = "csms"
        unique_together = (("charger", "rule", "day"),)
