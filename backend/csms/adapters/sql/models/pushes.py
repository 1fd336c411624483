"""What is sent to chargers by itself, where that is switched on, and configuration templates."""

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.models import Model

from csms.adapters.sql.models.columns import created, moment, owner, reference


class ConfigurationTemplate(Model):
    """Keys with the values that chargers of a vendor and model should have; null is any."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    name = fields.TextField()
    vendor = fields.TextField(null=True)
    model = fields.TextField(null=True)
    values = fields.JSONField()  # type: ignore[var-annotated]
    created_at = created()
    updated_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "configuration_template"
        app = "csms"


class ChargerPushes(Model):
    """Which things are kept in step at a charger; all are off until somebody switches them on."""

    charger_id = fields.BigIntField(primary_key=True, generated=False)
    organization = owner()
    template = reference("ConfigurationTemplate", null=True)
    has_default_profiles = fields.BooleanField(db_default=False)
    checked_at = moment()
    problem = fields.TextField(null=True)
    updated_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "charger_pushes"
        app = "csms"
