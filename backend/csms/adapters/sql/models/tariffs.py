"""Tariffs."""

from typing import Any

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.models import Model

from csms.adapters.sql.models.columns import created, currency, moment, owner


def _price() -> Any:
    return fields.DecimalField(max_digits=12, decimal_places=6, null=True)


class Tariff(Model):
    """A price, tax included. One per organization is the default."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    name = fields.TextField()
    currency = currency()
    price_per_kwh = fields.DecimalField(max_digits=12, decimal_places=6)
    price_per_minute = _price()
    price_per_session = _price()
    idle_price_per_minute = _price()
    idle_grace_minutes = fields.IntField(null=True)
    tax_percent = fields.DecimalField(max_digits=6, decimal_places=3, null=True)
    is_default = fields.BooleanField(db_default=False)
    created_at = created()
    updated_at = fields.DatetimeField(db_default=Now())
    archived_at = moment()

    class Meta:
        table = "tariff"
        app = "csms"
