"""`csms doctor`: what is wrong here."""

from typing import Annotated

import typer

from csms.bootstrap.maintenance_doctor import examine
from csms.cli.options import AsJson, DataDir
from csms.cli.running import on_database
from csms.cli.tables import print_json, print_table


def doctor(
    charger: Annotated[
        str | None, typer.Argument(metavar="[CHARGER]", help="A charger's charge point id.")
    ] = None,
    as_json: AsJson = False,  # noqa: FBT002 - a command-line switch
    data_dir: DataDir = None,
) -> None:
    """Look at the environment, or at one charger, and say what is wrong.

    For a charger: registration, its last attempts to connect with their reasons, link, boot,
    clock, leniency, open sessions, stuck operations. What cannot be told from here is marked
    unknown. Exit status 1 when there is a problem. Nothing is sent to the charger.
    """
    findings = on_database("doctor", data_dir, lambda desk: examine(desk, charger))
    if as_json:
        print_json(findings)
    else:
        print_table(
            ("", "WHAT", "FINDING"),
            [(one.level, one.topic, one.text) for one in findings],
            empty="nothing was looked at",
        )
    if any(one.level == "problem" for one in findings):
        raise typer.Exit(1)
