"""The PostgreSQL that the server brings along: used when no DATABASE_URL is set."""

import asyncio
import os
import signal
import time
import urllib.parse
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import structlog

from csms.bootstrap.postgres import cluster, log_file
from csms.bootstrap.postgres.binaries import POSTGRES_MAJOR, postgres_for
from csms.bootstrap.postgres.errors import PostgresExitedError, StartTimedOutError
from csms.bootstrap.postgres.launch import OsAccount, account_for, spawn
from csms.bootstrap.postgres.layout import PORT, DataLayout, FileLock, lock_data_dir
from csms.bootstrap.postgres.leftovers import Progress, forget_dead_postmaster, lock_children

_log = structlog.get_logger(__name__)

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 30.0
_QUIT_TIMEOUT_S = 10.0
_READY_POLL_S = 0.01
_TELL_AFTER_S = 2.0


@dataclass(frozen=True)
class PostgresExit:
    """How PostgreSQL ended: its exit code (negative: the signal) and whether we asked for it."""

    exit_code: int
    was_asked: bool


@dataclass(frozen=True)
class _Installation:
    layout: DataLayout
    account: OsAccount
    postgres: Path
    socket_dir: Path


def _say_nothing(_: str) -> None:
    pass


async def start_embedded_postgres(
    data_dir: Path,
    *,
    start_timeout_s: float = START_TIMEOUT_S,
    on_progress: Progress = _say_nothing,
) -> "EmbeddedPostgres":
    """Start PostgreSQL on `data_dir`, creating the directory and the database where missing.

    Afterwards it answers on a Unix socket, with the database `csms` and the roles `csms_owner` and
    `csms_app`. `start_timeout_s` is the longest silence accepted: a long crash recovery, which logs
    its progress, may take longer. `on_progress` gets a sentence per slow step.

    On Linux PostgreSQL ends with the thread that called this, even by kill -9: call it on the
    thread that lives as long as the server. Raises the errors of csms.bootstrap.postgres.errors.
    """
    layout = DataLayout.of(data_dir)
    layout.prepare()
    server_lock = lock_data_dir(layout)
    try:
        account = account_for(layout.cluster)
        postgres = await postgres_for(account)
        if not layout.cluster.is_dir():
            on_progress(f"creating the database in {layout.data_dir} (first start)")
            children_lock = await lock_children(layout, on_progress)
            try:
                await cluster.create_cluster(layout, postgres, account, children_lock)
            finally:
                children_lock.close()
        layout.check_major(POSTGRES_MAJOR)
        layout.give_to(account)
        socket_dir = layout.place_socket(account)
        installation = _Installation(layout, account, postgres, socket_dir)
        process = await _launch(installation, start_timeout_s, on_progress)
    except BaseException:
        layout.remove_short_socket_dir()
        server_lock.close()
        raise
    return EmbeddedPostgres(installation, server_lock, process, start_timeout_s)


class EmbeddedPostgres:
    """A running PostgreSQL that belongs to this process; made by start_embedded_postgres."""

    def __init__(
        self,
        installation: _Installation,
        server_lock: FileLock,
        process: asyncio.subprocess.Process,
        start_timeout_s: float,
    ) -> None:
        self._installation = installation
        self._server_lock = server_lock
        self._process = process
        self._start_timeout_s = start_timeout_s
        self._changing = asyncio.Lock()
        self._asked_to_end: asyncio.subprocess.Process | None = None
        self._is_stopped = False
        self._log_task = asyncio.create_task(_keep_log_bounded(installation.layout.log))

    @property
    def data_dir(self) -> Path:
        """The data directory, absolute."""
        return self._installation.layout.data_dir

    @property
    def socket_dir(self) -> Path:
        """The directory of the Unix socket; the same after a restart."""
        return self._installation.socket_dir

    @property
    def postgres_dir(self) -> Path:
        """The folder of the PostgreSQL programs in use."""
        return self._installation.postgres

    @property
    def pid(self) -> int:
        """The process id of the postmaster; another one after a restart."""
        return self._process.pid

    def dsn(self, user: str, database: str = cluster.DATABASE) -> str:
        """Return the connection string for `csms_owner` or `csms_app`, through the socket."""
        name, base = urllib.parse.quote(user, safe=""), urllib.parse.quote(database, safe="")
        host = urllib.parse.quote(str(self.socket_dir))
        return f"postgresql://{name}@/{base}?host={host}&port={PORT}"

    def is_running(self) -> bool:
        """Whether the postmaster is alive."""
        return self._process.returncode is None

    async def wait(self) -> PostgresExit:
        """Return when the present PostgreSQL process has ended; after a crash, call restart()."""
        process = self._process
        exit_code = await process.wait()
        return PostgresExit(exit_code, was_asked=process is self._asked_to_end)

    async def restart(self, *, on_progress: Progress = _say_nothing) -> None:
        """Start PostgreSQL again, after it died or in place of the one that runs.

        The connection string stays the same. Raises the errors of start_embedded_postgres; a failed
        restart may be tried again.
        """
        async with self._changing:
            if self._is_stopped:
                raise RuntimeError("restart() after stop()")
            await self._end_process(STOP_TIMEOUT_S)
            self._process = await _launch(self._installation, self._start_timeout_s, on_progress)

    async def stop(self, *, timeout_s: float = STOP_TIMEOUT_S) -> None:
        """Stop cleanly within `timeout_s` seconds, otherwise at once, and free the data directory.

        Open connections are ended. Nothing committed is lost either way. May be called repeatedly.
        """
        async with self._changing:
            if self._is_stopped:
                return
            await self._end_process(timeout_s)
            self._is_stopped = True
            self._log_task.cancel()
            await asyncio.gather(self._log_task, return_exceptions=True)
            self._installation.layout.remove_short_socket_dir()
            self._server_lock.close()

    async def _end_process(self, timeout_s: float) -> None:
        if self.is_running():
            self._asked_to_end = self._process
        await _end(self._process, timeout_s)


