"""The one function that writes the audit."""

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import asyncpg

from csms.adapters.sql.texts import storable
from csms.domain.identity.actor import Actor

_INSERT = """
INSERT INTO audit_entry (organization_id, actor_user_id, actor, action, target_kind, target_id,
  before, after, remote_address)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""


async def record_change(  # who, what, to what, from what, into what
    connection: asyncpg.Connection,
    actor: Actor,
    action: str,
    target: tuple[str, object],
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Write one entry in the caller's transaction; of two states only what differs is kept.

    Neither state may hold a secret or what erasing a person must erase.
    """
    if before is not None and after is not None:
        changed = {name for name in after if before.get(name) != after[name]}
        before = {name: before.get(name) for name in sorted(changed)}
        after = {name: after[name] for name in sorted(changed)}
    kind, target_id = target
    await connection.execute(
        _INSERT,
        actor.organization_id,
        actor.user_id,
        actor.name,
        action,
        kind,
        str(target_id),
        _json(before),
        _json(after),
        actor.remote_address,
    )


def _json(state: Mapping[str, object] | None) -> str | None:
    return None if state is None else storable(json.dumps(state, default=_plain))


def _plain(value: object) -> object:
    match value:
        case datetime():
            return value.isoformat()
        case Decimal():
            return format(value.normalize(), "f")
        case _:
            raise TypeError(f"{type(value).__name__} does not belong into the audit")
