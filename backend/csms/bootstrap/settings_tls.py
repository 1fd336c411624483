"""Settings of TLS for chargers: the port, certificates, our authority, proxies of ours."""

import ipaddress
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode

Names = Annotated[tuple[str, ...], NoDecode]
Files = Annotated[tuple[Path, ...], NoDecode]


class TlsSettings(BaseSettings):
    """What security profiles 2 and 3 need; part of Settings."""

    ocpp_tls_port: int | None = Field(default=None, alias="CSMS_OCPP_TLS_PORT", ge=1, le=65535)
    ocpp_tls_url: str | None = Field(default=None, alias="CSMS_OCPP_TLS_URL")
    operator_name: str = Field(
        default="CSMS", alias="CSMS_OPERATOR_NAME", min_length=1, max_length=64
    )
    trusted_organizations: Names = Field(default=(), alias="CSMS_TRUSTED_ORGANIZATIONS")
    tls_rsa_certificate: Path | None = Field(default=None, alias="CSMS_TLS_RSA_CERTIFICATE")
    tls_rsa_key: Path | None = Field(default=None, alias="CSMS_TLS_RSA_KEY")
    tls_ecdsa_certificate: Path | None = Field(default=None, alias="CSMS_TLS_ECDSA_CERTIFICATE")
    tls_ecdsa_key: Path | None = Field(default=None, alias="CSMS_TLS_ECDSA_KEY")
    tls_client_ca: Path | None = Field(default=None, alias="CSMS_TLS_CLIENT_CA")
    tls_crls: Files = Field(default=(), alias="CSMS_TLS_CRLS")
    tls_names: Names = Field(default=(), alias="CSMS_TLS_NAMES")
    tls_certificate_hours: int = Field(
        default=2160, alias="CSMS_TLS_CERTIFICATE_HOURS", ge=1, le=19_200
    )
    tls_watch_s: float = Field(default=10, alias="CSMS_TLS_WATCH_S", gt=0, le=3600)
    ca_passphrase: SecretStr | None = Field(default=None, alias="CSMS_CA_PASSPHRASE")
    ca_auto_sign: bool = Field(default=False, alias="CSMS_CA_AUTO_SIGN")
    ca_charger_days: int = Field(default=365, alias="CSMS_CA_CHARGER_DAYS", ge=1, le=3650)
    trusted_proxies: Names = Field(default=(), alias="CSMS_TRUSTED_PROXIES")
    proxy_certificate_header: str | None = Field(
        default=None, alias="CSMS_PROXY_CERTIFICATE_HEADER", pattern=r"^[A-Za-z0-9-]+$"
    )

    @field_validator(
        "trusted_organizations", "tls_crls", "tls_names", "trusted_proxies", mode="before"
    )
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("ocpp_tls_url")
    @classmethod
    def _tls_url_is_wss(cls, url: str | None) -> str | None:
        if url is None:
            return None
        parts = urlsplit(url)
        if parts.scheme != "wss" or not parts.netloc:
            raise ValueError("must be a wss URL, such as wss://chargers.example.org")
        return url.rstrip("/").removesuffix("/ocpp")

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies_are_addresses(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        for proxy in proxies:
            if proxy in {"*", "unix"}:
                continue
            try:
                ipaddress.ip_network(proxy, strict=False)
            except ValueError:
                raise ValueError(
                    f"{proxy!r} is neither an address nor a network such as 10.0.0.0/8"
                ) from None
        return proxies

    @model_validator(mode="after")
    def _pairs_are_whole(self) -> "TlsSettings":
        for name, certificate, key in (
            ("RSA", self.tls_rsa_certificate, self.tls_rsa_key),
            ("ECDSA", self.tls_ecdsa_certificate, self.tls_ecdsa_key),
        ):
            if (certificate is None) != (key is None):
                raise ValueError(
                    f"CSMS_TLS_{name}_CERTIFICATE and CSMS_TLS_{name}_KEY go together; set both"
                )
        if self.proxy_certificate_header is not None and not self.trusted_proxies:
            raise ValueError(
                "CSMS_PROXY_CERTIFICATE_HEADER counts only from CSMS_TRUSTED_PROXIES; set both"
            )
        return self

    def served_profiles(self, public_url: str | None) -> frozenset[int]:
        """Return the security profiles that a charger can have here."""
        profiles = {0, 1}
        is_behind_tls = bool(self.trusted_proxies) and (public_url or "").startswith("https://")
        if self.ocpp_tls_port is not None or is_behind_tls:
            profiles.add(2)
        if self.ocpp_tls_port is not None or (
            is_behind_tls and self.proxy_certificate_header is not None
        ):
            profiles.add(3)
        return frozenset(profiles)
