"""The API over a real, migrated PostgreSQL; chargers, presence and time are fakes."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import argon2
import pytest

from csms.adapters.identity.charger_keys import StoredChargerKeys
from csms.adapters.identity.one_time_passwords import TotpPasswords
from csms.adapters.identity.passwords import Argon2PasswordHasher
from csms.adapters.identity.tokens import JwtTokens
from csms.adapters.memory.live_events import MemoryLiveEvents
from csms.adapters.memory.presence import MemoryPresence
from csms.adapters.memory.rate_limits import MemoryRateLimits
from csms.adapters.sql.audit_seals import AuditSeals
from csms.adapters.sql.billing_desk import SqlBillingDesk
from csms.adapters.sql.certificates import SqlCertificates
from csms.adapters.sql.configuration_templates import SqlConfigurationTemplates
from csms.adapters.sql.desk_cases import SqlDeskCases
from csms.adapters.sql.engine import Database
from csms.adapters.sql.firmware_campaigns import SqlFirmwareCampaigns
from csms.adapters.sql.id_tags import SqlIdTagRecords
from csms.adapters.sql.jobs import JobQueue
from csms.adapters.sql.ledger import SqlLedger
from csms.adapters.sql.local_lists import SqlLocalListStore
from csms.adapters.sql.operations import SqlOperationStore
from csms.adapters.sql.repositories.accounts import SqlAccountStore
from csms.adapters.sql.repositories.api_keys import SqlApiKeyStore
from csms.adapters.sql.repositories.chargers import SqlChargerStore
from csms.adapters.sql.repositories.charging_profiles import SqlChargingProfiles
from csms.adapters.sql.repositories.grants import SqlGrantStore
from csms.adapters.sql.repositories.id_tags import SqlIdTagStore
from csms.adapters.sql.repositories.idempotency_keys import SqlRepeatedCalls
from csms.adapters.sql.repositories.letters import SqlLetters
from csms.adapters.sql.repositories.model_leniency import SqlModelLeniency
from csms.adapters.sql.repositories.organizations import SqlOrganizationStore
from csms.adapters.sql.repositories.second_factors import SqlSecondFactors
from csms.adapters.sql.repositories.sessions import SqlSessions
from csms.adapters.sql.repositories.stations import SqlStationStore
from csms.adapters.sql.repositories.tariffs import SqlTariffStore
from csms.adapters.sql.session_closer import SqlSessionCloser
from csms.adapters.sql.signed_readings import SqlSignedReadings
from csms.adapters.sql.wallet_bookings import SqlWalletBookings
from csms.adapters.sql.wire_numbers import SqlWireNumbers
from csms.api.app import create_app
from csms.api.services import Services
from csms.api.settings import ApiSettings
from csms.domain.authorization.registry import IdTagRegistry
from csms.domain.billing.cases import Desk
from csms.domain.billing.desk import BillingDesk
from csms.domain.identity.access_ended import access_ended
from csms.domain.identity.api_keys import ApiKeys
from csms.domain.identity.external import Issuers
from csms.domain.identity.operator_roles import OperatorRoles
from csms.domain.identity.organization import OrganizationRegistry
from csms.domain.identity.registry import Accounts, ensure_first_administrator
from csms.domain.identity.second_factor import SecondFactors
from csms.domain.identity.self_service import SelfService, SelfServiceRules
from csms.domain.identity.sign_in import SignIn
from csms.domain.ledger.bookings import WalletBookings
from csms.domain.local_lists.service import LocalLists
from csms.domain.maintenance.campaign_service import FirmwareCampaigns
from csms.domain.maintenance.templates import ConfigurationTemplates
from csms.domain.operations.service import OperationService
from csms.domain.security.authority import CertificateAuthority
from csms.domain.stations.leniency import LeniencyRegistry
from csms.domain.stations.registry import StationRegistry
from csms.domain.stations.registry_chargers import ChargerRegistry
from csms.domain.tariffs.registry import TariffRegistry
from csms.domain.transactions.close import OperatorClosing
from csms.domain.transactions.rules import SessionRules
from csms.domain.transactions.signed_readings import SignedReadings
from csms.kernel.ids import OrganizationId
from csms.ocpp.leniency import EVERY_RULE, LENIENCY_RULES
from tests.api.caller import Caller
from tests.api.fakes import FakeChargers, NoTls, TurnedClock
from tests.api.network import Network

ADMIN_EMAIL = "olga@example.org"
ADMIN_PASSWORD = "olga's long password"
DRIVER_PASSWORD = "dana's long password"
SERVER_KEY = bytes(range(32))


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock(datetime.now(UTC))


@pytest.fixture
def presence() -> MemoryPresence:
    return MemoryPresence()


@pytest.fixture
def chargers() -> FakeChargers:
    return FakeChargers()


@pytest.fixture
async def api_database(database: Database) -> Database:
    """The same database as the API has it: bound by row-level security."""
    return await database.for_api()


@pytest.fixture
async def operations(
    database: Database, api_database: Database, chargers: FakeChargers, clock: TurnedClock
) -> AsyncIterator[OperationService]:
    service = OperationService(
        SqlOperationStore(api_database), chargers, clock, id_tags=SqlIdTagRecords(database)
    )
    yield service
    await service.close()


@pytest.fixture
def settings() -> ApiSettings:
    return ApiSettings(
        csrf_secret=SERVER_KEY, public_url="https://csms.example.org", has_outbox=True
    )


@pytest.fixture
def services(
    database: Database,
    api_database: Database,
    clock: TurnedClock,
    presence: MemoryPresence,
    operations: OperationService,
) -> Services:
    hasher = Argon2PasswordHasher(argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    store = SqlAccountStore(api_database)
    live_events = MemoryLiveEvents()
    accounts = Accounts(
        store,
        hasher,
        clock,
        access_ended=lambda account: live_events.publish(access_ended(account, clock.now())),
    )
    limits = MemoryRateLimits()
    second_factors = SecondFactors(
        SqlSecondFactors(database, SERVER_KEY), TotpPasswords(), limits, clock
    )
    sign_in = SignIn(accounts, SqlSessions(database), second_factors, JwtTokens(SERVER_KEY), clock)
    self_service = SelfService(
        accounts,
        store,
        SqlLetters(database, is_sent=False),
        hasher,
        JobQueue(database),
        clock,
        SelfServiceRules(OrganizationId(1), "https://csms.example.org"),
    )

    def closed(*_: object) -> None:
        """Nobody holds the charger's socket here."""

    closer = SqlSessionCloser(database, {}, closed)

    async def readiness() -> dict[str, bool]:
        return {"database": True}

    return Services(
        clock=clock,
        database=api_database,
        presence=presence,
        accounts=accounts,
        api_keys=ApiKeys(SqlApiKeyStore(api_database), clock),
        audit_chain=AuditSeals(api_database),
        operator_roles=OperatorRoles(SqlGrantStore(api_database)),
        organization=OrganizationRegistry(SqlOrganizationStore(api_database)),
        sign_in=sign_in,
        second_factors=second_factors,
        self_service=self_service,
        issuers=Issuers(),
        stations=StationRegistry(SqlStationStore(api_database), clock),
        chargers=ChargerRegistry(
            SqlChargerStore(api_database),
            StoredChargerKeys(SERVER_KEY),
            clock,
            may_open_chargers=True,
        ),
        id_tags=IdTagRegistry(SqlIdTagStore(api_database)),
        tariffs=TariffRegistry(SqlTariffStore(api_database), clock),
        operations=operations,
        numbers=SqlWireNumbers(database),
        charging_profiles=SqlChargingProfiles(api_database),
        local_lists=LocalLists(operations, SqlLocalListStore(database), SqlWireNumbers(database)),
        session_closing=OperatorClosing(closer, clock, SessionRules()),
        firmware_campaigns=FirmwareCampaigns(
            SqlFirmwareCampaigns(database), operations, SqlWireNumbers(database), clock
        ),
        templates=ConfigurationTemplates(SqlConfigurationTemplates(database), operations),
        pushes=SqlConfigurationTemplates(database),
        signed_readings=SignedReadings(SqlSignedReadings(database), clock),
        ledger=SqlLedger(database),
        wallets=WalletBookings(SqlWalletBookings(api_database)),
        billing_desk=BillingDesk(SqlBillingDesk(api_database), clock),
        desk=Desk(SqlDeskCases(api_database), clock),
        repeated_calls=SqlRepeatedCalls(database, SERVER_KEY),
        rate_limits=limits,
        live_events=live_events,
        readiness=readiness,
        leniency=LeniencyRegistry(SqlModelLeniency(database), EVERY_RULE),
        leniency_rules=LENIENCY_RULES,
        authority=CertificateAuthority(
            SqlCertificates(database),
            operations,
            clock,
            passphrase=lambda: SERVER_KEY,
            operator_name="Example Operator",
            certificate_life=timedelta(days=365),
            is_automatic=False,
            crl_url=lambda _: None,
        ),
        tls=NoTls(),
        disconnect=closed,
    )


