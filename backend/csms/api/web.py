"""The web app, exported as files, served by the API's own process and origin."""

import base64
import hashlib
import mimetypes
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from fastapi import FastAPI
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from csms.kernel.errors import InvalidError

PLACEHOLDER: Final = "_"
"""What stands for any id in the file of a page that serves every id."""
RESERVED: Final = frozenset(
    {"api", "auth", "docs", "healthz", "metrics", "ocpp", "openapi.json", "readyz", "users"}
    | {"webhooks"}
)
"""First parts of addresses that are never pages."""
HASHED_ASSETS: Final = "_next/static/"
FOREVER: Final = "public, max-age=31536000, immutable"
ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
TEXT_TYPES: Final = ("text/", "application/javascript", "application/json", "application/manifest")
POLICIES: Final = {"sw.js": "default-src 'self'; frame-ancestors 'none'"}
"""Of what is no page: the service worker fetches the app's own files, and nothing else."""
CONTENT_TYPES: Final = {
    ".js": "text/javascript",
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}


class NoWebAppError(InvalidError):
    """The folder holds no exported web app."""


@dataclass(frozen=True, slots=True)
class WebFile:
    """An exported file; `encoded` are its compressed twins by content encoding."""

    path: Path
    media_type: str
    cache_control: str
    etag: str
    policy: str | None
    encoded: dict[str, Path]


def mount_web(app: FastAPI, folder: Path, *, image_sources: Sequence[str] = ()) -> None:
    """Serve the app exported to `folder`; call it after all other routes are there.

    `image_sources` are origins that map tiles come from. Raises NoWebAppError.
    """
    if not (folder / "index.html").is_file():
        raise NoWebAppError(f"no web app in {folder}: build it with `npm run build` in frontend/")
    site = WebSite(folder, image_sources)
    app.router.routes.insert(0, FrontPage(site))
    app.router.routes.append(Pages(site))


class WebSite:
    """All files of the export by address, read once at the start."""

    def __init__(self, folder: Path, image_sources: Sequence[str] = ()) -> None:
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        self._files = {
            path.relative_to(folder).as_posix(): _web_file(path, folder, image_sources)
            for path in paths
            if not path.name.endswith((".br", ".gz"))
        }
        patterns = [
            (tuple(name.split("/")), file)
            for name, file in self._files.items()
            if any(part in {PLACEHOLDER, "_.html", "_.txt"} for part in name.split("/"))
        ]
        # The narrower pattern first: an id may end in .txt, a page's data always does.
        self._patterns = sorted(patterns, key=lambda pattern: pattern[0][-1] != "_.txt")

    @property
    def front(self) -> WebFile:
        """The page at `/`."""
        return self._files["index.html"]

    @property
    def not_found(self) -> WebFile | None:
        """The page that says that there is none."""
        return self._files.get("404.html")

    def find(self, parts: Sequence[str]) -> WebFile | None:
        """Return the file that answers an address, given as its decoded parts."""
        name = "/".join(parts)
        exact = self._files.get(name) or self._files.get(f"{name}.html")
        if exact is not None:
            return exact
        return next((file for wanted, file in self._patterns if _fits(wanted, parts)), None)


def _fits(wanted: Sequence[str], parts: Sequence[str]) -> bool:
    if len(wanted) != len(parts):
        return False
    return all(_part_fits(w, part) for w, part in zip(wanted, parts, strict=True))


def _part_fits(wanted: str, part: str) -> bool:
    match wanted:
        case "_" | "_.html":
            return part != ""
        case "_.txt":
            return part.endswith(".txt") and part != ".txt"
        case _:
            return wanted == part


class FrontPage(BaseRoute):
    """`/` for browsers; others go on to what the API says there."""

    def __init__(self, site: WebSite) -> None:
        self._site = site

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Take requests for `/` that ask for HTML."""
        is_ours = (
            scope["type"] == "http"
            and scope["method"] in {"GET", "HEAD"}
            and scope["path"] == "/"
            and "text/html" in _header(scope, b"accept")
        )
        return (Match.FULL if is_ours else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the start page; what is there depends on who asks."""
        response = _response(self._site.front, scope)
        response.headers.append("Vary", "Accept")
        await response(scope, receive, send)


