"""PostgreSQL's log: one file it appends to, kept within a bound by us."""

import os
import shutil
from pathlib import Path

LOG_BYTES_MAX = 8 * 1024 * 1024
LOG_CHECK_INTERVAL_S = 30.0
_TAIL_BYTES = 4096


def open_log(path: Path) -> int:
    """Return a descriptor that appends to the log."""
    return os.open(
        path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600
    )


def log_size(path: Path) -> int:
    """Return the log's size in bytes."""
    return path.stat().st_size


def log_tail(path: Path, start: int) -> str:
    """Return the end of what was logged since byte `start`."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        begin = start if start <= size else 0
        file.seek(max(begin, size - _TAIL_BYTES))
        return file.read().decode(errors="replace").strip()


def bound_log(path: Path, bytes_max: int = LOG_BYTES_MAX) -> None:
    """Move a log above `bytes_max` aside as `.1` and empty it.

    Copied and cut rather than renamed, as PostgreSQL keeps the file open; with appending writes
    the cut is safe, and at most the lines written in between are lost.
    """
    if not path.exists() or path.stat().st_size <= bytes_max:
        return
    shutil.copy(path, path.with_name(f"{path.name}.1"))
    os.truncate(path, 0)
