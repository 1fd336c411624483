"""The upgrade request as bytes, and its refusal as bytes. Pure."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote_to_bytes

import msgspec

OCPP_SEGMENT: Final = b"ocpp"
SUBPROTOCOL: Final = "ocpp1.6"
OTHER_OCPP: Final = ("ocpp1.2", "ocpp1.5", "ocpp2")


class MalformedUpgradeError(ValueError):
    """The request is not one that RFC 6455 §4.2.1 lets us answer with 101."""


@dataclass(frozen=True, slots=True)
class UpgradeRequest:
    """The head of an HTTP request that asks for a WebSocket. Header names are in lower case."""

    method: bytes
    target: bytes
    headers: dict[bytes, list[bytes]]

    def header(self, name: bytes) -> bytes | None:
        """Return the first header of that name, or None."""
        values = self.headers.get(name)
        return values[0] if values else None

    def text(self, name: bytes) -> str | None:
        """Return the first header of that name as text, or None."""
        value = self.header(name)
        return None if value is None else value.decode("latin-1")

    def subprotocols(self) -> tuple[str, ...]:
        """Return every subprotocol on offer, in the client's order and spelling."""
        offered = b",".join(self.headers.get(b"sec-websocket-protocol", []))
        names = (name.strip().decode("latin-1") for name in offered.split(b","))
        return tuple(name for name in names if name)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer before the upgrade: an HTTP status, a word for programs, a sentence for people."""

    status: HTTPStatus
    code: str
    detail: str
    headers: tuple[tuple[str, str], ...] = field(default=())

    def as_bytes(self) -> bytes:
        """Return the whole response; the connection closes after it (RFC 9457 body)."""
        body = msgspec.json.encode(
            {
                "type": "about:blank",
                "title": self.status.phrase,
                "status": int(self.status),
                "code": self.code,
                "detail": self.detail,
            }
        )
        lines = [
            f"HTTP/1.1 {int(self.status)} {self.status.phrase}",
            "Content-Type: application/problem+json",
            f"Content-Length: {len(body)}",
            "Connection: close",
            *(f"{name}: {value}" for name, value in self.headers),
        ]
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def read_upgrade(data: bytes) -> UpgradeRequest:
    """Read the request as uvicorn hands it over. Raises MalformedUpgradeError."""
    head, _, _ = data.partition(b"\r\n\r\n")
    request_line, *lines = head.split(b"\r\n")
    words = request_line.split(b" ")
    if len(words) != 3:
        raise MalformedUpgradeError("the request line is malformed")
    headers: dict[bytes, list[bytes]] = {}
    for line in lines:
        name, _, value = line.partition(b":")
        headers.setdefault(name.strip().lower(), []).append(value.strip())
    return UpgradeRequest(words[0], words[1], headers)


def charge_point_id_of(target: bytes, prefix: str) -> str | None:
    """Return the id that a request target names, or None when it is no path of ours.

    A doubled or trailing slash, a proxy's path prefix and percent-encoding are tolerated.
    """
    path = target.split(b"?", 1)[0].split(b"#", 1)[0]
    segments = [segment for segment in path.split(b"/") if segment]
    before = [segment.encode() for segment in prefix.split("/") if segment]
    if before and segments[: len(before)] == before:
        segments = segments[len(before) :]
    if len(segments) != 2 or segments[0] != OCPP_SEGMENT:
        return None
    try:
        charge_point_id = unquote_to_bytes(segments[1]).decode()
    except UnicodeDecodeError:
        return None
    return charge_point_id if charge_point_id.isprintable() else None


def choose_subprotocol(offered: tuple[str, ...]) -> str | None:
    """Return the offer that we take, as the client spelled it, or None."""
    return next((name for name in offered if name.lower() == SUBPROTOCOL), None)


def may_assume_subprotocol(offered: tuple[str, ...]) -> bool:
    """Whether nothing on offer names another version of OCPP than 1.6."""
    return not any(name.lower().startswith(OTHER_OCPP) for name in offered)
