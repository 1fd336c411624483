"""`csms serve` and `csms migrate`."""

import asyncio
from enum import StrEnum
from typing import Annotated

import typer
import uvloop

from csms.bootstrap.database_place import open_database_place
from csms.bootstrap.server import serve as run_server
from csms.bootstrap.settings import Settings, load_settings
from csms.bootstrap.telemetry import configure_logging
from csms.bootstrap.wiring import migrate_place
from csms.cli.failures import failing_clearly
from csms.cli.options import DataDir
from csms.kernel.errors import InvalidError


class Role(StrEnum):
    """Which part of the product a process is."""

    ALL = "all"
    GATEWAY = "gateway"
    API = "api"
    WORKER = "worker"


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port of web app, API and OCPP.")] = None,
    data_dir: DataDir = None,
    demo: Annotated[bool, typer.Option("--demo", help="Add a small live demo network.")] = False,  # noqa: FBT002 - a command-line switch
    role: Annotated[Role, typer.Option(help="Which part of the product to run.")] = Role.ALL,
) -> None:
    """Run the product on one port, with a PostgreSQL of its own unless DATABASE_URL is set."""
    with failing_clearly():
        settings = load_settings(host=host, port=port, data_dir=data_dir)
        _refuse_what_cannot_be(settings, demo=demo, role=role)
        configure_logging(settings.log_level, settings.log_format)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(run_server(settings, is_demo=demo, say=typer.echo))


def migrate(data_dir: DataDir = None) -> None:
    """Bring the database to this version's schema. `serve` does it by itself."""

    async def run(settings: Settings) -> None:
        async with open_database_place(settings, typer.echo, may_join=True) as place:
            typer.echo(await migrate_place(place))

    with failing_clearly():
        asyncio.run(run(load_settings(data_dir=data_dir)))


def _refuse_what_cannot_be(settings: Settings, *, demo: bool, role: Role) -> None:
    if role is not Role.ALL:
        raise InvalidError(
            f"--role {role} is not served by this version: one process does everything"
        )
    if demo and settings.is_production:
        raise InvalidError("ENVIRONMENT=production refuses --demo: it opens chargers to everybody")
