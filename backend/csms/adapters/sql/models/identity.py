"""Organizations, people, and what the server knows of itself."""

from tortoise import fields
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.models import Model

from csms.adapters.sql.models.columns import created, currency, moment, money, owner


class Organization(Model):
    """Whoever runs a network; its policy on money and reconciliation."""

    id = fields.BigIntField(primary_key=True)
    name = fields.TextField()
    currency = currency(db_default="EUR")
    minimum_balance = money(db_default=SqlDefault("0"))
    hold_amount = money(db_default=SqlDefault("20"))
    reconcile_after_s = fields.IntField(db_default=1800)
    offline_cap_s = fields.IntField(db_default=604800)
    created_at = created()

    class Meta:
        table = "organization"
        app = "csms"


class AppUser(Model):
    """A person. `erased_at`: the personal data is gone, the ledger is not."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    email = fields.TextField()
    full_name = fields.TextField()
    role = fields.TextField()
    password_hash = fields.TextField(null=True)
    is_active = fields.BooleanField(db_default=True)
    token_version = fields.IntField(db_default=0)
    email_verified_at = moment()
    created_at = created()
    updated_at = fields.DatetimeField(db_default=Now())
    deactivated_at = moment()
    erased_at = moment()

    class Meta:
        table = "app_user"
        app = "csms"


class ServerSecret(Model):
    """A key of the server, made once: token signing, charger keys."""

    name = fields.CharField(max_length=60, primary_key=True)
    value = fields.BinaryField()
    created_at = created()

    class Meta:
        table = "server_secret"
        app = "csms"


class IdempotencyKey(Model):
    """An unsafe call that carried a key, with its answer once there is one."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    user_id = fields.BigIntField()
    key = fields.TextField()
    method = fields.TextField()
    path = fields.TextField()
    body_hash = fields.BinaryField()
    status = fields.IntField(null=True)
    response = fields.TextField(null=True)
    created_at = created()

    class Meta:
        table = "idempotency_key"
        app = "csms"
        unique_together = (("user_id", "key"),)
        indexes = (("created_at",),)
