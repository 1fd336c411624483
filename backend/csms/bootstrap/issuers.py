"""Puts together who else signs people in."""

import contextlib
from typing import Final

import structlog

from csms.adapters.identity.clerk_api import ClerkApi
from csms.adapters.identity.external_tokens import (
    ExternalTokenReader,
    IssuerRules,
    public_key_of,
)
from csms.adapters.identity.jwks import JsonFetcher, JwksCache
from csms.adapters.identity.openid_provider import (
    DiscoveredTokens,
    OpenIdClient,
    OpenIdProvider,
)
from csms.adapters.sql.engine import Database
from csms.adapters.sql.repositories.external_people import SqlExternalPeople
from csms.adapters.sql.repositories.server_secrets import SIGN_IN_STATE, server_secret
from csms.bootstrap.settings import Settings
from csms.domain.identity.external import ExternalPeople, ExternalTokens, Issuers
from csms.domain.identity.sessions import SessionTimes
from csms.domain.identity.webhook_signatures import signing_key
from csms.kernel.clock import Clock
from csms.kernel.ids import OrganizationId

CLERK: Final = "clerk"
"""Clerk's name in what is stored, where only its key is known."""
DEVELOPMENT_PARTIES: Final = ("http://localhost:3000",)

_log = structlog.get_logger(__name__)


async def assemble_issuers(
    settings: Settings,
    database: Database,
    clock: Clock,
    organization_id: OrganizationId,
    stack: contextlib.AsyncExitStack,
) -> Issuers:
    """Return who else signs people in, as the settings say; nobody by default."""
    if not settings.has_clerk and settings.oidc_issuer is None:
        return Issuers()
    fetcher = JsonFetcher()
    stack.push_async_callback(fetcher.close)
    store, times = SqlExternalPeople(database, organization_id), SessionTimes()
    if settings.has_clerk:
        tokens: ExternalTokens = clerk_tokens(settings, fetcher)
        issuer = settings.known_clerk_issuer or CLERK
        secret, source = settings.clerk_secret_key, None
        if secret is not None:
            source = ClerkApi(fetcher, secret.get_secret_value(), issuer, settings.clerk_api_url)
        webhook = settings.clerk_webhook_secret
        return Issuers(
            people=ExternalPeople(tokens, store, clock, times, source),
            issuer=issuer,
            webhook_key=None if webhook is None else signing_key(webhook.get_secret_value()),
        )
    client = openid_client(settings)
    bearer = IssuerRules(
        issuer=client.issuer,
        role_path=client.role_path,
        audience=settings.oidc_audience or client.client_id,
        needs_session=False,
    )
    return Issuers(
        people=ExternalPeople(DiscoveredTokens(bearer, fetcher), store, clock, times),
        browser=OpenIdProvider(client, fetcher, await server_secret(database, SIGN_IN_STATE)),
        issuer=client.issuer,
    )


def clerk_tokens(settings: Settings, fetcher: JsonFetcher) -> ExternalTokenReader:
    """Return the reader of Clerk's session tokens: with the given key, or with published ones."""
    issuer, pem = settings.known_clerk_issuer, settings.clerk_jwt_verification_key
    if issuer is None:
        _log.warning("clerk_issuer_unknown", hint="set NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY")
    rules = IssuerRules(
        issuer=issuer,
        role_path=("metadata", "role"),
        authorized_parties=authorized_parties(settings),
        name=issuer or CLERK,
    )
    if pem is not None:
        return ExternalTokenReader(rules, public_key_of(pem.get_secret_value()))
    return ExternalTokenReader(rules, JwksCache(fetcher, f"{issuer}/.well-known/jwks.json"))


def authorized_parties(settings: Settings) -> frozenset[str]:
    """Return the origins whose pages may have asked for a token (`azp`)."""
    given = (*settings.clerk_authorized_parties, *settings.cors_origins)
    if settings.public_url is not None:
        return frozenset((*given, settings.public_url))
    port = settings.port
    own = (f"http://localhost:{port}", f"http://127.0.0.1:{port}")
    return frozenset((*given, *own, *(() if settings.is_production else DEVELOPMENT_PARTIES)))


def openid_client(settings: Settings) -> OpenIdClient:
    """Return how we are registered at the provider."""
    secret = settings.oidc_client_secret
    return OpenIdClient(
        issuer=settings.oidc_issuer or "",
        client_id=settings.oidc_client_id or "",
        client_secret=None if secret is None else secret.get_secret_value(),
        redirect_uri=f"{settings.web_url}/auth/oidc/callback",
        scopes=settings.oidc_scopes,
        role_path=tuple(settings.oidc_role_claim.split(".")),
    )
