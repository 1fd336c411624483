"""Ends what an earlier server that died left running on the same cluster."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from csms.bootstrap.postgres.errors import LeftoverProcessesError
from csms.bootstrap.postgres.layout import SOCKET_NAME, DataLayout, FileLock, recorded_pid

Progress = Callable[[str], None]

_POLL_S = 0.01
_QUIT_TIMEOUT_S = 10.0  # an immediate shutdown kills what does not follow after 5 s
_KILL_TIMEOUT_S = 5.0


async def lock_children(layout: DataLayout, on_progress: Progress) -> FileLock:
    """Return the lock that PostgreSQL inherits, after every earlier holder has ended.

    Holders are asked by an immediate shutdown, then killed: both lose nothing that was committed.
    The caller must hold the data directory's lock. Raises LeftoverProcessesError.
    """
    lock = FileLock.try_acquire(layout.children_lock)
    if lock is not None:
        return lock
    postmaster = recorded_pid(layout.children_lock)
    on_progress(f"ending what is left of an earlier PostgreSQL (process {postmaster})")
    if postmaster is not None and _is_of_cluster(postmaster, layout.cluster):
        with suppress(ProcessLookupError):
            os.kill(postmaster, signal.SIGQUIT)
    lock = await _acquire_within(layout.children_lock, _QUIT_TIMEOUT_S)
    if lock is not None:
        return lock
    for pid in processes_in(layout.cluster):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    lock = await _acquire_within(layout.children_lock, _KILL_TIMEOUT_S)
    if lock is not None:
        return lock
    raise LeftoverProcessesError(layout.data_dir, processes_in(layout.cluster))


def forget_dead_postmaster(cluster: Path, socket_dir: Path) -> None:
    """Remove the lock files of a postmaster that is gone, when nobody works in the cluster.

    PostgreSQL would refuse to start where their number now belongs to another program, or to a
    zombie that nobody collects, as in a container without an init. Only where /proc tells; the
    caller must hold the children's lock.
    """
    if sys.platform == "linux" and not processes_in(cluster):
        (cluster / "postmaster.pid").unlink(missing_ok=True)
        (socket_dir / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)


def processes_in(cluster: Path) -> list[int]:
    """Return the pids of processes that work in the cluster directory (Linux; empty elsewhere)."""
    if sys.platform != "linux":
        return []
    return [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and _is_of_cluster(int(entry.name), cluster)
    ]


def _is_of_cluster(pid: int, cluster: Path) -> bool:
    if pid == os.getpid():
        return False
    if sys.platform != "linux":
        return True  # the lock says that its writer, or a child of it, is alive
    try:
        return Path(f"/proc/{pid}/cwd").samefile(cluster)
    except OSError:
        return False


async def _acquire_within(path: Path, timeout_s: float) -> FileLock | None:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        lock = FileLock.try_acquire(path)
        if lock is not None:
            return lock
        await asyncio.sleep(_POLL_S)
    return None
