"""Does a charger prove who it is? HTTP Basic as chargers speak it (OCPP-J 1.6 §6.2.2)."""

import asyncio
import base64
import binascii
import hashlib
import hmac
import secrets
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from csms.domain.stations.credentials import is_key_of
from csms.domain.stations.handshakes import KnownCharger, StoredCredential

HEX_KEY_RULE: Final = "hex-authorization-key"
"""Leniency: the charger presents the hex text of AuthorizationKey instead of the bytes it means."""
_HEX_DIGITS_MIN, _HEX_DIGITS_MAX = 32, 40


class BadAuthorizationError(ValueError):
    """The Authorization header is there and cannot be the charger's."""


def basic_key(authorization: bytes, charge_point_id: str) -> bytes:
    """Return the key in an Authorization header; id and key may hold colons, the key any byte.

    Raises BadAuthorizationError when it is not Basic, not base64, or names another charger.
    """
    scheme, _, encoded = authorization.partition(b" ")
    if scheme.lower() != b"basic":
        raise BadAuthorizationError("the Authorization header is not Basic")
    encoded = encoded.strip()
    try:
        pair = base64.b64decode(encoded + b"=" * (-len(encoded) % 4), validate=True)
    except binascii.Error:
        raise BadAuthorizationError("the Basic credentials are not base64") from None
    user = charge_point_id.encode() + b":"
    if not pair.startswith(user):
        raise BadAuthorizationError("the Basic user is not the charge point id of the URL")
    return pair[len(user) :]


def keys_meant(key: bytes, known: KnownCharger) -> tuple[bytes, ...]:
    """Return what a presented key can mean: itself, and the bytes that its hex text names."""
    if known.is_strict or HEX_KEY_RULE in known.leniency_off:
        return (key,)
    if not _HEX_DIGITS_MIN <= len(key) <= _HEX_DIGITS_MAX:
        return (key,)
    try:
        return key, bytes.fromhex(key.decode("ascii"))
    except ValueError:
        return (key,)


class KeyVerifier:
    """Checks keys: generated ones at once, chosen ones in a thread with a memory of successes."""

    def __init__(self, server_key: bytes, *, remembered_max: int, threads: int) -> None:
        self._server_key = server_key
        self._memory_key = secrets.token_bytes(32)
        self._remembered: OrderedDict[bytes, None] = OrderedDict()
        self._remembered_max = remembered_max
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="charger-keys")

    def match_quickly(self, known: KnownCharger, key: bytes) -> StoredCredential | None:
        """Return the credential that `key` matches without a slow hash, or None."""
        for meant in keys_meant(key, known):
            for credential in known.credentials:
                if credential.kind == "generated":
                    if is_key_of(credential, meant, self._server_key):
                        return credential
                elif self._is_remembered(credential, meant):
                    return credential
        return None

    async def match_slowly(self, known: KnownCharger, key: bytes) -> StoredCredential | None:
        """Return the chosen credential that `key` matches, or None. Takes tens of milliseconds."""
        loop = asyncio.get_running_loop()
        for meant in keys_meant(key, known):
            for credential in known.credentials:
                if credential.kind == "chosen" and await loop.run_in_executor(
                    self._executor, is_key_of, credential, meant, self._server_key
                ):
                    self._remember(credential, meant)
                    return credential
        return None

    def close(self) -> None:
        """End the threads."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _digest(self, credential: StoredCredential, key: bytes) -> bytes:
        # The stored hash is part of it, so a changed key is never taken for the old one.
        return hmac.digest(self._memory_key, credential.hash + b"\0" + key, hashlib.sha256)

    def _is_remembered(self, credential: StoredCredential, key: bytes) -> bool:
        digest = self._digest(credential, key)
        if digest not in self._remembered:
            return False
        self._remembered.move_to_end(digest)
        return True

    def _remember(self, credential: StoredCredential, key: bytes) -> None:
        self._remembered[self._digest(credential, key)] = None
        if len(self._remembered) > self._remembered_max:
            self._remembered.popitem(last=False)
