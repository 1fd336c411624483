"""Translates the driver's failures into the one that the rest of the product knows."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from csms.kernel.journal import StorageUnavailableError

DRIVER_FAILURES = (OSError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What the driver raises, beside PostgreSQL's own errors, when a connection breaks at a bad moment."""

_GONE_CLASSES = frozenset({"08", "53", "57", "58", "25", "40", "55"})


@contextmanager
def answering() -> Iterator[None]:
    """Run a database call; raise StorageUnavailableError when the database does not answer it.

    Faults of the data and of our own statements pass through as they are.
    """
    try:
        yield
    except DRIVER_FAILURES as error:
        if isinstance(error, ValueError):
            raise  # the driver could not encode a value: not the database's fault
        raise StorageUnavailableError(f"the database does not answer: {error}") from error
    except asyncpg.PostgresError as error:
        if (getattr(error, "sqlstate", None) or "")[:2] in _GONE_CLASSES:
            raise StorageUnavailableError(f"the database does not answer: {error}") from error
        raise
