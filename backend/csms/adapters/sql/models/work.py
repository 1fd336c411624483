"""Durable jobs, and what was asked of chargers."""

from tortoise import fields
from tortoise.models import Model

from csms.adapters.sql.models.columns import created, currency, moment, money, owner, reference


class Job(Model):
    """A job until it is done or dead; `unique_key` names its effect for good."""

    id = fields.BigIntField(primary_key=True)
    organization_id = fields.BigIntField(null=True)
    kind = fields.TextField()
    unique_key = fields.TextField()
    payload = fields.TextField()
    state = fields.TextField(db_default="READY")
    attempts = fields.IntField(db_default=0)
    max_attempts = fields.IntField(db_default=25)
    run_at = created()
    leased_until = moment()
    lease_owner = fields.TextField(null=True)
    last_error = fields.TextField(null=True)
    created_at = created()
    finished_at = moment()

    class Meta:
        table = "job"
        app = "csms"


class Operation(Model):
    """A request made to a charger, by whom, with its outcome."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    charger = reference("Charger", is_indexed=False)
    charge_point_id = fields.TextField()
    requested_by = fields.BigIntField(null=True, db_index=True)
    action = fields.TextField()
    request = fields.TextField()
    status = fields.TextField(db_default="REQUESTED")
    message_id = fields.TextField(null=True)
    response = fields.TextField(null=True)
    error_code = fields.TextField(null=True)
    error_detail = fields.TextField(null=True)
    warnings = fields.TextField(null=True)
    hold_for = fields.BigIntField(null=True, db_index=True)
    hold_amount = money(null=True)
    hold_currency = currency(null=True)
    requested_at = created()
    sent_at = moment()
    settled_at = moment()
    transaction_id = fields.IntField(null=True, db_index=True)

    class Meta:
        table = "operation"
        app = "csms"
