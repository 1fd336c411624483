"""The charging profiles that operators keep."""

from collections.abc import Mapping
from typing import Any

import asyncpg
import msgspec

from csms.adapters.sql.engine import Database
from csms.adapters.sql.repositories.audit_entries import record_change
from csms.adapters.sql.texts import storable
from csms.domain.identity.actor import Actor
from csms.domain.smart_charging.profiles import (
    ProfileDetails,
    ProfileId,
    ProfileNotFoundError,
    with_id,
)
from csms.kernel.ids import OrganizationId

_ADD = """
INSERT INTO charging_profile (organization_id, description, charging_profile, is_default)
VALUES ($1, $2, $3::text::jsonb, $4) RETURNING id
"""
_LOCK = "SELECT * FROM charging_profile WHERE organization_id = $1 AND id = $2 FOR UPDATE"
_UPDATE = """
UPDATE charging_profile
   SET description = $2, charging_profile = $3::text::jsonb, is_default = $4, updated_at = now()
 WHERE id = $1
"""


class SqlChargingProfiles:
    """Implements csms.domain.smart_charging.profiles.ChargingProfiles."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, actor: Actor, details: ProfileDetails) -> ProfileId:
        """Store a profile under an id of ours."""
        async with self._database.writes(actor.organization_id) as connection:
            profile_id = await connection.fetchval(
                _ADD,
                actor.organization_id,
                storable(details.description),
                _json(details.charging_profile),
                details.is_default,
            )
            await record_change(
                connection,
                actor,
                "charging_profile.created",
                ("charging_profile", profile_id),
                after=_audited(details.description, details.charging_profile),
            )
        return ProfileId(profile_id)

    async def change(
        self, actor: Actor, profile_id: ProfileId, details: Mapping[str, object]
    ) -> None:
        """Change what `details` names. Raises ProfileNotFoundError."""
        async with self._database.writes(actor.organization_id) as connection:
            row = await _locked(connection, actor.organization_id, profile_id)
            before = (row["description"], msgspec.json.decode(row["charging_profile"]))
            description = details.get("description", before[0])
            profile: Any = details.get("charging_profile", before[1])
            await connection.execute(
                _UPDATE,
                profile_id,
                storable(str(description)),
                _json(profile),
                bool(details.get("is_default", row["is_default"])),
            )
            await record_change(
                connection,
                actor,
                "charging_profile.updated",
                ("charging_profile", profile_id),
                before=_audited(*before),
                after=_audited(str(description), profile),
            )

    async def remove(self, actor: Actor, profile_id: ProfileId) -> None:
        """Keep a profile no longer. Raises ProfileNotFoundError."""
        async with self._database.writes(actor.organization_id) as connection:
            row = await _locked(connection, actor.organization_id, profile_id)
            await connection.execute("DELETE FROM charging_profile WHERE id = $1", profile_id)
            await record_change(
                connection,
                actor,
                "charging_profile.deleted",
                ("charging_profile", profile_id),
                before=_audited(row["description"], msgspec.json.decode(row["charging_profile"])),
            )

    async def find(self, organization_id: OrganizationId, profile_id: ProfileId) -> dict[str, Any]:
        """Return a profile as on the wire, with its id. Raises ProfileNotFoundError."""
        async with self._database.reads(organization_id) as connection:
            found = await connection.fetchval(
                "SELECT charging_profile FROM charging_profile WHERE organization_id = $1 AND id = $2",
                organization_id,
                profile_id,
            )
        if found is None:
            raise _not_found(profile_id)
        return with_id(msgspec.json.decode(found), profile_id)


async def _locked(
    connection: asyncpg.Connection, organization_id: OrganizationId, profile_id: ProfileId
) -> asyncpg.Record:
    row = await connection.fetchrow(_LOCK, organization_id, profile_id)
    if row is None:
        raise _not_found(profile_id)
    return row


def _not_found(profile_id: ProfileId) -> ProfileNotFoundError:
    return ProfileNotFoundError(f"no charging profile {profile_id}", profile_id=profile_id)


def _json(profile: Mapping[str, Any]) -> str:
    return storable(msgspec.json.encode(profile).decode()) or "{}"


def _audited(description: str, profile: Mapping[str, Any]) -> dict[str, object]:
    return {"description": description, "charging_profile": _json(profile)}
