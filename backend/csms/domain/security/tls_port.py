"""What there is to say about TLS for chargers: for the API, which cannot see listeners or files."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ServedCertificate:
    """A server certificate in use. `is_own`: our authority made it, and renews it."""

    key_type: str
    subject: str
    names: tuple[str, ...]
    issuer: str
    fingerprint: str
    not_before: datetime
    not_after: datetime
    is_own: bool


@dataclass(frozen=True, slots=True)
class RevocationFile:
    """A configured revocation list; a stale one still counts, and is shown as stale."""

    path: str
    issuer: str
    next_update: datetime | None
    is_stale: bool
    revoked: int


@dataclass(frozen=True, slots=True)
class TlsState:
    """`port` is None without a listener of our own; `fault` is why the last reload came to nothing."""

    port: int | None = None
    behind_proxy: bool = False
    certificates: tuple[ServedCertificate, ...] = ()
    client_authorities: tuple[str, ...] = ()
    revocation_files: tuple[RevocationFile, ...] = ()
    loaded_at: datetime | None = None
    fault: str | None = None


class TlsPort(Protocol):
    """TLS for chargers as this process serves it."""

    def state(self) -> TlsState:
        """Return what is in force."""
        ...

    async def reload(self) -> TlsState:
        """Read certificates, keys and lists again; no open socket is touched.

        Raises TlsFilesUnusableError, and then all stays as it was.
        """
        ...
