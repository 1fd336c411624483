"""What the commands work with: the database, running or not, and the use cases on it."""

import contextlib
import pkgutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import asyncpg

from csms.adapters.identity.charger_keys import StoredChargerKeys
from csms.adapters.identity.passwords import Argon2PasswordHasher
from csms.adapters.sql import migrations
from csms.adapters.sql.dsn import driver_dsn
from csms.adapters.sql.engine import Database
from csms.adapters.sql.ledger import SqlLedger
from csms.adapters.sql.repositories.accounts import SqlAccountStore
from csms.adapters.sql.repositories.chargers import SqlChargerStore
from csms.adapters.sql.repositories.id_tags import SqlIdTagStore
from csms.adapters.sql.repositories.server_secrets import (
    CHARGER_KEYS,
    server_secret,
)
from csms.adapters.sql.repositories.stations import SqlStationStore
from csms.adapters.sql.repositories.tariffs import SqlTariffStore
from csms.bootstrap.database_place import DatabasePlace, Say, open_database_place
from csms.bootstrap.settings import Settings
from csms.bootstrap.wiring import DEFAULT_ORGANIZATION, migrate_place
from csms.domain.authorization.registry import IdTagRegistry
from csms.domain.identity.actor import Actor
from csms.domain.identity.registry import Accounts
from csms.domain.ledger.ports import Ledger
from csms.domain.stations.registry import StationRegistry
from csms.domain.stations.registry_chargers import ChargerRegistry
from csms.domain.tariffs.registry import TariffRegistry
from csms.kernel.clock import Clock, SystemClock
from csms.kernel.errors import CsmsError, UnavailableError
from csms.kernel.ids import OrganizationId

CONNECT_TIMEOUT_S = 15
POOL_SIZE = 2
_APPLIED = "SELECT name FROM tortoise_migrations WHERE app = 'csms' ORDER BY name"


class DatabaseUnreachableError(UnavailableError):
    """The database that the settings name cannot be used; `detail` says why."""


class OtherSchemaError(UnavailableError):
    """The database has the schema of another version."""


@dataclass(frozen=True)
class Maintenance:
    """An open database with the use cases on it, for one command.

    `actor` is the operator of the machine, under whose name the audit shows what was changed.
    """

    settings: Settings
    place: DatabasePlace
    database: Database
    server_key: bytes
    actor: Actor
    clock: Clock
    account_store: SqlAccountStore
    charger_store: SqlChargerStore
    charger_keys: StoredChargerKeys
    accounts: Accounts
    stations: StationRegistry
    chargers: ChargerRegistry
    id_tags: IdTagRegistry
    tariffs: TariffRegistry
    ledger: Ledger

    @property
    def organization_id(self) -> OrganizationId:
        """The organization that commands work in."""
        return self.actor.organization_id


@contextlib.asynccontextmanager
async def open_maintenance(
    settings: Settings, say: Say, *, command: str
) -> AsyncIterator[Maintenance]:
    """Yield the database, joined where a server runs it, started for as long where none does.

    A database without any table gets the schema; one of another version is refused. Raises
    DatabaseUnreachableError, OtherSchemaError and the errors of csms.bootstrap.postgres.errors.
    """
    async with open_database_place(settings, say, may_join=True) as place:
        with reaching(place):
            await _require_schema(place, say)
            database = await Database.connect(place.application_dsn, min_size=1, max_size=POOL_SIZE)
        try:
            yield await _assemble(settings, place, database, command)
        finally:
            await database.close()


@contextlib.contextmanager
def reaching(place: DatabasePlace) -> Iterator[None]:
    """Turn the driver's failure to connect into one sentence."""
    try:
        yield
    except CsmsError:
        raise
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        reason = str(error) or type(error).__name__
        raise DatabaseUnreachableError(f"cannot use {place.description}: {reason}") from error


async def pending_migrations(connection: asyncpg.Connection) -> tuple[list[str], list[str]]:
    """Return the migrations that the database lacks, and those that this version does not know."""
    ours = {one.name for one in pkgutil.iter_modules(migrations.__path__) if one.name[0].isdigit()}
    applied = {row["name"] for row in await connection.fetch(_APPLIED)}
    return sorted(ours - applied), sorted(applied - ours)


async def _require_schema(place: DatabasePlace, say: Say) -> None:
    connection = await asyncpg.connect(driver_dsn(place.owner_dsn), timeout=CONNECT_TIMEOUT_S)
    try:
        is_empty = await connection.fetchval("SELECT to_regclass('tortoise_migrations') IS NULL")
        lacking, unknown = ([], []) if is_empty else await pending_migrations(connection)
    finally:
        await connection.close()
    if is_empty:
        say(f"database: {await migrate_place(place)}")
    elif unknown:
        raise OtherSchemaError(
            f"{place.description} was migrated by a newer version ({', '.join(unknown)}); "
            "use that version's csms"
        )
    elif lacking:
        raise OtherSchemaError(
            f"{place.description} lacks {', '.join(lacking)}; run `csms migrate` first"
        )


async def _assemble(
    settings: Settings, place: DatabasePlace, database: Database, command: str
) -> Maintenance:
    clock = SystemClock()
    server_key = await server_secret(database, CHARGER_KEYS)
    account_store, charger_store = SqlAccountStore(database), SqlChargerStore(database)
    keys = StoredChargerKeys(server_key)
    return Maintenance(
        settings=settings,
        place=place,
        database=database,
        server_key=server_key,
        actor=Actor(
            user_id=None,
            role="ADMIN",
            organization_id=DEFAULT_ORGANIZATION,
            name=f"command csms {command}",
        ),
        clock=clock,
        account_store=account_store,
        charger_store=charger_store,
        charger_keys=keys,
        accounts=Accounts(account_store, Argon2PasswordHasher(), clock),
        stations=StationRegistry(SqlStationStore(database), clock),
        chargers=ChargerRegistry(
            charger_store,
            keys,
            clock,
            may_open_chargers=settings.may_open_chargers,
            served_profiles=settings.served_profiles(settings.public_url),
        ),
        id_tags=IdTagRegistry(SqlIdTagStore(database)),
        tariffs=TariffRegistry(SqlTariffStore(database), clock),
        ledger=SqlLedger(database),
    )
