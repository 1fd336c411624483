"""What holds for the whole network: what operators set, and what the server was started with."""

import msgspec
from fastapi import Request, Response

from csms.api.access import operator_router
from csms.api.addresses import ocpp_urls
from csms.api.answers import answers, json_answer, problems
from csms.api.auth import Person, ServicesOf, settings_of
from csms.api.schemas.settings import OrganizationChanges
from csms.api.settings import Variable
from csms.reads.settings import OrganizationView, get_organization

router = operator_router("/api/admin/settings", "settings")


class ServerFacts(msgspec.Struct, frozen=True):
    """What the server was started with; it changes with its environment, not through the API.

    Administrators see the variables; of one that is a secret only whether it is set.
    """

    version: str
    public_url: str | None
    ocpp_url: str
    ocpp_tls_url: str | None
    identity_provider: str
    has_secure_cookies: bool
    variables: list[Variable]


class NetworkSettings(msgspec.Struct, frozen=True):
    """Settings of the network."""

    organization: OrganizationView
    server: ServerFacts


@router.get("", summary="Show the settings", responses=answers(NetworkSettings, "The settings"))
async def show(request: Request, services: ServicesOf, person: Person) -> Response:
    """What is set in the database, and what the environment says."""
    return await _all(request, services, person)


@router.put(
    "",
    summary="Change the settings",
    responses=answers(NetworkSettings, "The changed settings") | problems(409),
)
async def update(
    request: Request,
    services: ServicesOf,
    person: Person,
    body: OrganizationChanges,
) -> Response:
    """Change what holds for sessions from now on; connected chargers follow at once.

    The currency can change only while no money depends on it.
    """
    await services.organization.update(person.actor, body.applied_to)
    return await _all(request, services, person)


async def _all(request: Request, services: ServicesOf, person: Person) -> Response:
    settings = settings_of(request)
    organization = await get_organization(services.database, person.actor.organization_id)
    facts = ServerFacts(
        version=settings.version,
        public_url=settings.public_url,
        ocpp_url=ocpp_urls(request).plain,
        ocpp_tls_url=ocpp_urls(request).tls,
        identity_provider=settings.identity.provider,
        has_secure_cookies=settings.has_secure_cookies,
        variables=list(settings.variables) if person.may("administration") else [],
    )
    return json_answer(NetworkSettings(organization, facts))