@pytest.fixture
async def anybody(services: Services, settings: ApiSettings) -> AsyncIterator[Caller]:
    """The API for nobody in particular."""
    async with Caller(create_app(services, settings)) as caller:
        yield caller


@pytest.fixture
async def operator(anybody: Caller, services: Services, database: Database) -> Caller:
    """The API for an operator."""
    made = await ensure_first_administrator(
        services.accounts,
        SqlAccountStore(database),
        organization_id=OrganizationId(1),
        email=ADMIN_EMAIL,
        password=ADMIN_PASSWORD,
    )
    assert made is not None
    return await anybody.signed_in(ADMIN_EMAIL, ADMIN_PASSWORD)


@pytest.fixture
async def driver(anybody: Caller, operator: Caller) -> Caller:
    """The API for a driver."""
    await operator.post(
        "/users",
        {
            "email": "dana@example.org",
            "full_name": "Dana Driver",
            "role": "USER",
            "password": DRIVER_PASSWORD,
        },
        expect=201,
    )
    return await anybody.signed_in("dana@example.org", DRIVER_PASSWORD)


@pytest.fixture
async def network(operator: Caller, database: Database, presence: MemoryPresence) -> Network:
    """A station with a charger, to be peopled with sessions and messages."""
    return await Network(operator, database, presence).build()


@pytest.fixture
def later(clock: TurnedClock) -> timedelta:
    """A day and a second: past every sign-in."""
    return timedelta(days=1, seconds=1)
