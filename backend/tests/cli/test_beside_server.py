"""The commands work on the embedded database while the server runs on it, and after it ended."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.product import ADMIN_EMAIL, Product

pytestmark = pytest.mark.integration


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """A running server with a database of its own."""
    running = Product(tmp_path)
    try:
        yield running.start()
    finally:
        running.ensure_ended()


def run(product: Product, *arguments: str, expect: int = 0) -> str:
    """Run a command on the product's data directory; return what it printed."""
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("csms")),
            *arguments,
            "--data-dir",
            str(product.data_dir),
        ],
        text=True,
        capture_output=True,
        timeout=120,
        cwd=product.home,
        env={"COLUMNS": "200", "PATH": os.environ["PATH"]},
        check=False,
    )
    assert done.returncode == expect, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    return done.stdout


def test_commands_join_a_running_server_and_serve_themselves_afterwards(product: Product) -> None:
    assert ADMIN_EMAIL in run(product, "users", "list")
    run(product, "users", "add", "bo@example.org", "--name", "Bo")
    seen = product.operator().get("/users")["data"]
    assert {user["email"] for user in seen} == {ADMIN_EMAIL, "bo@example.org"}
    assert "one runs on this database" in run(product, "doctor")
    product.stop()
    assert "bo@example.org" in run(product, "users", "list")
    assert "none runs on this database" in run(product, "doctor")
