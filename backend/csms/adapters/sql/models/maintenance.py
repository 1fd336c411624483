"""Firmware updates, diagnostics and logs: what was asked, and how it went."""

from tortoise import fields
from tortoise.models import Model

from csms.adapters.sql.models.columns import moment, owner, reference


class MaintenanceJob(Model):
    """One firmware update or upload. `confirmed_at`: a boot with another version proved it."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    charger = reference("Charger", is_indexed=False)
    kind = fields.TextField()
    operation_id = fields.BigIntField()
    request_id = fields.IntField(null=True)
    location = fields.TextField()
    file_name = fields.TextField(null=True)
    charger_status = fields.TextField(null=True)
    status = fields.TextField(db_default="ASKED")
    version_before = fields.TextField(null=True)
    version_after = fields.TextField(null=True)
    asked_at = fields.DatetimeField()
    status_at = fields.DatetimeField()
    ended_at = moment()
    confirmed_at = moment()

    class Meta:
        table = "maintenance_job"
        app = "csms"
        indexes = (("charger_id", "id"),)


class MaintenanceEvent(Model):
    """One status that a charger reported; without a job where none was asked for."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    charger = reference("Charger", is_indexed=False)
    job = reference("MaintenanceJob", null=True, is_part=True)
    kind = fields.TextField()
    status = fields.TextField()
    request_id = fields.IntField(null=True)
    received_at = fields.DatetimeField()

    class Meta:
        table = "maintenance_event"
        app = "csms"
        indexes = (("charger_id", "id"),)