class Pages(BaseRoute):
    """Every address that is a file or page of the app, and for browsers also those that are not."""

    def __init__(self, site: WebSite) -> None:
        self._site = site

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Take what no reserved address covers; the rest stays a JSON 404."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            return Match.NONE, {}
        parts = _parts(scope)
        if parts[0] in RESERVED or parts == [""]:
            return Match.NONE, {}
        file = self._site.find(parts)
        if file is not None:
            return Match.FULL, {"web_file": file, "web_status": 200}
        lost = self._site.not_found
        if lost is None or "text/html" not in _header(scope, b"accept"):
            return Match.NONE, {}
        return Match.FULL, {"web_file": lost, "web_status": 404}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the file."""
        response = _response(scope["web_file"], scope, scope["web_status"])
        await response(scope, receive, send)


def _parts(scope: Scope) -> list[str]:
    """Return the address's parts, cut before decoding: an id may hold a slash."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    path = raw.split(b"?", 1)[0].decode("latin-1")
    return [unquote(part) for part in path.strip("/").split("/")]


def _header(scope: Scope, name: bytes) -> str:
    values: list[tuple[bytes, bytes]] = scope["headers"]
    return ", ".join(value.decode("latin-1") for key, value in values if key == name)


def _response(file: WebFile, scope: Scope, status: int = 200) -> Response:
    headers = {"Cache-Control": file.cache_control, "ETag": file.etag}
    if file.policy is not None:
        headers["Content-Security-Policy"] = file.policy
    if file.encoded:
        headers["Vary"] = "Accept-Encoding"
    if status == 200 and file.etag in _header(scope, b"if-none-match"):
        return Response(status_code=304, headers=headers)
    path = file.path
    accepted = {
        word.split(";")[0].strip() for word in _header(scope, b"accept-encoding").split(",")
    }
    for encoding, twin in file.encoded.items():
        if encoding in accepted:
            headers["Content-Encoding"] = encoding
            path = twin
            break
    return Response(path.read_bytes(), status, headers, file.media_type)


def _web_file(path: Path, folder: Path, image_sources: Sequence[str]) -> WebFile:
    content = path.read_bytes()
    name = path.relative_to(folder).as_posix()
    guessed = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    media_type = CONTENT_TYPES.get(path.suffix, guessed)
    if media_type.startswith(TEXT_TYPES):
        media_type += "; charset=utf-8"
    is_page = path.suffix == ".html"
    twins = {code: path.with_name(path.name + suffix) for code, suffix in ENCODINGS}
    return WebFile(
        path=path,
        media_type=media_type,
        cache_control=FOREVER if name.startswith(HASHED_ASSETS) else "no-cache",
        etag=f'"{hashlib.sha256(content).hexdigest()[:20]}"',
        policy=_policy(content.decode(), image_sources) if is_page else POLICIES.get(name),
        encoded={code: twin for code, twin in twins.items() if twin.is_file()},
    )


class _InlineScripts(HTMLParser):
    """Collects the scripts that stand in a page itself."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.texts: list[str] = []
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script" and not any(name == "src" for name, _ in attrs):
            self._is_inside = True
            self.texts.append("")

    def handle_data(self, data: str) -> None:
        if self._is_inside:
            self.texts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._is_inside = False


def _policy(page: str, image_sources: Sequence[str]) -> str:
    """Return the page's content security policy: of inline scripts only its own may run."""
    parser = _InlineScripts()
    parser.feed(page)
    hashes = sorted({f"'sha256-{_sha256(text)}'" for text in parser.texts})
    images = " ".join(_checked_source(source) for source in image_sources)
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'wasm-unsafe-eval' {' '.join(hashes)}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            f"img-src 'self' data: blob: {images}".rstrip(),
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _checked_source(source: str) -> str:
    if not re.fullmatch(r"https?://[A-Za-z0-9.*:\[\]-]+", source):
        raise InvalidError(f"{source!r} is not an origin like https://tiles.example.org")
    return source
