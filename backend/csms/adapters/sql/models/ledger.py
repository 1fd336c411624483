"""The double-entry ledger."""

from tortoise import fields
from tortoise.models import Model

from csms.adapters.sql.models.columns import created, currency, money, owner, reference


class LedgerAccount(Model):
    """An account; its balance is the sum of its entries. Wallet and hold belong to a person."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    kind = fields.TextField()
    user = reference("AppUser", null=True)
    currency = currency()
    created_at = created()

    class Meta:
        table = "ledger_account"
        app = "csms"


class LedgerTransfer(Model):
    """An immutable transfer; its key makes a repeat a no-op, `content_hash` tells repeat from reuse."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    kind = fields.TextField()
    idempotency_key = fields.TextField()
    content_hash = fields.BinaryField()
    transaction = reference("Transaction", null=True)
    note = fields.TextField()
    created_by = fields.BigIntField(null=True, db_index=True)
    created_at = created()

    class Meta:
        table = "ledger_transfer"
        app = "csms"
        unique_together = (("organization", "idempotency_key"),)


class LedgerEntry(Model):
    """One immutable line of a transfer; a positive amount raises the account's balance."""

    id = fields.BigIntField(primary_key=True)
    transfer = reference("LedgerTransfer")
    account = reference("LedgerAccount", is_indexed=False)
    amount = money()
    currency = currency()

    class Meta:
        table = "ledger_entry"
        app = "csms"
