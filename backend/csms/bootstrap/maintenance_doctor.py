"""What `csms doctor` does: finds out what can be known here, and says what cannot."""

import resource
import shutil
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import asyncpg

from csms.adapters.sql.diagnosis import Diagnosis
from csms.bootstrap.database_place import data_dir_of
from csms.bootstrap.maintenance import Maintenance, pending_migrations
from csms.reads.charger_findings import findings_of_charger
from csms.reads.findings import Finding, Level, note, ok, problem, unknown

MIN_POSTGRESQL: Final = 140_000
LOW_DISK_BYTES: Final = 2 * 1024**3
FILES_FOR_A_THOUSAND: Final = 4096
CLOCK_TOLERANCE_S: Final = 2
GIB: Final = 1024**3


async def examine(desk: Maintenance, charge_point_id: str | None) -> list[Finding]:
    """Return the findings about the environment, or about one charger."""
    if charge_point_id is None:
        return await _environment(desk, Diagnosis(desk.database))
    diagnosed = await findings_of_charger(
        desk.database,
        desk.organization_id,
        charge_point_id,
        is_server_running=desk.place.embedded is None,
        now=desk.clock.now(),
    )
    return diagnosed.findings


async def _environment(desk: Maintenance, diagnosis: Diagnosis) -> list[Finding]:
    before = desk.clock.now()
    row = await diagnosis.of_database()
    after = desk.clock.now()
    async with desk.database.pool.acquire() as connection:
        schema = await _schema(connection)
    return [
        ok("database", desk.place.description),
        _version(row),
        schema,
        _roles(row),
        _connections(row),
        note("database size", f"{row['size_bytes'] / GIB:.2f} GiB"),
        _disk(desk),
        _open_files(),
        _clocks(row, before, after),
        unknown(
            "true time", "whether this machine's clock is right cannot be told without a source"
        ),
        _server(desk),
        *_work(await diagnosis.of_work()),
    ]


def _version(row: asyncpg.Record) -> Finding:
    said = f"PostgreSQL {row['version']}"
    if row["version_number"] < MIN_POSTGRESQL:
        return problem("version", f"{said}; 14 or newer is needed")
    return ok("version", said)


async def _schema(connection: asyncpg.Connection) -> Finding:
    try:
        lacking, unknown_ones = await pending_migrations(connection)
    except asyncpg.InsufficientPrivilegeError:
        # The application's role may not read the list; opening the database compared it already.
        return ok("schema", "that of this version")
    if lacking or unknown_ones:
        return problem("schema", f"lacks {lacking or 'nothing'}, has {unknown_ones} beyond ours")
    return ok("schema", "that of this version")


def _roles(row: asyncpg.Record) -> Finding:
    if row["acting_as"] == "csms_app":
        return ok(
            "roles", f"separated: the server acts as csms_app (signed in as {row['signed_in_as']})"
        )
    power = "a superuser" if row["is_superuser"] else "the owner of the tables"
    why = "" if row["has_app_role"] else "; the role csms_app does not exist"
    return note(
        "roles",
        f"not separated: the server acts as {row['acting_as']}, {power}{why}; `csms migrate` says why",
    )


def _connections(row: asyncpg.Record) -> Finding:
    said = f"{row['connections']} of {row['connections_max']} in use"
    make = problem if row["connections"] > row["connections_max"] * 0.9 else ok
    return make("connections", said)


def _disk(desk: Maintenance) -> Finding:
    if desk.settings.database_url is not None:
        return unknown("disk space", "the database's disk cannot be seen from here (DATABASE_URL)")
    data_dir = data_dir_of(desk.settings)
    free = shutil.disk_usage(data_dir).free
    said = f"{free / GIB:.1f} GiB free at {data_dir}"
    return problem("disk space", said) if free < LOW_DISK_BYTES else ok("disk space", said)


def _open_files() -> Finding:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY:
        return ok("open files", "not limited for this account")
    said = f"{hard} at most for this account; each connected charger takes one"
    return note("open files", said) if hard < FILES_FOR_A_THOUSAND else ok("open files", said)


def _clocks(row: asyncpg.Record, before: datetime, after: datetime) -> Finding:
    now: datetime = row["now"]
    if before <= now <= after:
        return ok("clocks", "this machine and the database agree")
    off_s = (now - after).total_seconds() if now > after else (now - before).total_seconds()
    said = (
        f"the database is {abs(off_s):.1f} s {'ahead of' if off_s > 0 else 'behind'} this machine"
    )
    return problem("clocks", said) if abs(off_s) > CLOCK_TOLERANCE_S else ok("clocks", said)


def _server(desk: Maintenance) -> Finding:
    if desk.place.embedded is not None:
        return note("server", "none runs on this database: it was started for this command")
    if desk.settings.database_url is not None:
        return unknown("server", "which servers use a database of DATABASE_URL cannot be told here")
    return ok("server", "one runs on this database")


def _work(waiting: Mapping[str, Any]) -> list[Finding]:
    return [
        Finding(level if waiting[key] else "ok", topic, f"{waiting[key]} {said}")
        for key, topic, said, level in _WAITING
    ]


_WAITING: Final[tuple[tuple[str, str, str, Level], ...]] = (
    ("dead_jobs", "jobs", "gave up and wait for a person", "problem"),
    ("late_jobs", "jobs", "due for more than five minutes", "problem"),
    ("failed_bills", "bills", "wait for a person (billing FAILED)", "note"),
    ("desk_cases", "desk", "cases wait for a person", "note"),
    ("quarantined", "quarantine", "frames could not be stored otherwise", "note"),
)
