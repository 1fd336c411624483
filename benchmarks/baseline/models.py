"""The baseline's tables: the ones the product needs for the same facts, with the same indexes."""

from tortoise import fields
from tortoise.models import Model


class Station(Model):
    """A site where chargers stand."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=100)
    latitude = fields.FloatField()
    longitude = fields.FloatField()
    address = fields.CharField(max_length=200)


class Charger(Model):
    """One charging unit and the SHA-256 of its Basic password."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "baseline.Station", related_name="chargers", db_index=True
    )
    charge_point_id = fields.CharField(max_length=48, unique=True)
    name = fields.CharField(max_length=100)
    password_sha256 = fields.CharField(max_length=64)
    vendor = fields.CharField(max_length=50, null=True)
    model = fields.CharField(max_length=50, null=True)
    serial_number = fields.CharField(max_length=50, null=True)
    firmware_version = fields.CharField(max_length=50, null=True)
    is_connected = fields.BooleanField(default=False)
    last_seen = fields.DatetimeField(null=True)
    connectors: fields.ReverseRelation["Connector"]


class Connector(Model):
    """One outlet with the status it reported last."""

    id = fields.IntField(primary_key=True)
    charger: fields.ForeignKeyRelation[Charger] = fields.ForeignKeyField(
        "baseline.Charger", related_name="connectors"
    )
    number = fields.IntField()
    status = fields.CharField(max_length=20, default="Available")
    error_code = fields.CharField(max_length=30, default="NoError")
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        """One row per outlet of a charger."""

        unique_together = (("charger", "number"),)


class IdTag(Model):
    """A token that may start a session."""

    id = fields.IntField(primary_key=True)
    id_tag = fields.CharField(max_length=20, unique=True)
    is_blocked = fields.BooleanField(default=False)


class Transaction(Model):
    """One charging session."""

    id = fields.IntField(primary_key=True)
    charger: fields.ForeignKeyRelation[Charger] = fields.ForeignKeyField(
        "baseline.Charger", db_index=True
    )
    connector_number = fields.IntField()
    id_tag = fields.CharField(max_length=20)
    started_at = fields.DatetimeField()
    stopped_at = fields.DatetimeField(null=True)
    meter_start_wh = fields.IntField()
    meter_stop_wh = fields.IntField(null=True)


class Message(Model):
    """The message log: one row per call of a charger."""

    id = fields.BigIntField(primary_key=True)
    charger: fields.ForeignKeyRelation[Charger] = fields.ForeignKeyField("baseline.Charger")
    action = fields.CharField(max_length=40)
    message_id = fields.CharField(max_length=36)
    payload: fields.JSONField[dict[str, object]] = fields.JSONField()
    received_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        """The index that the log of one charger is read by."""

        indexes = (("charger_id", "received_at"),)


class MeterValue(Model):
    """One sampled value of a transaction."""

    id = fields.BigIntField(primary_key=True)
    transaction: fields.ForeignKeyNullableRelation[Transaction] = fields.ForeignKeyField(
        "baseline.Transaction", null=True
    )
    connector_number = fields.IntField()
    sampled_at = fields.DatetimeField()
    measurand = fields.CharField(max_length=50)
    phase = fields.CharField(max_length=10, null=True)
    context = fields.CharField(max_length=30)
    unit = fields.CharField(max_length=20)
    value = fields.DecimalField(max_digits=16, decimal_places=4)

    class Meta:
        """The index that the readings of one transaction are read by."""

        indexes = (("transaction_id", "sampled_at"),)
