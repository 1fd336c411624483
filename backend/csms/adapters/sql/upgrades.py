"""What the first use of a new key or of a higher security profile ends for good (whitepaper A01, A05)."""

import asyncpg

from csms.adapters.sql import admission_statements as statements
from csms.adapters.sql.repositories.audit_entries import record_change
from csms.domain.identity.actor import Actor
from csms.domain.transactions.admission import ConnectionStart
from csms.kernel.ids import OrganizationId


async def settle_upgrades(
    connection: asyncpg.Connection, start: ConnectionStart, organization_id: OrganizationId
) -> None:
    """Store which key and which profile stay, before the charger hears that it is admitted."""
    if start.settles_key is None and not start.ends_lower_profile:
        return
    server = Actor(None, "ADMIN", organization_id, remote_address=start.remote_address)
    async with connection.transaction():
        if start.settles_key is not None:
            await connection.execute(
                statements.KEY_SETTLED, start.charger_id, start.settles_key, start.connected_at
            )
            await record_change(
                connection,
                server,
                "charger.key_settled",
                ("charger", start.charger_id),
                after={"credential": start.settles_key},
            )
        if start.ends_lower_profile:
            await _raise_profile(connection, server, start)


async def _raise_profile(
    connection: asyncpg.Connection, server: Actor, start: ConnectionStart
) -> None:
    before = await connection.fetchval(
        statements.PROFILE_LOCKED, start.charger_id, start.security_profile
    )
    if before is None:
        return  # another connection was first, or an operator has decided otherwise
    await connection.execute(statements.PROFILE_RAISED, start.charger_id, start.security_profile)
    await record_change(
        connection,
        server,
        "charger.security_profile_raised",
        ("charger", start.charger_id),
        before={"security_profile": before},
        after={"security_profile": start.security_profile},
    )
