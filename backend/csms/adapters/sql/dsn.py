"""Connection strings as hosts give them, made into what the driver understands."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from csms.kernel.errors import InvalidError

# Words for other drivers and poolers that asyncpg would pass to the server as settings.
_FOREIGN_OPTIONS = frozenset(
    {
        "channel_binding",
        "connect_timeout",
        "connection_limit",
        "pgbouncer",
        "pool_timeout",
        "schema",
    }
)


class DatabaseUrlError(InvalidError):
    """The connection string is not one of PostgreSQL."""


def driver_dsn(url: str) -> str:
    """Return `url` for the driver: scheme postgresql, sslmode kept, foreign options dropped.

    Raises DatabaseUrlError.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise DatabaseUrlError("a database URL starts with postgres:// or postgresql://")
    options = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name not in _FOREIGN_OPTIONS
    ]
    return urlunsplit(parts._replace(scheme="postgresql", query=urlencode(options)))
