"""The export on an origin of its own, as a CDN serves it by the rules of frontend/vercel.json."""

import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote, urlsplit

RULES = Path(__file__).parents[3] / "frontend" / "vercel.json"
PROXY_TIMEOUT_S = 60
PIECE_BYTES = 65_536
HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "host"})
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}


@dataclass(frozen=True)
class Target:
    """Where a request goes: a file of the export, or an address of the API."""

    file: Path | None = None
    status: int = 200
    api_path: str | None = None


class Rules:
    """`vercel.json` read as its host reads it: files first, then the first rewrite that fits."""

    def __init__(self, export: Path) -> None:
        self._export = export
        self._rules: dict[str, Any] = json.loads(RULES.read_text("utf-8"))

    def find(self, path: str) -> Target:
        """Return what answers an address (its path, still encoded)."""
        found = self._file(path)
        if found is not None:
            return Target(file=found)
        for rule in self._rules["rewrites"]:
            match = re.fullmatch(_pattern(rule["source"]), path)
            if match is None:
                continue
            address = _filled(rule["destination"], match)
            if address.startswith("https:"):
                return Target(api_path=urlsplit(address).path)
            return Target(file=self._file(address) or self._export / "404.html")
        return Target(file=self._export / "404.html", status=404)

    def headers(self, path: str) -> dict[str, str]:
        """Return the headers that a host adds to the answer at `path`."""
        added = {}
        for rule in self._rules["headers"]:
            if re.fullmatch(_pattern(rule["source"]), path):
                added |= {header["key"]: header["value"] for header in rule["headers"]}
        return added

    def _file(self, path: str) -> Path | None:
        name = unquote(path).strip("/") or "index"
        for candidate in (self._export / name, self._export / f"{name}.html"):
            if candidate.is_file() and candidate.resolve().is_relative_to(self._export.resolve()):
                return candidate
        return None


def _pattern(source: str) -> str:
    return re.sub(r"/:(\w+)\*", r"(?:/(?P<\1>.*))?", source)


def _filled(destination: str, match: re.Match[str]) -> str:
    def piece(name: re.Match[str]) -> str:
        found = match.group(name.group(1))
        return "" if found is None else f"/{found}"

    named = re.sub(r"/:(\w+)\*", piece, destination)
    return re.sub(r"\$(\d)", lambda number: match.group(int(number.group(1))), named)


class OtherOrigin:
    """A static host on a port of its own, on a thread of its own.

    With `is_proxy` the rewrites to the API are followed; without, the pages name the API
    themselves, as the build with NEXT_PUBLIC_API_URL writes them. `changes` replace files' texts.
    """

    def __init__(
        self,
        export: Path,
        api_url: str,
        *,
        is_proxy: bool,
        changes: Mapping[str, str] | None = None,
    ) -> None:
        self.rules = Rules(export)
        self.export = export
        self.api_url = api_url
        self.is_proxy = is_proxy
        self.changes = dict(changes or {})
        host = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                _answer(self, host)

            do_HEAD = do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the server's words

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """The origin; another host name than the API's, so that cookies are not shared."""
        return f"http://localhost:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(PROXY_TIMEOUT_S)

    def content(self, file: Path) -> bytes:
        """Return what a file holds on this host."""
        name = file.relative_to(self.export).as_posix()
        text = self.changes.get(name)
        content = file.read_bytes() if text is None else text.encode()
        if file.suffix == ".html" and not self.is_proxy:
            named = f'data-api-url="{self.api_url}"'.encode()
            content = content.replace(b'data-api-url=""', named, 1)
        return content


def _answer(request: BaseHTTPRequestHandler, host: OtherOrigin) -> None:
    path = urlsplit(request.path).path
    target = host.rules.find(path)
    if target.api_path is not None and host.is_proxy:
        _pass_on(request, host)
        return
    file = target.file or host.export / "404.html"
    content = host.content(file)
    request.send_response(404 if target.file is None else target.status)
    for name, value in host.rules.headers(path).items():
        # On this machine the API has no https.
        request.send_header(name, value.replace("https:", f"https: {host.api_url}"))
    request.send_header("Content-Type", TYPES.get(file.suffix, "application/octet-stream"))
    request.send_header("Content-Length", str(len(content)))
    request.end_headers()
    if request.command != "HEAD":
        request.wfile.write(content)


def _pass_on(request: BaseHTTPRequestHandler, host: OtherOrigin) -> None:
    """Pass a request on to the API, and its answer back piece by piece: events must flow."""
    api = urlsplit(host.api_url)
    body = request.rfile.read(int(request.headers.get("Content-Length", "0")))
    headers = {k: v for k, v in request.headers.items() if k.lower() not in HOP_BY_HOP}
    connection = HTTPConnection(api.hostname or "", api.port, timeout=PROXY_TIMEOUT_S)
    request.close_connection = True
    try:
        connection.request(request.command, request.path, body, headers)
        answer = connection.getresponse()
        request.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP_BY_HOP:
                request.send_header(name, value)
        request.send_header("Connection", "close")
        request.end_headers()
        while piece := answer.read1(PIECE_BYTES):
            request.wfile.write(piece)
            request.wfile.flush()
    except (ConnectionError, TimeoutError):
        return  # the browser left, or the product ended with the test
    finally:
        connection.close()
