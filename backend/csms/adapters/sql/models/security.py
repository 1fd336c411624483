"""What chargers report about security, and the certificates that they ask for or hold."""

from tortoise import fields
from tortoise.models import Model

from csms.adapters.sql.models.columns import created, moment, owner, reference


class SecurityEvent(Model):
    """A security event: as a charger reported it, or of ours where `source` is SERVER.

    Ours has no charger where nobody said which one knocked.
    """

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    charger = reference("Charger", null=True, is_indexed=False, is_let_go=True)
    source = fields.TextField(db_default="CHARGER")
    remote_address = fields.TextField(null=True)
    type = fields.TextField()
    tech_info = fields.TextField(null=True)
    occurred_at = fields.DatetimeField()
    received_at = fields.DatetimeField()

    class Meta:
        table = "security_event"
        app = "csms"
        indexes = (("charger_id", "id"),)


class CertificateRequest(Model):
    """A CSR that a charger sent, with what we answered, and what became of it (`state`)."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    charger = reference("Charger", is_indexed=False)
    csr = fields.TextField()
    status = fields.TextField()
    reason = fields.TextField(null=True)
    received_at = fields.DatetimeField()
    state = fields.TextField(db_default="WAITING")
    decided_at = moment()
    decided_by = fields.BigIntField(null=True)

    class Meta:
        table = "certificate_request"
        app = "csms"
        indexes = (("charger_id", "id"),)


class InstalledCertificate(Model):
    """A root certificate as the charger listed it, by its hashes."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    charger = reference("Charger", is_indexed=False)
    use = fields.TextField()
    hash_algorithm = fields.TextField()
    issuer_name_hash = fields.TextField()
    issuer_key_hash = fields.TextField()
    serial_number = fields.TextField()
    told_at = fields.DatetimeField()

    class Meta:
        table = "installed_certificate"
        app = "csms"
        indexes = (("charger_id", "use"),)


class CertificateAuthority(Model):
    """A root of ours, one per kind of key, with its private key under the passphrase (PKCS #8).

    `crl` is the revocation list in force, in DER.
    """

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    key_type = fields.TextField()
    certificate = fields.TextField()
    fingerprint = fields.TextField()
    encrypted_key = fields.BinaryField()
    crl_number = fields.BigIntField(db_default=0)
    crl = fields.BinaryField(null=True)
    crl_next_update = moment()
    created_at = created()

    class Meta:
        table = "certificate_authority"
        app = "csms"
        unique_together = (("organization", "key_type"),)


class IssuedCertificate(Model):
    """A client certificate that our authority signed for a charger."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    charger = reference("Charger")
    authority = reference("CertificateAuthority")
    request = reference("CertificateRequest")
    serial_number = fields.TextField()
    subject = fields.TextField()
    fingerprint = fields.TextField()
    certificate = fields.TextField()
    not_before = fields.DatetimeField()
    not_after = fields.DatetimeField()
    issued_at = created()
    revoked_at = moment()
    revocation_reason = fields.TextField(null=True)

    class Meta:
        table = "issued_certificate"
        app = "csms"
        unique_together = (("fingerprint",),)
