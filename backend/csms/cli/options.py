"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

DataDir = Annotated[
    Path | None,
    typer.Option(help="Where the embedded database lives. Default: ~/.local/share/csms"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Search = Annotated[
    str | None, typer.Option(help="Only what has this text in a name or id, without case.")
]
