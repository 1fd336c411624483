"""Charging sessions and their readings."""

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.models import Model

from csms.adapters.sql.models.columns import (
    created,
    currency,
    energy_wh,
    moment,
    money,
    owner,
    reference,
)


class Transaction(Model):
    """One session. Its id is the transactionId on the wire; price and person never change."""

    id = fields.IntField(primary_key=True, generated=False)
    organization = owner()
    charger = reference("Charger")
    connector_id = fields.SmallIntField()
    id_tag = fields.TextField()
    id_tag_folded = fields.TextField()
    user = reference("AppUser", null=True)
    started_at = fields.DatetimeField()
    charger_started_at = fields.TextField()
    received_at = fields.DatetimeField()
    meter_start_wh = fields.DecimalField(max_digits=16, decimal_places=3)
    status = fields.TextField()
    status_reason = fields.TextField(null=True)
    status_changed_at = moment()
    authorization_status = fields.TextField()
    is_billable = fields.BooleanField()
    start_key = fields.TextField(null=True)
    stopped_at = moment()
    charger_stopped_at = fields.TextField(null=True)
    stop_received_at = moment()
    meter_stop_wh = energy_wh()
    stop_reason = fields.TextField(null=True)
    stop_id_tag = fields.TextField(null=True)
    stop_source = fields.TextField(null=True)
    has_charger_stop = fields.BooleanField(db_default=False)
    energy_wh = energy_wh()
    energy_basis = fields.TextField(null=True)
    explanation = fields.TextField(null=True)
    tariff = reference("Tariff", null=True)
    tariff_terms = fields.TextField(null=True)
    currency = currency(null=True)
    cost_amount = money(null=True)
    billing_status = fields.TextField()
    billing_error = fields.TextField(null=True)
    bill_explanation = fields.TextField(null=True)
    bill_revision = fields.IntField(db_default=0)
    billed_at = moment()
    hold_amount = money(null=True)
    remote_start_operation = reference("Operation", null=True)
    reservation_number = fields.IntField(null=True)
    reconcile_by = moment()
    note = fields.TextField(null=True)
    created_at = created()
    updated_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "transaction"
        app = "csms"


class MeterValue(Model):
    """The samples of one moment at one connector, partitioned by month of `received_at`."""

    id = fields.BigIntField(primary_key=True)
    organization_id = fields.BigIntField()
    charger_id = fields.BigIntField()
    connector_id = fields.SmallIntField()
    transaction_id = fields.IntField(null=True)
    sampled_at = fields.DatetimeField()
    received_at = fields.DatetimeField()
    register_wh = energy_wh()
    power_w = fields.DecimalField(max_digits=16, decimal_places=3, null=True)
    soc_percent = fields.DecimalField(max_digits=6, decimal_places=3, null=True)
    is_suspect = fields.BooleanField()
    is_inferred = fields.BooleanField()
    note = fields.TextField(null=True)
    samples = fields.TextField()

    class Meta:
        table = "meter_value"
        app = "csms"
