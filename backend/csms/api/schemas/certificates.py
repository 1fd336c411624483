"""Bodies and answers about certificates and TLS for chargers."""

from typing import Annotated

import msgspec
from pydantic import Field, StringConstraints

from csms.api.schemas.body import Body
from csms.domain.security.tls_port import RevocationFile, ServedCertificate, TlsState
from csms.reads.certificates import RootView
from csms.reads.moments import Moment

Reason = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class DeclineBody(Body):
    """Why a request is not signed."""

    reason: Annotated[Reason, Field(examples=["not a charger of ours"])]


class RevokeBody(Body):
    """Why a certificate does not count any more."""

    reason: Annotated[Reason, Field(examples=["the charger was removed"])]
    disconnect: Annotated[
        bool,
        Field(description="Close the charger's connection, too; it may stay open otherwise."),
    ] = False


class ServedCertificateView(msgspec.Struct, frozen=True, kw_only=True):
    """A server certificate in use; `is_own`: our authority made it, and renews it by itself."""

    key_type: str
    subject: str
    names: list[str]
    issuer: str
    fingerprint: str
    not_before: Moment
    not_after: Moment
    is_own: bool


class RevocationFileView(msgspec.Struct, frozen=True):
    """A configured revocation list. A stale one still counts."""

    path: str
    issuer: str
    next_update: Moment | None
    is_stale: bool
    revoked: int


class AuthorityView(msgspec.Struct, frozen=True, kw_only=True):
    """Our certificate authority and TLS for chargers, as this process serves it.

    `security_profiles` are those that a charger can have here; `ocpp_tls_url` is where chargers of
    profiles 2 and 3 connect. `fault`: why the last reload came to nothing, and left all as it was.
    """

    operator_name: str
    security_profiles: list[int]
    ocpp_tls_url: str | None
    port: int | None
    is_behind_proxy: bool
    signs_automatically: bool
    roots: list[RootView]
    server_certificates: list[ServedCertificateView]
    client_authorities: list[str]
    revocation_lists: list[RevocationFileView]
    crl_urls: list[str]
    waiting_requests: int
    loaded_at: Moment | None
    fault: str | None


def served_view(one: ServedCertificate) -> ServedCertificateView:
    """Return a server certificate as it is shown."""
    return ServedCertificateView(
        key_type=one.key_type,
        subject=one.subject,
        names=list(one.names),
        issuer=one.issuer,
        fingerprint=one.fingerprint,
        not_before=one.not_before,
        not_after=one.not_after,
        is_own=one.is_own,
    )


def revocation_view(one: RevocationFile) -> RevocationFileView:
    """Return a configured revocation list as it is shown."""
    return RevocationFileView(one.path, one.issuer, one.next_update, one.is_stale, one.revoked)


def authority_view(  # noqa: PLR0913 - one per source
    state: TlsState,
    *,
    operator_name: str,
    signs_automatically: bool,
    security_profiles: frozenset[int],
    ocpp_tls_url: str | None,
    roots: list[RootView],
    crl_urls: list[str],
    waiting_requests: int,
) -> AuthorityView:
    """Return everything about the authority on one page."""
    return AuthorityView(
        operator_name=operator_name,
        security_profiles=sorted(security_profiles),
        ocpp_tls_url=ocpp_tls_url,
        port=state.port,
        is_behind_proxy=state.behind_proxy,
        signs_automatically=signs_automatically,
        roots=roots,
        server_certificates=[served_view(one) for one in state.certificates],
        client_authorities=list(state.client_authorities),
        revocation_lists=[revocation_view(one) for one in state.revocation_files],
        crl_urls=crl_urls,
        waiting_requests=waiting_requests,
        loaded_at=state.loaded_at,
        fault=state.fault,
    )
