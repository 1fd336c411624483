"""The table of commands."""

import typer

from csms.cli import audit, chargers, ledger, ocpp, users
from csms.cli.doctor import doctor
from csms.cli.seed import seed
from csms.cli.serve import migrate, serve
from csms.cli.simulate import simulate

app = typer.Typer(
    name="csms",
    help="Charging-station management system: chargers connect, drivers charge, wallets pay.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(serve)
app.command(
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)(simulate)
app.command()(migrate)
app.command()(seed)
app.command()(doctor)
app.add_typer(users.app, name="users")
app.add_typer(chargers.app, name="chargers")
app.add_typer(ledger.app, name="ledger")
app.add_typer(audit.app, name="audit")
app.add_typer(ocpp.app, name="ocpp")
