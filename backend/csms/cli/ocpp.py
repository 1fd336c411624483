"""`csms ocpp`: the language of chargers, explained."""

import sys
from dataclasses import asdict
from typing import Annotated

import typer

from csms.cli.failures import failing_clearly
from csms.cli.options import AsJson
from csms.cli.tables import print_json, print_table
from csms.kernel.errors import InvalidError
from csms.ocpp.explain import Explanation, explain_frame

MAX_FRAME_BYTES = 4 * 1024 * 1024

app = typer.Typer(no_args_is_help=True, help="The language of chargers, explained.")


@app.callback()
def ocpp() -> None:
    """The language of chargers, explained."""


@app.command()
def explain(
    frame: Annotated[
        str | None, typer.Argument(metavar="[FRAME|-]", help="The frame's text, - for stdin.")
    ] = None,
    answer_to: Annotated[
        str | None, typer.Option(metavar="ACTION", help="The action that a CALLRESULT answers.")
    ] = None,
    strict: Annotated[  # noqa: FBT002 - a command-line switch
        bool, typer.Option("--strict", help="Exit status 1 also where leniency repaired it.")
    ] = False,
    as_json: AsJson = False,  # noqa: FBT002 - a command-line switch
) -> None:
    """Say what an OCPP 1.6 frame is, whether it is valid, and which rule it breaks.

    Example: csms ocpp explain '[2,"1","Heartbeat",{}]'. Exit status 1 when the frame cannot be
    understood, 0 otherwise. Sections: J is OCPP-J 1.6, plain numbers OCPP 1.6 edition 2.
    """
    with failing_clearly():
        explanation = explain_frame(_read(frame), answer_to=answer_to)
    if as_json:
        print_json(asdict(explanation))
    else:
        _print(explanation)
    if explanation.verdict == "invalid" or (strict and explanation.verdict == "repaired"):
        raise typer.Exit(1)


def _read(frame: str | None) -> bytes:
    if frame is not None and frame != "-":
        return frame.encode("utf-8", "surrogateescape")
    if frame is None and sys.stdin.isatty():
        raise InvalidError("give a frame, or - to read one from standard input")
    raw = sys.stdin.buffer.read(MAX_FRAME_BYTES + 1)
    if len(raw) > MAX_FRAME_BYTES:
        raise InvalidError(f"the frame is larger than {MAX_FRAME_BYTES} bytes")
    raw = raw.strip(b" \t\r\n")
    if not raw:
        raise InvalidError("standard input held no frame")
    return raw


def _print(e: Explanation) -> None:
    for label, value in (
        ("frame", e.kind),
        ("message id", e.message_id),
        ("action", e.action),
        ("meaning", e.meaning),
        ("direction", e.direction),
        ("section", e.section),
        ("verdict", e.verdict),
        ("then", e.consequence or None),
    ):
        if value is not None:
            typer.echo(f"{label + ':':<12}{value}")
    if e.faults:
        typer.echo("\nrules that it breaks")
        print_table(
            ("WHERE", "RULE", "WHAT", "ERROR", "SECTION"),
            [(f.path or "(whole)", f.rule, f.detail, f.error_code, f.section) for f in e.faults],
            empty="",
        )
    if e.repairs:
        typer.echo("\nhow it is understood all the same")
        print_table(
            ("WHERE", "LENIENCY RULE", "SENT", "USED", "WHY", "SECTION"),
            [(r.path or "(whole)", r.rule, r.raw, r.used, r.reason, r.section) for r in e.repairs],
            empty="",
        )
