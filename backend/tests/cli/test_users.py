"""`csms users` makes, lists, shuts and opens accounts, and refuses with one sentence."""

import asyncpg
import pytest

from csms.bootstrap.maintenance import Maintenance
from tests.cli.conftest import Csms

pytestmark = pytest.mark.integration


async def test_added_user_signs_in_with_the_password_from_standard_input(
    csms: Csms, desk: Maintenance
) -> None:
    made = csms(
        "users", "add", "ada@example.org", "--name", "Ada L", "--role", "ADMIN",
        "--password-stdin", stdin="correct horse\n",
    )  # fmt: skip
    assert "ada@example.org" in made.out
    assert "correct horse" not in made.out
    account = await desk.accounts.prove("ada@example.org", "correct horse")
    listed = csms("users", "list", "--json").json
    assert [(u["id"], u["email"], u["role"]) for u in listed] == [
        (account.id, "ada@example.org", "ADMIN")
    ]
    assert listed[0]["wallet"]["balance"] == {"amount": "0.00", "currency": "EUR"}


async def test_generated_password_is_printed_once_and_works(csms: Csms, desk: Maintenance) -> None:
    csms("users", "add", "bo@example.org", "--name", "Bo")
    said = csms("users", "password", "bo@example.org", "--generate").out
    password = said.split("shown this once): ")[1].strip()
    account = await desk.accounts.prove("bo@example.org", password)
    assert account.email == "bo@example.org"


async def test_change_is_audited_under_the_command(csms: Csms, owner: asyncpg.Connection) -> None:
    csms("users", "add", "bo@example.org", "--name", "Bo")
    csms("users", "deactivate", "bo@example.org")
    csms("users", "reactivate", "bo@example.org")
    rows = await owner.fetch("SELECT actor, action FROM audit_entry ORDER BY id")
    assert [tuple(row) for row in rows] == [
        ("command csms users add", "user.created"),
        ("command csms users deactivate", "user.deactivated"),
        ("command csms users reactivate", "user.reactivated"),
    ]


def test_table_shows_what_was_searched_for(csms: Csms) -> None:
    csms("users", "add", "bo@example.org", "--name", "Bo")
    assert "bo@example.org" in csms("users", "list", "--search", "BO@").out
    assert csms("users", "list", "--role", "ADMIN").out == "no accounts\n"


def test_refusals_are_sentences(csms: Csms) -> None:
    csms("users", "add", "op@example.org", "--name", "Op", "--role", "ADMIN")
    cases = [
        (("users", "add", "nonsense", "--name", "X"), "", "'nonsense' is not an email address"),
        (("users", "add", "OP@example.org", "--name", "X"), "", "another account has this email"),
        (("users", "password", "no@example.org", "--generate"), "", "nobody has the email address"),
        (("users", "password", "op@example.org", "--password-stdin"), "short\n", "at least 8"),
        (("users", "password", "op@example.org", "--password-stdin"), "", "held no password"),
        (("users", "password", "op@example.org"), "", "no terminal to ask on"),
        (("users", "deactivate", "op@example.org"), "", "the last active operator"),
    ]
    for arguments, stdin, sentence in cases:
        assert sentence in csms(*arguments, stdin=stdin, expect=1).err, arguments


def test_unreachable_database_is_one_sentence(csms: Csms) -> None:
    said = csms("users", "list", expect=1, DATABASE_URL="postgresql://u:secret@127.0.0.1:1/x").err
    assert said.startswith("csms: cannot use the PostgreSQL of DATABASE_URL")
    assert "secret" not in said


async def test_database_of_another_version_is_refused(
    csms: Csms, owner: asyncpg.Connection
) -> None:
    await owner.execute(
        "INSERT INTO tortoise_migrations (app, name, applied_at) VALUES ('csms', '9999_later', now())"
    )
    try:
        assert "newer version (9999_later)" in csms("users", "list", expect=1).err
    finally:
        await owner.execute("DELETE FROM tortoise_migrations WHERE name = '9999_later'")


def test_every_command_explains_itself(csms: Csms) -> None:
    listed = csms("--help").out
    for command in ("users", "chargers", "seed", "ledger", "ocpp", "doctor"):
        assert command in listed
    assert "backup" not in listed
    assert "--password-stdin" in csms("users", "password", "--help").out
