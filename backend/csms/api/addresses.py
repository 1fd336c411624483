"""The addresses under which we are reached from outside."""

from typing import Final
from urllib.parse import urlsplit

from fastapi import Request

from csms.api.auth import settings_of

_SOCKET_SCHEMES: Final = {"http": "ws", "https": "wss"}


def ocpp_base_url(request: Request) -> str:
    """Return where chargers connect, without their id: from PUBLIC_URL, or as we were asked."""
    public = settings_of(request).public_url or str(request.base_url)
    parts = urlsplit(public)
    return f"{_SOCKET_SCHEMES[parts.scheme]}://{parts.netloc}{parts.path.rstrip('/')}/ocpp"
