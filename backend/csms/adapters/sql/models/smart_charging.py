"""Charging profiles: what operators keep, and what chargers were told."""

from tortoise import fields
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.models import Model

from csms.adapters.sql.models.columns import created, moment, owner, reference


class ChargingProfile(Model):
    """A profile that operators keep; the id is its chargingProfileId on the wire.

    `is_default`: pushed to connector 0 of the chargers that have default profiles switched on.
    """

    id = fields.IntField(
        primary_key=True,
        generated=False,
        db_default=SqlDefault("nextval('wire_number_seq'::regclass)"),
    )
    organization = owner()
    description = fields.TextField()
    charging_profile = fields.JSONField()  # type: ignore[var-annotated]
    is_default = fields.BooleanField(db_default=False)
    created_at = created()
    updated_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "charging_profile"
        app = "csms"


class ChargerProfile(Model):
    """A profile as one charger was told it, and what became of it there."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    charger = reference("Charger", is_indexed=False)
    connector_id = fields.SmallIntField()
    profile_id = fields.IntField()
    purpose = fields.TextField()
    stack_level = fields.IntField()
    transaction_id = fields.IntField(null=True)
    charging_profile = fields.TextField()
    status = fields.TextField(db_default="ASKED")
    operation_id = fields.BigIntField()
    asked_at = fields.DatetimeField()
    answered_at = moment()
    ended_at = moment()

    class Meta:
        table = "charger_profile"
        app = "csms"
        indexes = (("charger_id", "status"),)
