"""A small server for tests to kill: starts PostgreSQL, inserts rows, says which are acknowledged.

Arguments: the data directory, and how many rows to insert (-1: until killed). Every output line is
a JSON object with one of the keys progress, ready, row, stopped, error.
"""

import asyncio
import itertools
import json
import os
import signal
import sys
from pathlib import Path

import asyncpg

from csms.bootstrap.embedded_postgres import start_embedded_postgres
from csms.bootstrap.postgres.errors import EmbeddedPostgresError


def tell(**line: object) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


async def serve(data_dir: Path, row_count: int) -> None:
    terminated = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, terminated.set)
    server = await start_embedded_postgres(data_dir, on_progress=lambda text: tell(progress=text))
    tell(ready=server.dsn("csms_owner"), pid=server.pid, user=os.geteuid())
    connection = await asyncpg.connect(server.dsn("csms_owner"))
    await connection.execute("CREATE TABLE IF NOT EXISTS fact (id bigint PRIMARY KEY)")
    first = await connection.fetchval("SELECT coalesce(max(id), 0) + 1 FROM fact")
    rows = itertools.count(first) if row_count < 0 else range(first, first + row_count)
    for row in rows:
        if terminated.is_set():
            break
        await connection.execute("INSERT INTO fact VALUES ($1)", row)
        tell(row=row)
    await terminated.wait()
    await server.stop()
    tell(stopped=True)


def main() -> int:
    try:
        asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
    except EmbeddedPostgresError as error:
        tell(error=type(error).__name__, text=str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
