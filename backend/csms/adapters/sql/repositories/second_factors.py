"""Second factors: TOTP secrets, sealed under a key of the server, and recovery codes' hashes."""

import secrets
from datetime import datetime
from typing import Final

import asyncpg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from csms.adapters.sql.engine import Database
from csms.adapters.sql.repositories.audit_entries import record_change
from csms.domain.identity.accounts import Account
from csms.domain.identity.actor import Actor
from csms.domain.identity.session_ports import StoredFactor
from csms.kernel.ids import UserId

NONCE_BYTES: Final = 12

_PROPOSE = """
INSERT INTO second_factor (user_id, organization_id, sealed_secret) VALUES ($1, $2, $3)
ON CONFLICT (user_id) DO UPDATE SET sealed_secret = excluded.sealed_secret, last_step = 0,
  created_at = now() WHERE second_factor.confirmed_at IS NULL
RETURNING user_id
"""
_CONFIRM = """
UPDATE second_factor SET confirmed_at = $2, last_step = $3
 WHERE user_id = $1 AND confirmed_at IS NULL RETURNING user_id
"""
_ADD_CODES = """
INSERT INTO recovery_code (organization_id, user_id, hash) SELECT $1, $2, unnest($3::bytea[])
"""
_USE_CODE = """
UPDATE recovery_code SET used_at = $3 WHERE user_id = $1 AND hash = $2 AND used_at IS NULL
RETURNING id
"""


class SqlSecondFactors:
    """The domain's SecondFactorStore. `sealing_key` has 32 bytes."""

    def __init__(self, database: Database, sealing_key: bytes) -> None:
        self._database = database
        self._cipher = AESGCM(sealing_key)

    async def find(self, user_id: UserId) -> StoredFactor | None:
        """Return a person's secret, confirmed or not."""
        row = await self._database.pool.fetchrow(
            "SELECT * FROM second_factor WHERE user_id = $1", user_id
        )
        if row is None:
            return None
        return StoredFactor(
            secret=self._opened(user_id, row["sealed_secret"]),
            last_step=row["last_step"],
            is_confirmed=row["confirmed_at"] is not None,
        )

    async def propose(self, account: Account, secret: str) -> bool:
        """Keep an unconfirmed secret in place of an earlier one; False when one is confirmed."""
        made = await self._database.pool.fetchval(
            _PROPOSE, account.id, account.organization_id, self._sealed(account.id, secret)
        )
        return made is not None

    async def confirm(
        self, actor: Actor, account: Account, step: int, code_hashes: list[bytes], now: datetime
    ) -> bool:
        """Make the proposed secret count, with fresh recovery codes; False when one counts."""
        async with self._database.writes(actor.organization_id) as connection:
            if await connection.fetchval(_CONFIRM, account.id, now, step) is None:
                return False
            await _replace_codes(connection, account, code_hashes)
            await record_change(
                connection, actor, "second_factor.switched_on", ("user", account.id)
            )
        return True

    async def use_step(self, user_id: UserId, step: int) -> bool:
        """Take a time step for its one use; False when it or a later one was used before."""
        taken = await self._database.pool.fetchval(
            "UPDATE second_factor SET last_step = $2 WHERE user_id = $1 AND last_step < $2 "
            "RETURNING user_id",
            user_id,
            step,
        )
        return taken is not None

    async def use_recovery_code(self, user_id: UserId, code_hash: bytes, now: datetime) -> bool:
        """Take a recovery code for its one use; False when there is none like it."""
        used = await self._database.pool.fetchval(_USE_CODE, user_id, code_hash, now)
        return used is not None

    async def replace_codes(self, actor: Actor, account: Account, code_hashes: list[bytes]) -> None:
        """Put fresh recovery codes in place of all others, with an audit entry."""
        async with self._database.writes(actor.organization_id) as connection:
            await _replace_codes(connection, account, code_hashes)
            await record_change(
                connection, actor, "second_factor.codes_renewed", ("user", account.id)
            )

    async def codes_left(self, user_id: UserId) -> int:
        """Return how many recovery codes were not used yet."""
        return int(
            await self._database.pool.fetchval(
                "SELECT count(*) FROM recovery_code WHERE user_id = $1 AND used_at IS NULL", user_id
            )
        )

    async def remove(self, actor: Actor, user_id: UserId) -> bool:
        """Forget secret and codes, with an audit entry; False when there was none."""
        async with self._database.writes(actor.organization_id) as connection:
            gone = await connection.fetchval(
                "DELETE FROM second_factor WHERE user_id = $1 AND organization_id = $2 "
                "AND confirmed_at IS NOT NULL RETURNING user_id",
                user_id,
                actor.organization_id,
            )
            if gone is None:
                return False
            await connection.execute("DELETE FROM recovery_code WHERE user_id = $1", user_id)
            await record_change(connection, actor, "second_factor.switched_off", ("user", user_id))
        return True

    def _sealed(self, user_id: UserId, secret: str) -> bytes:
        """Return nonce and ciphertext, bound to the person: rows cannot be swapped."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), _bound_to(user_id))

    def _opened(self, user_id: UserId, sealed: bytes) -> str:
        nonce, text = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        return self._cipher.decrypt(nonce, text, _bound_to(user_id)).decode()


async def _replace_codes(
    connection: asyncpg.Connection, account: Account, code_hashes: list[bytes]
) -> None:
    await connection.execute("DELETE FROM recovery_code WHERE user_id = $1", account.id)
    await connection.execute(_ADD_CODES, account.organization_id, account.id, code_hashes)


def _bound_to(user_id: UserId) -> bytes:
    return f"second factor of user {user_id}".encode()
