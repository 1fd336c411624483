"""What chargers report about security, and the certificates that they ask for or hold."""

from tortoise import fields
from tortoise.models import Model

from csms.adapters.sql.models.columns import owner, reference


class SecurityEvent(Model):
    """A security event as a charger reported it."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    charger = reference("Charger", is_indexed=False)
    type = fields.TextField()
    tech_info = fields.TextField(null=True)
    occurred_at = fields.DatetimeField()
    received_at = fields.DatetimeField()

    class Meta:
        table = "security_event"
        app = "csms"
        indexes = (("charger_id", "id"),)


class CertificateRequest(Model):
    """A CSR that a charger sent, with what we answered."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    charger = reference("Charger", is_indexed=False)
    csr = fields.TextField()
    status = fields.TextField()
    reason = fields.TextField(null=True)
    received_at = fields.DatetimeField()

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
