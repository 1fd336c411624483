"""Handshakes and admissions: many chargers at a time, so that a boot storm is a few statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import msgspec

from csms.adapters.sql import admission_statements as statements
from csms.adapters.sql.availability import answering
from csms.adapters.sql.batching import Batcher
from csms.adapters.sql.charger_state import load_states, model_rules
from csms.adapters.sql.engine import Database
from csms.adapters.sql.texts import storable
from csms.adapters.sql.upgrades import settle_upgrades
from csms.domain.stations.handshakes import HandshakeAttempt, KnownCharger, StoredCredential
from csms.domain.stations.leniency import MISSING_SUBPROTOCOL, RepairCount
from csms.domain.transactions.admission import AdmittedCharger, ConnectionStart
from csms.domain.transactions.rules import REMOTE_START_WAIT
from csms.kernel.errors import NotFoundError
from csms.kernel.ids import ChargePointId, ChargerId, Epoch, OrganizationId

RECENT_FOR = timedelta(minutes=15)
RECENT_LIMIT = 50
SUBPROTOCOLS_KEPT = 500


SERVER_ENDED = "server_ended"
"""Why a session waits whose link ended with a process that could not say so."""


class ChargerGoneError(NotFoundError):
    """The charger was deleted between its handshake and its admission."""


@dataclass(frozen=True, slots=True)
class _Gone:
    charger_id: ChargerId
    epoch: Epoch
    at: datetime
    code: int
    reason: str


class SqlAdmissions:
    """Implements csms.domain.transactions.admission.Admissions.

    `recent_for` and `recent_limit` bound the exchanges kept for repeats; `remote_start_wait` is
    that of SessionRules: how long a remote start waits for its session.
    """

    def __init__(
        self,
        database: Database,
        *,
        recent_for: timedelta = RECENT_FOR,
        recent_limit: int = RECENT_LIMIT,
        remote_start_wait: timedelta = REMOTE_START_WAIT,
    ) -> None:
        self._database = database
        self._recent_for = recent_for
        self._recent_limit = recent_limit
        self._remote_start_wait = remote_start_wait
        self._look_ups = Batcher(self._look_up_all)
        self._admits = Batcher(self._admit_all)
        self._ends = Batcher(self._end_all)

    async def close(self) -> None:
        """Finish what is under way."""
        for batcher in (self._look_ups, self._admits, self._ends):
            await batcher.close()

    async def recover(self, node: str) -> int:
        """Note as lost what a process of that name left connected when it died; return how many.

        Called before the first admission. Its running sessions wait for their chargers.
        """
        with answering():
            return int(await self._database.pool.fetchval(statements.RECOVER, node, SERVER_ENDED))

    async def look_up(self, charge_point_id: str) -> KnownCharger | None:
        """Return the charger of that id, archived ones too. Raises StorageUnavailableError."""
        if "\0" in charge_point_id:
            return None
        return await self._look_ups.submit(storable(charge_point_id) or "")

    async def admit(self, start: ConnectionStart) -> AdmittedCharger:
        """Raise the epoch and load the charger's state.

        Raises StorageUnavailableError, or ChargerGoneError (not found).
        """
        return await self._admits.submit(start)

    async def disconnected(
        self, charger_id: ChargerId, epoch: Epoch, *, at: datetime, code: int, reason: str
    ) -> None:
        """Close the connection row of that epoch. Raises StorageUnavailableError."""
        await self._ends.submit(_Gone(charger_id, epoch, at, code, storable(reason) or ""))

    async def seen(self, moments: dict[ChargerId, datetime]) -> None:
        """Note when chargers were last heard. Raises StorageUnavailableError."""
        if moments:
            with answering():
                await self._database.pool.execute(
                    statements.SEEN, list(moments), list(moments.values())
                )

    async def model_rules(
        self, organization_id: OrganizationId, vendor: str, model: str
    ) -> dict[str, bool]:
        """Return the leniency rules that a charger model has on or off."""
        with answering():
            stored = await self._database.pool.fetchval(
                statements.MODEL_RULES, organization_id, storable(vendor), storable(model)
            )
        return model_rules(stored)

    async def count_repairs(self, counts: list[RepairCount]) -> None:
        """Add up how often rules were needed, in one write. Raises StorageUnavailableError."""
        if counts:
            rows = [(n.charger_id, n.rule, n.last_at.date(), n.hits, n.last_at) for n in counts]
            with answering():
                await self._database.pool.execute(statements.REPAIRS_COUNTED, *_columns(rows))

    async def record_handshakes(self, attempts: list[HandshakeAttempt]) -> None:
        """Keep attempts, in one write. Raises StorageUnavailableError."""
        if attempts:
            rows = [_attempt_row(attempt) for attempt in attempts]
            events = [_event_row(attempt) for attempt in attempts if attempt.security_event]
            with answering():
                async with self._database.pool.acquire() as connection, connection.transaction():
                    await connection.execute(statements.RECORD_HANDSHAKES, *_columns(rows))
                    if events:
                        await connection.execute(
                            statements.RECORD_SECURITY_EVENTS, *_columns(events)
                        )

    async def _look_up_all(self, names: Sequence[str]) -> Sequence[KnownCharger | None]:
        with answering():
            rows = await self._database.pool.fetch(statements.LOOK_UP, list(set(names)))
        by_name: dict[str, list[asyncpg.Record]] = {}
        for row in rows:
            by_name.setdefault(row["charge_point_id"], []).append(row)
        return [_known(by_name[name]) if name in by_name else None for name in names]

    async def _admit_all(
        self, starts: Sequence[ConnectionStart]
    ) -> Sequence[AdmittedCharger | Exception]:
        results: list[AdmittedCharger | Exception | None] = [None] * len(starts)
        waiting = list(enumerate(starts))
        while waiting:
            # One statement raises a charger's epoch once: its next connection takes the next one.
            now: dict[ChargerId, tuple[int, ConnectionStart]] = {}
            later: list[tuple[int, ConnectionStart]] = []
            for place, start in waiting:
                if start.charger_id in now:
                    later.append((place, start))
                else:
                    now[start.charger_id] = (place, start)
            admitted = await self._admit_each([start for _, start in now.values()])
            for place, start in now.values():
                results[place] = admitted.get(start.charger_id) or ChargerGoneError(
                    "this charger is gone, or its security profile has just changed",
                    charger_id=start.charger_id,
                )
            waiting = later
        return [result for result in results if result is not None]

    async def _admit_each(self, starts: list[ConnectionStart]) -> dict[ChargerId, AdmittedCharger]:
        now = datetime.now(UTC)
        with answering():
            async with self._database.pool.acquire() as connection:
                raised = await connection.fetch(
                    statements.ADMIT, *_columns([_start_row(start) for start in starts])
                )
                owners = {row["charger_id"]: row["organization_id"] for row in raised}
                for start in starts:
                    if start.charger_id in owners:
                        await settle_upgrades(connection, start, owners[start.charger_id])
                epochs = {ChargerId(row["charger_id"]): Epoch(row["epoch"]) for row in raised}
                # After the commit above nothing of an older epoch can be added any more.
                return await load_states(
                    connection,
                    epochs,
                    recent_since=now - self._recent_for,
                    recent_limit=self._recent_limit,
                    remote_starts_since=now - self._remote_start_wait,
                    remote_start_wait=self._remote_start_wait,
                )

    async def _end_all(self, gone: Sequence[_Gone]) -> Sequence[None]:
        latest = {(one.charger_id, one.epoch): one for one in gone}
        rows = [
            (one.charger_id, one.epoch, one.at, one.code, one.reason)
            for _, one in sorted(latest.items())
        ]
        with answering():
            await self._database.pool.execute(statements.DISCONNECTED, *_columns(rows))
        return [None] * len(gone)


def _known(rows: list[asyncpg.Record]) -> KnownCharger:
    row = rows[0]
    of_model = model_rules(row["model_rules"])
    off = {name for name, is_on in of_model.items() if not is_on}
    return KnownCharger(
        charger_id=ChargerId(row["charger_id"]),
        organization_id=OrganizationId(row["organization_id"]),
        charge_point_id=ChargePointId(row["charge_point_id"]),
        security_profile=row["security_profile"],
        assumes_subprotocol=row["assumes_subprotocol"]
        or (of_model.get(MISSING_SUBPROTOCOL, False) and not row["is_strict"]),
        is_strict=row["is_strict"],
        leniency_off=frozenset(off).union(msgspec.json.decode(row["leniency"])),
        credentials=tuple(
            StoredCredential(
                one["key_id"],
                one["key_kind"],
                one["key_hash"],
                one["key_salt"],
                is_proposed=one["key_is_proposed"],
                waits_for_reboot=one["key_waits_for_reboot"],
            )
            for one in rows
            if one["key_id"] is not None
        ),
        archived_at=row["archived_at"],
        pending_security_profile=row["pending_security_profile"],
        serial_number=row["serial_number"],
    )


def _start_row(start: ConnectionStart) -> tuple[Any, ...]:
    return (
        start.charger_id,
        start.node,
        storable(start.remote_address),
        start.protocol,
        start.security_profile,
        start.connected_at,
        storable(start.user_agent),
        start.tls,
        start.client_certificate,
    )


def _attempt_row(attempt: HandshakeAttempt) -> tuple[Any, ...]:
    return (
        attempt.at,
        storable(attempt.charge_point_id),
        attempt.charger_id,
        attempt.organization_id,
        storable(attempt.remote_address),
        attempt.outcome,
        attempt.http_status,
        storable(attempt.reason),
        storable(", ".join(attempt.subprotocols)[:SUBPROTOCOLS_KEPT] or None),
    )


def _event_row(attempt: HandshakeAttempt) -> tuple[Any, ...]:
    return (
        attempt.at,
        attempt.charger_id,
        attempt.organization_id,
        storable(attempt.remote_address),
        attempt.security_event,
        storable(attempt.reason),
    )


def _columns(rows: list[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
