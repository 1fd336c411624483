"""Firmware campaigns: made, steered, and carried on under a row lock."""

from datetime import datetime
from typing import Any, Final

import asyncpg
import msgspec

from csms.adapters.sql.availability import answering
from csms.adapters.sql.engine import Database
from csms.adapters.sql.journal_facts import queue_jobs
from csms.adapters.sql.repositories.audit_entries import record_change
from csms.adapters.sql.texts import storable
from csms.domain.identity.actor import Actor
from csms.domain.maintenance.campaign_service import (
    ADVANCE_CAMPAIGN,
    CHARGERS_MAX,
    AdvanceCampaignJob,
    CampaignEndedError,
    CampaignId,
    CampaignNotFoundError,
    Decide,
    NewCampaign,
    NoChargersError,
    RunningCampaign,
    Selection,
    Steering,
    plan_of,
    waves_of,
)
from csms.domain.maintenance.campaigns import Change, Member
from csms.kernel.ids import ChargerId, OperationId, OrganizationId
from csms.kernel.jobs import JobRequest

_SELECT = """
SELECT id, firmware_version FROM charger
 WHERE organization_id = $1 AND archived_at IS NULL
   AND (cardinality($2::bigint[]) = 0 OR id = ANY ($2))
   AND ($3::bigint IS NULL OR station_id = $3)
   AND ($4::text IS NULL OR lower(vendor) = lower($4))
   AND ($5::text IS NULL OR lower(model) = lower($5))
   AND ($6::text IS NULL OR firmware_version = $6)
 ORDER BY array_position($2, id), id LIMIT $7
"""
_ADD = """
INSERT INTO firmware_campaign (organization_id, name, kind, location, version, signing_certificate,
  signature, retrieve_at, parallel_max, attempts_max, boot_timeout_s, failures_max, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id
"""
_ADD_CHARGERS = """
INSERT INTO campaign_charger (organization_id, campaign_id, charger_id, wave, version_before)
SELECT $1, $2, c.charger_id, c.wave, c.version
  FROM unnest($3::bigint[], $4::integer[], $5::text[]) AS c (charger_id, wave, version)
"""
_LOCK = "SELECT * FROM firmware_campaign WHERE organization_id = $1 AND id = $2 FOR UPDATE"
_LOCK_RUNNING = """
SELECT * FROM firmware_campaign WHERE id = $1 AND status = 'RUNNING' FOR UPDATE SKIP LOCKED
"""
_STEER: Final[dict[Steering, str]] = {
    "pause": "UPDATE firmware_campaign SET status = 'PAUSED', status_reason = $2 WHERE id = $1",
    "resume": "UPDATE firmware_campaign SET status = 'RUNNING', status_reason = NULL WHERE id = $1",
    "retry": """
UPDATE firmware_campaign SET status = 'RUNNING', status_reason = NULL, ended_at = NULL WHERE id = $1
""",
    "cancel": """
UPDATE firmware_campaign SET status = 'CANCELLED', status_reason = $2, ended_at = now() WHERE id = $1
""",
}
_CANCEL_WAITING = """
UPDATE campaign_charger SET status = 'CANCELLED', ended_at = now(), reason = 'the campaign was cancelled'
 WHERE campaign_id = $1 AND status IN ('WAITING', 'ASKED')
"""
_RETRY_FAILED = """
UPDATE campaign_charger SET status = 'WAITING', attempts = 0, not_before = NULL, ended_at = NULL
 WHERE campaign_id = $1 AND status = 'FAILED'
"""
_MEMBERS = """
SELECT m.charger_id, m.wave, m.status, m.attempts, m.asked_at, m.not_before, m.operation_id, m.reason,
       c.firmware_version, c.booted_at, c.archived_at IS NOT NULL AS is_archived,
       e.charger_id IS NOT NULL AND e.disconnected_at IS NULL AS is_connected,
       o.status AS operation_status, o.error_code AS operation_error,
       j.status AS job_status, j.charger_status AS job_word,
       EXISTS (SELECT 1 FROM campaign_charger x WHERE x.charger_id = m.charger_id
                AND x.campaign_id <> m.campaign_id AND x.status = 'ASKED') AS is_busy_elsewhere
  FROM campaign_charger m
  JOIN charger c ON c.id = m.charger_id
  LEFT JOIN charger_epoch e ON e.charger_id = m.charger_id
  LEFT JOIN operation o ON o.id = m.operation_id
  LEFT JOIN maintenance_job j ON j.operation_id = m.operation_id
 WHERE m.campaign_id = $1 ORDER BY m.wave, m.id
"""
_CHANGED = """
UPDATE campaign_charger
   SET status = $3, attempts = $4, reason = $5, not_before = $6,
       version_after = coalesce($7, version_after),
       asked_at = CASE WHEN $3 = 'ASKED' THEN $8 ELSE asked_at END,
       operation_id = CASE WHEN $3 = 'ASKED' THEN NULL ELSE operation_id END,
       ended_at = CASE WHEN $3 IN ('DONE', 'FAILED') THEN $8 END
 WHERE campaign_id = $1 AND charger_id = $2
"""
_MOVED = """
UPDATE firmware_campaign SET wave = $2, status = $3, status_reason = $4,
       ended_at = CASE WHEN $3 = 'DONE' THEN $5::timestamptz END
 WHERE id = $1
"""
_ASKED = """
UPDATE campaign_charger SET operation_id = $3 WHERE campaign_id = $1 AND charger_id = $2
"""
_NOT_ASKED = """
UPDATE campaign_charger SET status = 'FAILED', reason = $3, ended_at = now()
 WHERE campaign_id = $1 AND charger_id = $2 AND status = 'ASKED'
"""
# One job per campaign and moment: whichever node is first.
_QUEUE_RUNNING = """
SELECT organization_id, id FROM firmware_campaign WHERE status = 'RUNNING' ORDER BY id LIMIT 100
"""
STEP_EVERY_S: Final = 5
_ENDED: Final = frozenset({"CANCELLED", "DONE"})


