"""Where things lie in a data directory, and the locks that keep two servers out of one.

DATA_DIR/postgres/               the cluster, 0700, of the account that runs PostgreSQL
DATA_DIR/postgres.log, .log.1    what PostgreSQL says, bounded
DATA_DIR/postgres.lock           held by the server, with its pid
DATA_DIR/postgres.children.lock  held by every PostgreSQL process, with the first one's pid
DATA_DIR/postgres.socket         where the socket is, when the path above is unfit for one
"""

import contextlib
import errno
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from csms.bootstrap.postgres.errors import (
    DataDirectoryInUseError,
    DataDirectoryUnusableError,
    OtherMajorVersionError,
)
from csms.bootstrap.postgres.launch import OsAccount

PORT = 5432  # only part of the socket's file name: nothing listens on TCP

SOCKET_NAME = f".s.PGSQL.{PORT}"
_SOCKET_PATH_BYTES_MAX = 103  # sun_path holds 104 bytes on macOS, 108 on Linux, one is the end
_SOCKET_PARENTS = (Path("/tmp"), Path("/var/tmp"))  # noqa: S108 - mkdtemp makes it private
# Commas, colons and percent signs mean something in connection strings.
_PLAIN_PATH = re.compile(r"/[A-Za-z0-9._/ -]*")


def default_data_dir(environment: Mapping[str, str] = os.environ) -> Path:
    """Return where data goes without --data-dir: $XDG_DATA_HOME/csms or ~/.local/share/csms.

    A relative XDG_DATA_HOME is ignored, as the XDG base directory specification asks. Without HOME
    the account database tells the home.
    """
    data_home = environment.get("XDG_DATA_HOME", "")
    if Path(data_home).is_absolute():
        return Path(data_home) / "csms"
    home = environment.get("HOME", "")
    base = Path(home) if Path(home).is_absolute() else Path.home()
    return base / ".local" / "share" / "csms"


@dataclass(frozen=True)
class DataLayout:
    """The paths inside one data directory."""

    data_dir: Path

    @classmethod
    def of(cls, data_dir: Path) -> Self:
        """Return the layout of a data directory given by any path."""
        return cls(data_dir.absolute())

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own directory."""
        return self.data_dir / "postgres"

    @property
    def unfinished_cluster(self) -> Path:
        """Where initdb works; renamed when it is done, so that `cluster` is whole or absent."""
        return self.data_dir / "postgres.creating"

    @property
    def log(self) -> Path:
        """PostgreSQL's log."""
        return self.data_dir / "postgres.log"

    @property
    def server_lock(self) -> Path:
        """Held by the one server that uses this directory."""
        return self.data_dir / "postgres.lock"

    @property
    def children_lock(self) -> Path:
        """Held by all processes of PostgreSQL through an inherited descriptor."""
        return self.data_dir / "postgres.children.lock"

    @property
    def socket_record(self) -> Path:
        """Names the socket's directory when that is elsewhere."""
        return self.data_dir / "postgres.socket"

    def prepare(self) -> None:
        """Create the data directory, private to us, or see that it is ours to write.

        Raises DataDirectoryUnusableError.
        """
        try:
            _make_private_dirs(self.data_dir)
            with tempfile.TemporaryFile(dir=self.data_dir):
                pass
            for file in (self.server_lock, self.children_lock, self.log):
                if file.exists() and not os.access(file, os.R_OK | os.W_OK):
                    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(file))
            if self.cluster.exists():
                os.listdir(self.cluster)  # noqa: PTH208 - raises what stands in the way
        except OSError as error:
            reason = f"{error.strerror} ({error.filename or self.data_dir})"
            raise DataDirectoryUnusableError(self.data_dir, reason) from error

    def check_major(self, expected: int) -> None:
        """Raise OtherMajorVersionError unless the cluster is of major version `expected`."""
        try:
            found = (self.cluster / "PG_VERSION").read_text().strip()
        except OSError as error:
            reason = f"{self.cluster} is no PostgreSQL cluster ({error.strerror})"
            raise DataDirectoryUnusableError(self.data_dir, reason) from error
        if found != str(expected):
            raise OtherMajorVersionError(self.data_dir, found, expected)

    def give_to(self, account: OsAccount) -> None:
        """Hand a cluster that root owns (a restored copy) to the account that runs PostgreSQL."""
        if account.uid == os.geteuid() or self.cluster.stat().st_uid == account.uid:
            return
        for folder, folders, files in os.walk(self.cluster):
            for name in (*folders, *files):
                os.chown(Path(folder, name), account.uid, account.gid, follow_symlinks=False)
        os.chown(self.cluster, account.uid, account.gid)

    def place_socket(self, account: OsAccount) -> Path:
        """Return the directory for the socket: the cluster, or a new short one elsewhere."""
        self.remove_short_socket_dir()
        path = str(self.cluster)
        length = len(os.fsencode(self.cluster / SOCKET_NAME))
        if length <= _SOCKET_PATH_BYTES_MAX and _PLAIN_PATH.fullmatch(path):
            return self.cluster
        for parent in _SOCKET_PARENTS:
            try:
                short = Path(tempfile.mkdtemp(prefix="csms-", dir=parent))
            except OSError:
                continue
            os.chown(short, account.uid, account.gid)
            self.socket_record.write_text(f"{short}\n")
            return short
        places = " or ".join(str(parent) for parent in _SOCKET_PARENTS)
        reason = f"its path is unfit for a Unix socket and {places} cannot be written"
        raise DataDirectoryUnusableError(self.data_dir, reason)

    def remove_short_socket_dir(self) -> None:
        """Remove the socket's own directory of this or an earlier run, if there is one."""
        try:
            recorded = Path(self.socket_record.read_text().strip())
        except FileNotFoundError:
            return
        if recorded.parent in _SOCKET_PARENTS and recorded.name.startswith("csms-"):
            with contextlib.suppress(OSError):
                shutil.rmtree(recorded)
        self.socket_record.unlink()


class FileLock:
    """An exclusive lock on a file that the kernel ends with its last holder, whatever ends that."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    @classmethod
    def try_acquire(cls, path: Path) -> Self | None:
        """Take the lock; None when somebody else holds it."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        except BaseException:
            os.close(descriptor)
            raise
        return cls(descriptor)

    def record_pid(self, pid: int) -> None:
        """Write into the file whom to name to the next who asks."""
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, f"{pid}\n".encode(), 0)

    def close(self) -> None:
        """Give up our descriptor; processes that inherited it keep the lock."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


def lock_data_dir(layout: DataLayout) -> FileLock:
    """Take the data directory for this process. Raises DataDirectoryInUseError."""
    try:
        lock = FileLock.try_acquire(layout.server_lock)
    except OSError as error:
        reason = f"{error.strerror} ({layout.server_lock})"
        raise DataDirectoryUnusableError(layout.data_dir, reason) from error
    if lock is None:
        raise DataDirectoryInUseError(layout.data_dir, recorded_pid(layout.server_lock))
    lock.record_pid(os.getpid())
    return lock


def recorded_pid(lock_file: Path) -> int | None:
    """Return the pid that the holder of a lock wrote into it, None when there is none."""
    try:
        return int(lock_file.read_text())
    except (FileNotFoundError, ValueError):
        return None


def _make_private_dirs(path: Path) -> None:
    missing = []
    while not path.exists():
        missing.append(path)
        path = path.parent
    for folder in reversed(missing):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o700)
