"""Local authorization lists: what each charger was sent, and what it holds."""

from tortoise import fields
from tortoise.fields.db_defaults import SqlDefault
from tortoise.models import Model

from csms.adapters.sql.models.columns import moment, owner, reference


class LocalList(Model):
    """A charger's list. `entries`, by folded tag, are those of `accepted_version`."""

    charger_id = fields.BigIntField(primary_key=True, generated=False)
    organization = owner()
    sent_version = fields.IntField(null=True)
    accepted_version = fields.IntField(null=True)
    accepted_at = moment()
    told_version = fields.IntField(null=True)
    told_at = moment()
    entries = fields.JSONField(db_default=SqlDefault("'{}'::jsonb"))  # type: ignore[var-annotated]

    class Meta:
        table = "local_list"
        app = "csms"


class AuthorizationState(Model):
    """What chargers should know of an organization's id tags: a digest, and how often it changed."""

    organization_id = fields.BigIntField(primary_key=True, generated=False)
    digest = fields.TextField()
    revision = fields.BigIntField()
    changed_at = fields.DatetimeField()

    class Meta:
        table = "authorization_state"
        app = "csms"


class AuthorizationStep(Model):
    """The revision of the id tags that a charger was last brought in step with."""

    charger_id = fields.BigIntField(primary_key=True, generated=False)
    organization = owner()
    revision = fields.BigIntField()
    stepped_at = fields.DatetimeField()

    class Meta:
        table = "authorization_step"
        app = "csms"


class LocalListUpdate(Model):
    """One SendLocalList with its answer. `entries` are as on the wire."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    charger = reference("Charger", is_indexed=False)
    operation_id = fields.BigIntField()
    version = fields.IntField()
    update_type = fields.TextField()
    entries = fields.JSONField()  # type: ignore[var-annotated]
    status = fields.TextField(null=True)
    sent_at = fields.DatetimeField()
    answered_at = moment()

    class Meta:
        table = "local_list_update"
        app = "csms"
        indexes = (("charger_id", "id"),)
