"""Charging profiles that operators keep, and what a charger was told."""

from typing import Any

from fastapi import Response

from csms.api.access import operator_router
from csms.api.answers import answers, json_answer, no_content, problems
from csms.api.asking import require_known_request
from csms.api.auth import Person, ServicesOf
from csms.api.paging import Paging, RowId, TransactionNumber
from csms.api.schemas.charging_profiles import (
    ChargingProfileBody,
    ChargingProfileChanges,
    wire_faults_body,
)
from csms.domain.smart_charging.profiles import ProfileDetails, ProfileId
from csms.kernel.ids import ChargerId
from csms.reads.charger import require_charger
from csms.reads.charging_profiles import (
    TOLD_SHOWN,
    ChargingProfileView,
    ToldProfileView,
    get_charging_profile,
    list_charging_profiles,
    list_told_profiles,
)
from csms.reads.page import Page

router = operator_router("/api/admin/charging-profiles", "smart charging")
of_charger = operator_router("/api/admin/chargers/{charger_id}", "smart charging")


@router.get(
    "",
    summary="List charging profiles",
    responses=answers(Page[ChargingProfileView], "A page of profiles"),
)
async def list_all(services: ServicesOf, person: Person, paging: Paging) -> Response:
    """The kept profiles; `search` looks into descriptions and ids."""
    found = await list_charging_profiles(services.database, person.actor.organization_id, paging)
    return json_answer(found)


@router.post(
    "",
    status_code=201,
    summary="Keep a charging profile",
    responses=answers(ChargingProfileView, "The new profile", status=201),
)
async def create(services: ServicesOf, person: Person, body: ChargingProfileBody) -> Response:
    """Store a profile; chargers hear of it through set-charging-profile."""
    _check(body.charging_profile)
    details = ProfileDetails(body.description, body.charging_profile, is_default=body.is_default)
    profile_id = await services.charging_profiles.add(person.actor, details)
    return await _one(services, person, profile_id, 201)


@router.get(
    "/{profile_id}",
    summary="Show a charging profile",
    responses=answers(ChargingProfileView, "The profile") | problems(404),
)
async def show(services: ServicesOf, person: Person, profile_id: TransactionNumber) -> Response:
    """One kept profile."""
    return await _one(services, person, ProfileId(profile_id))


@router.put(
    "/{profile_id}",
    summary="Change a charging profile",
    responses=answers(ChargingProfileView, "The changed profile") | problems(404),
)
async def update(
    services: ServicesOf,
    person: Person,
    profile_id: TransactionNumber,
    body: ChargingProfileChanges,
) -> Response:
    """Change it for whom it is sent to from now on; chargers keep what they were told."""
    changes = body.given()
    if body.charging_profile is not None:
        _check(body.charging_profile)
    await services.charging_profiles.change(person.actor, ProfileId(profile_id), changes)
    return await _one(services, person, ProfileId(profile_id))


@router.delete(
    "/{profile_id}",
    status_code=204,
    summary="Remove a charging profile",
    responses=no_content("It is kept no longer") | problems(404),
)
async def remove(services: ServicesOf, person: Person, profile_id: TransactionNumber) -> Response:
    """Keep it no longer; chargers keep what they were told until it is cleared."""
    await services.charging_profiles.remove(person.actor, ProfileId(profile_id))
    return Response(status_code=204)


@of_charger.get(
    "/charging-profiles",
    summary="List what a charger was told",
    responses=answers(Page[ToldProfileView], "Its profiles, those in force first") | problems(404),
)
async def list_told(services: ServicesOf, person: Person, charger_id: RowId) -> Response:
    """The profiles that one charger was sent, and what became of each."""
    await require_charger(services.database, person.actor.organization_id, ChargerId(charger_id))
    found = await list_told_profiles(services.database, person.actor.organization_id, charger_id)
    return json_answer(Page(found, len(found), 1, TOLD_SHOWN))


def _check(profile: dict[str, Any]) -> None:
    """Refuse what no charger could understand. Raises NotARequestError."""
    require_known_request("SetChargingProfile", wire_faults_body(profile))


async def _one(
    services: ServicesOf, person: Person, profile_id: ProfileId, status: int = 200
) -> Response:
    found = await get_charging_profile(services.database, person.actor.organization_id, profile_id)
    return json_answer(found, status)
