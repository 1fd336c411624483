"""Keys of chargers: how they are made, and how they are stored (RULES: OCPP-J 1.6 §6.2, WP A00).

Both the API, which sets them, and the gateway, which checks them, use these functions.
"""

import hashlib
import hmac
import secrets
import string
from typing import Final

import argon2

from csms.domain.stations.handshakes import StoredCredential

KEY_ALPHABET: Final = string.ascii_letters + string.digits + "!#$%()*+,-./:;<=>?@[]^_{|}~"
"""Printable ASCII without quotes, backslash and ampersand, which break in URLs and scripts."""
KEY_LENGTH: Final = 20
"""20 characters out of 89 hold 129 bits, and their hex text has the 40 digits of AuthorizationKey."""
SALT_LENGTH: Final = 16

_argon2 = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def generate_key() -> str:
    """Return a new key: 20 printable ASCII characters with at least 128 bits of entropy."""
    return "".join(secrets.choice(KEY_ALPHABET) for _ in range(KEY_LENGTH))


def authorization_key_of(key: str) -> str:
    """Return the hex text that configuration key AuthorizationKey carries for `key`."""
    return key.encode().hex()


def new_salt() -> bytes:
    """Return a random salt for `generated_key_hash`."""
    return secrets.token_bytes(SALT_LENGTH)


def generated_key_hash(key: bytes, salt: bytes, server_key: bytes) -> bytes:
    """Return what is stored of a generated key. Its entropy makes a slow hash needless."""
    return hmac.digest(server_key, salt + key, hashlib.sha256)


def chosen_key_hash(key: bytes) -> bytes:
    """Return what is stored of a key that a person chose: argon2id. Slow: call it in a thread."""
    return _argon2.hash(key).encode()


def is_key_of(credential: StoredCredential, key: bytes, server_key: bytes) -> bool:
    """Whether `key` is the one that is stored. Slow for chosen keys: call it in a thread."""
    if credential.kind == "generated":
        presented = generated_key_hash(key, credential.salt, server_key)
        return hmac.compare_digest(presented, credential.hash)
    try:
        return _argon2.verify(credential.hash.decode(), key)
    except (argon2.exceptions.VerifyMismatchError, argon2.exceptions.InvalidHashError):
        return False
