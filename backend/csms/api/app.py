"""The HTTP application: routes, failures, edges."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from csms.api import docs_page
from csms.api.access import KEY_HEADER, AccessRouter
from csms.api.auth import CSRF_HEADER
from csms.api.edges import BodyLimit, HeadAsGet, SecurityHeaders
from csms.api.errors import install_error_handlers
from csms.api.openapi import DESCRIPTION, complete_openapi
from csms.api.routes import (
    access,
    actions,
    api_keys,
    audit,
    billing,
    certificates,
    charge_points,
    charger_commands,
    charger_operations,
    chargers,
    charging_profiles,
    composite_schedules,
    configuration_templates,
    desk,
    doctor,
    driving,
    events,
    faults,
    firmware_campaigns,
    flight_record,
    handshakes,
    health,
    id_tags,
    leniency,
    logs,
    maintenance,
    map,  # noqa: A004  # the feature's name
    office,
    openid,
    operations,
    outbox,
    own_security,
    reservations,
    self_service,
    sign_in,
    signed_readings,
    stations,
    tariffs,
    transactions,
    users,
    webhooks_in,
)
from csms.api.routes import (
    settings as settings_routes,
)
from csms.api.services import Services
from csms.api.settings import ApiSettings

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[Any]]

ROUTERS: Final[tuple[AccessRouter, ...]] = (
    health.router,
    sign_in.router,
    sign_in.own_router,
    self_service.router,
    own_security.router,
    openid.router,
    webhooks_in.router,
    outbox.router,
    map.router,
    driving.router,
    events.router,
    users.router,
    users.operators,
    access.own_router,
    access.router,
    access.of_user,
    api_keys.router,
    audit.router,
    stations.router,
    logs.of_charger,
    handshakes.router,
    doctor.router,
    faults.of_charger,
    faults.router,
    flight_record.router,
    leniency.of_charger,
    leniency.rules,
    leniency.models,
    charger_operations.router,
    charger_commands.router,
    composite_schedules.router,
    charging_profiles.of_charger,
    maintenance.of_charger,
    chargers.router,
    operations.router,
    reservations.router,
    charging_profiles.router,
    maintenance.jobs,
    configuration_templates.router,
    configuration_templates.of_charger,
    firmware_campaigns.router,
    maintenance.events,
    certificates.authority,
    certificates.requests,
    certificates.issued,
    certificates.published,
    transactions.router,
    signed_readings.router,
    signed_readings.keys,
    id_tags.router,
    tariffs.router,
    actions.explanations,
    logs.messages,
    actions.router,
    office.router,
    settings_routes.router,
    billing.router,
    desk.router,
    charge_points.router,
    charger_operations.raw_router,
    logs.integrators,
    docs_page.router,
)
"""Every router says who may come in; there is no other way to add a route."""


def create_app(
    services: Services, settings: ApiSettings, lifespan: Lifespan | None = None
) -> FastAPI:
    """Return the application over `services`; bootstrap runs it."""
    app = FastAPI(
        title="CSMS",
        version=settings.version,
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
    )
    app.state.services = services
    app.state.settings = settings
    for router in ROUTERS:
        app.include_router(router)
    install_error_handlers(app)
    complete_openapi(app)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.cors_origins),
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=[
                *("Authorization", "Content-Type", "Last-Event-ID", KEY_HEADER, CSRF_HEADER)
            ],
            expose_headers=["Idempotency-Replayed", "Retry-After"],
            allow_credentials=True,
        )
    app.add_middleware(BodyLimit, max_bytes=settings.max_body_bytes)
    app.add_middleware(HeadAsGet)
    app.add_middleware(SecurityHeaders, is_tls=settings.has_secure_cookies)
    return app
