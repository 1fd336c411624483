"""`csms simulate`: virtual chargers, in a process of their own."""

import os
import sys

import typer


def simulate(context: typer.Context) -> None:
    """Run virtual chargers against a CSMS. All options: `csms simulate --help`."""
    command = [sys.executable, "-m", "csms_simulator", *context.args]
    os.execv(sys.executable, command)  # noqa: S606 - our own module, arguments as a list
