"""The certificate authority for chargers: requests, certificates, roots, revocation lists."""

from typing import Annotated, Final, Literal

from fastapi import Path, Query, Request, Response

from csms.api.access import operator_router, public_router
from csms.api.addresses import ocpp_urls, public_base_url
from csms.api.answers import Responses, answers, json_answer, no_content, problems
from csms.api.auth import Person, ServicesOf, settings_of
from csms.api.paging import Paging, RowId, RowIdFilter, TextFilter
from csms.api.schemas.certificates import (
    AuthorityView,
    DeclineBody,
    RevokeBody,
    authority_view,
)
from csms.domain.security.issuing import KEY_TYPES
from csms.kernel.errors import NotFoundError
from csms.reads.certificates import (
    CertificateFilter,
    CertificateRequestView,
    IssuedCertificateView,
    get_issued_certificate,
    list_certificate_requests,
    list_issued_certificates,
    list_roots,
)
from csms.reads.page import Page, PageRequest

authority = operator_router("/api/admin/certificate-authority", "certificates")
requests = operator_router("/api/admin/certificate-requests", "certificates")
issued = operator_router("/api/admin/certificates", "certificates")
published = public_router("/api/pki", "certificates")

PEM: Final = "application/x-pem-file"
CRL: Final = "application/pkix-crl"
State = Literal["WAITING", "REJECTED", "SIGNED", "DECLINED", "INSTALLED", "REFUSED", "REPLACED"]
Status = Literal["VALID", "EXPIRED", "REVOKED"]
RootName = Annotated[Literal["ecdsa", "rsa"], Path(description="Which of the two roots.")]


def _file(description: str, media_type: str) -> Responses:
    """Describe a file: PEM is text, anything else is bytes."""
    is_text = media_type == PEM
    schema = {"type": "string"} if is_text else {"type": "string", "format": "binary"}
    example = "-----BEGIN CERTIFICATE-----\n..." if is_text else "DER"
    content = {media_type: {"schema": schema, "example": example}}
    found: Responses = {200: {"description": description, "content": content}}
    return found | problems(404)


class NoSuchRootError(NotFoundError):
    """There is no root of that kind: chargers are served without TLS."""


@authority.get(
    "",
    summary="Show the certificate authority",
    responses=answers(AuthorityView, "Roots, server certificates, what waits"),
)
async def show(request: Request, services: ServicesOf, person: Person) -> Response:
    """Our roots, the server certificates in use, and whether TLS for chargers is available."""
    return json_answer(await _view(request, services, person))


@authority.post(
    "/reload",
    summary="Reload TLS certificates",
    responses=answers(AuthorityView, "What is in force now") | problems(409),
)
async def reload(request: Request, services: ServicesOf, person: Person) -> Response:
    """Read certificates, keys and revocation lists again; no open connection is touched."""
    await services.tls.reload()
    return json_answer(await _view(request, services, person))


@requests.get(
    "",
    summary="List certificate requests",
    responses=answers(Page[CertificateRequestView], "A page of requests"),
)
async def list_requests(
    services: ServicesOf,
    person: Person,
    paging: Paging,
    charger_id: RowIdFilter = None,
    charge_point_id: TextFilter = None,
    state: Annotated[State | None, Query()] = None,
) -> Response:
    """What chargers asked to be signed, the newest first."""
    wanted = CertificateFilter(charger_id, charge_point_id, state)
    found = await list_certificate_requests(
        services.database, person.actor.organization_id, paging, wanted
    )
    return json_answer(found)


@requests.post(
    "/{request_id}/approve",
    summary="Sign a certificate request",
    responses=answers(IssuedCertificateView, "The certificate, on its way to the charger")
    | problems(404, 409),
)
async def approve(services: ServicesOf, person: Person, request_id: RowId) -> Response:
    """Sign it and send the charger CertificateSigned; its answer shows in the request's state."""
    certificate_id = await services.authority.approve(person.actor, request_id)
    return json_answer(await _issued(services, person, certificate_id))


