"""What can go wrong between a data directory and a PostgreSQL that answers."""

from pathlib import Path


class EmbeddedPostgresError(Exception):
    """The server's own PostgreSQL cannot be used; the message says why and what helps."""


class BinariesMissingError(EmbeddedPostgresError):
    """The installed package carries no PostgreSQL for this platform."""

    def __init__(self, looked_in: str) -> None:
        self.looked_in = looked_in
        super().__init__(
            f"no PostgreSQL binaries were found ({looked_in}); they exist for Linux (x86-64, arm64) "
            "and macOS. Set DATABASE_URL to use a PostgreSQL of your own."
        )


class BinariesUnusableError(EmbeddedPostgresError):
    """The account that runs PostgreSQL cannot execute the binaries, not even a copy of them."""

    def __init__(self, account: str, reasons: list[str]) -> None:
        self.account = account
        self.reasons = reasons
        super().__init__(
            f"user {account!r} cannot run the PostgreSQL binaries ({'; '.join(reasons)}). "
            "Start the server as an ordinary user, or set DATABASE_URL."
        )


class NoAccountError(EmbeddedPostgresError):
    """PostgreSQL needs an account with a name and without root's rights, and there is none."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(f"{problem}; add such an account, or set DATABASE_URL.")


class DataDirectoryInUseError(EmbeddedPostgresError):
    """Another running server holds this data directory; `pid` is None when it left no number."""

    def __init__(self, data_dir: Path, pid: int | None) -> None:
        self.data_dir = data_dir
        self.pid = pid
        owner = "another process" if pid is None else f"process {pid}"
        super().__init__(
            f"data directory {data_dir} is in use by {owner}; stop it, or choose another --data-dir."
        )


class DataDirectoryUnusableError(EmbeddedPostgresError):
    """The data directory cannot be created or written by this user."""

    def __init__(self, data_dir: Path, reason: str) -> None:
        self.data_dir = data_dir
        self.reason = reason
        super().__init__(
            f"data directory {data_dir} cannot be used: {reason}. "
            "Choose another with --data-dir, or mend its owner and permissions."
        )


class OtherMajorVersionError(EmbeddedPostgresError):
    """The data was written by another major version of PostgreSQL, which ours cannot read."""

    def __init__(self, data_dir: Path, found: str, expected: int) -> None:
        self.data_dir = data_dir
        self.found = found
        self.expected = expected
        super().__init__(
            f"{data_dir} was written by PostgreSQL {found}, this is PostgreSQL {expected}. "
            "Dump it with the csms release that wrote it and restore the dump into a new directory."
        )


class InitdbFailedError(EmbeddedPostgresError):
    """Creating the database failed; `output` is what initdb said, exit code -1 is our time limit."""

    def __init__(self, exit_code: int, output: str) -> None:
        self.exit_code = exit_code
        self.output = output
        super().__init__(f"initdb ended with {exit_code}:\n{output}")


class PostgresExitedError(EmbeddedPostgresError):
    """PostgreSQL ended before it answered; `log_tail` is what it logged since this start."""

    def __init__(self, exit_code: int, log_tail: str) -> None:
        self.exit_code = exit_code
        self.log_tail = log_tail
        super().__init__(f"PostgreSQL ended with {exit_code} while starting. Its log:\n{log_tail}")


class StartTimedOutError(EmbeddedPostgresError):
    """PostgreSQL neither answered nor logged anything new for `timeout_s` seconds."""

    def __init__(self, timeout_s: float, log_tail: str) -> None:
        self.timeout_s = timeout_s
        self.log_tail = log_tail
        super().__init__(
            f"PostgreSQL did not answer and logged nothing for {timeout_s:g} s. Its log:\n{log_tail}"
        )


class LeftoverProcessesError(EmbeddedPostgresError):
    """Processes of an earlier PostgreSQL on this data directory could not be ended."""

    def __init__(self, data_dir: Path, pids: list[int]) -> None:
        self.data_dir = data_dir
        self.pids = pids
        super().__init__(
            f"an earlier PostgreSQL on {data_dir} does not end (processes {pids or 'unknown'})."
        )
