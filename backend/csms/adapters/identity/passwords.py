"""Passwords of people: argon2id, in threads, a few at a time."""

import asyncio
from typing import Final

import argon2

CONCURRENT_HASHES: Final = 4
"""Each takes 64 MiB for some ten milliseconds; more at once would only fight for the cores."""


class Argon2PasswordHasher:
    """The domain's PasswordHasher on argon2-cffi's defaults (RFC 9106, low memory)."""

    def __init__(self, hasher: argon2.PasswordHasher | None = None) -> None:
        self._hasher = hasher or argon2.PasswordHasher()
        self._slots = asyncio.Semaphore(CONCURRENT_HASHES)
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        """Return the hash as text that carries salt and parameters."""
        async with self._slots:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether the password fits; without a hash one of nobody is checked, for equal time."""
        if self._nobody is None:
            self._nobody = await self.hash("nobody's password")
        async with self._slots:
            fits = await asyncio.to_thread(self._fits, password_hash or self._nobody, password)
        return fits and password_hash is not None

    def _fits(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (argon2.exceptions.VerifyMismatchError, argon2.exceptions.InvalidHashError):
            return False
