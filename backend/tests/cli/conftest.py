"""The command `csms` as a person runs it, against the test's own database."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from csms.bootstrap.maintenance import Maintenance, open_maintenance
from csms.bootstrap.settings import load_settings

TIMEOUT_S = 120


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which must be JSON and nothing else."""
        return json.loads(self.out)


Csms = Callable[..., Ran]


@pytest.fixture
def csms(owner_dsn: str, tmp_path: Path) -> Csms:
    """Run `csms` with DATABASE_URL set; fails unless it ends with `expect` and without a trace."""

    def run(*arguments: object, stdin: str = "", expect: int = 0, **environment: str) -> Ran:
        done = subprocess.run(
            [str(Path(sys.executable).with_name("csms")), *map(str, arguments)],
            input=stdin,
            text=True,
            capture_output=True,
            timeout=TIMEOUT_S,
            cwd=tmp_path,
            env={"DATABASE_URL": owner_dsn, "COLUMNS": "200", **environment},
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode == expect, (done.returncode, done.stdout, done.stderr)
        return Ran(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
async def desk(owner_dsn: str) -> AsyncIterator[Maintenance]:
    """What the commands work with, opened in the test's own process."""
    settings = load_settings(database_url=owner_dsn)
    async with open_maintenance(settings, lambda _: None, command="test") as opened:
        yield opened
