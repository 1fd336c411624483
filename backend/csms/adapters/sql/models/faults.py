"""Faults that chargers report."""

from tortoise import fields
from tortoise.models import Model

from csms.adapters.sql.models.columns import moment, owner, reference


class Fault(Model):
    """A fault of one connector, open while `resolved_at` is NULL; history was told afterwards."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    charger = reference("Charger", is_indexed=False)
    connector_id = fields.SmallIntField()
    status = fields.TextField()
    error_code = fields.TextField()
    vendor_id = fields.TextField(null=True)
    vendor_error_code = fields.TextField(null=True)
    info = fields.TextField(null=True)
    opened_at = fields.DatetimeField()
    received_at = fields.DatetimeField()
    resolved_at = moment()
    resolution = fields.TextField(null=True)
    is_history = fields.BooleanField(db_default=False)

    class Meta:
        table = "fault"
        app = "csms"
        indexes = (("charger_id", "opened_at"),)
