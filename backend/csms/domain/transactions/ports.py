"""What sessions need from the outside: reads beyond the charger's state in memory, and new ids."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

from csms.domain.authorization.verdict import IdTagRecord
from csms.domain.identity.actor import Actor
from csms.domain.tariffs.terms import TariffTerms
from csms.kernel.facts import BillingStatus, Fact, TransactionStatus
from csms.kernel.ids import (
    ChargerId,
    ConnectorNumber,
    IdTag,
    OrganizationId,
    TransactionId,
    UserId,
)


@dataclass(frozen=True, slots=True)
class StoredTransaction:
    """A session as the database holds it, as far as a decision about it needs."""

    transaction_id: TransactionId
    charger_id: ChargerId
    connector: ConnectorNumber
    id_tag: IdTag
    user_id: UserId | None
    status: TransactionStatus
    started_at: datetime
    meter_start_wh: Decimal
    authorization: str
    is_billable: bool
    billing_status: BillingStatus
    stopped_at: datetime | None
    charger_stopped_at: str | None
    meter_stop_wh: Decimal | None
    stop_reason: str | None
    has_charger_stop: bool
    last_register_wh: Decimal
    highest_register_wh: Decimal
    energy_wh: Decimal | None
    parent_id_tag: IdTag | None = None
    max_power_w: int | None = None
    charger_started_at: str | None = None
    note: str | None = None
    stop_source: str | None = None
    reconcile_by: datetime | None = None
    tariff_terms: str | None = None
    last_sampled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StartReads:
    """All that a start is decided on, read at one moment, with a fresh id for it."""

    transaction_id: TransactionId
    tag: IdTagRecord | None
    tariff: TariffTerms | None
    same_start: StoredTransaction | None


@dataclass(frozen=True, slots=True)
class ReadingKey:
    """What makes a reading unique within its session."""

    sampled_at: datetime
    measurand: str
    phase: str | None
    location: str | None
    context: str | None


class TransactionReads(Protocol):
    """Reads of sessions, each one round trip."""

    async def for_start(
        self,
        organization_id: OrganizationId,
        charger_id: ChargerId,
        id_tag: str,
        start_key: str | None,
    ) -> StartReads:
        """Return the tag, the price that applies, a session with this very start, and a new id."""
        ...

    async def find(self, transaction_id: TransactionId) -> StoredTransaction | None:
        """Return one session of any charger, or None."""
        ...

    async def without_charger_stop(self, charger_id: ChargerId) -> list[StoredTransaction]:
        """Return the charger's sessions that the charger itself has not stopped, oldest first."""
        ...

    async def with_charger_stop(
        self, charger_id: ChargerId, charger_stopped_at: str, meter_stop_wh: Decimal
    ) -> list[StoredTransaction]:
        """Return the charger's sessions that it stopped with that very time and register.

        `charger_stopped_at` is the time as the charger spelled it.
        """
        ...

    async def reading_keys(
        self, transaction_id: TransactionId, moments: list[datetime]
    ) -> set[ReadingKey]:
        """Return the keys of the session's readings at those moments."""
        ...


@dataclass(frozen=True, slots=True)
class Closable:
    """A session under a row lock, with what closing it without the charger is decided on.

    `offline_since` is None while the charger is connected. `offline_cap` is the organization's
    own, None where the installation's counts.
    """

    organization_id: OrganizationId
    transaction: StoredTransaction
    offline_since: datetime | None
    offline_cap: timedelta | None = None


class SessionCloser(Protocol):
    """Closes sessions without their charger, each in one database transaction."""

    async def close(
        self,
        transaction_id: TransactionId,
        decide: Callable[[Closable], tuple[Fact, ...]],
        *,
        actor: Actor | None = None,
    ) -> tuple[Fact, ...]:
        """Lock the session, let the pure `decide` say how it ends, store its facts and their jobs.

        Facts are TransactionStopped and DeskCaseOpened; none changes nothing. With an `actor` the
        session must be of their organization, and the change is audited. Raises NotFoundError and
        what `decide` raises; nothing is stored then.
        """
        ...
