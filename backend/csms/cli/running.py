"""How a command gets its database: opened for it, closed after it, failures in one sentence."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import typer

from csms.bootstrap.maintenance import Maintenance, open_maintenance
from csms.bootstrap.settings import load_settings
from csms.cli.failures import failing_clearly

ResultT = TypeVar("ResultT")


def on_database(
    command: str, data_dir: Path | None, work: Callable[[Maintenance], Awaitable[ResultT]]
) -> ResultT:
    """Return what `work` makes of the database; slow steps are told on standard error."""

    async def run() -> ResultT:
        async with open_maintenance(settings, tell, command=command) as desk:
            return await work(desk)

    with failing_clearly():
        settings = load_settings(data_dir=data_dir)
        return asyncio.run(run())


def tell(sentence: str) -> None:
    """Say something that is not the command's result."""
    typer.echo(sentence, err=True)
