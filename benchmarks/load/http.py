"""HTTP/1.1 over one kept-alive connection, and a closed loop of requests over many."""

import asyncio
import itertools
import time
from urllib.parse import urlsplit

import msgspec

from benchmarks.histogram import Histogram
from benchmarks.load.timing import sleep_until

_EXAMPLES_MAX = 5


class HttpRequest(msgspec.Struct, frozen=True):
    """One request; `body` is JSON text, or empty for none."""

    method: str
    path: str
    body: str = ""
    content_type: str = "application/json"


class HttpConnection:
    """One connection to a server; use as an async context manager."""

    def __init__(self, url: str, headers: dict[str, str] | None = None) -> None:
        parts = urlsplit(url)
        if parts.hostname is None or parts.port is None:
            raise ValueError(f"host and port are needed: {url}")
        self._host, self._port = parts.hostname, parts.port
        self._head = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def __aenter__(self) -> "HttpConnection":  # noqa: PYI034 - the class is not subclassed
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close."""
        if self._writer is not None:
            self._writer.close()

    async def send(self, request: HttpRequest) -> tuple[int, bytes]:
        """Return status and body of the answer; ConnectionError when the server closed."""
        if self._reader is None or self._writer is None:
            raise ConnectionError("not connected")
        body = request.body.encode()
        head = (
            f"{request.method} {request.path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n"
            f"{self._head}Content-Type: {request.content_type}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        try:
            return await _read_answer(self._reader)
        except asyncio.IncompleteReadError as error:
            raise ConnectionError("closed in the middle of an answer") from error


class HttpOutcome:
    """What the closed loop of requests saw."""

    def __init__(self) -> None:
        self.latency = Histogram()
        self.answered = 0
        self.answered_total = 0
        self.wrong = 0
        self.seconds = 0.0
        self.examples: list[str] = []


async def http_closed_loop(
    url: str,
    headers: dict[str, str],
    requests: list[HttpRequest],
    concurrency: int,
    warmup_s: float,
    duration_s: float,
    start_at_s: float,
) -> HttpOutcome:
    """Send the requests in turn, `concurrency` at a time; an answer other than 2xx is wrong."""
    outcome = HttpOutcome()
    turn = itertools.cycle(requests)
    opens_s = start_at_s + warmup_s
    ends_s = opens_s + duration_s

    async def client() -> None:
        async with HttpConnection(url, headers) as connection:
            while (sent_s := time.monotonic()) < ends_s:
                status, body = await connection.send(next(turn))
                now_s = time.monotonic()
                outcome.answered_total += 1
                if not 200 <= status < 300:
                    outcome.wrong += 1
                    if len(outcome.examples) < _EXAMPLES_MAX:
                        outcome.examples.append(f"{status}: {body[:200]!r}")
                elif opens_s <= now_s < ends_s:
                    outcome.answered += 1
                    outcome.latency.record(int((now_s - sent_s) * 1e6))

    await sleep_until(start_at_s)
    async with asyncio.TaskGroup() as group:
        for _ in range(concurrency):
            group.create_task(client())
    outcome.seconds = duration_s
    return outcome


async def _read_answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    status = int(lines[0].split(b" ", 2)[1])
    headers = {
        name.strip().lower(): value.strip()
        for name, separator, value in (line.partition(b":") for line in lines[1:])
        if separator
    }
    if headers.get(b"transfer-encoding", b"").lower() == b"chunked":
        return status, await _read_chunks(reader)
    return status, await reader.readexactly(int(headers.get(b"content-length", b"0")))


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return body
