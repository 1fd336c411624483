"""What the API is given to work with; bootstrap picks the adapters."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from csms.api.audit_chain import AuditChain
from csms.api.operations import Operations
from csms.api.session_closing import SessionClosing
from csms.domain.authorization.registry import IdTagRegistry
from csms.domain.billing.cases import Desk
from csms.domain.billing.desk import BillingDesk
from csms.domain.identity.api_keys import ApiKeys
from csms.domain.identity.external import Issuers
from csms.domain.identity.operator_roles import OperatorRoles
from csms.domain.identity.organization import OrganizationRegistry
from csms.domain.identity.registry import Accounts
from csms.domain.identity.repeated_calls import RepeatedCalls
from csms.domain.identity.second_factor import SecondFactors
from csms.domain.identity.self_service import SelfService
from csms.domain.identity.sign_in import SignIn
from csms.domain.ledger.bookings import WalletBookings
from csms.domain.ledger.ports import Ledger
from csms.domain.local_lists.service import LocalLists
from csms.domain.maintenance.campaign_service import FirmwareCampaigns
from csms.domain.maintenance.templates import ConfigurationTemplates, Pushes
from csms.domain.operations.ports import WireNumbers
from csms.domain.security.authority import CertificateAuthority
from csms.domain.security.tls_port import TlsPort
from csms.domain.smart_charging.profiles import ChargingProfiles
from csms.domain.stations.leniency import LeniencyRegistry, NamedRule
from csms.domain.stations.presence import Presence
from csms.domain.stations.registry import StationRegistry
from csms.domain.stations.registry_chargers import ChargerRegistry
from csms.domain.tariffs.registry import TariffRegistry
from csms.domain.transactions.signed_readings import SignedReadings
from csms.kernel.clock import Clock
from csms.kernel.coordination import RateLimits
from csms.kernel.ids import ChargerId
from csms.kernel.live import LiveEvents
from csms.reads.database import ReadDatabase

Readiness = Callable[[], Awaitable[Mapping[str, bool]]]
"""Returns each thing that must work, and whether it does."""
MetricsText = Callable[[], Awaitable[bytes]]
"""Returns the page that Prometheus reads."""


@dataclass(frozen=True, slots=True)
class Services:
    """Ports, use cases and reads of one process."""

    clock: Clock
    database: ReadDatabase
    presence: Presence
    accounts: Accounts
    operator_roles: OperatorRoles
    audit_chain: AuditChain
    organization: OrganizationRegistry
    api_keys: ApiKeys
    sign_in: SignIn
    second_factors: SecondFactors
    self_service: SelfService
    issuers: Issuers
    stations: StationRegistry
    chargers: ChargerRegistry
    id_tags: IdTagRegistry
    tariffs: TariffRegistry
    operations: Operations
    numbers: WireNumbers
    charging_profiles: ChargingProfiles
    local_lists: LocalLists
    session_closing: SessionClosing
    signed_readings: SignedReadings
    firmware_campaigns: FirmwareCampaigns
    templates: ConfigurationTemplates
    pushes: Pushes
    ledger: Ledger
    wallets: WalletBookings
    billing_desk: BillingDesk
    desk: Desk
    repeated_calls: RepeatedCalls
    rate_limits: RateLimits
    live_events: LiveEvents
    readiness: Readiness
    leniency: LeniencyRegistry
    leniency_rules: Sequence[NamedRule]
    authority: CertificateAuthority
    tls: TlsPort
    disconnect: Callable[[ChargerId, str], object]
    metrics: MetricsText | None = None