class SqlFirmwareCampaigns:
    """Implements csms.domain.maintenance.campaign_service.CampaignStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, actor: Actor, new: NewCampaign) -> CampaignId:
        """Store a campaign with its chargers. Raises NoChargersError."""
        owner = actor.organization_id
        async with self._database.writes(owner) as connection:
            chosen = await connection.fetch(_SELECT, *_selected(owner, new.selection))
            if not 0 < len(chosen) <= CHARGERS_MAX:
                raise NoChargersError(
                    f"the selection fits more than {CHARGERS_MAX} chargers"
                    if chosen
                    else "the selection fits no charger",
                    field="selection",
                )
            campaign_id = CampaignId(
                await connection.fetchval(
                    _ADD, owner, storable(new.name),
                    "FIRMWARE" if new.signature is None else "SIGNED_FIRMWARE",
                    storable(new.location), storable(new.version),
                    storable(new.signing_certificate), storable(new.signature), new.retrieve_at,
                    new.parallel_max, new.attempts_max, new.boot_timeout_s, new.failures_max,
                    actor.user_id,
                )
            )  # fmt: skip
            versions = {row["id"]: row["firmware_version"] for row in chosen}
            waves = waves_of(list(versions), new.wave_sizes)
            await connection.execute(
                _ADD_CHARGERS, owner, campaign_id, [charger for charger, _ in waves],
                [wave for _, wave in waves], [versions[charger] for charger, _ in waves],
            )  # fmt: skip
            after = {"name": new.name, "version": new.version, "location": new.location}
            await record_change(
                connection,
                actor,
                "firmware_campaign.created",
                ("firmware_campaign", campaign_id),
                after=after | {"chargers": len(chosen)},
            )
            await _queue(connection, owner, campaign_id, "created")
        return campaign_id

    async def steer(self, actor: Actor, campaign_id: CampaignId, how: Steering) -> None:
        """Steer. Raises CampaignNotFoundError, CampaignEndedError."""
        owner = actor.organization_id
        async with self._database.writes(owner) as connection:
            row = await connection.fetchrow(_LOCK, owner, campaign_id)
            if row is None:
                raise CampaignNotFoundError(f"no firmware campaign {campaign_id}", id=campaign_id)
            if row["status"] == "CANCELLED" or (row["status"] == "DONE" and how != "retry"):
                raise CampaignEndedError(f"the campaign has ended: {row['status']}")
            by = (f"by {actor.name}",) if how in {"pause", "cancel"} else ()
            await connection.execute(_STEER[how], campaign_id, *by)
            if how == "cancel":
                await connection.execute(_CANCEL_WAITING, campaign_id)
            if how == "retry":
                await connection.execute(_RETRY_FAILED, campaign_id)
            after = await connection.fetchval(
                "SELECT status FROM firmware_campaign WHERE id = $1", campaign_id
            )
            await record_change(
                connection,
                actor,
                f"firmware_campaign.{how}",
                ("firmware_campaign", campaign_id),
                before={"status": row["status"]},
                after={"status": after},
            )
            if how in {"resume", "retry"}:
                moment = await connection.fetchval("SELECT now()")
                await _queue(connection, owner, campaign_id, f"{how}:{moment}")

    async def step(
        self, campaign_id: CampaignId, decide: Decide, now: datetime
    ) -> tuple[RunningCampaign, tuple[ChargerId, ...]] | None:
        """Lock, decide, store; return whom to ask."""
        with answering():
            async with self._database.pool.acquire() as connection, connection.transaction():
                row = await connection.fetchrow(_LOCK_RUNNING, campaign_id)
                if row is None:
                    return None
                campaign = _campaign(row)
                members = [_member(one) for one in await connection.fetch(_MEMBERS, campaign_id)]
                found = decide(campaign.plan, members)
                await connection.executemany(
                    _CHANGED, [_changed(campaign_id, change, now) for change in found.changes]
                )
                await connection.execute(
                    _MOVED, campaign_id, found.wave, found.status, found.status_reason, now
                )
                if found.status != "RUNNING":
                    await _audit_by_itself(connection, campaign, campaign_id, found.status)
        asked = tuple(one.charger_id for one in found.changes if one.status == "ASKED")
        return campaign, asked

    async def asked(
        self,
        campaign_id: CampaignId,
        charger_id: ChargerId,
        operation_id: OperationId | None,
        problem: str | None,
    ) -> None:
        """Note the operation, or why there is none."""
        with answering():
            if operation_id is not None:
                await self._database.pool.execute(_ASKED, campaign_id, charger_id, operation_id)
            else:
                await self._database.pool.execute(
                    _NOT_ASKED, campaign_id, charger_id, storable(problem)
                )

    async def queue_running(self) -> int:
        """Queue a step of each running campaign; return how many are new."""
        with answering():
            async with self._database.pool.acquire() as connection:
                rows = await connection.fetch(_QUEUE_RUNNING)
                moment = await connection.fetchval(
                    "SELECT floor(extract(epoch FROM now()) / $1)::bigint", STEP_EVERY_S
                )
                made = 0
                for row in rows:
                    made += await _queue(
                        connection, row["organization_id"], row["id"], f"at:{moment}"
                    )
        return made


async def _queue(
    connection: asyncpg.Connection, owner: OrganizationId, campaign_id: CampaignId, why: str
) -> int:
    job = JobRequest(
        kind=ADVANCE_CAMPAIGN,
        unique_key=f"{ADVANCE_CAMPAIGN}:{campaign_id}:{why}",
        payload=msgspec.json.encode(AdvanceCampaignJob(campaign_id)).decode(),
        organization_id=owner,
        max_attempts=3,
    )
    return await queue_jobs(connection, [job])


async def _audit_by_itself(
    connection: asyncpg.Connection, campaign: RunningCampaign, campaign_id: int, status: str
) -> None:
    server = Actor(None, "ADMIN", campaign.organization_id, "system")
    await record_change(
        connection,
        server,
        f"firmware_campaign.{status.lower()}",
        ("firmware_campaign", campaign_id),
        before={"status": "RUNNING"},
        after={"status": status},
    )


def _selected(owner: int, wanted: Selection) -> tuple[Any, ...]:
    return (
        owner, list(wanted.charger_ids), wanted.station_id, wanted.vendor, wanted.model,
        wanted.firmware_version, CHARGERS_MAX + 1,
    )  # fmt: skip


def _campaign(row: asyncpg.Record) -> RunningCampaign:
    return RunningCampaign(
        organization_id=OrganizationId(row["organization_id"]),
        name=row["name"],
        location=row["location"],
        retrieve_at=row["retrieve_at"],
        signing_certificate=row["signing_certificate"],
        signature=row["signature"],
        plan=plan_of(
            row["version"],
            wave=row["wave"],
            parallel_max=row["parallel_max"],
            attempts_max=row["attempts_max"],
            boot_timeout_s=row["boot_timeout_s"],
            failures_max=row["failures_max"],
        ),
    )


def _member(row: asyncpg.Record) -> Member:
    known = dict(row)
    is_archived = known.pop("is_archived")
    return Member(**(known | {"is_connected": row["is_connected"] and not is_archived}))


def _changed(campaign_id: int, change: Change, now: datetime) -> tuple[Any, ...]:
    return (
        campaign_id, change.charger_id, change.status, change.attempts, storable(change.reason),
        change.not_before, storable(change.version_after), now,
    )  # fmt: skip
