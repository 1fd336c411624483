"""Where chargers connect, by what their security profile asks for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OcppUrls:
    """Base addresses without a charge point id; `tls` is None where chargers get no TLS."""

    plain: str
    tls: str | None = None

    def of(self, security_profile: int) -> str:
        """Return the address for a charger of that profile (whitepaper §2)."""
        return self.tls if security_profile >= 2 and self.tls is not None else self.plain
