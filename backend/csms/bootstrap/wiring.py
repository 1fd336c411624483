"""The one place where ports meet adapters."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog
from fastapi import FastAPI

from csms.adapters.identity.charger_keys import StoredChargerKeys
from csms.adapters.memory.live_events import MemoryLiveEvents
from csms.adapters.memory.operation_channel import MemoryOperationChannel
from csms.adapters.memory.presence import MemoryPresence
from csms.adapters.memory.rate_limits import MemoryRateLimits
from csms.adapters.sql.admissions import SqlAdmissions
from csms.adapters.sql.audit_seals import AuditSeals
from csms.adapters.sql.billing_desk import SqlBillingDesk
from csms.adapters.sql.bills import SqlBills
from csms.adapters.sql.certificates import SqlCertificates
from csms.adapters.sql.chargers_in_step import SqlChargersInStep
from csms.adapters.sql.desk_cases import SqlDeskCases
from csms.adapters.sql.engine import Database
from csms.adapters.sql.evidence import EvidenceLimits, SqlEvidence
from csms.adapters.sql.id_tags import SqlIdTagRecords
from csms.adapters.sql.jobs import JobQueue
from csms.adapters.sql.journal import SqlJournal
from csms.adapters.sql.key_changes import SqlKeyChanges
from csms.adapters.sql.ledger import SqlLedger
from csms.adapters.sql.local_lists import SqlLocalListStore
from csms.adapters.sql.migrate import migrate
from csms.adapters.sql.operations import SqlOperationStore
from csms.adapters.sql.repositories.api_keys import SqlApiKeyStore
from csms.adapters.sql.repositories.chargers import SqlChargerStore
from csms.adapters.sql.repositories.charging_profiles import SqlChargingProfiles
from csms.adapters.sql.repositories.grants import SqlGrantStore
from csms.adapters.sql.repositories.id_tags import SqlIdTagStore
from csms.adapters.sql.repositories.idempotency_keys import SqlRepeatedCalls
from csms.adapters.sql.repositories.model_leniency import SqlModelLeniency
from csms.adapters.sql.repositories.organizations import SqlOrganizationStore
from csms.adapters.sql.repositories.server_secrets import (
    CHARGER_KEYS,
    CSRF_TOKENS,
    KEPT_ANSWERS,
    server_secret,
)
from csms.adapters.sql.repositories.stations import SqlStationStore
from csms.adapters.sql.repositories.tariffs import SqlTariffStore
from csms.adapters.sql.session_closer import SqlSessionCloser
from csms.adapters.sql.sessions_of_people import SqlSessionsOfPeople
from csms.adapters.sql.transaction_reads import SqlTransactionReads
from csms.adapters.sql.upkeep import SqlUpkeep
from csms.adapters.sql.wallet_bookings import SqlWalletBookings
from csms.adapters.sql.wire_numbers import SqlWireNumbers
from csms.api.app import create_app
from csms.api.services import Readiness, Services
from csms.api.settings import ApiSettings
from csms.api.web import mount_web
from csms.bootstrap.database_place import DatabasePlace, Say
from csms.bootstrap.issuers import assemble_issuers
from csms.bootstrap.jobs import JOBS_FOR, job_handlers, person_handlers
from csms.bootstrap.journal_metrics import JournalMetrics
from csms.bootstrap.metrics import MetricsPage
from csms.bootstrap.people import assemble_people, identity_offer
from csms.bootstrap.settings import Settings
from csms.bootstrap.shown_variables import shown_variables
from csms.bootstrap.smart_work import smart_work
from csms.bootstrap.tls import TlsKeeper
from csms.bootstrap.web_app import tile_origins, web_app_folder
from csms.bootstrap.wiring_tls import (
    client_certificates,
    gateway_settings,
    make_authority,
    make_keeper,
)
from csms.domain.authorization.registry import IdTagRegistry
from csms.domain.billing.cases import Desk
from csms.domain.billing.desk import BillingDesk
from csms.domain.billing.idle_wait import IdleWait
from csms.domain.identity.api_keys import ApiKeys
from csms.domain.identity.operator_roles import OperatorRoles
from csms.domain.identity.organization import OrganizationRegistry
from csms.domain.identity.registry import (
    FirstAdministrator,
    ensure_first_administrator,
)
from csms.domain.ledger.bookings import WalletBookings
from csms.domain.local_lists.in_step import AuthorizationsInStep
from csms.domain.local_lists.service import LocalLists
from csms.domain.operations.availability import AvailabilityKeeper
from csms.domain.operations.person_stops import PersonStops
from csms.domain.operations.service import OperationService
from csms.domain.stations.leniency import LeniencyRegistry
from csms.domain.stations.registry import StationRegistry
from csms.domain.stations.registry_chargers import ChargerRegistry
from csms.domain.tariffs.registry import TariffRegistry
from csms.domain.transactions.close import OperatorClosing
from csms.domain.transactions.reconcile import Reconciliation
from csms.domain.transactions.rules import SessionRules
from csms.gateway.gateway import Gateway
from csms.kernel.clock import SystemClock
from csms.kernel.ids import OrganizationId
from csms.ocpp.leniency import EVERY_RULE, LENIENCY_RULES
from csms.worker.runner import Worker
from csms.worker.schedules import (
    audit_schedules,
    evidence_schedules,
    step_schedules,
    upkeep_schedules,
)

DEFAULT_ORGANIZATION = OrganizationId(1)
PROBE_TIMEOUT_S = 2

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class House:
    """What a running process is made of, as far as its life needs to know."""

    app: FastAPI
    gateway: Gateway
    tls: TlsKeeper
    services: Services
    database: Database
    organization_id: OrganizationId
    server_key: bytes
    first_administrator: FirstAdministrator | None
    has_web_app: bool
    started_key: str


async def migrate_place(place: DatabasePlace) -> str:
    """Bring the database to this version's schema; return what was done, in a sentence."""
    report = await migrate(place.owner_dsn)
    done = f"applied {', '.join(report.applied)}" if report.applied else "nothing to migrate"
    if report.roles.problem is not None:
        done += f"; {report.roles.problem}"
    return done


