"""Sign-in of people: sessions, refresh tokens, second factors, mail, identities of other issuers."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from tortoise import fields
from tortoise.indexes import Index

_RULES = """
ALTER TABLE user_session
  ADD CONSTRAINT user_session_kind CHECK (kind IN ('BROWSER', 'API', 'EXTERNAL')),
  ADD CONSTRAINT user_session_proof CHECK ((kind = 'BROWSER') = (secret_hash IS NOT NULL)),
  ADD CONSTRAINT user_session_external CHECK ((kind = 'EXTERNAL') = (external_key IS NOT NULL)),
  ADD CONSTRAINT user_session_ended CHECK ((ended_at IS NULL) = (end_reason IS NULL));
CREATE UNIQUE INDEX user_session_secret ON user_session (secret_hash) WHERE secret_hash IS NOT NULL;
CREATE UNIQUE INDEX user_session_external_key ON user_session (external_key) WHERE external_key IS NOT NULL;
CREATE INDEX user_session_open ON user_session (user_id, last_seen_at DESC) WHERE ended_at IS NULL;
CREATE INDEX user_session_old ON user_session (expires_at);
CREATE UNIQUE INDEX refresh_token_hash ON refresh_token (hash);
ALTER TABLE second_factor
  ADD CONSTRAINT second_factor_user FOREIGN KEY (user_id) REFERENCES app_user (id);
CREATE UNIQUE INDEX recovery_code_hash ON recovery_code (user_id, hash);
ALTER TABLE mail_token
  ADD CONSTRAINT mail_token_purpose CHECK (purpose IN ('SIGN_UP', 'RESET_PASSWORD', 'VERIFY_EMAIL')),
  ADD CONSTRAINT mail_token_user CHECK ((purpose = 'SIGN_UP') = (user_id IS NULL));
CREATE UNIQUE INDEX mail_token_hash ON mail_token (hash);
CREATE INDEX mail_token_old ON mail_token (expires_at);
CREATE INDEX outgoing_mail_list ON outgoing_mail (organization_id, id DESC);
CREATE INDEX outgoing_mail_old ON outgoing_mail (created_at);
"""


class Migration(migrations.Migration):
    dependencies = [('csms', '0010_campaigns_pushes_signatures')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ExternalIdentity',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('issuer', fields.TextField(unique=False)),
                ('subject', fields.TextField(unique=False)),
                ('user', fields.ForeignKeyField('csms.AppUser', source_field='user_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('profile_as_of', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('role_as_of', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('deleted_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'external_identity', 'app': 'csms', 'unique_together': (('issuer', 'subject'),), 'pk_attr': 'id', 'table_description': 'A person as another issuer knows them. `deleted_at`: the issuer has deleted them, for good.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='MailToken',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('purpose', fields.TextField(unique=False)),
                ('hash', fields.BinaryField()),
                ('email', fields.TextField(unique=False)),
                ('full_name', fields.TextField(null=True, unique=False)),
                ('user', fields.ForeignKeyField('csms.AppUser', source_field='user_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('used_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'mail_token', 'app': 'csms', 'pk_attr': 'id', 'table_description': 'What a link in a letter stands for, by its hash; good for one use.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='OutgoingMail',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('kind', fields.TextField(unique=False)),
                ('recipient', fields.TextField(unique=False)),
                ('subject', fields.TextField(unique=False)),
                ('body', fields.TextField(unique=False)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('sent_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'outgoing_mail', 'app': 'csms', 'pk_attr': 'id', 'table_description': 'A letter. Its body is emptied once it was sent: links in it are secrets.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='RecoveryCode',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('user', fields.ForeignKeyField('csms.AppUser', source_field='user_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('hash', fields.BinaryField()),
                ('used_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'recovery_code', 'app': 'csms', 'pk_attr': 'id', 'table_description': 'A code for the day when the second factor is lost; good for one use.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='SecondFactor',
            fields=[
                ('user_id', fields.BigIntField(generated=False, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('sealed_secret', fields.BinaryField()),
                ('last_step', fields.BigIntField(db_default=0)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('confirmed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'second_factor', 'app': 'csms', 'pk_attr': 'user_id', 'table_description': "A person's TOTP secret, sealed. `last_step` is the newest time step that was used."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='UserSession',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('user', fields.ForeignKeyField('csms.AppUser', source_field='user_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('kind', fields.TextField(unique=False)),
                ('token_version', fields.IntField()),
                ('secret_hash', fields.BinaryField(null=True)),
                ('external_key', fields.TextField(null=True, unique=False)),
                ('user_agent', fields.TextField(null=True, unique=False)),
                ('address', fields.TextField(null=True, unique=False)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('last_seen_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('ended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('end_reason', fields.TextField(null=True, unique=False)),
            ],
            options={'table': 'user_session', 'app': 'csms', 'pk_attr': 'id', 'table_description': 'One sign-in on one device. It ends by itself, by hand, or when `token_version` moves on.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='RefreshToken',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('session', fields.ForeignKeyField('csms.UserSession', source_field='session_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('hash', fields.BinaryField()),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('used_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'refresh_token', 'app': 'csms', 'pk_attr': 'id', 'table_description': 'A refresh token by its hash; one that comes a second time ends its session.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='WebhookReceipt',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('source', fields.TextField(unique=False)),
                ('message_id', fields.TextField(unique=False)),
                ('received_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'webhook_receipt', 'app': 'csms', 'unique_together': (('source', 'message_id'),), 'indexes': [Index(fields=['received_at'])], 'pk_attr': 'id', 'table_description': "A webhook's id, so that it is applied once."},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='AppUser',
            name='email_verified_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.RunSQL(_RULES),
    ]