@requests.post(
    "/{request_id}/decline",
    status_code=204,
    summary="Decline a certificate request",
    responses=no_content("It is declined") | problems(404, 409),
)
async def decline(
    services: ServicesOf, person: Person, request_id: RowId, body: DeclineBody
) -> Response:
    """Leave a waiting request unsigned."""
    await services.authority.decline(person.actor, request_id, body.reason)
    return Response(status_code=204)


@issued.get(
    "",
    summary="List issued certificates",
    responses=answers(Page[IssuedCertificateView], "A page of certificates"),
)
async def list_issued(
    services: ServicesOf,
    person: Person,
    paging: Paging,
    charger_id: RowIdFilter = None,
    charge_point_id: TextFilter = None,
    status: Annotated[Status | None, Query()] = None,
) -> Response:
    """Client certificates that our authority signed, the newest first."""
    wanted = CertificateFilter(charger_id, charge_point_id, status)
    found = await list_issued_certificates(
        services.database, person.actor.organization_id, paging, wanted
    )
    return json_answer(found)


@issued.post(
    "/{certificate_id}/revoke",
    summary="Revoke a certificate",
    responses=answers(IssuedCertificateView, "The revoked certificate") | problems(404),
)
async def revoke(
    services: ServicesOf, person: Person, certificate_id: RowId, body: RevokeBody
) -> Response:
    """It admits nobody from now on, and the revocation lists are published anew."""
    charger_id = await services.authority.revoke(person.actor, certificate_id, body.reason)
    if body.disconnect:
        services.disconnect(charger_id, "the charger's certificate is revoked")
    return json_answer(await _issued(services, person, certificate_id))


@published.get(
    "/{root}.pem",
    summary="Download a root certificate",
    response_class=Response,
    responses=_file("The root in PEM", PEM),
)
async def root_certificate(request: Request, services: ServicesOf, root: RootName) -> Response:
    """A root of our authority, for chargers and proxies."""
    found = await list_roots(services.database, settings_of(request).organization_id)
    for one in found:
        if one.key_type.lower() == root:
            return Response(one.certificate, media_type=PEM)
    raise NoSuchRootError(f"there is no {root} root here")


@published.get(
    "/roots",
    summary="Download all root certificates",
    response_class=Response,
    responses=_file("The roots in PEM", PEM),
)
async def root_certificates(request: Request, services: ServicesOf) -> Response:
    """All roots of our authority in one file."""
    found = await list_roots(services.database, settings_of(request).organization_id)
    if not found:
        raise NoSuchRootError("there are no roots here")
    return Response("".join(one.certificate for one in found), media_type=PEM)


@published.get(
    "/{root}.crl",
    summary="Download a revocation list",
    response_class=Response,
    responses=_file("The list in DER", CRL),
)
async def revocation_list(request: Request, services: ServicesOf, root: RootName) -> Response:
    """What a root of ours has revoked (RFC 5280), signed anew while it is fetched in time."""
    key_type = next(one for one in KEY_TYPES if one.lower() == root)
    der = await services.authority.crl(settings_of(request).organization_id, key_type)
    return Response(der, media_type=CRL)


async def _issued(
    services: ServicesOf, person: Person, certificate_id: int
) -> IssuedCertificateView:
    return await get_issued_certificate(
        services.database, person.actor.organization_id, certificate_id
    )


async def _view(request: Request, services: ServicesOf, person: Person) -> AuthorityView:
    organization_id = person.actor.organization_id
    settings = settings_of(request)
    roots = await list_roots(services.database, organization_id)
    waiting = await list_certificate_requests(
        services.database, organization_id, PageRequest(limit=1), CertificateFilter(state="WAITING")
    )
    base = public_base_url(request)
    return authority_view(
        services.tls.state(),
        operator_name=services.authority.operator_name,
        signs_automatically=services.authority.is_automatic,
        security_profiles=settings.served_profiles,
        ocpp_tls_url=ocpp_urls(request).tls,
        roots=roots,
        crl_urls=[f"{base}/api/pki/{one.key_type.lower()}.crl" for one in roots],
        waiting_requests=waiting.total,
    )
