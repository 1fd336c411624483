"""`csms seed`: data to look at."""

from typing import Annotated

import typer

from csms.bootstrap.maintenance import Maintenance
from csms.bootstrap.maintenance_seed import (
    SeedOrder,
    SeedReport,
    require_no_production,
    seed_demo,
    seed_large,
)
from csms.cli.failures import failing_clearly
from csms.cli.options import DataDir
from csms.cli.running import on_database, tell
from csms.kernel.errors import InvalidError

DEFAULT_DAYS = 90
DEFAULT_READINGS = 3


def seed(
    chargers: Annotated[
        int | None, typer.Option(help="Make a large network with so many chargers.")
    ] = None,
    transactions: Annotated[int, typer.Option(help="With so many ended sessions.")] = 0,
    days: Annotated[int, typer.Option(help="Spread over so many days up to now.")] = DEFAULT_DAYS,
    readings: Annotated[
        int, typer.Option(help="So many meter readings to a session.")
    ] = DEFAULT_READINGS,
    random_seed: Annotated[
        int, typer.Option(help="The same number makes the same figures again.")
    ] = 1,
    yes: Annotated[  # noqa: FBT002 - a command-line switch
        bool, typer.Option("--yes", help="Do it in production, or beside chargers of your own.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Lay the demo network, or with --chargers a large made-up one.

    Without options: three stations, seven chargers, four drivers with money, as `serve --demo`
    has them, without running the chargers. A large network is marked as seeded throughout (ids
    SEED-..., addresses @seed.example, notes) and its chargers have no keys; every session is
    billed by the product's own rules and the ledger balances. Seeding again adds more.
    """
    with failing_clearly():
        if chargers is None and transactions:
            raise InvalidError("--transactions needs --chargers: sessions happen at chargers")

    async def run(desk: Maintenance) -> SeedReport | bool:
        await require_no_production(desk, is_sure=yes)
        if chargers is None:
            return await seed_demo(desk)
        order = SeedOrder(chargers, transactions, days, readings, random_seed)
        return await seed_large(desk, order, tell)

    match on_database("seed", data_dir, run):
        case SeedReport() as made:
            typer.echo(
                f"seeded {made.stations} stations, {made.chargers} chargers ({made.first} to "
                f"{made.last}), {made.drivers} drivers, {made.transactions} sessions"
            )
        case True:
            typer.echo("laid the demo network: 3 stations, 7 chargers, 4 drivers with cards")
        case False:
            typer.echo("the demo network is there already; its wallets are filled up")
