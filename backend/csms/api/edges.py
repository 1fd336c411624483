"""What every HTTP exchange passes through: HEAD, security headers, addresses that are not pages."""

from collections.abc import MutableMapping
from typing import Any, Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from csms.api.errors import problem

SECURITY_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), geolocation=(self), microphone=()"),
)
NO_PAGE_POLICY: Final = b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'"
ENDLESS_ADDRESSES: Final = frozenset({"/api/events"})
"""A GET there never ends by itself, so a HEAD would not either."""
TLS_HEADER: Final = (b"strict-transport-security", b"max-age=31536000")


class SecurityHeaders:
    """Adds the security headers; a response that brings its own content policy keeps it."""

    def __init__(self, app: ASGIApp, *, is_tls: bool) -> None:
        self._app = app
        self._headers = (*SECURITY_HEADERS, TLS_HEADER) if is_tls else SECURITY_HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the exchange on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._completed(message, scope)
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _completed(
        self, message: MutableMapping[str, Any], scope: Scope
    ) -> list[tuple[bytes, bytes]]:
        headers = list(message.get("headers", ()))
        present = {name.lower() for name, _ in headers}
        headers += [pair for pair in self._headers if pair[0] not in present]
        if b"content-security-policy" not in present:
            headers.append((b"content-security-policy", NO_PAGE_POLICY))
        if b"cache-control" not in present and scope["path"].startswith(
            ("/api", "/users", "/auth")
        ):
            headers.append((b"cache-control", b"no-store"))
        return headers


class BodyLimit:
    """Refuses bodies above `max_bytes` with a problem document (RFC 9110 §15.5.14)."""

    def __init__(self, app: ASGIApp, *, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the exchange on; a body of unknown length is counted while it is read."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdigit() and int(announced) > self._max_bytes:
            await problem(413, self._detail)(scope, receive, send)
            return
        read = 0

        async def receive_counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._max_bytes:
                raise HTTPException(413, self._detail)
            return message

        await self._app(scope, receive_counted, send)

    @property
    def _detail(self) -> str:
        return f"a body has at most {self._max_bytes} bytes"


class HeadAsGet:
    """Answers HEAD as GET without the body (RFC 9110 §9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the exchange on."""
        if (
            scope["type"] != "http"
            or scope["method"] != "HEAD"
            or scope["path"] in ENDLESS_ADDRESSES
        ):
            await self._app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        await self._app(dict(scope, method="GET"), receive, send_without_body)
