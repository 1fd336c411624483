"""Puts TLS for chargers together: who may issue certificates, who signs, what is served."""

from datetime import timedelta

from csms.adapters.sql.certificates import SqlCertificates
from csms.bootstrap.database_place import data_dir_of
from csms.bootstrap.settings import Settings
from csms.bootstrap.tls import TlsKeeper
from csms.bootstrap.tls_files import ca_passphrase
from csms.domain.operations.service import OperationService
from csms.domain.security.authority import CertificateAuthority
from csms.domain.security.client_certificates import ClientCertificates
from csms.domain.security.issuing import KeyType
from csms.gateway.settings import GatewaySettings
from csms.kernel.clock import Clock
from csms.kernel.ids import OrganizationId


def gateway_settings(settings: Settings, server_key: bytes) -> GatewaySettings:
    """Return the gateway's limits and whom it trusts."""
    return GatewaySettings(
        server_key=server_key,
        unstorable_hold_s=settings.hold_unstored_s,
        trusted_proxies=frozenset(settings.trusted_proxies),
        proxy_certificate_header=settings.proxy_certificate_header,
        operator_name=settings.operator_name,
    )


def make_keeper(settings: Settings, clock: Clock, organization_id: OrganizationId) -> TlsKeeper:
    """Return what holds the TLS of this process; nothing is read yet."""
    return TlsKeeper(settings, data_dir_of(settings), clock, organization_id)


def client_certificates(
    settings: Settings, keeper: TlsKeeper, certificates: SqlCertificates, clock: Clock
) -> ClientCertificates:
    """Return the check of chargers' certificates."""
    organizations = frozenset({settings.operator_name, *settings.trusted_organizations})
    return ClientCertificates(certificates, keeper.current_trust, clock, organizations)


def make_authority(
    settings: Settings,
    certificates: SqlCertificates,
    operations: OperationService,
    clock: Clock,
) -> CertificateAuthority:
    """Return our certificate authority; its roots are made when TLS is switched on."""

    def crl_url(key_type: KeyType) -> str | None:
        if settings.public_url is None:
            return None
        return f"{settings.public_url}/api/pki/{key_type.lower()}.crl"

    return CertificateAuthority(
        certificates,
        operations,
        clock,
        passphrase=lambda: ca_passphrase(settings, data_dir_of(settings)),
        operator_name=settings.operator_name,
        certificate_life=timedelta(days=settings.ca_charger_days),
        is_automatic=settings.ca_auto_sign,
        crl_url=crl_url,
    )
