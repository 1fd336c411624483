"""Meters' public keys, and the signed readings of sessions with what was found of them."""

from tortoise import fields
from tortoise.models import Model

from csms.adapters.sql.models.columns import created, energy_wh, owner, reference


class MeterKey(Model):
    """The public key of a charger's meter, set by a person; connector 0 is for all without an own."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    charger = reference("Charger", is_indexed=False)
    connector_id = fields.SmallIntField()
    public_key = fields.TextField()
    fingerprint = fields.TextField()
    created_at = created()

    class Meta:
        table = "meter_key"
        app = "csms"
        unique_together = (("charger", "connector_id"),)


class SignedReading(Model):
    """A signed record of a session as it came, with the result of its check."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    transaction = reference("Transaction", is_indexed=False)
    digest = fields.TextField()
    signed_data = fields.TextField()
    sampled_at = fields.DatetimeField()
    context = fields.TextField(null=True)
    result = fields.TextField()
    reason = fields.TextField(null=True)
    algorithm = fields.TextField(null=True)
    meter_serial = fields.TextField(null=True)
    pagination = fields.TextField(null=True)
    begin_wh = energy_wh()
    end_wh = energy_wh()
    public_key = fields.TextField(null=True)
    key_source = fields.TextField(null=True)
    checked_at = fields.DatetimeField()

    class Meta:
        table = "signed_reading"
        app = "csms"
        unique_together = (("transaction", "digest"),)
