"""The cluster itself: its creation, who may log in, its settings, its two roles."""

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import asyncpg

from csms.bootstrap.postgres.errors import InitdbFailedError
from csms.bootstrap.postgres.launch import OsAccount, own_account, run
from csms.bootstrap.postgres.layout import PORT, DataLayout, FileLock

OWNER_ROLE = "csms_owner"
APP_ROLE = "csms_app"
DATABASE = "csms"

_MAP = "csms"
_INITDB_TIMEOUT_S = 120.0
_CONNECT_TIMEOUT_S = 10.0

# Durability settings are PostgreSQL's defaults, named here because promises rest on them.
_SETTINGS = (
    ("listen_addresses", ""),
    ("port", str(PORT)),
    ("cluster_name", "csms"),
    ("max_connections", "60"),
    ("shared_buffers", "128MB"),
    ("fsync", "on"),
    ("full_page_writes", "on"),
    ("synchronous_commit", "on"),
    ("wal_compression", "on"),
    ("logging_collector", "off"),
    ("log_destination", "stderr"),
    ("log_min_messages", "warning"),
    ("log_checkpoints", "off"),
    ("log_startup_progress_interval", "10s"),
    ("log_line_prefix", "%m [%p] %q%u "),
    ("timezone", "UTC"),
    ("log_timezone", "UTC"),
)


def working_dir_name(cluster: Path) -> str:
    """Return how PostgreSQL, started inside the cluster, names it.

    On Linux the working directory, entered before the user changes: parents that the account may
    not enter stay closed, and the path may be of any length.
    """
    return "/proc/self/cwd" if sys.platform == "linux" else str(cluster)


def postgres_arguments(postgres: Path, cluster: Path, socket_dir: Path) -> list[str]:
    """Return the command line of the server program."""
    inside = working_dir_name(cluster)
    socket = inside if socket_dir == cluster else str(socket_dir)
    settings = (*_SETTINGS, ("unix_socket_directories", socket))
    arguments = [str(postgres / "bin" / "postgres"), "-D", inside]
    for name, value in settings:
        arguments += ["-c", f"{name}={value}"]
    return arguments


async def create_cluster(
    layout: DataLayout, postgres: Path, account: OsAccount, lock: FileLock
) -> None:
    """Run initdb beside the final place and rename; a crash in between leaves no half cluster.

    Raises InitdbFailedError.
    """
    building = layout.unfinished_cluster
    _make_empty(building, account)
    arguments = [
        str(postgres / "bin" / "initdb"),
        f"--pgdata={working_dir_name(building)}",
        f"--username={OWNER_ROLE}",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--auth=peer",
        "--no-instructions",
    ]
    try:
        exit_code, output = await run(
            arguments,
            account=account,
            cwd=building,
            timeout_s=_INITDB_TIMEOUT_S,
            kept_fds=(lock.descriptor,),
        )
    except TimeoutError:
        raise InitdbFailedError(-1, f"it took longer than {_INITDB_TIMEOUT_S:g} s") from None
    if exit_code != 0:
        raise InitdbFailedError(exit_code, output)
    building.rename(layout.cluster)
    _sync_dir(layout.data_dir)


def write_login_rules(cluster: Path, account: OsAccount) -> None:
    """Let only the account of this process log in, as one of our two roles.

    `peer` asks the kernel who connects, so the account that runs PostgreSQL stays out unless it is
    the same. Written at every start: who runs the server may change.
    """
    user = _quoted(own_account().name)
    roles = f"{OWNER_ROLE},{APP_ROLE}"
    _replace(cluster / "pg_hba.conf", f"local all {roles} peer map={_MAP}\n", account)
    lines = "".join(f"{_MAP} {user} {role}\n" for role in (OWNER_ROLE, APP_ROLE))
    _replace(cluster / "pg_ident.conf", lines, account)


def is_ready(cluster: Path, pid: int) -> bool:
    """Whether the postmaster `pid` says in postmaster.pid that it accepts connections."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) == 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"


async def connect_as_owner(socket_dir: Path, database: str) -> "asyncpg.Connection[asyncpg.Record]":
    """Open a connection through the socket as the owner of everything."""
    return await asyncpg.connect(
        host=str(socket_dir),
        port=PORT,
        user=OWNER_ROLE,
        database=database,
        ssl=False,
        timeout=_CONNECT_TIMEOUT_S,
    )


async def ensure_roles_and_database(socket_dir: Path) -> None:
    """Create the application's role and the database where they do not exist yet."""
    connection = await connect_as_owner(socket_dir, "postgres")
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", APP_ROLE):
            await connection.execute(
                f"CREATE ROLE {APP_ROLE} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"
            )
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
            await connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}")
    finally:
        await connection.close()


def _make_empty(folder: Path, account: OsAccount) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    folder.chmod(0o700)
    os.chown(folder, account.uid, account.gid)


def _replace(path: Path, text: str, account: OsAccount) -> None:
    # A new file and a rename: the folder may belong to another account, whose links root must
    # not follow.
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        os.fchown(file.fileno(), account.uid, account.gid)
    Path(name).replace(path)


def _quoted(name: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", name):
        return name
    return '"' + name.replace('"', '""') + '"'


def _sync_dir(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
