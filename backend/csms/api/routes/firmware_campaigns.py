"""Firmware campaigns: one version for many chargers, in waves."""

from fastapi import Response

from csms.api.access import operator_router
from csms.api.answers import answers, json_answer, problems
from csms.api.auth import Person, ServicesOf
from csms.api.paging import Paging, RowId, TextFilter
from csms.api.schemas.firmware_campaigns import FirmwareCampaignBody
from csms.domain.maintenance.campaign_service import CampaignId, Steering
from csms.reads.firmware_campaigns import (
    CampaignDetail,
    CampaignView,
    get_campaign,
    list_campaigns,
)
from csms.reads.page import Page

router = operator_router("/api/admin/firmware-campaigns", "maintenance")
SHOWN = answers(CampaignDetail, "The campaign with its chargers")


@router.get(
    "", summary="List firmware campaigns", responses=answers(Page[CampaignView], "A page of them")
)
async def list_all(
    services: ServicesOf, person: Person, paging: Paging, status: TextFilter = None
) -> Response:
    """Campaigns, the newest first, with how far they are."""
    owner = person.actor.organization_id
    return json_answer(await list_campaigns(services.database, owner, paging, status))


@router.post(
    "",
    status_code=201,
    summary="Begin a firmware campaign",
    responses=answers(CampaignDetail, "The campaign, already running", status=201),
)
async def create(services: ServicesOf, person: Person, body: FirmwareCampaignBody) -> Response:
    """Begin it; a charger is done only when it has booted with the version."""
    campaign_id = await services.firmware_campaigns.create(person.actor, body.campaign())
    return await _shown(services, person, campaign_id, 201)


@router.get("/{campaign_id}", summary="Show a firmware campaign", responses=SHOWN | problems(404))
async def show(services: ServicesOf, person: Person, campaign_id: RowId) -> Response:
    """One campaign, charger by charger; failures first, each with its reason."""
    return await _shown(services, person, campaign_id)


@router.post(
    "/{campaign_id}/pause", summary="Pause a campaign", responses=SHOWN | problems(404, 409)
)
async def pause(services: ServicesOf, person: Person, campaign_id: RowId) -> Response:
    """Ask no further charger; what is under way goes on."""
    return await _steered(services, person, campaign_id, "pause")


@router.post(
    "/{campaign_id}/resume", summary="Resume a campaign", responses=SHOWN | problems(404, 409)
)
async def resume(services: ServicesOf, person: Person, campaign_id: RowId) -> Response:
    """Go on where it was paused."""
    return await _steered(services, person, campaign_id, "resume")


@router.post(
    "/{campaign_id}/cancel", summary="Cancel a campaign", responses=SHOWN | problems(404, 409)
)
async def cancel(services: ServicesOf, person: Person, campaign_id: RowId) -> Response:
    """End it; an update that a charger was told of cannot be taken back."""
    return await _steered(services, person, campaign_id, "cancel")


@router.post(
    "/{campaign_id}/retry",
    summary="Try failed chargers again",
    responses=SHOWN | problems(404, 409),
)
async def retry(services: ServicesOf, person: Person, campaign_id: RowId) -> Response:
    """Give the chargers that failed all their attempts again."""
    return await _steered(services, person, campaign_id, "retry")


async def _steered(services: ServicesOf, person: Person, number: int, how: Steering) -> Response:
    await services.firmware_campaigns.steer(person.actor, CampaignId(number), how)
    return await _shown(services, person, number)


async def _shown(services: ServicesOf, person: Person, number: int, status: int = 200) -> Response:
    owner = person.actor.organization_id
    return json_answer(await get_campaign(services.database, owner, number), status)
