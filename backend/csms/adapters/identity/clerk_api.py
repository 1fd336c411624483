"""Clerk's Backend API, for what its session tokens do not say: address and name."""

from typing import Final
from urllib.parse import quote

from csms.adapters.identity.jwks import JsonFetcher
from csms.domain.identity.clerk_events import read_user
from csms.domain.identity.errors import IssuerUnreachableError
from csms.domain.identity.external import ExternalProfile

CLERK_API: Final = "https://api.clerk.com"


class ClerkApi:
    """The domain's ProfileSource."""

    def __init__(self, fetcher: JsonFetcher, secret_key: str, issuer: str, url: str) -> None:
        self._fetcher = fetcher
        self._headers = {"Authorization": f"Bearer {secret_key}"}
        self._issuer = issuer
        self._url = url.rstrip("/")

    async def profile(self, subject: str) -> ExternalProfile:
        """Return what Clerk knows now. Raises IssuerUnreachableError."""
        address = f"{self._url}/v1/users/{quote(subject, safe='')}"
        user = await self._fetcher.get(address, headers=self._headers)
        try:
            return read_user(self._issuer, user)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise IssuerUnreachableError(f"Clerk's answer cannot be read: {error!r}") from error
