"""What is stored of chargers' keys, under the server's key."""

import asyncio

from csms.domain.stations.credentials import chosen_key_hash, generated_key_hash, new_salt
from csms.domain.stations.handshakes import StoredCredential


class StoredChargerKeys:
    """The domain's ChargerKeys port. `server_key` is the one that the gateway checks with."""

    def __init__(self, server_key: bytes) -> None:
        self._server_key = server_key

    async def generated(self, key: str) -> StoredCredential:
        """Return a salted HMAC of a key with full entropy."""
        salt = new_salt()
        return StoredCredential(
            id=0,
            kind="generated",
            hash=generated_key_hash(key.encode(), salt, self._server_key),
            salt=salt,
        )

    async def chosen(self, key: str) -> StoredCredential:
        """Return an argon2 hash of a key that a person chose."""
        hashed = await asyncio.to_thread(chosen_key_hash, key.encode())
        return StoredCredential(id=0, kind="chosen", hash=hashed)
