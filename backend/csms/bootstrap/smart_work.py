"""The durable work around profiles, lists, firmware and signed readings: handlers and schedules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from csms.adapters.sql.configuration_templates import SqlConfigurationTemplates
from csms.adapters.sql.engine import Database
from csms.adapters.sql.firmware_campaigns import STEP_EVERY_S, SqlFirmwareCampaigns
from csms.adapters.sql.signed_readings import SqlSignedReadings
from csms.domain.identity.actor import Actor
from csms.domain.maintenance.campaign_service import (
    ADVANCE_CAMPAIGN,
    AdvanceCampaignJob,
    FirmwareCampaigns,
)
from csms.domain.maintenance.templates import (
    APPLY_TEMPLATE,
    PUSH_PROFILES,
    ApplyTemplateJob,
    ConfigurationTemplates,
    Pushes,
    PushProfilesJob,
)
from csms.domain.operations.ports import WireNumbers
from csms.domain.operations.service import OperationService
from csms.domain.transactions.signed_readings import (
    CHECK_SIGNED,
    CheckSignedJob,
    SignedReadings,
)
from csms.kernel.clock import Clock
from csms.kernel.jobs import ClaimedJob
from csms.worker.errors import JobIsHopelessError
from csms.worker.runner import Handler
from csms.worker.schedules import Schedule


@dataclass(frozen=True, slots=True)
class SmartWork:
    """The use cases, and what the worker does for them."""

    signed_readings: SignedReadings
    firmware_campaigns: FirmwareCampaigns
    templates: ConfigurationTemplates
    pushes: Pushes
    handlers: Mapping[str, Handler]
    schedules: tuple[Schedule, ...]


def smart_work(
    database: Database, operations: OperationService, numbers: WireNumbers, clock: Clock
) -> SmartWork:
    """Return the work over this database."""
    signed_store = SqlSignedReadings(database)
    signed_readings = SignedReadings(signed_store, clock)

    async def check_signed(job: ClaimedJob) -> None:
        order = msgspec.json.decode(job.payload, type=CheckSignedJob)
        await signed_readings.check(order.transaction_id)

    campaign_store = SqlFirmwareCampaigns(database)
    campaigns = FirmwareCampaigns(campaign_store, operations, numbers, clock)

    async def advance_campaign(job: ClaimedJob) -> None:
        order = msgspec.json.decode(job.payload, type=AdvanceCampaignJob)
        await campaigns.carry_on(order.campaign_id)

    template_store = SqlConfigurationTemplates(database)
    templates = ConfigurationTemplates(template_store, operations)

    async def apply_template(job: ClaimedJob) -> None:
        order = msgspec.json.decode(job.payload, type=ApplyTemplateJob)
        if job.organization_id is None:
            raise JobIsHopelessError("the job names no organization")
        server = Actor(None, "ADMIN", job.organization_id, order.asked_by)
        await templates.apply(server, order.template_id, order.charger_id)

    async def push_profiles(job: ClaimedJob) -> None:
        order = msgspec.json.decode(job.payload, type=PushProfilesJob)
        await templates.push_profiles(order.charger_id)

    return SmartWork(
        signed_readings,
        campaigns,
        templates,
        template_store,
        {
            CHECK_SIGNED: check_signed,
            ADVANCE_CAMPAIGN: advance_campaign,
            APPLY_TEMPLATE: apply_template,
            PUSH_PROFILES: push_profiles,
        },
        (
            Schedule("push_what_is_wanted", timedelta(seconds=10), template_store.queue_due),
            Schedule("check_stopped_sessions", timedelta(seconds=30), signed_store.queue_stopped),
            Schedule(
                "advance_campaigns",
                timedelta(seconds=STEP_EVERY_S),
                campaign_store.queue_running,
            ),
        ),
    )
