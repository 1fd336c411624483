"""What happened on the wire and in the office: messages, quarantine, desk, handshakes, audit."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from csms.adapters.sql.models.columns import created, moment, owner, reference


class Message(Model):
    """One exchange on the wire, partitioned by day of `received_at`; ids rise with time."""

    id = fields.BigIntField(primary_key=True, generated=False)
    organization_id = fields.BigIntField()
    charger_id = fields.BigIntField()
    charge_point_id = fields.TextField()
    epoch = fields.BigIntField()
    direction = fields.TextField()
    action = fields.TextField(null=True)
    message_id = fields.TextField(null=True)
    request = fields.TextField(null=True)
    answer = fields.TextField(null=True)
    received_at = fields.DatetimeField()
    answered_at = moment()
    outcome = fields.TextField()
    correlation_id = fields.TextField(null=True)
    repairs = fields.TextField(null=True)
    is_repeat = fields.BooleanField()

    class Meta:
        table = "message"
        app = "csms"


class JournalMarker(Model):
    """Tells whether a commit without messages happened, when its acknowledgement was lost."""

    id = fields.BigIntField(primary_key=True, generated=False)
    at = created()

    class Meta:
        table = "journal_marker"
        app = "csms"
        indexes = (("at",),)


class Quarantine(Model):
    """The raw frame of a message that could not be stored, alone among others that could."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    charger = reference("Charger")
    epoch = fields.BigIntField()
    message_id = fields.TextField(null=True)
    action = fields.TextField(null=True)
    raw_frame = fields.BinaryField(source_field="raw")
    error = fields.TextField()
    received_at = fields.DatetimeField()
    resolved_at = moment()

    class Meta:
        table = "quarantine"
        app = "csms"


class DeskCase(Model):
    """Something that a machine must not decide waits for a person."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    kind = fields.TextField()
    case_key = fields.TextField()
    charger = reference("Charger", null=True)
    transaction = reference("Transaction", null=True)
    summary = fields.TextField()
    evidence = fields.TextField()
    opened_at = fields.DatetimeField()
    resolved_at = moment()
    resolved_by = fields.BigIntField(null=True, db_index=True)
    resolution = fields.TextField(null=True)

    class Meta:
        table = "desk_case"
        app = "csms"
        unique_together = (("organization", "case_key"),)


class HandshakeAttempt(Model):
    """One try to connect, admitted or not, with the reason."""

    id = fields.BigIntField(primary_key=True)
    at = fields.DatetimeField()
    charge_point_id = fields.TextField()
    charger_id = fields.BigIntField(null=True)
    organization_id = fields.BigIntField(null=True)
    remote_address = fields.TextField(null=True)
    outcome = fields.TextField()
    http_status = fields.SmallIntField()
    reason = fields.TextField()
    subprotocols = fields.TextField(null=True)

    class Meta:
        table = "handshake_attempt"
        app = "csms"
        indexes = (("at",), ("charger_id", "at"), ("charge_point_id", "at"))


class AuditEntry(Model):
    """Who changed what; append-only."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    at = created()
    actor_user_id = fields.BigIntField(null=True)
    actor = fields.TextField()
    action = fields.TextField()
    target_kind = fields.TextField()
    target_id = fields.TextField()
    before: Any = fields.JSONField(null=True)
    after: Any = fields.JSONField(null=True)
    remote_address = fields.TextField(null=True)

    class Meta:
        table = "audit_entry"
        app = "csms"