async def _launch(
    installation: _Installation, timeout_s: float, on_progress: Progress
) -> asyncio.subprocess.Process:
    layout, account = installation.layout, installation.account
    children_lock = await lock_children(layout, on_progress)
    try:
        forget_dead_postmaster(layout.cluster, installation.socket_dir)
        cluster.write_login_rules(layout.cluster, account)
        log_file.bound_log(layout.log)
        log = log_file.open_log(layout.log)
        try:
            log_start = log_file.log_size(layout.log)
            process = await spawn(
                cluster.postgres_arguments(
                    installation.postgres, layout.cluster, installation.socket_dir
                ),
                account=account,
                cwd=layout.cluster,
                output=log,
                death_signal=signal.SIGQUIT,
                kept_fds=(children_lock.descriptor,),
            )
        finally:
            os.close(log)
        children_lock.record_pid(process.pid)
    finally:
        children_lock.close()
    try:
        await _until_ready(installation, process, timeout_s, log_start, on_progress)
        await cluster.ensure_roles_and_database(installation.socket_dir)
    except (OSError, asyncpg.PostgresConnectionError) as error:
        await _end(process, timeout_s=0)
        tail = log_file.log_tail(layout.log, log_start)
        raise PostgresExitedError(process.returncode or 0, tail) from error
    except BaseException:
        await _end(process, timeout_s=0)
        raise
    return process


async def _until_ready(
    installation: _Installation,
    process: asyncio.subprocess.Process,
    timeout_s: float,
    log_start: int,
    on_progress: Progress,
) -> None:
    log = installation.layout.log
    started = quiet_since = time.monotonic()
    seen_size, has_told = log_start, False
    while not cluster.is_ready(installation.layout.cluster, process.pid):
        if process.returncode is not None:
            raise PostgresExitedError(process.returncode, log_file.log_tail(log, log_start))
        now, size = time.monotonic(), log_file.log_size(log)
        if size != seen_size:
            seen_size, quiet_since = size, now
        if now - quiet_since > timeout_s:
            raise StartTimedOutError(timeout_s, log_file.log_tail(log, log_start))
        if now - started > _TELL_AFTER_S and not has_told:
            on_progress("PostgreSQL is still starting; after an unclean end it recovers first")
            has_told = True
        await asyncio.sleep(_READY_POLL_S)


async def _end(process: asyncio.subprocess.Process, timeout_s: float) -> None:
    # Fast shutdown, then immediate, then by force: one signal each.
    steps = ((signal.SIGINT, timeout_s), (signal.SIGQUIT, _QUIT_TIMEOUT_S))
    for number, patience_s in steps:
        if process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.send_signal(number)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), patience_s)
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _keep_log_bounded(path: Path) -> None:
    while True:
        await asyncio.sleep(log_file.LOG_CHECK_INTERVAL_S)
        try:
            await asyncio.to_thread(log_file.bound_log, path)
        except OSError as error:
            _log.warning("postgres_log_not_bounded", path=str(path), error=str(error))
