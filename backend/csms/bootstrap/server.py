"""The life of one server process: database, house, port, and an orderly end."""

import asyncio
import contextlib
import resource
import signal
import socket
from collections.abc import AsyncIterator, Generator

import structlog
import uvicorn

from csms.bootstrap.banner import describe_ready, describe_tls
from csms.bootstrap.database_place import Say, open_database_place
from csms.bootstrap.demo import running_demo
from csms.bootstrap.embedded_postgres import EmbeddedPostgres
from csms.bootstrap.garbage import spare_the_collector
from csms.bootstrap.postgres.errors import EmbeddedPostgresError
from csms.bootstrap.settings import Settings
from csms.bootstrap.tls import serving_tls
from csms.bootstrap.wiring import House, build_house
from csms.kernel.errors import UnavailableError

LISTEN_BACKLOG = 4096
START_TIMEOUT_S = 30
RESTART_PAUSE_S = (0.0, 0.5, 1.0, 2.0, 5.0)
OPEN_FILES = 65_536

_log = structlog.get_logger(__name__)


class PortInUseError(UnavailableError):
    """The address to listen on cannot be had."""


async def serve(settings: Settings, *, is_demo: bool, say: Say) -> None:
    """Run until SIGINT or SIGTERM. `say` gets a sentence per slow step and the words at the end.

    Raises PortInUseError, the errors of csms.bootstrap.postgres.errors and those of migrations.
    """
    allow_many_sockets()
    if settings.redis_url is not None:
        say("REDIS_URL is set and not used: this version runs as one process")
    listener = bind_listener(settings.host, settings.port)
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(listener.close)
        tls_listener: socket.socket | None = None
        if settings.ocpp_tls_port is not None:
            tls_listener = bind_listener(settings.host, settings.ocpp_tls_port)
            stack.callback(tls_listener.close)
        place = await stack.enter_async_context(open_database_place(settings, say))
        house = await stack.enter_async_context(build_house(settings, place, say))
        stopping = stop_signal()
        await stack.enter_async_context(_serving(settings, house, listener, stopping))
        await stack.enter_async_context(serving_tls(house.tls, house.gateway, tls_listener))
        if place.embedded is not None:
            await stack.enter_async_context(_kept_alive(place.embedded))
        url = settings.public_url or f"http://{_reachable(settings.host)}:{_port_of(listener)}"
        if is_demo:
            await stack.enter_async_context(running_demo(house, _port_of(listener), say))
        spare_the_collector()
        say(
            describe_ready(
                url,
                place.description,
                house.first_administrator,
                has_web_app=house.has_web_app,
                tls=describe_tls(house.tls.state(), _reachable(settings.host), settings),
            )
        )
        await stopping.wait()
        say("stopping: answering what is under way")


def allow_many_sockets() -> None:
    """Raise the limit of open files towards what thousands of chargers need, where allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def bind_listener(host: str, port: int) -> socket.socket:
    """Take the address before anything slow is started. Raises PortInUseError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortInUseError(
            f"cannot listen on {host}:{port} ({error.strerror}); "
            "stop what uses it or choose another with --port"
        ) from error
    listener.listen(LISTEN_BACKLOG)
    listener.settimeout(0)
    return listener


def stop_signal() -> asyncio.Event:
    """Return an event that SIGINT and SIGTERM set."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    return stopping


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: the order of the end is ours."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.has_started = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.has_started.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


@contextlib.asynccontextmanager
async def _serving(
    settings: Settings, house: House, listener: socket.socket, stopping: asyncio.Event
) -> AsyncIterator[None]:
    config = uvicorn.Config(
        house.app,
        http="httptools",
        ws=house.gateway.uvicorn_protocol(),
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=LISTEN_BACKLOG,
        timeout_graceful_shutdown=int(settings.shutdown_timeout_s),
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    running.add_done_callback(lambda _: stopping.set())
    try:
        async with asyncio.timeout(START_TIMEOUT_S):
            await server.has_started.wait()
        yield
    finally:
        await house.gateway.close()
        server.should_exit = True
        await running


@contextlib.asynccontextmanager
async def _kept_alive(postgres: EmbeddedPostgres) -> AsyncIterator[None]:
    keeper = asyncio.create_task(_restart_when_it_dies(postgres))
    try:
        yield
    finally:
        keeper.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeper


async def _restart_when_it_dies(postgres: EmbeddedPostgres) -> None:
    failures = 0
    while True:
        ended = await postgres.wait()
        if ended.was_asked:
            return
        _log.error("postgres_died", exit_code=ended.exit_code)
        while True:
            await asyncio.sleep(RESTART_PAUSE_S[min(failures, len(RESTART_PAUSE_S) - 1)])
            try:
                await postgres.restart()
            except EmbeddedPostgresError as error:
                failures += 1
                _log.error("postgres_restart_failed", error=str(error), failures=failures)
            else:
                failures = 0
                _log.info("postgres_restarted", pid=postgres.pid)
                break


def _port_of(listener: socket.socket) -> int:
    return int(listener.getsockname()[1])


def _reachable(host: str) -> str:
    if host in {"0.0.0.0", "::"}:
        return "localhost"
    return f"[{host}]" if ":" in host else host
