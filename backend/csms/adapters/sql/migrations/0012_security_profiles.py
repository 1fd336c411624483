"""Security profiles 2 and 3: our certificate authority, upgrades, key rotations, events of ours."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from tortoise import fields
from tortoise.indexes import Index

_RULES = """
ALTER TABLE charger
  ADD CONSTRAINT charger_pending_profile CHECK (pending_security_profile BETWEEN 1 AND 3);
UPDATE certificate_request SET state = 'REJECTED' WHERE status = 'Rejected';
ALTER TABLE certificate_request
  ADD CONSTRAINT certificate_request_state CHECK (state IN ('WAITING', 'REJECTED', 'SIGNED', 'DECLINED', 'INSTALLED',
    'REFUSED', 'REPLACED'));
CREATE INDEX certificate_request_waiting ON certificate_request (organization_id, id) WHERE state = 'WAITING';
ALTER TABLE certificate_authority
  ADD CONSTRAINT certificate_authority_key_type CHECK (key_type IN ('ECDSA', 'RSA'));
ALTER TABLE issued_certificate
  ADD CONSTRAINT issued_certificate_order CHECK (not_after > not_before);
CREATE INDEX issued_certificate_list ON issued_certificate (organization_id, id DESC);
CREATE INDEX issued_certificate_revoked ON issued_certificate (authority_id) WHERE revoked_at IS NOT NULL;
ALTER TABLE security_event
  ADD CONSTRAINT security_event_source CHECK (source IN ('CHARGER', 'SERVER'));
DROP TRIGGER charger_credential_two ON charger_credential;
DROP FUNCTION csms_two_credentials();
CREATE FUNCTION csms_three_credentials() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM charger WHERE id = NEW.charger_id FOR UPDATE;
  IF (SELECT count(*) FROM charger_credential WHERE charger_id = NEW.charger_id AND retired_at IS NULL) > 3 THEN
    RAISE EXCEPTION 'charger % has three active keys already', NEW.charger_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'charger_credential_three';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER charger_credential_three AFTER INSERT OR UPDATE ON charger_credential
  FOR EACH ROW WHEN (NEW.retired_at IS NULL) EXECUTE FUNCTION csms_three_credentials();
"""


class Migration(migrations.Migration):
    dependencies = [('csms', '0011_people_sign_in')]

    initial = False

    operations = [
        ops.CreateModel(
            name='CertificateAuthority',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('key_type', fields.TextField(unique=False)),
                ('certificate', fields.TextField(unique=False)),
                ('fingerprint', fields.TextField(unique=False)),
                ('encrypted_key', fields.BinaryField()),
                ('crl_number', fields.BigIntField(db_default=0)),
                ('crl', fields.BinaryField(null=True)),
                ('crl_next_update', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('created_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'certificate_authority', 'app': 'csms', 'unique_together': (('organization', 'key_type'),), 'pk_attr': 'id', 'table_description': 'A root of ours, one per kind of key, with its private key under the passphrase (PKCS #8).'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='IssuedCertificate',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organization', fields.ForeignKeyField('csms.Organization', source_field='organization_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('charger', fields.ForeignKeyField('csms.Charger', source_field='charger_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('authority', fields.ForeignKeyField('csms.CertificateAuthority', source_field='authority_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('request', fields.ForeignKeyField('csms.CertificateRequest', source_field='request_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('serial_number', fields.TextField(unique=False)),
                ('subject', fields.TextField(unique=False)),
                ('fingerprint', fields.TextField(unique=False)),
                ('certificate', fields.TextField(unique=False)),
                ('not_before', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('not_after', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('issued_at', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False)),
                ('revoked_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('revocation_reason', fields.TextField(null=True, unique=False)),
            ],
            options={'table': 'issued_certificate', 'app': 'csms', 'unique_together': (('fingerprint',),), 'pk_attr': 'id', 'table_description': 'A client certificate that our authority signed for a charger.'},
            bases=['Model'],
        ),
        ops.AlterModelOptions(
            name='CertificateRequest',
            options={'table': 'certificate_request', 'app': 'csms', 'indexes': [Index(fields=['charger_id', 'id'])], 'pk_attr': 'id', 'table_description': 'A CSR that a charger sent, with what we answered, and what became of it (`state`).'},
        ),
        ops.AddField(
            model_name='CertificateRequest',
            name='decided_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='CertificateRequest',
            name='decided_by',
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name='CertificateRequest',
            name='state',
            field=fields.TextField(db_default='WAITING', unique=False),
        ),
        ops.AddField(
            model_name='Charger',
            name='pending_security_profile',
            field=fields.SmallIntField(null=True),
        ),
        ops.AlterModelOptions(
            name='ChargerCredential',
            options={'table': 'charger_credential', 'app': 'csms', 'pk_attr': 'id', 'table_description': 'One key of a charger: `generated` (salted HMAC) or `chosen` (argon2 text); three at most.'},
        ),
        ops.AddField(
            model_name='ChargerCredential',
            name='reboot_needed_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Connection',
            name='client_certificate',
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name='Connection',
            name='tls',
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AlterModelOptions(
            name='SecurityEvent',
            options={'table': 'security_event', 'app': 'csms', 'indexes': [Index(fields=['charger_id', 'id'])], 'pk_attr': 'id', 'table_description': 'A security event: as a charger reported it, or of ours where `source` is SERVER.'},
        ),
        ops.AlterField(
            model_name='SecurityEvent',
            name='charger',
            field=fields.ForeignKeyField('csms.Charger', source_field='charger_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL),
        ),
        ops.AddField(
            model_name='SecurityEvent',
            name='remote_address',
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name='SecurityEvent',
            name='source',
            field=fields.TextField(db_default='CHARGER', unique=False),
        ),
        ops.RunSQL(_RULES),
    ]
