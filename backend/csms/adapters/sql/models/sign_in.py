"""How people prove who they are: sessions, second factors, mail, and what other issuers say."""

from tortoise import fields
from tortoise.models import Model

from csms.adapters.sql.models.columns import created, moment, owner, reference


class UserSession(Model):
    """One sign-in on one device. It ends by itself, by hand, or when `token_version` moves on."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    user = reference("AppUser")
    kind = fields.TextField()
    token_version = fields.IntField()
    secret_hash = fields.BinaryField(null=True)
    external_key = fields.TextField(null=True)
    user_agent = fields.TextField(null=True)
    address = fields.TextField(null=True)
    created_at = created()
    last_seen_at = created()
    expires_at = fields.DatetimeField()
    ended_at = moment()
    end_reason = fields.TextField(null=True)

    class Meta:
        table = "user_session"
        app = "csms"


class RefreshToken(Model):
    """A refresh token by its hash; one that comes a second time ends its session."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    session = reference("UserSession", is_part=True)
    hash = fields.BinaryField()
    created_at = created()
    used_at = moment()

    class Meta:
        table = "refresh_token"
        app = "csms"


class SecondFactor(Model):
    """A person's TOTP secret, sealed. `last_step` is the newest time step that was used."""

    user_id = fields.BigIntField(generated=False, primary_key=True)
    organization = owner()
    sealed_secret = fields.BinaryField()
    last_step = fields.BigIntField(db_default=0)
    created_at = created()
    confirmed_at = moment()

    class Meta:
        table = "second_factor"
        app = "csms"


class RecoveryCode(Model):
    """A code for the day when the second factor is lost; good for one use."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    user = reference("AppUser")
    hash = fields.BinaryField()
    used_at = moment()

    class Meta:
        table = "recovery_code"
        app = "csms"


class MailToken(Model):
    """What a link in a letter stands for, by its hash; good for one use."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    purpose = fields.TextField()
    hash = fields.BinaryField()
    email = fields.TextField()
    full_name = fields.TextField(null=True)
    user = reference("AppUser", null=True)
    created_at = created()
    expires_at = fields.DatetimeField()
    used_at = moment()

    class Meta:
        table = "mail_token"
        app = "csms"


class OutgoingMail(Model):
    """A letter. Its body is emptied once it was sent: links in it are secrets."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    kind = fields.TextField()
    recipient = fields.TextField()
    subject = fields.TextField()
    body = fields.TextField()
    created_at = created()
    sent_at = moment()

    class Meta:
        table = "outgoing_mail"
        app = "csms"


class ExternalIdentity(Model):
    """A person as another issuer knows them. `deleted_at`: the issuer has deleted them, for good."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    issuer = fields.TextField()
    subject = fields.TextField()
    user = reference("AppUser", null=True)
    profile_as_of = moment()
    role_as_of = moment()
    created_at = created()
    deleted_at = moment()

    class Meta:
        table = "external_identity"
        app = "csms"
        unique_together = (("issuer", "subject"),)


class WebhookReceipt(Model):
    """A webhook's id, so that it is applied once."""

    id = fields.BigIntField(primary_key=True)
    source = fields.TextField()
    message_id = fields.TextField()
    received_at = created()

    class Meta:
        table = "webhook_receipt"
        app = "csms"
        unique_together = (("source", "message_id"),)
        indexes = (("received_at",),)
