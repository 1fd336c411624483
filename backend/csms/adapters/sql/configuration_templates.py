"""Configuration templates and what is kept in step with them, where it is switched on."""

from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg
import msgspec

from csms.adapters.sql.availability import answering
from csms.adapters.sql.engine import Database
from csms.adapters.sql.journal_facts import queue_jobs
from csms.adapters.sql.repositories.audit_entries import record_change
from csms.adapters.sql.texts import storable
from csms.domain.identity.actor import Actor
from csms.domain.maintenance.templates import (
    APPLY_TEMPLATE,
    PUSH_PROFILES,
    ApplyTemplateJob,
    MirroredKey,
    PushProfilesJob,
    TemplateDetails,
    TemplateId,
    TemplateNotFoundError,
)
from csms.domain.smart_charging.profiles import with_id
from csms.domain.stations.errors import ChargerNotFoundError
from csms.kernel.errors import ConflictError
from csms.kernel.ids import ChargerId, OrganizationId
from csms.kernel.jobs import JobRequest

PUSH_ATTEMPTS = 5
_ADD = """
INSERT INTO configuration_template (organization_id, name, vendor, model, values)
VALUES ($1, $2, $3, $4, $5::text::jsonb) RETURNING id
"""
_CHANGE = """
UPDATE configuration_template
   SET name = $3, vendor = $4, model = $5, values = $6::text::jsonb, updated_at = now()
 WHERE organization_id = $1 AND id = $2
"""
_FIND = "SELECT * FROM configuration_template WHERE organization_id = $1 AND id = $2"
_MIRROR = """
SELECT key, value, is_readonly, pending_value FROM configuration_key WHERE charger_id = $1
"""
_OWNED = """
SELECT id FROM charger WHERE organization_id = $1 AND id = ANY ($2::bigint[]) AND archived_at IS NULL
"""
_PUSHES = """
INSERT INTO charger_pushes (charger_id, organization_id, template_id, has_default_profiles)
VALUES ($1, $2, $3, $4)
ON CONFLICT (charger_id) DO UPDATE
   SET template_id = EXCLUDED.template_id, has_default_profiles = EXCLUDED.has_default_profiles,
       updated_at = now()
"""
_LACKING = """
SELECT p.id, p.charging_profile FROM charging_profile p
  JOIN charger c ON c.organization_id = p.organization_id
 WHERE c.id = $1 AND p.is_default AND NOT EXISTS (
   SELECT 1 FROM charger_profile t
    WHERE t.charger_id = c.id AND t.profile_id = p.id AND t.connector_id = 0
      AND t.status IN ('ASKED', 'ACCEPTED', 'REJECTED', 'NOT_SUPPORTED') AND t.asked_at >= p.updated_at)
 ORDER BY p.id
"""
# One job per connection and version of what is wanted: a charger that refuses is not asked for ever.
_DUE = """
SELECT s.organization_id, s.charger_id, e.epoch, s.template_id, t.updated_at AS template_at,
       s.updated_at AS switched_at,
       CASE WHEN s.has_default_profiles THEN (
         SELECT max(p.updated_at) FROM charging_profile p
          WHERE p.organization_id = s.organization_id AND p.is_default) END AS profiles_at
  FROM charger_pushes s
  JOIN charger c ON c.id = s.charger_id AND c.archived_at IS NULL
  JOIN charger_epoch e ON e.charger_id = s.charger_id AND e.disconnected_at IS NULL
  LEFT JOIN configuration_template t ON t.id = s.template_id
 WHERE s.template_id IS NOT NULL OR s.has_default_profiles
 ORDER BY s.charger_id
"""


class TemplateNameTakenError(ConflictError):
    """Another template has this name."""


class TemplateInUseError(ConflictError):
    """Chargers are kept in step with it: switch that off first."""


