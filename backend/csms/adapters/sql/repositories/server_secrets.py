"""Secrets of the server: made once, the same for every process."""

import secrets
from typing import Final

from csms.adapters.sql.engine import Database

TOKEN_SIGNING: Final = "token_signing"  # noqa: S105  # the name of it
CHARGER_KEYS: Final = "charger_keys"
CSRF_TOKENS: Final = "csrf_tokens"
KEPT_ANSWERS: Final = "kept_answers"
SIGN_IN_STATE: Final = "sign_in_state"
SECOND_FACTORS: Final = "second_factors"
SECRET_BYTES: Final = 32


async def server_secret(database: Database, name: str) -> bytes:
    """Return the secret of that name, making it at the first call; safe among many processes."""
    await database.pool.execute(
        "INSERT INTO server_secret (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
        name,
        secrets.token_bytes(SECRET_BYTES),
    )
    found = await database.pool.fetchval("SELECT value FROM server_secret WHERE name = $1", name)
    return bytes(found)
