"""Connectors kept for id tags. The id is the reservationId on the wire."""

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.models import Model

from csms.adapters.sql.models.columns import moment, owner, reference


class Reservation(Model):
    """A reservation from the request to its end; `operation_id` is the request."""

    id = fields.IntField(primary_key=True, generated=False)
    organization = owner()
    charger = reference("Charger")
    connector_id = fields.SmallIntField()
    id_tag = fields.TextField()
    id_tag_folded = fields.TextField()
    parent_id_tag = fields.TextField(null=True)
    expires_at = fields.DatetimeField()
    status = fields.TextField(db_default="ASKED")
    operation_id = fields.BigIntField(null=True)
    transaction_id = fields.IntField(null=True)
    asked_at = fields.DatetimeField(db_default=Now())
    answered_at = moment()
    ended_at = moment()

    class Meta:
        table = "reservation"
        app = "csms"