class SqlConfigurationTemplates:
    """Implements csms.domain.maintenance.templates.TemplateStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, actor: Actor, details: TemplateDetails) -> TemplateId:
        """Store a template. Raises TemplateNameTakenError."""
        try:
            async with self._database.writes(actor.organization_id) as connection:
                number = await connection.fetchval(_ADD, actor.organization_id, *_columns(details))
                await _audit(connection, actor, "created", number, after=_audited(details))
        except asyncpg.UniqueViolationError as error:
            raise TemplateNameTakenError(f"there is a template {details.name} already") from error
        return TemplateId(number)

    async def change(self, actor: Actor, template_id: TemplateId, details: TemplateDetails) -> None:
        """Replace it. Raises TemplateNotFoundError, TemplateNameTakenError."""
        try:
            async with self._database.writes(actor.organization_id) as connection:
                before = await _template(connection, actor.organization_id, template_id)
                await connection.execute(
                    _CHANGE, actor.organization_id, template_id, *_columns(details)
                )
                await _audit(
                    connection,
                    actor,
                    "updated",
                    template_id,
                    before=before,
                    after=_audited(details),
                )
        except asyncpg.UniqueViolationError as error:
            raise TemplateNameTakenError(f"there is a template {details.name} already") from error

    async def remove(self, actor: Actor, template_id: TemplateId) -> None:
        """Keep it no longer. Raises TemplateNotFoundError, TemplateInUseError."""
        try:
            async with self._database.writes(actor.organization_id) as connection:
                before = await _template(connection, actor.organization_id, template_id)
                await connection.execute(
                    "DELETE FROM configuration_template WHERE id = $1", template_id
                )
                await _audit(connection, actor, "deleted", template_id, before=before)
        except (asyncpg.ForeignKeyViolationError, asyncpg.RestrictViolationError) as error:
            raise TemplateInUseError("chargers are kept in step with this template") from error

    async def wanted(self, actor: Actor, template_id: TemplateId) -> Mapping[str, str]:
        """Return its values. Raises TemplateNotFoundError."""
        async with self._database.reads(actor.organization_id) as connection:
            row = await connection.fetchrow(_FIND, actor.organization_id, template_id)
        if row is None:
            raise _no_template(template_id)
        return msgspec.json.decode(row["values"], type=dict[str, str])

    async def mirror(self, actor: Actor, charger_id: ChargerId) -> Sequence[MirroredKey]:
        """Return what the charger told. Raises ChargerNotFoundError."""
        async with self._database.reads(actor.organization_id) as connection:
            await _require_chargers(connection, actor.organization_id, [charger_id])
            rows = await connection.fetch(_MIRROR, charger_id)
        return [MirroredKey(**dict(row)) for row in rows]

    async def queue_apply(
        self, actor: Actor, template_id: TemplateId, charger_ids: Sequence[int]
    ) -> int:
        """Queue it for each charger. Raises TemplateNotFoundError, ChargerNotFoundError."""
        owner = actor.organization_id
        async with self._database.writes(owner) as connection:
            await _template(connection, owner, template_id)
            await _require_chargers(connection, owner, charger_ids)
            moment = await connection.fetchval("SELECT now()")
            jobs = [
                _apply_job(owner, template_id, charger_id, actor.name, f"asked:{moment}")
                for charger_id in charger_ids
            ]
            await _audit(
                connection, actor, "applied", template_id, after={"chargers": list(charger_ids)}
            )
            return await queue_jobs(connection, jobs)

    async def lacking_profiles(
        self, charger_id: ChargerId
    ) -> tuple[Actor, Sequence[Mapping[str, object]]]:
        """Return the default profiles that the charger was not told since they changed."""
        with answering():
            owner = await self._database.pool.fetchval(
                "SELECT organization_id FROM charger WHERE id = $1", charger_id
            )
            rows = await self._database.pool.fetch(_LACKING, charger_id)
        profiles = [
            with_id(msgspec.json.decode(row["charging_profile"]), row["id"]) for row in rows
        ]
        return Actor(None, "ADMIN", OrganizationId(owner), "default profiles"), profiles

    async def switch(
        self,
        actor: Actor,
        charger_id: ChargerId,
        *,
        template_id: TemplateId | None,
        has_default_profiles: bool,
    ) -> None:
        """Say what is sent to the charger by itself. Raises the errors of what does not exist."""
        actor.require("chargers.configure")
        owner = actor.organization_id
        async with self._database.writes(owner) as connection:
            await _require_chargers(connection, owner, [charger_id])
            if template_id is not None:
                await _template(connection, owner, template_id)
            await connection.execute(_PUSHES, charger_id, owner, template_id, has_default_profiles)
            after = {"template_id": template_id, "has_default_profiles": has_default_profiles}
            await record_change(
                connection, actor, "charger.pushes_changed", ("charger", charger_id), after=after
            )

    async def queue_due(self) -> int:
        """Queue what connected chargers should be sent; return how many jobs are new."""
        with answering():
            async with self._database.pool.acquire() as connection:
                jobs = [job for row in await connection.fetch(_DUE) for job in _due_jobs(row)]
                return await queue_jobs(connection, jobs)


def _due_jobs(row: asyncpg.Record) -> list[JobRequest]:
    owner, charger_id = OrganizationId(row["organization_id"]), row["charger_id"]
    jobs = []
    if row["template_id"] is not None:
        why = f"push:{row['epoch']}:{row['template_at']}:{row['switched_at']}"
        template_id = TemplateId(row["template_id"])
        jobs.append(_apply_job(owner, template_id, charger_id, "configuration template", why))
    if row["profiles_at"] is not None:
        why = f"{row['epoch']}:{row['profiles_at']}:{row['switched_at']}"
        jobs.append(
            JobRequest(
                kind=PUSH_PROFILES,
                unique_key=f"{PUSH_PROFILES}:{charger_id}:{why}",
                payload=msgspec.json.encode(PushProfilesJob(charger_id)).decode(),
                organization_id=owner,
                max_attempts=PUSH_ATTEMPTS,
            )
        )
    return jobs


def _apply_job(
    owner: OrganizationId, template_id: TemplateId, charger_id: int, asked_by: str, why: str
) -> JobRequest:
    order = ApplyTemplateJob(template_id, ChargerId(charger_id), asked_by)
    return JobRequest(
        kind=APPLY_TEMPLATE,
        unique_key=f"{APPLY_TEMPLATE}:{template_id}:{charger_id}:{why}",
        payload=msgspec.json.encode(order).decode(),
        organization_id=owner,
        max_attempts=PUSH_ATTEMPTS,
    )


async def _template(connection: asyncpg.Connection, owner: int, number: int) -> dict[str, object]:
    row = await connection.fetchrow(f"{_FIND} FOR UPDATE", owner, number)
    if row is None:
        raise _no_template(number)
    return {name: row[name] for name in ("name", "vendor", "model", "values")}


async def _require_chargers(
    connection: asyncpg.Connection, owner: int, charger_ids: Sequence[int]
) -> None:
    found = {row["id"] for row in await connection.fetch(_OWNED, owner, list(charger_ids))}
    missing = sorted(set(charger_ids) - found)
    if missing:
        raise ChargerNotFoundError(f"no charger {missing[0]}", charger_id=missing[0])


async def _audit(
    connection: asyncpg.Connection, actor: Actor, word: str, number: int, **states: Any
) -> None:
    target = ("configuration_template", number)
    await record_change(connection, actor, f"configuration_template.{word}", target, **states)


def _columns(details: TemplateDetails) -> tuple[Any, ...]:
    values = storable(msgspec.json.encode(dict(details.values)).decode())
    return storable(details.name), storable(details.vendor), storable(details.model), values


def _audited(details: TemplateDetails) -> dict[str, object]:
    name, vendor, model, values = _columns(details)
    return {"name": name, "vendor": vendor, "model": model, "values": values}


def _no_template(number: int) -> TemplateNotFoundError:
    return TemplateNotFoundError(f"no configuration template {number}", template_id=number)