@contextlib.asynccontextmanager
async def build_house(settings: Settings, place: DatabasePlace, say: Say) -> AsyncIterator[House]:
    """Migrate, connect, and put everything together; take it apart in reverse order."""
    done = await migrate_place(place)
    if done != "nothing to migrate":
        say(f"database: {done}")
    async with contextlib.AsyncExitStack() as stack:
        database = await Database.connect(
            place.application_dsn, max_size=settings.database_pool_size
        )
        stack.push_async_callback(database.close)
        await database.start_orm()
        yield await _assemble(settings, database, stack)


async def _assemble(
    settings: Settings, database: Database, stack: contextlib.AsyncExitStack
) -> House:
    clock = SystemClock()
    api_database = await database.for_api()
    server_key = await server_secret(database, CHARGER_KEYS)
    rules = SessionRules(
        remote_start_wait=timedelta(seconds=settings.remote_start_wait_s),
    )
    counts = JournalMetrics(clock) if settings.metrics else None
    journal = SqlJournal(database, JOBS_FOR, writers=settings.journal_writers, observer=counts)
    await journal.start()
    stack.push_async_callback(journal.close)
    gateway_limits = gateway_settings(settings, server_key)
    tls, certificates = (
        make_keeper(settings, clock, DEFAULT_ORGANIZATION),
        SqlCertificates(database),
    )
    admissions = SqlAdmissions(database, remote_start_wait=rules.remote_start_wait)
    lost = await admissions.recover(gateway_limits.node)
    if lost:
        _log.warning("links_lost_with_the_last_process", chargers=lost)
    stack.push_async_callback(admissions.close)
    presence, live_events, channel = MemoryPresence(), MemoryLiveEvents(), MemoryOperationChannel()
    gateway = Gateway(
        journal=journal,
        admissions=admissions,
        reads=SqlTransactionReads(database),
        id_tags=SqlIdTagRecords(database),
        clock=clock,
        settings=gateway_limits,
        rules=rules,
        presence=presence,
        live=live_events,
        certificates=client_certificates(settings, tls, certificates, clock),
    )
    gateway.start()
    channel.attach(gateway.relay.send)
    operation_store = SqlOperationStore(api_database)
    operations = OperationService(
        operation_store,
        channel,
        clock,
        id_tags=SqlIdTagRecords(database),
        key_changes=SqlKeyChanges(database),
        rules=rules,
    )
    stack.push_async_callback(operations.close)
    authority = make_authority(settings, certificates, operations, clock)
    await tls.open(authority)
    numbers = SqlWireNumbers(database)
    idle_wait = IdleWait(
        bound=timedelta(seconds=settings.idle_billing_wait_s),
        look_again=timedelta(seconds=settings.idle_billing_look_s),
    )
    list_store = SqlLocalListStore(database, rules)
    local_lists = LocalLists(operations, list_store, numbers)
    in_step = SqlChargersInStep(
        database, list_store, delay=timedelta(seconds=settings.catch_up_delay_s)
    )
    closer = SqlSessionCloser(database, JOBS_FOR, gateway.forget_session)
    queue = JobQueue(database)
    await queue.start()
    stack.push_async_callback(queue.close)
    limits = MemoryRateLimits()
    people = await assemble_people(
        settings, database, queue, limits, clock, DEFAULT_ORGANIZATION, live_events
    )
    smart = smart_work(database, operations, numbers, clock)
    worker = Worker(
        queue,
        {
            **people.handlers,
            **job_handlers(
                SqlBills(database, idle_bound=idle_wait.bound),
                Reconciliation(closer, clock, rules),
                local_lists,
                AuthorizationsInStep(operations, local_lists, in_step),
                AvailabilityKeeper(operations, operation_store),
                idle_wait,
                authority,
            ),
            **person_handlers(PersonStops(SqlSessionsOfPeople(database), operations)),
            **smart.handlers,
        },
        (
            *upkeep_schedules(SqlUpkeep(database, remote_start_wait=rules.remote_start_wait)),
            *audit_schedules(AuditSeals(database)),
            *evidence_schedules(SqlEvidence(database, _evidence_limits(settings))),
            *step_schedules(in_step, timedelta(seconds=settings.keep_in_step_s)),
            *smart.schedules,
        ),
        clock,
    )
    await stack.enter_async_context(_working(worker))
    services = Services(
        clock=clock,
        database=api_database,
        presence=presence,
        api_keys=ApiKeys(SqlApiKeyStore(api_database), clock),
        audit_chain=AuditSeals(api_database),
        operator_roles=OperatorRoles(SqlGrantStore(api_database)),
        organization=OrganizationRegistry(
            SqlOrganizationStore(api_database), gateway.organization_changed
        ),
        accounts=people.accounts,
        sign_in=people.sign_in,
        second_factors=people.second_factors,
        self_service=people.self_service,
        issuers=await assemble_issuers(settings, database, clock, DEFAULT_ORGANIZATION, stack),
        stations=StationRegistry(SqlStationStore(api_database), clock),
        chargers=ChargerRegistry(
            SqlChargerStore(api_database),
            StoredChargerKeys(server_key),
            clock,
            may_open_chargers=settings.may_open_chargers,
            served_profiles=settings.served_profiles(settings.public_url),
            settings_changed=lambda charger_id: gateway.disconnect(
                charger_id, "the charger's settings have changed"
            ),
        ),
        id_tags=IdTagRegistry(SqlIdTagStore(api_database)),
        tariffs=TariffRegistry(SqlTariffStore(api_database), clock),
        operations=operations,
        numbers=numbers,
        charging_profiles=SqlChargingProfiles(api_database),
        local_lists=local_lists,
        session_closing=OperatorClosing(closer, clock, rules),
        signed_readings=smart.signed_readings,
        firmware_campaigns=smart.firmware_campaigns,
        templates=smart.templates,
        pushes=smart.pushes,
        ledger=SqlLedger(database),
        wallets=WalletBookings(SqlWalletBookings(api_database)),
        billing_desk=BillingDesk(
            SqlBillingDesk(api_database, idle_bound=idle_wait.bound), clock, rules.plausibility
        ),
        desk=Desk(SqlDeskCases(api_database), clock),
        repeated_calls=SqlRepeatedCalls(database, await server_secret(database, KEPT_ANSWERS)),
        rate_limits=limits,
        live_events=live_events,
        readiness=_readiness_of(database, journal),
        leniency=LeniencyRegistry(SqlModelLeniency(database), EVERY_RULE, gateway.model_rules.use),
        leniency_rules=LENIENCY_RULES,
        metrics=MetricsPage(gateway.registry, journal, counts, database) if counts else None,
        authority=authority,
        tls=tls,
        disconnect=gateway.disconnect,
    )
    administrator = await ensure_first_administrator(
        people.accounts,
        people.store,
        organization_id=DEFAULT_ORGANIZATION,
        email=settings.admin_email,
        password=settings.admin_password.get_secret_value() if settings.admin_password else None,
    )
    app = create_app(
        services,
        ApiSettings(
            csrf_secret=await server_secret(database, CSRF_TOKENS),
            public_url=settings.public_url,
            ocpp_tls_port=settings.ocpp_tls_port,
            ocpp_tls_url=settings.ocpp_tls_url,
            served_profiles=settings.served_profiles(settings.public_url),
            cors_origins=settings.cors_origins,
            has_secure_cookies=settings.has_secure_cookies,
            map_tiles_url=settings.map_tiles_url,
            map_attribution=settings.map_attribution,
            variables=shown_variables(settings),
            has_outbox=settings.has_outbox,
            identity=identity_offer(settings),
        ),
    )
    web_folder = web_app_folder(settings)
    if web_folder is not None:
        mount_web(app, web_folder, image_sources=tile_origins(settings))
    return House(
        app=app,
        gateway=gateway,
        tls=tls,
        services=services,
        database=database,
        organization_id=DEFAULT_ORGANIZATION,
        server_key=server_key,
        first_administrator=administrator,
        has_web_app=web_folder is not None,
        started_key=secrets.token_hex(8),
    )


def _evidence_limits(settings: Settings) -> EvidenceLimits:
    return EvidenceLimits(
        stalled_after=timedelta(seconds=settings.stalled_after_s),
        ghost_after=timedelta(seconds=settings.ghost_after_s),
    )


@contextlib.asynccontextmanager
async def _working(worker: Worker) -> AsyncIterator[None]:
    running = asyncio.create_task(worker.run(), name="worker")
    try:
        yield
    finally:
        await worker.close()
        await running


def _readiness_of(database: Database, journal: SqlJournal) -> Readiness:
    async def readiness() -> Mapping[str, bool]:
        try:
            async with asyncio.timeout(PROBE_TIMEOUT_S):
                await database.pool.fetchval("SELECT 1")
        except Exception:
            _log.exception("database_probe_failed")
            return {"database": False, "journal": journal.is_available}
        return {"database": True, "journal": journal.is_available}

    return readiness
