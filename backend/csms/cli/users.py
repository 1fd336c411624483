"""`csms users`: accounts of people."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from csms.bootstrap.maintenance_users import (
    add_user,
    all_users,
    generated_password,
    set_password,
    switch_user,
)
from csms.cli.failures import failing_clearly
from csms.cli.options import AsJson, DataDir, Search
from csms.cli.running import on_database
from csms.cli.tables import print_json, print_table
from csms.domain.identity.actor import Role
from csms.kernel.errors import InvalidError

PASSWORD_LENGTH_READ = 1024

app = typer.Typer(no_args_is_help=True, help="Accounts of operators and drivers.")


class UserRole(StrEnum):
    """What an account may do."""

    ADMIN = "ADMIN"
    USER = "USER"


Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The account's email address.")]
PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]
Generate = Annotated[
    bool, typer.Option("--generate", help="Make a password up and print it, this once.")
]


@app.command("list")
def list_(
    search: Search = None,
    role: Annotated[UserRole | None, typer.Option(help="Only accounts of this role.")] = None,
    as_json: AsJson = False,  # noqa: FBT002 - a command-line switch
    data_dir: DataDir = None,
) -> None:
    """List accounts with their wallets, by email address."""
    wanted: Role | None = None if role is None else role.value
    people = on_database(
        "users list", data_dir, lambda desk: all_users(desk, search=search, role=wanted)
    )
    if as_json:
        print_json(people)
        return
    print_table(
        ("ID", "EMAIL", "NAME", "ROLE", "ACTIVE", "BALANCE", "HELD"),
        [
            (
                one.id,
                one.email,
                one.full_name,
                one.role,
                one.is_active,
                f"{one.wallet.balance.amount} {one.wallet.balance.currency}",
                one.wallet.held.amount,
            )
            for one in people
        ],
        empty="no accounts",
    )


@app.command()
def add(
    email: Email,
    name: Annotated[str, typer.Option(help="The person's full name.")],
    role: Annotated[
        UserRole, typer.Option(help="ADMIN runs the network, USER charges.")
    ] = UserRole.USER,
    password_stdin: PasswordStdin = False,  # noqa: FBT002 - a command-line switch
    generate: Generate = False,  # noqa: FBT002 - a command-line switch
    data_dir: DataDir = None,
) -> None:
    """Make an account. Without a password its person cannot sign in until one is set."""
    with failing_clearly():
        _require_one_source(password_stdin, generate)
        if not name.strip():
            raise InvalidError("--name must not be empty")
        password = _read_password() if password_stdin else None
    made = generated_password() if generate else None
    account = on_database(
        "users add",
        data_dir,
        lambda desk: add_user(
            desk, email, name=name, role=role.value, password=password if made is None else made
        ),
    )
    typer.echo(f"added {account.email} with id {account.id} and role {account.role}")
    if made is not None:
        typer.echo(f"password (shown this once): {made}")
    elif password is None:
        typer.echo(f"nobody can sign in yet: set a password with `csms users password {email}`")


@app.command()
def password(
    email: Email,
    password_stdin: PasswordStdin = False,  # noqa: FBT002 - a command-line switch
    generate: Generate = False,  # noqa: FBT002 - a command-line switch
    data_dir: DataDir = None,
) -> None:
    """Set another password: asked for, read with --password-stdin, or made with --generate.

    Whoever is signed in to the account is signed out.
    """
    with failing_clearly():
        _require_one_source(password_stdin, generate)
        chosen = _chosen_password(is_piped=password_stdin, is_generated=generate)
    account = on_database(
        "users password", data_dir, lambda desk: set_password(desk, email, chosen)
    )
    typer.echo(f"{account.email} has another password; its sessions are signed out")
    if generate:
        typer.echo(f"password (shown this once): {chosen}")


@app.command()
def deactivate(email: Email, data_dir: DataDir = None) -> None:
    """Shut an account: nobody signs in, its tags are refused, its ledger stays."""
    _switch("deactivate", email, data_dir)


@app.command()
def reactivate(email: Email, data_dir: DataDir = None) -> None:
    """Open a shut account again."""
    _switch("reactivate", email, data_dir)


def _switch(verb: str, email: str, data_dir: Path | None) -> None:
    account = on_database(
        f"users {verb}",
        data_dir,
        lambda desk: switch_user(desk, email, "active" if verb == "reactivate" else "deactivated"),
    )
    typer.echo(f"{account.email} is {'active' if account.is_active else 'deactivated'}")


def _require_one_source(password_stdin: bool, generate: bool) -> None:  # noqa: FBT001 - the switches as they came
    if password_stdin and generate:
        raise InvalidError("--password-stdin and --generate exclude each other")


def _chosen_password(*, is_piped: bool, is_generated: bool) -> str:
    if is_generated:
        return generated_password()
    if is_piped:
        return _read_password()
    if not sys.stdin.isatty():
        raise InvalidError("no terminal to ask on: use --password-stdin or --generate")
    return str(typer.prompt("New password", hide_input=True, confirmation_prompt=True))


def _read_password() -> str:
    line = sys.stdin.readline(PASSWORD_LENGTH_READ).rstrip("\r\n")
    if not line:
        raise InvalidError("standard input held no password")
    return line
