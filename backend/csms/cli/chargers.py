"""`csms chargers`: the registry of chargers."""

from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from csms.bootstrap.maintenance import Maintenance
from csms.bootstrap.maintenance_chargers import (
    NewCharger,
    add_charger,
    all_chargers,
    archive_charger,
    ocpp_url_of,
    renew_key,
)
from csms.bootstrap.maintenance_import import ImportOrder, import_chargers
from csms.cli.options import AsJson, DataDir, Search
from csms.cli.running import on_database, tell
from csms.cli.tables import print_json, print_table

PROGRESS_EVERY_ROWS = 5_000

app = typer.Typer(no_args_is_help=True, help="The registry of chargers.")

ChargePoint = Annotated[str, typer.Argument(metavar="ID", help="The charger's charge point id.")]


@app.command("list")
def list_(
    search: Search = None,
    connected: Annotated[
        bool | None,
        typer.Option("--connected/--disconnected", help="Only those with or without a link."),
    ] = None,
    as_json: AsJson = False,  # noqa: FBT002 - a command-line switch
    data_dir: DataDir = None,
) -> None:
    """List chargers by charge point id. Links are as the running server recorded them."""
    found = on_database(
        "chargers list",
        data_dir,
        lambda desk: all_chargers(desk, search=search, is_connected=connected),
    )
    if as_json:
        print_json(found)
        return
    print_table(
        ("ID", "NAME", "STATION", "PROFILE", "CONNECTED", "SINCE", "LAST SEEN", "CONNECTORS"),
        [
            (
                one.charge_point_id,
                one.name,
                one.station_name,
                one.security_profile,
                one.is_connected,
                one.connected_at,
                one.last_seen,
                " ".join(f"{c.connector_id}:{c.status or '-'}" for c in one.connectors),
            )
            for one in found
        ],
        empty="no chargers",
    )


@app.command()
def add(  # noqa: PLR0913 - each is an option of the command
    charge_point_id: ChargePoint,
    station: Annotated[str, typer.Option(help="Name or id of the station where it stands.")],
    *,
    connectors: Annotated[int, typer.Option(min=1, max=64, help="How many outlets it has.")] = 1,
    profile: Annotated[
        int,
        typer.Option(
            min=0,
            max=3,
            help="Security profile: 0 open, 1 Basic password, 2 TLS and password, 3 client "
            "certificate. 2 and 3 need CSMS_OCPP_TLS_PORT or a TLS proxy of ours.",
        ),
    ] = 1,
    serial: Annotated[
        str | None,
        typer.Option(help="Its serial number, which a client certificate must name (profile 3)."),
    ] = None,
    power_kw: Annotated[float, typer.Option(min=0.1, help="Power of each outlet.")] = 22,
    name: Annotated[str | None, typer.Option(help="What people call it.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Register a charger and print its address and, once, its key."""
    new = NewCharger(
        charge_point_id, station, connectors, profile, Decimal(str(power_kw)), name, serial=serial
    )

    async def run(desk: Maintenance) -> tuple[str, str | None]:
        made = await add_charger(desk, new)
        return ocpp_url_of(desk.settings, made.charge_point_id, profile), made.key

    url, key = on_database("chargers add", data_dir, run)
    typer.echo(f"url: {url}")
    if key is None:
        typer.echo(f"key: none (security profile {profile})")
    else:
        _print_key(key)


@app.command()
def key(charge_point_id: ChargePoint, data_dir: DataDir = None) -> None:
    """Make a new key and print it once. The old one ends at once; an open link stays."""
    made = on_database("chargers key", data_dir, lambda desk: renew_key(desk, charge_point_id))
    _print_key(made)


@app.command()
def archive(charge_point_id: ChargePoint, data_dir: DataDir = None) -> None:
    """Take a charger out of the lists for good. Its sessions and its ledger stay."""
    on_database("chargers archive", data_dir, lambda desk: archive_charger(desk, charge_point_id))
    typer.echo(f"{charge_point_id} is archived")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="UTF-8, with a line of heads.")],
    keys_file: Annotated[
        Path | None,
        typer.Option(help="Where generated keys go, mode 0600. Default: FILE.keys.csv beside it."),
    ] = None,
    skip_existing: Annotated[  # noqa: FBT002 - a command-line switch
        bool, typer.Option("--skip-existing", help="Leave registered chargers as they are.")
    ] = False,
    random_passwords: Annotated[  # noqa: FBT002 - a command-line switch
        bool,
        typer.Option(
            "--random-passwords",
            help="A machine made the file's passwords at random: store them the quick way.",
        ),
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Register many chargers from a CSV file.

    Columns: charge_point_id, station, and optionally password, connectors, power_kw, name,
    connector_type, security_profile. The whole file is checked before anything is stored. Then 500 go into one database
    transaction, all under one audit entry. Rows without a password get a generated key; the key
    file has the form that `csms simulate --credentials` reads.
    """
    order = ImportOrder(
        path=file,
        keys_path=keys_file or file.with_suffix(".keys.csv"),
        skips_existing=skip_existing,
        are_passwords_random=random_passwords,
    )
    report = on_database(
        "chargers import", data_dir, lambda desk: import_chargers(desk, order, _tell_progress)
    )
    skipped = f", left {report.skipped} as they were" if report.skipped else ""
    typer.echo(f"imported {report.stored} chargers{skipped}")
    if report.keys_path is not None:
        typer.echo(f"wrote {report.keys} generated keys to {report.keys_path}")


def _tell_progress(done: int, of: int) -> None:
    if done % PROGRESS_EVERY_ROWS == 0 or done == of:
        tell(f"{done} of {of} chargers stored")


def _print_key(made: str) -> None:
    typer.echo(f"key (shown this once): {made}")
    typer.echo(f"as AuthorizationKey: {made.encode().hex()}")
