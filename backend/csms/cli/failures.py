"""How a command fails: one clear message on standard error and exit status 1, no traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from csms.bootstrap.postgres.errors import EmbeddedPostgresError
from csms.kernel.errors import CsmsError


@contextmanager
def failing_clearly() -> Iterator[None]:
    """Turn what we raise on purpose into a message; anything else is a fault and keeps its trace."""
    try:
        yield
    except CsmsError as error:
        typer.echo(f"csms: {error.detail}", err=True)
        raise typer.Exit(1) from error
    except EmbeddedPostgresError as error:
        typer.echo(f"csms: {error}", err=True)
        raise typer.Exit(1) from error
