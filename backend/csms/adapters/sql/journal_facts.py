"""Stores the rarer facts of a batch, one statement per kind present, inside its transaction."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import asyncpg
import msgspec

from csms.adapters.sql import job_statements, journal_statements
from csms.adapters.sql.journal_batch import Waiting
from csms.adapters.sql.journal_effects import store_effects
from csms.adapters.sql.postings import post_all
from csms.adapters.sql.texts import storable
from csms.domain.ledger.transfer import NewTransfer, Posting
from csms.kernel.facts import (
    ChargerBooted,
    ConfigurationLearned,
    DeskCaseOpened,
    Fact,
    OperationAnswered,
    RegistrationChanged,
    TransactionRestamped,
    TransactionStarted,
    TransactionStatusChanged,
    TransactionStopped,
)
from csms.kernel.ids import fold_id_tag
from csms.kernel.jobs import JobRequest

Told = tuple[Waiting, Fact]


async def store_facts(connection: asyncpg.Connection, rare: Sequence[Waiting]) -> None:
    """Store all rarer facts of these entries and queue their jobs."""
    by_kind: dict[type[Fact], list[Any]] = {}
    for one in rare:
        for fact in one.entry.facts:
            by_kind.setdefault(type(fact), []).append((one, fact))
    await _store_of_charger(connection, by_kind)
    await _store_sessions(connection, by_kind)
    await _run(connection, journal_statements.OPERATION_ANSWERED, _answers(by_kind))
    await _run(connection, journal_statements.DESK_CASE_OPENED, _desk_cases(by_kind))
    await store_effects(connection, by_kind)
    await queue_jobs(connection, [job for one in rare for job in one.jobs])


async def queue_jobs(connection: asyncpg.Connection, jobs: Sequence[JobRequest]) -> int:
    """Queue jobs whose keys are new, and wake the workers; return how many were."""
    unique = {job.unique_key: job for job in reversed(jobs)}
    if not unique:
        return 0
    rows = [
        (j.organization_id, j.kind, j.unique_key, storable(j.payload), j.run_at, j.max_attempts)
        for _, j in sorted(unique.items())
    ]
    return int(await connection.fetchval(job_statements.ENQUEUE, *_columns(rows)))


async def _store_of_charger(
    connection: asyncpg.Connection, by_kind: dict[type[Fact], list[Any]]
) -> None:
    boots = {
        one.entry.charger_id: (
            one.entry.charger_id, f.received_at, storable(f.vendor), storable(f.model),
            storable(f.serial_number), storable(f.box_serial_number), storable(f.firmware_version),
            storable(f.iccid), storable(f.imsi), storable(f.meter_type),
            storable(f.meter_serial_number),
        )
        for one, f in by_kind.get(ChargerBooted, ())
    }  # fmt: skip
    await _run(connection, journal_statements.BOOTED, boots.values())
    changes = {
        one.entry.charger_id: (one.entry.charger_id, f.registration, f.changed_at)
        for one, f in by_kind.get(RegistrationChanged, ())
    }
    await _run(connection, journal_statements.REGISTRATION_CHANGED, changes.values())
    learned: dict[tuple[int, str], tuple[Any, ...]] = {}
    for one, f in by_kind.get(ConfigurationLearned, ()):
        for item in msgspec.json.decode(f.values):
            key, value = storable(str(item["key"])), item.get("value")
            learned[one.entry.charger_id, str(key)] = (
                one.entry.charger_id,
                key,
                None if value is None else storable(str(value)),
                bool(item.get("readonly", False)),
                f.learned_at,
            )
    await _run(connection, journal_statements.CONFIGURATION_LEARNED, learned.values())


async def _store_sessions(
    connection: asyncpg.Connection, by_kind: dict[type[Fact], list[Any]]
) -> None:
    """Free a connector before the next session takes it: what stands, then starts, then the rest."""
    started: list[tuple[Waiting, TransactionStarted]] = by_kind.get(TransactionStarted, [])
    new = {fact.transaction_id for _, fact in started}
    changes = _last_per_session(by_kind.get(TransactionStatusChanged, ()))
    stops = _last_per_session(by_kind.get(TransactionStopped, ()))
    restamps = _last_per_session(by_kind.get(TransactionRestamped, ()))
    await _change([c for c in changes if c[1].transaction_id not in new], connection)
    await _stop([s for s in stops if s[1].transaction_id not in new], connection)
    await _run(connection, journal_statements.STARTED, [_start_row(o, f) for o, f in started])
    await _run(connection, journal_statements.RESTAMPED, [_restamp_row(o, f) for o, f in restamps])
    await _change([c for c in changes if c[1].transaction_id in new], connection)
    await _stop([s for s in stops if s[1].transaction_id in new], connection)
    if started:
        await _hold_and_bind(connection, started)


async def _hold_and_bind(
    connection: asyncpg.Connection, started: list[tuple[Waiting, TransactionStarted]]
) -> None:
    remote = [
        (f.remote_start_operation_id, f.transaction_id)
        for _, f in started
        if f.remote_start_operation_id is not None
    ]
    await _run(connection, journal_statements.REMOTE_STARTED, remote)
    holds = [
        _hold(one, f, f.hold_amount)
        for one, f in started
        if f.hold_amount and f.user_id is not None
    ]
    # The session's own hold takes the place of the one that its request made.
    taken_over = [
        f.remote_start_operation_id
        for _, f in started
        if f.remote_start_operation_id is not None and f.hold_amount
    ]
    if taken_over:
        holds += await releases_of_requests(connection, taken_over)
    await post_all(connection, holds)


async def releases_of_requests(
    connection: asyncpg.Connection, operation_ids: Sequence[int]
) -> list[NewTransfer]:
    """Return the releases of what was held when these operations were requested.

    They name no session: expiry and start, whichever comes first, post the very same transfer.
    """
    rows = await connection.fetch(journal_statements.HELD_BY_OPERATIONS, list(operation_ids))
    return [
        NewTransfer(
            organization_id=row["organization_id"],
            kind="release",
            idempotency_key=f"release:operation:{row['id']}",
            currency=row["hold_currency"],
            postings=(
                Posting("hold", -row["hold_amount"], row["hold_for"]),
                Posting("wallet", row["hold_amount"], row["hold_for"]),
            ),
            note=f"hold of remote start {row['id']} ended",
        )
        for row in rows
    ]


def _hold(one: Waiting, fact: TransactionStarted, amount: Decimal) -> NewTransfer:
    if fact.currency is None:
        raise ValueError(f"the hold of transaction {fact.transaction_id} has no currency")
    return NewTransfer(
        organization_id=one.entry.organization_id,
        kind="hold",
        idempotency_key=f"hold:{fact.transaction_id}",
        currency=fact.currency,
        postings=(
            Posting("wallet", -amount, fact.user_id),
            Posting("hold", amount, fact.user_id),
        ),
        note=f"hold for session {fact.transaction_id}",
        transaction_id=fact.transaction_id,
    )


async def _change(told: list[Any], connection: asyncpg.Connection) -> None:
    rows = [
        (f.transaction_id, one.entry.charger_id, f.status, storable(f.reason), f.changed_at,
         f.reconcile_by)
        for one, f in told
    ]  # fmt: skip
    await _run(connection, journal_statements.STATUS_CHANGED, rows)


async def _stop(told: list[Any], connection: asyncpg.Connection) -> None:
    if not told:
        return
    rows = [_stop_row(one, f) for one, f in told]
    stored = await connection.fetch(journal_statements.STOPPED, *_columns(rows))
    applied = {row["id"] for row in stored}
    refused = [_refused_stop(o, f) for o, f in told if f.transaction_id not in applied]
    await _run(connection, journal_statements.DESK_CASE_OPENED, refused)


def _refused_stop(one: Waiting, fact: TransactionStopped) -> tuple[Any, ...]:
    """A stop that what stands does not yield to: kept whole, for a person to look at."""
    return (
        one.entry.organization_id,
        "stop_not_applied",
        f"stop_not_applied:{fact.transaction_id}:{one.id}",
        one.entry.charger_id,
        fact.transaction_id,
        f"A stop of session {fact.transaction_id} came after one that stands; it changed nothing.",
        storable(msgspec.json.encode(fact).decode()),
        fact.received_at,
    )


def _stop_row(one: Waiting, f: TransactionStopped) -> tuple[Any, ...]:
    return (
        f.transaction_id, one.entry.charger_id, f.stopped_at, storable(f.charger_stopped_at),
        f.received_at, f.meter_stop_wh, storable(f.stop_reason), storable(f.stop_id_tag),
        f.stop_source, f.energy_wh, storable(f.energy_basis), storable(f.explanation),
        f.billing_status, storable(f.note), f.is_correction,
    )  # fmt: skip


def _start_row(one: Waiting, f: TransactionStarted) -> tuple[Any, ...]:
    id_tag = storable(f.id_tag) or ""
    return (
        f.transaction_id, one.entry.organization_id, one.entry.charger_id, f.connector, id_tag,
        fold_id_tag(id_tag), f.user_id, f.started_at, storable(f.charger_started_at),
        f.received_at, f.meter_start_wh, f.status, f.authorization, f.is_billable,
        storable(f.start_key), f.tariff_id, f.tariff_terms, f.currency, f.hold_amount,
        f.remote_start_operation_id, f.reservation_number, f.reconcile_by, storable(f.note),
    )  # fmt: skip


def _restamp_row(one: Waiting, f: TransactionRestamped) -> tuple[Any, ...]:
    return (
        f.transaction_id, one.entry.charger_id, f.started_at, storable(f.charger_started_at),
        storable(f.start_key),
    )  # fmt: skip


def _answers(by_kind: dict[type[Fact], list[Any]]) -> list[tuple[Any, ...]]:
    answers: dict[int, tuple[Any, ...]] = {}
    for one, f in by_kind.get(OperationAnswered, ()):
        message = one.entry.message
        answers[f.operation_id] = (
            f.operation_id, one.entry.charger_id, f.status, f.settled_at, storable(f.response),
            storable(f.error_code), storable(f.error_detail),
            storable(message.message_id) if message is not None else None,
            message.received_at if message is not None else None,
        )  # fmt: skip
    return list(answers.values())


def _desk_cases(by_kind: dict[type[Fact], list[Any]]) -> list[tuple[Any, ...]]:
    return [
        (
            one.entry.organization_id, f.kind, storable(f.case_key), one.entry.charger_id,
            f.transaction_id, storable(f.summary), storable(f.evidence), f.opened_at,
        )
        for one, f in by_kind.get(DeskCaseOpened, ())
    ]  # fmt: skip


def _last_per_session(told: Iterable[Any]) -> list[Any]:
    return list({fact.transaction_id: (one, fact) for one, fact in told}.values())


async def _run(
    connection: asyncpg.Connection, statement: str, rows: Iterable[tuple[Any, ...]]
) -> None:
    rows = list(rows)
    if rows:
        await connection.execute(statement, *_columns(rows))


def _columns(rows: list[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
