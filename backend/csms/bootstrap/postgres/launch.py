"""Starts a PostgreSQL program as the account that may run it."""

import asyncio
import json
import os
import pwd
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from csms.bootstrap.postgres import child
from csms.bootstrap.postgres.errors import NoAccountError

# Tried in this order when the server runs as root. A dedicated account keeps every other process
# out; `nobody` is the last, because unrelated services share it.
CHILD_ACCOUNTS = ("csms", "postgres", "nobody")

# Nothing of the caller's environment reaches PostgreSQL: PG* and LC_* variables change what it does.
_ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/bin:/bin", "TZ": "UTC"}


@dataclass(frozen=True)
class OsAccount:
    """An operating-system user: its name and its numeric user and primary group ids."""

    name: str
    uid: int
    gid: int


def own_account() -> OsAccount:
    """Return the account this process runs as.

    Raises NoAccountError when the user id has no name: peer authentication and initdb need one.
    """
    uid = os.geteuid()
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        raise NoAccountError(f"user id {uid} has no name in the account database") from None
    return OsAccount(name=name, uid=uid, gid=os.getegid())


def account_for(cluster_dir: Path) -> OsAccount:
    """Return the account that runs PostgreSQL on this cluster directory.

    Ourselves, unless we are root, which PostgreSQL refuses: then the account that already owns the
    data, else the first of CHILD_ACCOUNTS. Raises NoAccountError when there is none.
    """
    own = own_account()
    if own.uid != 0:
        return own
    if cluster_dir.exists():
        status = cluster_dir.stat()
        if status.st_uid != 0:
            return OsAccount(_name_of(status.st_uid), status.st_uid, status.st_gid)
    for name in CHILD_ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return OsAccount(name, entry.pw_uid, entry.pw_gid)
    raise NoAccountError(
        f"PostgreSQL does not run as root and none of the users {CHILD_ACCOUNTS} exists"
    )


async def spawn(
    argv: Sequence[str],
    *,
    account: OsAccount,
    cwd: Path,
    output: int,
    death_signal: signal.Signals,
    kept_fds: Sequence[int] = (),
    must_read: Sequence[Path] = (),
) -> asyncio.subprocess.Process:
    """Start `argv` as `account` in `cwd`, which is entered before the user changes.

    `output` is a file descriptor or asyncio.subprocess.PIPE and takes stdout and stderr. On Linux
    the process gets `death_signal` when the thread that called this ends. It exits with
    child.EXIT_CANNOT_EXECUTE when the account cannot run it or read one of `must_read`.
    """
    order = {
        "argv": list(argv),
        "environment": _ENVIRONMENT,
        "uid": account.uid,
        "gid": account.gid,
        "death_signal": int(death_signal),
        "parent_pid": os.getpid(),
        "must_read": [str(path) for path in must_read],
    }
    launcher = (sys.executable, "-I", "-S", child.__file__, json.dumps(order))
    return await asyncio.create_subprocess_exec(
        *launcher,
        cwd=cwd,
        env=_ENVIRONMENT,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=output,
        stderr=asyncio.subprocess.STDOUT,
        pass_fds=tuple(kept_fds),
    )


async def run(
    argv: Sequence[str],
    *,
    account: OsAccount,
    cwd: Path,
    timeout_s: float,
    kept_fds: Sequence[int] = (),
    must_read: Sequence[Path] = (),
) -> tuple[int, str]:
    """Run `argv` to its end and return its exit code and output.

    Raises TimeoutError after `timeout_s`; the process is then dead.
    """
    process = await spawn(
        argv,
        account=account,
        cwd=cwd,
        output=asyncio.subprocess.PIPE,
        death_signal=signal.SIGKILL,
        kept_fds=kept_fds,
        must_read=must_read,
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), timeout_s)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode or 0, output.decode(errors="replace").strip()


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
