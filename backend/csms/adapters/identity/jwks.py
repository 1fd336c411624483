"""The public keys of an issuer (RFC 7517): fetched when needed, kept, never fetched in a rush."""

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import jwt
import structlog

from csms.domain.identity.errors import BadTokenError, IssuerUnreachableError

FETCH_TIMEOUT_S: Final = 5.0
FRESH_S: Final = 3600.0
STALE_S: Final = 86400.0
"""How long known keys serve while the issuer does not answer."""
PAUSE_S: Final = 30.0
"""Between two fetches for keys that are not known: strangers can name any key."""
FAILURE_PAUSES_S: Final = (1.0, 2.0, 5.0, 15.0, 60.0)
MAX_BYTES: Final = 256 * 1024
MAX_KEYS: Final = 50
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})

_log = structlog.get_logger(__name__)


class JsonFetcher:
    """Gets JSON documents of an issuer, bounded in time and size, without redirects."""

    def __init__(self, timeout_s: float = FETCH_TIMEOUT_S) -> None:
        self._client = httpx.AsyncClient(timeout=timeout_s, follow_redirects=False)
        self._timeout_s = timeout_s

    async def get(self, url: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
        """Return the document. Raises IssuerUnreachableError."""
        return await self._document("GET", url, headers=headers)

    async def post_form(self, url: str, form: dict[str, str]) -> dict[str, Any]:
        """Send a form and return the answer. Raises IssuerUnreachableError."""
        return await self._document("POST", url, form=form)

    async def close(self) -> None:
        """Close idle connections."""
        await self._client.aclose()

    async def _document(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str] | None = None,
        form: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        require_safe_url(url)
        try:
            async with (
                asyncio.timeout(self._timeout_s * 2),
                self._client.stream(method, url, headers=headers, data=form) as answer,
            ):
                body = b""
                async for part in answer.aiter_bytes():
                    body += part
                    if len(body) > MAX_BYTES:
                        raise IssuerUnreachableError(f"{url} answers more than {MAX_BYTES} bytes")
            answer.raise_for_status()
            found = httpx.Response(200, content=body).json()
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            raise IssuerUnreachableError(f"{url} cannot be used: {error}") from error
        if not isinstance(found, dict):
            raise IssuerUnreachableError(f"{url} answers something else than an object")
        return found


def require_safe_url(url: str) -> None:
    """Raise IssuerUnreachableError unless it is https, or on this very machine."""
    parts = urlsplit(url)
    is_local = parts.scheme == "http" and parts.hostname in LOOPBACK
    if parts.scheme != "https" and not is_local:
        raise IssuerUnreachableError(f"{url} is not https")


class JwksCache:
    """Keys by their id. One fetch at a time, whoever waits for it; `now` is monotonic seconds."""

    def __init__(
        self, fetcher: JsonFetcher, url: str, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._fetcher = fetcher
        self._url = url
        self._now = now
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_at: float | None = None
        self._next_try_at = float("-inf")
        self._failures = 0
        self._lock = asyncio.Lock()

    async def key(self, key_id: str) -> jwt.PyJWK:
        """Return a key. Raises BadTokenError when the issuer has none of that id, and
        IssuerUnreachableError when nothing is known and the issuer does not answer."""
        if key_id not in self._keys or self._is_older_than(FRESH_S):
            await self._refresh(key_id)
        if self._fetched_at is None or self._is_older_than(STALE_S):
            raise IssuerUnreachableError("whoever signs people in does not answer at present")
        found = self._keys.get(key_id)
        if found is None:
            raise BadTokenError("the token is signed with a key that its issuer does not have")
        return found

    async def _refresh(self, key_id: str) -> None:
        async with self._lock:
            is_known = key_id in self._keys and not self._is_older_than(FRESH_S)
            if is_known or self._now() < self._next_try_at:
                return
            try:
                document = await self._fetcher.get(self._url)
                self._keys = _rsa_keys(document)
            except IssuerUnreachableError as error:
                pause_s = FAILURE_PAUSES_S[min(self._failures, len(FAILURE_PAUSES_S) - 1)]
                self._failures += 1
                self._next_try_at = self._now() + pause_s
                _log.warning("issuer_keys_not_fetched", error=error.detail, pause_s=pause_s)
                return
            self._failures = 0
            self._fetched_at = self._now()
            self._next_try_at = self._now() + PAUSE_S

    def _is_older_than(self, age_s: float) -> bool:
        return self._fetched_at is None or self._now() - self._fetched_at > age_s


def _rsa_keys(document: dict[str, Any]) -> dict[str, jwt.PyJWK]:
    """Return the RSA signing keys; others are none of ours, and a broken one spoils no other."""
    listed = document.get("keys")
    if not isinstance(listed, list):
        raise IssuerUnreachableError("the issuer's document lists no keys")
    keys: dict[str, jwt.PyJWK] = {}
    for one in listed[:MAX_KEYS]:
        if not isinstance(one, dict) or one.get("kty") != "RSA" or one.get("use", "sig") != "sig":
            continue
        try:
            keys[str(one["kid"])] = jwt.PyJWK(one, algorithm="RS256")
        except (KeyError, jwt.PyJWTError, ValueError):
            _log.warning("issuer_key_unreadable", key_id=str(one.get("kid")))
    return keys
