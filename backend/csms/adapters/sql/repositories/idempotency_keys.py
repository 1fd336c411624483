"""Unsafe calls that carried a key, with their answers, which are kept encrypted."""

import base64
import os
from datetime import timedelta
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from csms.adapters.sql.engine import Database
from csms.adapters.sql.texts import storable
from csms.domain.identity.actor import Actor
from csms.domain.identity.repeated_calls import (
    CallInProgressError,
    CallKeyReusedError,
    KeptAnswer,
    KeyedCall,
)

LIFETIME: Final = timedelta(hours=24)
_NONCE_BYTES: Final = 12

_FORGET = "DELETE FROM idempotency_key WHERE user_id = $1 AND key = $2 AND created_at < now() - $3::interval"
_BEGIN = """
INSERT INTO idempotency_key (organization_id, user_id, key, method, path, body_hash)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (user_id, key) DO NOTHING RETURNING id
"""
_FOUND = "SELECT * FROM idempotency_key WHERE user_id = $1 AND key = $2"
_KEEP = "UPDATE idempotency_key SET status = $3, response = $4 WHERE user_id = $1 AND key = $2"
_RELEASE = "DELETE FROM idempotency_key WHERE user_id = $1 AND key = $2 AND status IS NULL"


class SqlRepeatedCalls:
    """The RepeatedCalls port. `secret` has 32 bytes; answers can hold a password shown once."""

    def __init__(self, database: Database, secret: bytes) -> None:
        self._database = database
        self._cipher = AESGCM(secret)

    async def begin(self, actor: Actor, call: KeyedCall) -> KeptAnswer | None:
        """Return the first answer of a repeat, or None when the call is to be made now."""
        pool = self._database.pool
        key = storable(call.key)
        await pool.execute(_FORGET, actor.user_id, key, LIFETIME)
        is_new = await pool.fetchval(
            _BEGIN,
            actor.organization_id,
            actor.user_id,
            key,
            call.method,
            storable(call.path),
            call.body_hash,
        )
        if is_new is not None:
            return None
        row = await pool.fetchrow(_FOUND, actor.user_id, key)
        asked = (call.method, storable(call.path), call.body_hash)
        if row is not None and asked != (row["method"], row["path"], bytes(row["body_hash"])):
            raise CallKeyReusedError("this Idempotency-Key belongs to another call")
        if row is None or row["status"] is None:
            raise CallInProgressError("the first call with this Idempotency-Key is not done yet")
        return KeptAnswer(row["status"], self._opened(row["response"], row["user_id"]))

    async def keep(self, actor: Actor, call: KeyedCall, answer: KeptAnswer) -> None:
        """Keep the answer for the repeats."""
        await self._database.pool.execute(
            _KEEP,
            actor.user_id,
            storable(call.key),
            answer.status,
            self._sealed(answer.body, actor.user_id or 0),
        )

    async def release(self, actor: Actor, call: KeyedCall) -> None:
        """Forget the call: it changed nothing."""
        await self._database.pool.execute(_RELEASE, actor.user_id, storable(call.key))

    def _sealed(self, body: bytes, user_id: int) -> str:
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, body, str(user_id).encode())
        return base64.b64encode(nonce + sealed).decode()

    def _opened(self, text: str, user_id: int) -> bytes:
        sealed = base64.b64decode(text)
        nonce, body = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        return self._cipher.decrypt(nonce, body, str(user_id).encode())
