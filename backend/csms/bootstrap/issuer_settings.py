"""Settings about other issuers: Clerk, or any OpenID Connect provider."""

import base64
import binascii
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode

from csms.adapters.identity.clerk_api import CLERK_API
from csms.adapters.identity.external_tokens import public_key_of
from csms.adapters.identity.jwks import LOOPBACK
from csms.domain.identity.webhook_signatures import BadSigningSecretError, signing_key


def clerk_issuer_of(publishable_key: str) -> str:
    """Return the issuer that a publishable key names. Raises ValueError."""
    kind, _, text = publishable_key.rpartition("_")
    try:
        host = base64.b64decode(text + "=" * (-len(text) % 4), validate=True).decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise ValueError(
            "must be pk_test_ or pk_live_ and what follows, as Clerk shows it"
        ) from error
    is_host = host.endswith("$") and "." in host and not set(host[:-1]) & set("/\\@?# $")
    if kind not in {"pk_test", "pk_live"} or not is_host:
        raise ValueError("must be pk_test_ or pk_live_ and what follows, as Clerk shows it")
    return f"https://{host[:-1]}"


class IssuerSettings(BaseSettings):
    """What `Settings` knows of other issuers; checked together with the rest."""

    clerk_secret_key: SecretStr | None = None
    clerk_jwt_verification_key: SecretStr | None = None
    clerk_webhook_secret: SecretStr | None = None
    next_public_clerk_publishable_key: str | None = None
    clerk_issuer: str | None = None
    clerk_api_url: str = CLERK_API
    clerk_authorized_parties: Annotated[tuple[str, ...], NoDecode] = ()
    oidc_issuer: str | None = Field(default=None, alias="CSMS_OIDC_ISSUER")
    oidc_client_id: str | None = Field(default=None, alias="CSMS_OIDC_CLIENT_ID")
    oidc_client_secret: SecretStr | None = Field(default=None, alias="CSMS_OIDC_CLIENT_SECRET")
    oidc_audience: str | None = Field(default=None, alias="CSMS_OIDC_AUDIENCE")
    oidc_scopes: str = Field(default="openid email profile", alias="CSMS_OIDC_SCOPES")
    oidc_role_claim: str = Field(default="metadata.role", alias="CSMS_OIDC_ROLE_CLAIM")
    oidc_name: str = Field(default="OpenID Connect", alias="CSMS_OIDC_NAME")

    @field_validator("clerk_jwt_verification_key")
    @classmethod
    def _key_is_rsa(cls, pem: SecretStr | None) -> SecretStr | None:
        if pem is not None:
            public_key_of(pem.get_secret_value())
        return pem

    @field_validator("clerk_webhook_secret")
    @classmethod
    def _secret_is_one(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None:
            try:
                signing_key(secret.get_secret_value())
            except BadSigningSecretError as error:
                raise ValueError(error.detail) from error
        return secret

    @field_validator("next_public_clerk_publishable_key")
    @classmethod
    def _publishable_key_names_an_issuer(cls, key: str | None) -> str | None:
        if key is not None:
            clerk_issuer_of(key)
        return key

    @field_validator("clerk_authorized_parties", mode="before")
    @classmethod
    def _split_parties(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
        return value

    @field_validator("clerk_issuer", "oidc_issuer")
    @classmethod
    def _issuer_is_https(cls, url: str | None) -> str | None:
        if url is not None:
            parts = urlsplit(url)
            is_local = parts.scheme == "http" and parts.hostname in LOOPBACK
            if not (parts.scheme == "https" or is_local) or not parts.netloc:
                raise ValueError("must be an https URL")
        return url

    @property
    def has_clerk(self) -> bool:
        """Whether Clerk signs people in."""
        return (
            self.clerk_jwt_verification_key is not None
            or self.next_public_clerk_publishable_key is not None
            or self.clerk_issuer is not None
        )

    @property
    def known_clerk_issuer(self) -> str | None:
        """Return Clerk's name as an issuer, None when only its key is known."""
        if self.clerk_issuer is not None:
            return self.clerk_issuer
        key = self.next_public_clerk_publishable_key
        return None if key is None else clerk_issuer_of(key)

    def issuer_faults(self) -> list[str]:
        """Return what does not go together, a sentence each."""
        faults = []
        if self.has_clerk and self.oidc_issuer is not None:
            faults.append("Clerk and CSMS_OIDC_ISSUER are both set; choose one")
        if (self.clerk_secret_key or self.clerk_webhook_secret) and not self.has_clerk:
            faults.append(
                "CLERK_SECRET_KEY and CLERK_WEBHOOK_SECRET need CLERK_JWT_VERIFICATION_KEY, "
                "NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY or CLERK_ISSUER"
            )
        if (self.oidc_issuer is None) != (self.oidc_client_id is None):
            faults.append("CSMS_OIDC_ISSUER and CSMS_OIDC_CLIENT_ID go together; set both")
        return faults
