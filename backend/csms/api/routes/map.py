"""What anybody may see: the map, a scanned charger, what the web app must know first."""

from typing import Literal

import msgspec
from fastapi import Response

from csms.api.access import public_router
from csms.api.answers import answers, json_answer, problems
from csms.api.auth import ServicesOf, SettingsOf
from csms.api.paging import Paging, RowId
from csms.kernel.ids import StationId
from csms.reads.page import Page
from csms.reads.public_map import (
    PublicStation,
    ScannedCharger,
    get_public_station,
    get_scanned_charger,
    list_public_stations,
)
from csms.reads.settings import get_organization_brief

router = public_router("/api", "map")


class MapConfig(msgspec.Struct, frozen=True):
    """Where map tiles come from; null: the outlines that are built in."""

    tiles_url: str | None
    attribution: str | None


class IdentityConfig(msgspec.Struct, frozen=True):
    """How people sign in. `name` is what the issuer is called on the button."""

    provider: Literal["builtin", "clerk", "oidc"]
    name: str | None
    clerk_publishable_key: str | None
    can_sign_up: bool
    can_reset_password: bool
    has_outbox: bool


class AppConfig(msgspec.Struct, frozen=True):
    """What the web app must know before anybody signs in; `public_url` is what QR codes carry."""

    version: str
    identity_provider: Literal["builtin", "clerk", "oidc"]
    identity: IdentityConfig
    organization: str
    currency: str
    map: MapConfig
    public_url: str | None


@router.get("/config", summary="Show the app's settings", responses=answers(AppConfig, "Settings"))
async def config(services: ServicesOf, settings: SettingsOf) -> Response:
    """Identity provider, map tiles, whose network this is and its currency."""
    rules, offer = services.self_service.rules, settings.identity
    identity = IdentityConfig(
        provider=offer.provider,
        name=offer.name,
        clerk_publishable_key=offer.clerk_publishable_key,
        can_sign_up=rules.can_sign_up,
        can_reset_password=rules.can_reset,
        has_outbox=settings.has_outbox,
    )
    organization = await get_organization_brief(services.database, settings.organization_id)
    tiles = MapConfig(settings.map_tiles_url, settings.map_attribution)
    return json_answer(
        AppConfig(
            version=settings.version,
            identity_provider=offer.provider,
            identity=identity,
            organization=organization.name,
            currency=organization.currency,
            map=tiles,
            public_url=settings.public_url,
        )
    )


@router.get(
    "/stations",
    summary="Show the map",
    responses=answers(Page[PublicStation], "A page of stations"),
)
async def stations(services: ServicesOf, settings: SettingsOf, paging: Paging) -> Response:
    """Stations in service with free connectors, power and price."""
    found = await list_public_stations(
        services.database, services.presence, settings.organization_id, paging
    )
    return json_answer(found)


@router.get(
    "/stations/{station_id}",
    summary="Show a station on the map",
    responses=answers(PublicStation, "The station") | problems(404),
)
async def station(services: ServicesOf, settings: SettingsOf, station_id: RowId) -> Response:
    """One station in service."""
    found = await get_public_station(
        services.database, services.presence, settings.organization_id, StationId(station_id)
    )
    return json_answer(found)


@router.get(
    "/chargers/{charge_point_id}",
    summary="Show a scanned charger",
    responses=answers(ScannedCharger, "The charger with its price") | problems(404),
)
async def charger(services: ServicesOf, settings: SettingsOf, charge_point_id: str) -> Response:
    """What the QR code on a charger leads to."""
    found = await get_scanned_charger(
        services.database, services.presence, settings.organization_id, charge_point_id
    )
    return json_answer(found)
