"""Stores the facts of the optional profiles and the security extension, in their batch's transaction."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import asyncpg
import msgspec

from csms.adapters.sql import effect_statements as statements
from csms.adapters.sql.journal_batch import Waiting
from csms.adapters.sql.texts import storable
from csms.kernel.facts import (
    AvailabilityAgreed,
    CertificateAnswered,
    CertificateRequested,
    CertificatesTold,
    ChargerBooted,
    ChargingProfileAnswered,
    ChargingProfileAsked,
    ChargingProfilesCleared,
    ConfigurationLearned,
    ConfigurationPending,
    Fact,
    FaultCleared,
    FaultReported,
    KeyChangeAnswered,
    LocalListAnswered,
    LocalListSent,
    LocalListVersionTold,
    MaintenanceAnswered,
    MaintenanceAsked,
    MaintenanceReported,
    ReservationAnswered,
    ReservationAsked,
    ReservationCancelled,
    SecurityEventReported,
    SecurityProfileAccepted,
    TransactionStarted,
    TransactionStopped,
)
from csms.kernel.ids import fold_id_tag

ByKind = Mapping[type[Fact], list[Any]]
_Store = Callable[[asyncpg.Connection, Waiting, Any], Awaitable[None]]


async def store_effects(connection: asyncpg.Connection, by_kind: ByKind) -> None:
    """Store what these facts mean for reservations, profiles, lists, jobs, keys and certificates."""
    for kind, store in _STORES.items():
        for one, fact in by_kind.get(kind, ()):
            await store(connection, one, fact)
    await _of_sessions(connection, by_kind)
    boots = [(o, f) for o, f in by_kind.get(ChargerBooted, ()) if f.firmware_version]
    if boots:
        await connection.execute(
            statements.FIRMWARE_CONFIRMED,
            [o.entry.charger_id for o, _ in boots],
            [storable(f.firmware_version) for _, f in boots],
            [f.received_at for _, f in boots],
        )
    if ConfigurationLearned in by_kind:
        told = [one.entry.charger_id for one, _ in by_kind[ConfigurationLearned]]
        await connection.execute(statements.CONFIGURATION_TAKEN, told)


async def _of_sessions(connection: asyncpg.Connection, by_kind: ByKind) -> None:
    for one, started in by_kind.get(TransactionStarted, ()):
        if started.reservation_number is not None:
            await connection.execute(
                statements.RESERVATION_USED,
                started.reservation_number,
                one.entry.charger_id,
                started.transaction_id,
                started.received_at,
            )
        if started.remote_start_operation_id is not None:
            await connection.execute(
                statements.PROFILE_BOUND,
                one.entry.charger_id,
                started.remote_start_operation_id,
                started.transaction_id,
                started.connector,
            )
    stopped = [fact.transaction_id for _, fact in by_kind.get(TransactionStopped, ())]
    if stopped:
        await connection.execute(statements.PROFILES_ENDED, stopped)


async def _reservation_asked(
    connection: asyncpg.Connection, one: Waiting, f: ReservationAsked
) -> None:
    await connection.execute(
        statements.RESERVATION_ASKED,
        f.reservation_id, one.entry.organization_id, one.entry.charger_id, f.connector,
        storable(f.id_tag), fold_id_tag(f.id_tag), storable(f.parent_id_tag), f.expires_at,
        f.operation_id, f.asked_at,
    )  # fmt: skip


async def _reservation_answered(
    connection: asyncpg.Connection, one: Waiting, f: ReservationAnswered
) -> None:
    asked = f.asked
    await connection.execute(
        statements.RESERVATION_ANSWERED,
        asked.reservation_id, one.entry.charger_id, asked.connector, storable(asked.id_tag),
        fold_id_tag(asked.id_tag), storable(asked.parent_id_tag), asked.expires_at,
        asked.operation_id, asked.asked_at, f.status, f.answered_at,
    )  # fmt: skip


async def _reservation_cancelled(
    connection: asyncpg.Connection, one: Waiting, f: ReservationCancelled
) -> None:
    await connection.execute(
        statements.RESERVATION_CANCELLED, f.reservation_id, one.entry.charger_id, f.cancelled_at
    )


async def _profile_asked(
    connection: asyncpg.Connection, one: Waiting, f: ChargingProfileAsked
) -> None:
    await connection.execute(
        statements.PROFILE_ASKED,
        one.entry.organization_id, one.entry.charger_id, f.connector, f.profile_id, f.purpose,
        f.stack_level, f.transaction_id, storable(f.profile), f.operation_id, f.asked_at,
    )  # fmt: skip


async def _profile_answered(
    connection: asyncpg.Connection, one: Waiting, f: ChargingProfileAnswered
) -> None:
    await connection.execute(
        statements.PROFILE_ANSWERED, one.entry.charger_id, f.operation_id, f.status, f.answered_at
    )


async def _profiles_cleared(
    connection: asyncpg.Connection, one: Waiting, f: ChargingProfilesCleared
) -> None:
    await connection.execute(
        statements.PROFILES_CLEARED,
        one.entry.charger_id, f.profile_id, f.connector, f.purpose, f.stack_level, f.cleared_at,
    )  # fmt: skip


async def _availability_agreed(
    connection: asyncpg.Connection, one: Waiting, f: AvailabilityAgreed
) -> None:
    await connection.execute(
        statements.AVAILABILITY_AGREED,
        one.entry.organization_id, one.entry.charger_id, f.connector, f.type, f.answer,
        f.agreed_at, f.operation_id,
    )  # fmt: skip


async def _list_sent(connection: asyncpg.Connection, one: Waiting, f: LocalListSent) -> None:
    owner, charger_id = one.entry.organization_id, one.entry.charger_id
    await connection.execute(
        statements.LIST_SENT,
        owner, charger_id, f.operation_id, f.version, f.update_type, storable(f.entries), f.sent_at,
    )  # fmt: skip
    await connection.execute(statements.LIST_VERSION_SENT, charger_id, owner, f.version)


async def _list_answered(
    connection: asyncpg.Connection, one: Waiting, f: LocalListAnswered
) -> None:
    owner, charger_id = one.entry.organization_id, one.entry.charger_id
    await connection.execute(
        statements.LIST_ANSWERED, charger_id, f.operation_id, storable(f.status), f.answered_at
    )
    if f.status != "Accepted":
        return
    entries = msgspec.json.decode(storable(f.entries) or "[]")
    kept = {fold_id_tag(e["idTag"]): e for e in entries if "idTagInfo" in e}
    gone = [fold_id_tag(e["idTag"]) for e in entries if "idTagInfo" not in e]
    await connection.execute(
        statements.LIST_ACCEPTED,
        charger_id, owner, f.version, f.answered_at, msgspec.json.encode(kept).decode(), gone,
        f.update_type == "Full",
    )  # fmt: skip


async def _list_version_told(
    connection: asyncpg.Connection, one: Waiting, f: LocalListVersionTold
) -> None:
    await connection.execute(
        statements.LIST_VERSION_TOLD,
        one.entry.charger_id, one.entry.organization_id, f.version, f.told_at,
    )  # fmt: skip


async def _maintenance_asked(
    connection: asyncpg.Connection, one: Waiting, f: MaintenanceAsked
) -> None:
    await connection.execute(
        statements.MAINTENANCE_ASKED,
        one.entry.organization_id, one.entry.charger_id, f.kind, f.operation_id, f.request_id,
        storable(f.location), f.asked_at,
    )  # fmt: skip


async def _maintenance_answered(
    connection: asyncpg.Connection, one: Waiting, f: MaintenanceAnswered
) -> None:
    await connection.execute(
        statements.MAINTENANCE_ANSWERED,
        one.entry.charger_id, f.operation_id, f.status, f.answered_at, storable(f.charger_status),
        storable(f.file_name),
    )  # fmt: skip


async def _maintenance_reported(
    connection: asyncpg.Connection, one: Waiting, f: MaintenanceReported
) -> None:
    await connection.execute(
        statements.MAINTENANCE_REPORTED,
        one.entry.organization_id, one.entry.charger_id, f.kind, f.status,
        storable(f.charger_status), f.request_id, f.received_at,
    )  # fmt: skip


async def _security_event(
    connection: asyncpg.Connection, one: Waiting, f: SecurityEventReported
) -> None:
    await connection.execute(
        statements.SECURITY_EVENT,
        one.entry.organization_id, one.entry.charger_id, storable(f.type), storable(f.tech_info),
        f.occurred_at, f.received_at,
    )  # fmt: skip


async def _fault_reported(connection: asyncpg.Connection, one: Waiting, f: FaultReported) -> None:
    details = (storable(f.error_code), storable(f.vendor_id), storable(f.vendor_error_code))
    owner, charger_id = one.entry.organization_id, one.entry.charger_id
    if not f.is_history:
        await connection.execute(
            statements.FAULT_REPLACED, charger_id, f.connector, *details, f.opened_at
        )
    await connection.execute(
        statements.FAULT_HISTORY if f.is_history else statements.FAULT_OPENED,
        owner, charger_id, f.connector, storable(f.status), *details, storable(f.info),
        f.opened_at, f.received_at, *((f.over_by,) if f.is_history else ()),
    )  # fmt: skip


async def _fault_cleared(connection: asyncpg.Connection, one: Waiting, f: FaultCleared) -> None:
    statement = statements.FAULT_HISTORY_OVER if f.is_history else statements.FAULT_CLEARED
    await connection.execute(
        statement, one.entry.charger_id, f.connector, storable(f.status), f.cleared_at
    )


async def _certificate_requested(
    connection: asyncpg.Connection, one: Waiting, f: CertificateRequested
) -> None:
    if f.status == "Accepted":
        await connection.execute(
            statements.CERTIFICATE_REQUESTS_REPLACED, one.entry.charger_id, f.received_at
        )
    await connection.execute(
        statements.CERTIFICATE_REQUESTED,
        one.entry.organization_id, one.entry.charger_id, storable(f.csr), f.status,
        storable(f.reason), f.received_at,
    )  # fmt: skip


async def _certificate_answered(
    connection: asyncpg.Connection, one: Waiting, f: CertificateAnswered
) -> None:
    await connection.execute(
        statements.CERTIFICATE_ANSWERED, one.entry.charger_id, f.status, f.answered_at
    )


async def _security_profile_accepted(
    connection: asyncpg.Connection, one: Waiting, f: SecurityProfileAccepted
) -> None:
    await connection.execute(statements.SECURITY_PROFILE_ACCEPTED, one.entry.charger_id, f.profile)


async def _certificates_told(
    connection: asyncpg.Connection, one: Waiting, f: CertificatesTold
) -> None:
    owner, charger_id = one.entry.organization_id, one.entry.charger_id
    await connection.execute(statements.CERTIFICATES_FORGOTTEN, charger_id, f.use)
    for hashes in msgspec.json.decode(storable(f.hashes) or "[]"):
        await connection.execute(
            statements.CERTIFICATE_TOLD,
            owner, charger_id, f.use, hashes["hashAlgorithm"], hashes["issuerNameHash"],
            hashes["issuerKeyHash"], hashes["serialNumber"], f.told_at,
        )  # fmt: skip


async def _configuration_pending(
    connection: asyncpg.Connection, one: Waiting, f: ConfigurationPending
) -> None:
    charger_id, key = one.entry.charger_id, storable(f.key)
    if f.value is None:
        await connection.execute(statements.CONFIGURATION_SETTLED, charger_id, key)
        return
    await connection.execute(
        statements.CONFIGURATION_PENDING, charger_id, key, storable(f.value), f.changed_at
    )


async def _key_change_answered(
    connection: asyncpg.Connection, one: Waiting, f: KeyChangeAnswered
) -> None:
    statement = _KEY_STATEMENTS.get(f.status, statements.KEY_REFUSED)
    await connection.execute(statement, one.entry.charger_id, f.operation_id, f.answered_at)


_KEY_STATEMENTS: Final = {
    "Accepted": statements.KEY_ACCEPTED,
    "RebootRequired": statements.KEY_AFTER_REBOOT,
}
_STORES: Final[Mapping[type[Fact], _Store]] = {
    ReservationAsked: _reservation_asked,
    ReservationAnswered: _reservation_answered,
    ReservationCancelled: _reservation_cancelled,
    ChargingProfileAsked: _profile_asked,
    ChargingProfileAnswered: _profile_answered,
    ChargingProfilesCleared: _profiles_cleared,
    AvailabilityAgreed: _availability_agreed,
    LocalListSent: _list_sent,
    LocalListAnswered: _list_answered,
    LocalListVersionTold: _list_version_told,
    MaintenanceAsked: _maintenance_asked,
    MaintenanceAnswered: _maintenance_answered,
    MaintenanceReported: _maintenance_reported,
    SecurityEventReported: _security_event,
    FaultReported: _fault_reported,
    FaultCleared: _fault_cleared,
    CertificateRequested: _certificate_requested,
    CertificateAnswered: _certificate_answered,
    CertificatesTold: _certificates_told,
    SecurityProfileAccepted: _security_profile_accepted,
    ConfigurationPending: _configuration_pending,
    KeyChangeAnswered: _key_change_answered,
}
