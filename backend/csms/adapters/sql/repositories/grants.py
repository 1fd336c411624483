"""Operator roles that people hold."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet

import asyncpg

from csms.adapters.sql.engine import Database
from csms.adapters.sql.repositories.accounts import locked_account
from csms.adapters.sql.repositories.audit_entries import record_change
from csms.domain.identity.accounts import Account
from csms.domain.identity.actor import Actor
from csms.domain.identity.permissions import Grant
from csms.domain.stations.errors import StationNotFoundError
from csms.kernel.ids import StationId, UserId

_REMOVE = "DELETE FROM role_grant WHERE organization_id = $1 AND user_id = $2"
_ADD = """
INSERT INTO role_grant (organization_id, user_id, role, station_id, granted_by)
SELECT $1, $2, w.role, w.station_id, $5 FROM unnest($3::text[], $4::bigint[]) AS w (role, station_id)
"""
_STATIONS = "SELECT id FROM station WHERE organization_id = $1 AND id = ANY ($2::bigint[])"


class SqlGrantStore:
    """The domain's GrantStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def replace(
        self,
        actor: Actor,
        user_id: UserId,
        grants: tuple[Grant, ...],
        check: Callable[[Account], None],
    ) -> None:
        """Lock, check, store; nothing is written or audited when nothing changes."""
        async with self._database.writes(actor.organization_id) as connection:
            before = await locked_account(connection, actor.organization_id, user_id)
            check(before)
            if set(before.grants) == set(grants):
                return
            await require_stations(
                connection, actor, {g.station_id for g in grants if g.station_id is not None}
            )
            await connection.execute(_REMOVE, actor.organization_id, user_id)
            await connection.execute(
                _ADD,
                actor.organization_id,
                user_id,
                [grant.role for grant in grants],
                [grant.station_id for grant in grants],
                actor.user_id,
            )
            await record_change(
                connection,
                actor,
                "user.roles_changed",
                ("user", user_id),
                before={"grants": _audited(before.grants)},
                after={"grants": _audited(grants)},
            )


async def require_stations(
    connection: asyncpg.Connection, actor: Actor, wanted: AbstractSet[StationId]
) -> None:
    """Raise StationNotFoundError unless all of these stations are the organization's."""
    rows = await connection.fetch(_STATIONS, actor.organization_id, sorted(wanted))
    unknown = sorted(wanted - {StationId(row["id"]) for row in rows})
    if unknown:
        raise StationNotFoundError(f"no station {unknown[0]}", station_id=unknown[0])


def _audited(grants: tuple[Grant, ...]) -> list[str]:
    return sorted(
        grant.role if grant.station_id is None else f"{grant.role} at station {grant.station_id}"
        for grant in grants
    )
