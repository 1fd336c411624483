"""Firmware campaigns: one version for many chargers, in waves."""

from tortoise import fields
from tortoise.models import Model

from csms.adapters.sql.models.columns import created, moment, owner, reference


class FirmwareCampaign(Model):
    """What is to be installed where, and how carefully. `wave` is the one that runs."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    name = fields.TextField()
    kind = fields.TextField()
    location = fields.TextField()
    version = fields.TextField()
    signing_certificate = fields.TextField(null=True)
    signature = fields.TextField(null=True)
    retrieve_at = moment()
    status = fields.TextField(db_default="RUNNING")
    status_reason = fields.TextField(null=True)
    parallel_max = fields.IntField()
    attempts_max = fields.IntField()
    boot_timeout_s = fields.IntField()
    failures_max = fields.IntField(null=True)
    wave = fields.IntField(db_default=1)
    created_by = fields.BigIntField(null=True)
    created_at = created()
    ended_at = moment()

    class Meta:
        table = "firmware_campaign"
        app = "csms"


class CampaignCharger(Model):
    """One charger of a campaign. DONE only when it booted with the campaign's version."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    campaign = reference("FirmwareCampaign", is_indexed=False, is_part=True)
    charger = reference("Charger")
    wave = fields.IntField()
    status = fields.TextField(db_default="WAITING")
    attempts = fields.IntField(db_default=0)
    operation_id = fields.BigIntField(null=True)
    request_id = fields.IntField(null=True)
    version_before = fields.TextField(null=True)
    version_after = fields.TextField(null=True)
    reason = fields.TextField(null=True)
    not_before = moment()
    asked_at = moment()
    ended_at = moment()

    class Meta:
        table = "campaign_charger"
        app = "csms"
        unique_together = (("campaign", "charger"),)
