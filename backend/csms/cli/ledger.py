"""`csms ledger`: the books."""

from dataclasses import asdict

import typer

from csms.bootstrap.maintenance_ledger import LedgerReport, checked_ledger
from csms.cli.options import AsJson, DataDir
from csms.cli.running import on_database
from csms.cli.tables import print_json, print_table

SHOWN = 50

app = typer.Typer(no_args_is_help=True, help="The books: wallets, transfers, bills.")


@app.callback()
def ledger() -> None:
    """The books: wallets, transfers, bills."""


@app.command()
def check(
    as_json: AsJson = False,  # noqa: FBT002 - a command-line switch
    data_dir: DataDir = None,
) -> None:
    """Add the whole ledger up again and compare it with wallets and sessions.

    Exit status 1 when anything is wrong; each violation is named. Bills that are pending or wait
    for a person are listed with their age and are not wrong. Reads one snapshot, changes nothing.
    """
    report = on_database("ledger check", data_dir, checked_ledger)
    if as_json:
        print_json({"is_sound": report.is_sound, **asdict(report)})
    else:
        _print(report)
    if not report.is_sound:
        raise typer.Exit(1)


def _print(report: LedgerReport) -> None:
    print_table(
        ("ORGANIZATION", "CURRENCY", "ACCOUNT", "SUM", "POSTINGS"),
        [(t.organization_id, t.currency, t.account, t.amount, t.postings) for t in report.totals],
        empty="the ledger is empty",
    )
    typer.echo(
        f"\nchecked {report.transfers} transfers with {report.postings} postings, "
        f"{report.wallets} wallets, {report.sessions} sessions"
    )
    if report.unsettled_count:
        typer.echo(f"\n{report.unsettled_count} sessions ended without a final bill, oldest first")
        print_table(
            ("SESSION", "CHARGER", "BILLING", "STOPPED", "AGE", "REASON"),
            [
                (
                    u.transaction_id,
                    u.charge_point_id,
                    u.billing_status,
                    u.stopped_at,
                    _age(u.age_s),
                    u.error,
                )
                for u in report.unsettled[:SHOWN]
            ],
            empty="",
        )
        _tell_more(report.unsettled_count)
    if report.is_sound:
        typer.echo("\nno violations")
        return
    typer.echo(f"\n{report.violation_count} violations")
    print_table(
        ("RULE", "WHERE", "WHAT"),
        [(v.rule, v.subject, v.detail) for v in report.violations[:SHOWN]],
        empty="",
    )
    _tell_more(report.violation_count)


def _tell_more(count: int) -> None:
    if count > SHOWN:
        typer.echo(f"and {count - SHOWN} more; --json lists up to a thousand")


def _age(age_s: float) -> str:
    days, seconds = divmod(int(age_s), 86_400)
    hours, seconds = divmod(seconds, 3600)
    return f"{days} d {hours} h" if days else f"{hours} h {seconds // 60} min"
