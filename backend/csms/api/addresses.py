"""The addresses under which we are reached from outside."""

from typing import Final
from urllib.parse import urlsplit

from fastapi import Request

from csms.api.auth import settings_of
from csms.domain.stations.addresses import OcppUrls

_SOCKET_SCHEMES: Final = {"http": "ws", "https": "wss"}


def public_base_url(request: Request) -> str:
    """Return where people and the API are: PUBLIC_URL, or as we were asked."""
    return (settings_of(request).public_url or str(request.base_url)).rstrip("/")


def ocpp_urls(request: Request) -> OcppUrls:
    """Return where chargers connect, without their id, in the clear and over TLS."""
    settings = settings_of(request)
    parts = urlsplit(public_base_url(request))
    place = f"{parts.netloc}{parts.path.rstrip('/')}/ocpp"
    scheme = _SOCKET_SCHEMES[parts.scheme]
    tls: str | None = None
    if settings.ocpp_tls_url is not None:
        tls = f"{settings.ocpp_tls_url}/ocpp"
    elif settings.ocpp_tls_port is not None:
        host = parts.hostname or "localhost"
        tls = f"wss://{f'[{host}]' if ':' in host else host}:{settings.ocpp_tls_port}/ocpp"
    elif 2 in settings.served_profiles:
        # A proxy of ours says that it speaks TLS, so what comes through it is profile 2 or 3.
        return OcppUrls(plain=f"ws://{place}", tls=f"wss://{place}")
    return OcppUrls(plain=f"{scheme}://{place}", tls=tls)
