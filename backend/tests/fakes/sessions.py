"""Sessions in memory: stores facts under the promises of the journal, and answers reads from them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from csms.domain.authorization.verdict import IdTagRecord
from csms.domain.identity.actor import Actor
from csms.domain.stations.charger import Charger
from csms.domain.tariffs.terms import TariffTerms
from csms.domain.transactions.apply import apply_facts
from csms.domain.transactions.decision import Decision
from csms.domain.transactions.ports import Closable, ReadingKey, StartReads, StoredTransaction
from csms.domain.transactions.session import ChargerSessions
from csms.kernel.errors import NotFoundError
from csms.kernel.facts import (
    DeskCaseOpened,
    Fact,
    ReadingsTaken,
    TransactionRestamped,
    TransactionStarted,
    TransactionStatusChanged,
    TransactionStopped,
)
from csms.kernel.ids import (
    ChargerId,
    ConnectorNumber,
    IdTag,
    OrganizationId,
    TransactionId,
    UserId,
    fold_id_tag,
)

TERMS = TariffTerms(
    tariff_id=1,  # type: ignore[arg-type]
    name="Standard",
    currency="EUR",
    price_per_kwh=Decimal("0.45"),
)


def card(
    id_tag: str = "CARD",
    *,
    parent: str | None = None,
    expires_at: datetime | None = None,
    is_blocked: bool = False,
    forbids_concurrent: bool = False,
    user_id: int | None = 7,
    is_user_active: bool = True,
    available: str | None = "50",
    open_elsewhere: int = 0,
) -> IdTagRecord:
    """Return what is on record about a card."""
    return IdTagRecord(
        id_tag=IdTag(id_tag),
        parent_id_tag=None if parent is None else IdTag(parent),
        expires_at=expires_at,
        is_blocked=is_blocked,
        forbids_concurrent=forbids_concurrent,
        user_id=None if user_id is None else UserId(user_id),
        is_user_active=is_user_active,
        available=None if user_id is None or available is None else Decimal(available),
        open_elsewhere=open_elsewhere,
    )


@dataclass
class StoredSessions:
    """Every session of every charger, as the database would hold it."""

    tags: dict[str, IdTagRecord] = field(default_factory=lambda: {"card": card()})
    terms: TariffTerms | None = TERMS
    transactions: dict[TransactionId, StoredTransaction] = field(default_factory=dict)
    start_keys: dict[tuple[ChargerId, str], TransactionId] = field(default_factory=dict)
    readings: list[tuple[ChargerId, ReadingsTaken]] = field(default_factory=list)
    stops: list[TransactionStopped] = field(default_factory=list)
    desk: dict[str, DeskCaseOpened] = field(default_factory=dict)
    offline_since: dict[ChargerId, datetime] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    next_id: int = 100

    def store(self, charger: Charger, facts: tuple[Fact, ...]) -> None:
        """Store the facts of one entry. Breaks where the database would refuse them."""
        for fact in facts:
            match fact:
                case TransactionStarted():
                    self._start(charger, fact)
                case TransactionRestamped():
                    self._restamp(charger, fact)
                case TransactionStatusChanged():
                    self._change(fact)
                case TransactionStopped():
                    self._stop(fact)
                case ReadingsTaken():
                    self._read(charger, fact)
                case DeskCaseOpened():
                    self.desk.setdefault(fact.case_key, fact)
                case _:
                    pass
        self._require_one_active_per_connector()

    async def for_start(
        self,
        organization_id: OrganizationId,
        charger_id: ChargerId,
        id_tag: str,
        start_key: str | None,
    ) -> StartReads:
        """Return the tag, the price, a session with this very start, and a new id."""
        self.calls.append("for_start")
        self.next_id += 1
        same = self.start_keys.get((charger_id, start_key)) if start_key else None
        return StartReads(
            transaction_id=TransactionId(self.next_id),
            tag=self.tags.get(fold_id_tag(id_tag)),
            tariff=self.terms,
            same_start=None if same is None else self.transactions[same],
        )

    async def find(self, transaction_id: TransactionId) -> StoredTransaction | None:
        """Return one session."""
        self.calls.append("find")
        return self.transactions.get(transaction_id)

    async def without_charger_stop(self, charger_id: ChargerId) -> list[StoredTransaction]:
        """Return the charger's sessions without its own Stop, oldest first."""
        self.calls.append("without_charger_stop")
        found = [
            one
            for one in self.transactions.values()
            if one.charger_id == charger_id and not one.has_charger_stop
        ]
        return sorted(found, key=lambda one: (one.started_at, one.transaction_id))

    async def with_charger_stop(
        self, charger_id: ChargerId, charger_stopped_at: str, meter_stop_wh: Decimal
    ) -> list[StoredTransaction]:
        """Return the charger's sessions that this very stop has ended."""
        self.calls.append("with_charger_stop")
        return [
            one
            for one in self.transactions.values()
            if one.charger_id == charger_id
            and one.has_charger_stop
            and one.charger_stopped_at == charger_stopped_at
            and one.meter_stop_wh == meter_stop_wh
        ]

    async def reading_keys(
        self, transaction_id: TransactionId, moments: list[datetime]
    ) -> set[ReadingKey]:
        """Return the keys of the session's readings at those moments, as storage spells them."""
        self.calls.append("reading_keys")
        return {
            ReadingKey(
                fact.sampled_at,
                sample["measurand"],
                sample.get("phase"),
                sample.get("location"),
                sample.get("context"),
            )
            for _, fact in self.readings
            if fact.transaction_id == transaction_id and fact.sampled_at in moments
            for sample in msgspec.json.decode(fact.samples)
        }

    async def close(
        self,
        transaction_id: TransactionId,
        decide: Callable[[Closable], tuple[Fact, ...]],
        *,
        actor: Actor | None = None,
    ) -> tuple[Fact, ...]:
        """Let the pure `decide` say how a session ends, and store that."""
        stored = self.transactions.get(transaction_id)
        if stored is None or (actor is not None and actor.organization_id != 1):
            raise NotFoundError("no such session")
        offline = self.offline_since.get(stored.charger_id)
        facts = decide(Closable(OrganizationId(1), stored, offline))
        for fact in facts:
            if isinstance(fact, TransactionStopped):
                self._stop(fact)
            elif isinstance(fact, DeskCaseOpened):
                self.desk.setdefault(fact.case_key, fact)
        return facts

    def _start(self, charger: Charger, fact: TransactionStarted) -> None:
        assert fact.transaction_id not in self.transactions
        assert fact.connector > 0
        assert not fact.is_billable or fact.user_id is not None
        assert fact.hold_amount is None or (fact.currency and fact.user_id is not None)
        if fact.start_key is not None:
            key = (charger.id, fact.start_key)
            assert key not in self.start_keys
            self.start_keys[key] = fact.transaction_id
        self.transactions[fact.transaction_id] = StoredTransaction(
            transaction_id=fact.transaction_id,
            charger_id=charger.id,
            connector=ConnectorNumber(fact.connector),
            id_tag=fact.id_tag,
            user_id=fact.user_id,
            status=fact.status,
            started_at=fact.started_at,
            meter_start_wh=fact.meter_start_wh,
            authorization=fact.authorization,
            is_billable=fact.is_billable,
            billing_status="PENDING" if fact.is_billable else "NOT_BILLABLE",
            stopped_at=None,
            charger_stopped_at=None,
            meter_stop_wh=None,
            stop_reason=None,
            has_charger_stop=False,
            last_register_wh=fact.meter_start_wh,
            highest_register_wh=fact.meter_start_wh,
            energy_wh=None,
            parent_id_tag=fact.parent_id_tag,
            max_power_w=charger.connector(fact.connector).max_power_w,
            charger_started_at=fact.charger_started_at,
            note=fact.note,
            reconcile_by=fact.reconcile_by,
            tariff_terms=fact.tariff_terms,
        )

    def _restamp(self, charger: Charger, fact: TransactionRestamped) -> None:
        one = self.transactions[fact.transaction_id]
        if one.status == "ENDED":
            return
        if fact.start_key is not None:
            assert (charger.id, fact.start_key) not in self.start_keys
            self.start_keys[charger.id, fact.start_key] = fact.transaction_id
        self.transactions[fact.transaction_id] = replace(
            one, started_at=fact.started_at, charger_started_at=fact.charger_started_at, note=None
        )

    def _change(self, fact: TransactionStatusChanged) -> None:
        one = self.transactions[fact.transaction_id]
        if one.status != "ENDED":
            self.transactions[fact.transaction_id] = replace(
                one, status=fact.status, reconcile_by=fact.reconcile_by
            )

    def _stop(self, fact: TransactionStopped) -> None:
        one = self.transactions[fact.transaction_id]
        assert not one.has_charger_stop, "a stop of the charger's own stands for good"
        assert one.status != "ENDED" or fact.is_correction
        assert fact.stopped_at >= one.started_at
        assert fact.energy_wh is None or fact.energy_wh >= 0
        self.stops.append(fact)
        self.transactions[fact.transaction_id] = replace(
            one,
            status="ENDED",
            billing_status=fact.billing_status,
            stopped_at=fact.stopped_at,
            charger_stopped_at=fact.charger_stopped_at,
            meter_stop_wh=fact.meter_stop_wh,
            stop_reason=fact.stop_reason,
            has_charger_stop=fact.stop_source == "charger",
            stop_source=fact.stop_source,
            energy_wh=fact.energy_wh,
            reconcile_by=None,
        )

    def _read(self, charger: Charger, fact: ReadingsTaken) -> None:
        self.readings.append((charger.id, fact))
        if fact.transaction_id is None:
            return
        one = self.transactions[fact.transaction_id]
        latest = one.last_sampled_at or one.started_at
        register_wh = one.last_register_wh if fact.register_wh is None else fact.register_wh
        self.transactions[fact.transaction_id] = replace(
            one,
            last_register_wh=register_wh,
            highest_register_wh=max(one.highest_register_wh, register_wh),
            last_sampled_at=max(latest, fact.sampled_at),
        )

    def _require_one_active_per_connector(self) -> None:
        active = [
            (one.charger_id, one.connector)
            for one in self.transactions.values()
            if one.status == "ACTIVE"
        ]
        assert len(active) == len(set(active)), "two ACTIVE sessions on one connector"


@dataclass
class Site:
    """One charger with its state in memory, over the shared store."""

    stored: StoredSessions
    charger: Charger
    sessions: ChargerSessions = field(default_factory=ChargerSessions)

    def commit(self, decision: Decision[Any]) -> None:
        """Store a decision's facts, then take them over into memory, as the gateway does."""
        self.stored.store(self.charger, decision.facts)
        apply_facts(self.charger, self.sessions, decision.facts)
