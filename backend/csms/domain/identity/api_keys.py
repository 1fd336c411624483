"""API keys: what a person gives a program, narrowed, expiring, revocable. Only a hash is kept."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from csms.domain.identity.accounts import Account
from csms.domain.identity.actor import Actor
from csms.domain.identity.errors import BadTokenError
from csms.domain.identity.permissions import GRANTABLE_TO_KEYS, KeyLimits, Permission
from csms.kernel.clock import Clock
from csms.kernel.errors import ConflictError, InvalidError, NotFoundError
from csms.kernel.ids import StationId, UserId

KEY_MARK: Final = "csms_"
"""Keys are told from tokens, and found by secret scanners, by how they begin."""
PREFIX_LENGTH: Final = len(KEY_MARK) + 8
SECRET_BYTES: Final = 32
DEFAULT_LIFETIME: Final = timedelta(days=365)
LONGEST_LIFETIME: Final = timedelta(days=5 * 365)
MAX_KEYS: Final = 200
"""Valid ones, in an organization."""
USE_NOTED_EVERY: Final = timedelta(minutes=1)


class ApiKeyNotFoundError(NotFoundError):
    """No such key in this organization."""


class BadApiKeyPlanError(InvalidError):
    """What the key shall be does not make sense; `detail` says why."""


class TooManyApiKeysError(ConflictError):
    """The organization has as many valid keys as it may have."""


@dataclass(frozen=True, slots=True)
class ApiKeyPlan:
    """What a key is made for; `stations` None: wherever its owner may go."""

    name: str
    permissions: frozenset[Permission]
    stations: frozenset[StationId] | None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """A key to be stored."""

    name: str
    prefix: str
    secret_hash: bytes
    limits: KeyLimits
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class StoredApiKey:
    """A key as it is kept, with whose it is."""

    id: int
    owner: Account
    prefix: str
    secret_hash: bytes
    limits: KeyLimits
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class MadeApiKey:
    """The key itself: shown now and never again."""

    id: int
    key: str


class ApiKeyStore(Protocol):
    """Keeps keys. Each change is one database transaction with one audit entry."""

    async def add(self, actor: Actor, owner_id: UserId, new: NewApiKey, *, at_most: int) -> int:
        """Store a key. Raises TooManyApiKeysError, StationNotFoundError."""
        ...

    async def revoke(self, actor: Actor, key_id: int, at: datetime) -> None:
        """End a key; a second time nothing happens. Raises ApiKeyNotFoundError."""
        ...

    async def find(self, prefix: str) -> StoredApiKey | None:
        """Return the key of any organization."""
        ...

    async def note_use(self, key_id: int, at: datetime, address: str | None) -> None:
        """Keep when and from where the key was used last."""
        ...


class ApiKeys:
    """Makes, ends and recognises keys."""

    def __init__(self, store: ApiKeyStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def create(self, actor: Actor, plan: ApiKeyPlan) -> MadeApiKey:
        """Make a key that acts for the person who makes it, within what it is narrowed to.

        Raises PermissionMissingError, BadApiKeyPlanError, TooManyApiKeysError,
        StationNotFoundError.
        """
        actor.require_everywhere("access.manage")
        if actor.user_id is None:
            raise BadApiKeyPlanError("a key belongs to a person; the server has none")
        self._check(actor, plan)
        now = self._clock.now()
        key = KEY_MARK + secrets.token_hex(4) + "_" + secrets.token_urlsafe(SECRET_BYTES)
        new = NewApiKey(
            name=plan.name.strip(),
            prefix=key[:PREFIX_LENGTH],
            secret_hash=_hashed(key),
            limits=KeyLimits(plan.permissions, plan.stations),
            expires_at=plan.expires_at or now + DEFAULT_LIFETIME,
        )
        return MadeApiKey(await self._store.add(actor, actor.user_id, new, at_most=MAX_KEYS), key)

    async def revoke(self, actor: Actor, key_id: int) -> None:
        """End a key from now on. Raises PermissionMissingError, ApiKeyNotFoundError."""
        actor.require_everywhere("access.manage")
        await self._store.revoke(actor, key_id, self._clock.now())

    async def authenticate(self, key: str, address: str | None) -> StoredApiKey:
        """Return whose key it is. Raises BadTokenError; which of the reasons is not said."""
        now = self._clock.now()
        found = await self._store.find(key[:PREFIX_LENGTH])
        known = found.secret_hash if found is not None else bytes(32)
        fits = hmac.compare_digest(known, _hashed(key))
        if (
            found is None
            or not fits
            or found.revoked_at is not None
            or found.expires_at <= now
            or not found.owner.is_active
        ):
            raise BadTokenError("the API key is not valid: unknown, expired or revoked")
        if found.last_used_at is None or now - found.last_used_at >= USE_NOTED_EVERY:
            await self._store.note_use(found.id, now, address)
        return found

    def _check(self, actor: Actor, plan: ApiKeyPlan) -> None:
        now = self._clock.now()
        if not plan.permissions:
            raise BadApiKeyPlanError("a key needs at least one permission", field="permissions")
        refused = sorted(plan.permissions - GRANTABLE_TO_KEYS)
        if refused:
            raise BadApiKeyPlanError(
                f"no key can be given {', '.join(refused)}", field="permissions"
            )
        missing = sorted(p for p in plan.permissions if not actor.may(p))
        if missing:
            raise BadApiKeyPlanError(
                f"you do not hold {', '.join(missing)} yourself", field="permissions"
            )
        if plan.stations is not None and not plan.stations:
            raise BadApiKeyPlanError(
                "name a station, or leave station_ids out", field="station_ids"
            )
        if plan.expires_at is not None and not (now < plan.expires_at <= now + LONGEST_LIFETIME):
            raise BadApiKeyPlanError(
                "expires_at must lie ahead, by at most five years", field="expires_at"
            )


def is_api_key(token: str) -> bool:
    """Whether a bearer token is meant to be an API key."""
    return token.startswith(KEY_MARK)


def _hashed(key: str) -> bytes:
    """Keys have 256 random bits, so one fast hash keeps them."""
    return hashlib.sha256(key.encode()).digest()
