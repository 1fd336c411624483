"""Which PostgreSQL this process works with: a given one, one of our own, or one already running."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from csms.bootstrap.embedded_postgres import EmbeddedPostgres, start_embedded_postgres
from csms.bootstrap.postgres import cluster
from csms.bootstrap.postgres.errors import DataDirectoryInUseError
from csms.bootstrap.postgres.layout import PORT, DataLayout, default_data_dir
from csms.bootstrap.settings import Settings

Say = Callable[[str], None]

OWNER_ROLE = "csms_owner"
APPLICATION_ROLE = "csms_app"


@dataclass(frozen=True)
class DatabasePlace:
    """How to reach the database: as its owner for migrations, as the application for the rest.

    `embedded` is None for a database that is given, or that another process of ours runs.
    """

    owner_dsn: str
    application_dsn: str
    description: str
    embedded: EmbeddedPostgres | None = None


def data_dir_of(settings: Settings) -> Path:
    """Return the directory that holds the embedded database and what is kept beside it."""
    return settings.data_dir if settings.data_dir is not None else default_data_dir()


@asynccontextmanager
async def open_database_place(
    settings: Settings, say: Say, *, may_join: bool = False
) -> AsyncIterator[DatabasePlace]:
    """Yield the database of `settings`, started if need be, and stop what was started.

    `may_join`: when another process of ours already runs the embedded database, use that one.
    Raises the errors of csms.bootstrap.postgres.errors.
    """
    if settings.database_url is not None:
        url = settings.database_url.get_secret_value()
        yield DatabasePlace(url, url, "the PostgreSQL of DATABASE_URL")
        return
    data_dir = data_dir_of(settings)
    try:
        embedded = await start_embedded_postgres(data_dir, on_progress=say)
    except DataDirectoryInUseError:
        if not may_join:
            raise
        yield _running_place(data_dir)
        return
    try:
        yield DatabasePlace(
            embedded.dsn(OWNER_ROLE),
            embedded.dsn(APPLICATION_ROLE),
            f"our own PostgreSQL in {embedded.data_dir}",
            embedded,
        )
    finally:
        await embedded.stop()


def _running_place(data_dir: Path) -> DatabasePlace:
    layout = DataLayout.of(data_dir)
    try:
        socket_dir = Path(layout.socket_record.read_text().strip())
    except FileNotFoundError:
        socket_dir = layout.cluster
    host = quote(str(socket_dir))
    return DatabasePlace(
        f"postgresql://{OWNER_ROLE}@/{cluster.DATABASE}?host={host}&port={PORT}",
        f"postgresql://{APPLICATION_ROLE}@/{cluster.DATABASE}?host={host}&port={PORT}",
        f"the running PostgreSQL in {layout.data_dir}",
    )
