"""Id tags."""

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.models import Model

from csms.adapters.sql.models.columns import created, moment, owner, reference


class IdTag(Model):
    """A token as spelled, and `folded` as compared; unique per organization."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    id_tag = fields.TextField()
    folded = fields.TextField()
    user = reference("AppUser", null=True)
    parent_id_tag = fields.TextField(null=True)
    parent_folded = fields.TextField(null=True)
    expires_at = moment()
    is_blocked = fields.BooleanField(db_default=False)
    is_app_tag = fields.BooleanField(db_default=False)
    forbids_concurrent = fields.BooleanField(db_default=False)
    created_at = created()
    updated_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "id_tag"
        app = "csms"
        unique_together = (("organization", "folded"),)
        indexes = (("organization_id", "parent_folded"),)
