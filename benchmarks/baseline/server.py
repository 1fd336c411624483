"""Starts the baseline: `python -m benchmarks.baseline.server --dsn DSN --port PORT`.

uvicorn with uvloop, httptools and its default WebSocket implementation, one process.
"""

import argparse
import logging

import uvicorn

from benchmarks.baseline.app import create_app
from benchmarks.load.process import raise_open_files_limit

# Between 5 and 40 connections the ingest benchmark shows no difference beyond its noise.
POOL_SIZE = 20


def main() -> None:
    """Parse the arguments and serve until a signal."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--dsn", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--pool", type=int, default=POOL_SIZE)
    arguments = parser.parse_args()
    raise_open_files_limit()
    logging.getLogger("ocpp").setLevel(logging.WARNING)
    uvicorn.run(
        create_app(arguments.dsn, arguments.pool),
        host="127.0.0.1",
        port=arguments.port,
        loop="uvloop",
        http="httptools",
        backlog=4096,
        log_level="warning",
        access_log=False,
    )


if __name__ == "__main__":
    main()
