"""Granted roles, API keys, webhooks, the audit's seals and how long things are kept."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from csms.adapters.sql.models.columns import created, moment, owner, reference


class RoleGrant(Model):
    """An operator role that a person holds, for one station or (NULL) the whole organization."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    user = reference("AppUser", is_indexed=False)
    role = fields.TextField()
    station = reference("Station", null=True)
    granted_by = fields.BigIntField(null=True)
    granted_at = created()

    class Meta:
        table = "role_grant"
        app = "csms"


class ApiKey(Model):
    """A key of a person for programs: only its SHA-256 is kept, `prefix` tells keys apart."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    user = reference("AppUser")
    name = fields.TextField()
    prefix = fields.CharField(max_length=20, unique=True)
    secret_hash = fields.BinaryField()
    permissions: Any = fields.JSONField()
    station_ids: Any = fields.JSONField(null=True)
    created_at = created()
    expires_at = moment()
    last_used_at = moment()
    last_used_from = fields.TextField(null=True)
    revoked_at = moment()

    class Meta:
        table = "api_key"
        app = "csms"


class WebhookEndpoint(Model):
    """Where events are sent. The signing secret is derived from the server's and `secret_version`."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    url = fields.TextField()
    description = fields.TextField(db_default="")
    kinds: Any = fields.JSONField()
    is_active = fields.BooleanField(db_default=True)
    secret_version = fields.IntField(db_default=1)
    failing_since = moment()
    disabled_at = moment()
    disabled_reason = fields.TextField(null=True)
    created_at = created()
    created_by = fields.BigIntField(null=True)

    class Meta:
        table = "webhook_endpoint"
        app = "csms"


class WebhookDelivery(Model):
    """One event for one endpoint, with what became of it. Inserted by triggers, with the fact."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    endpoint = reference("WebhookEndpoint", is_indexed=False, is_part=True)
    message_id = fields.TextField()
    kind = fields.TextField()
    payload = fields.TextField()
    state = fields.TextField(db_default="PENDING")
    attempts = fields.IntField(db_default=0)
    replay_of = fields.BigIntField(null=True)
    created_at = created()
    last_attempt_at = moment()
    next_attempt_at = moment()
    delivered_at = moment()
    http_status = fields.SmallIntField(null=True)
    error = fields.TextField(null=True)
    response = fields.TextField(null=True)
    duration_ms = fields.IntField(null=True)

    class Meta:
        table = "webhook_delivery"
        app = "csms"


class AuditSeal(Model):
    """The place of an audit entry in its organization's chain; each hash covers the one before."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    sequence = fields.BigIntField()
    entry_id = fields.BigIntField(unique=True)
    hash = fields.BinaryField()
    sealed_at = created()

    class Meta:
        table = "audit_seal"
        app = "csms"
        unique_together = (("organization", "sequence"),)


class Retention(Model):
    """How many days a kind of log is kept, for the whole installation; NULL: for good."""

    kind = fields.CharField(max_length=40, primary_key=True)
    keep_days = fields.IntField(null=True)
    updated_at = created()
    updated_by = fields.BigIntField(null=True)

    class Meta:
        table = "retention"
        app = "csms"
