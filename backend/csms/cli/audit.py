"""`csms audit`: who changed what, and whether that record is untouched."""

from typing import Annotated

import typer

from csms.bootstrap.maintenance_audit import AuditVerdict, verified_audit
from csms.cli.options import AsJson, DataDir
from csms.cli.running import on_database
from csms.cli.tables import print_json

app = typer.Typer(no_args_is_help=True, help="The audit: who changed what.")


@app.callback()
def audit() -> None:
    """The audit: who changed what."""


@app.command()
def verify(
    head: Annotated[
        str | None, typer.Option(help="A seal noted earlier, as PLACE:HEX; it must still be there.")
    ] = None,
    as_json: AsJson = False,  # noqa: FBT002 - a command-line switch
    data_dir: DataDir = None,
) -> None:
    """Compute the chain of seals again and compare it with every entry.

    Exit status 1 when an entry was changed or taken away. Note the head it prints somewhere else:
    given back with --head it proves that nothing was cut off since.
    """
    verdict = on_database("audit verify", data_dir, lambda desk: verified_audit(desk, head))
    if as_json:
        print_json(
            {
                "is_sound": verdict.is_sound,
                "sealed": verdict.sealed,
                "unsealed": verdict.unsealed,
                "head": verdict.head,
                "faults": verdict.faults,
            }
        )
    else:
        _print(verdict)
    if not verdict.is_sound:
        raise typer.Exit(1)


def _print(verdict: AuditVerdict) -> None:
    typer.echo(f"{verdict.sealed} entries sealed, {verdict.unsealed} wait for their seal")
    typer.echo(f"head {verdict.head or '-'}")
    for fault in verdict.faults:
        typer.echo(f"  {fault}")
    typer.echo(
        "the audit is as it was written" if verdict.is_sound else "the audit was tampered with"
    )
