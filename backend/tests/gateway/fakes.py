"""Stand-ins for what stands behind the gateway: a journal, admissions, reads and id tags."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from csms.domain.authorization.verdict import IdTagRecord
from csms.domain.security.client_certificates import IssuedStatus
from csms.domain.stations.charger import Charger
from csms.domain.stations.handshakes import HandshakeAttempt, KnownCharger, StoredCredential
from csms.domain.stations.leniency import RepairCount
from csms.domain.transactions.admission import AdmittedCharger, ConnectionStart, RecentExchange
from csms.domain.transactions.ports import ReadingKey, StartReads, StoredTransaction
from csms.domain.transactions.session import ChargerSessions
from csms.kernel.facts import Fact
from csms.kernel.ids import (
    ChargePointId,
    ChargerId,
    Epoch,
    IdTag,
    OrganizationId,
    StationId,
    TransactionId,
)
from csms.kernel.journal import JournalEntry, LoggedMessage, StorageUnavailableError, Stored

ORGANIZATION = OrganizationId(1)


class FakeClock:
    """A clock that a test turns; it stands still otherwise."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def turn(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class FakeJournal:
    """Keeps entries in a list. `refuse` names the error an entry gets, `gate` holds commits."""

    def __init__(self) -> None:
        self.entries: list[JournalEntry] = []
        self.is_available = True
        self.backlog = 0
        self.gate: asyncio.Event | None = None
        self.refuse: Callable[[JournalEntry], Exception | None] = lambda _: None
        self.attempts = 0
        self.before_commit: Callable[[JournalEntry], None] = lambda _: None
        self._changed = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()

    def submit(self, entry: JournalEntry, stored: Stored) -> None:
        task = asyncio.create_task(self._tell(entry, stored))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _tell(self, entry: JournalEntry, stored: Stored) -> None:
        try:
            await self.append(entry)
        except Exception as error:
            stored(error)
        else:
            stored(None)

    async def append(self, entry: JournalEntry) -> None:
        self.attempts += 1
        self._changed.set()
        if self.gate is not None:
            await self.gate.wait()
        if not self.is_available:
            raise StorageUnavailableError("the fake journal is down")
        error = self.refuse(entry)
        if error is not None:
            raise error
        self.before_commit(entry)
        self.entries.append(entry)
        self._changed.set()

    @property
    def messages(self) -> list[LoggedMessage]:
        return [entry.message for entry in self.entries if entry.message is not None]

    @property
    def facts(self) -> list[Fact]:
        return [fact for entry in self.entries for fact in entry.facts]

    def of(self, fact_type: type[Fact]) -> list[Fact]:
        return [fact for fact in self.facts if isinstance(fact, fact_type)]

    async def until(self, is_so: Callable[["FakeJournal"], bool]) -> None:
        """Wait until something holds of the journal, without a clock."""
        async with asyncio.timeout(10):
            while not is_so(self):
                self._changed.clear()
                await self._changed.wait()


@dataclass
class FakeAdmissions:
    """Chargers in memory, with epochs that rise."""

    chargers: dict[str, KnownCharger] = field(default_factory=dict)
    settings: dict[str, Callable[[], Charger]] = field(default_factory=dict)
    sessions: dict[str, ChargerSessions] = field(default_factory=dict)
    recent: dict[str, tuple[RecentExchange, ...]] = field(default_factory=dict)
    attempts: list[HandshakeAttempt] = field(default_factory=list)
    starts: list[ConnectionStart] = field(default_factory=list)
    ends: list[tuple[ChargerId, Epoch, int, str]] = field(default_factory=list)
    heard: dict[ChargerId, datetime] = field(default_factory=dict)
    epochs: dict[ChargerId, int] = field(default_factory=dict)
    of_models: dict[tuple[str, str], dict[str, bool]] = field(default_factory=dict)
    counted: list[RepairCount] = field(default_factory=list)
    is_available: bool = True
    look_up_gate: asyncio.Event | None = None

    def add(
        self,
        charge_point_id: str = "CP001",
        *,
        security_profile: int = 0,
        credentials: tuple[StoredCredential, ...] = (),
        assumes_subprotocol: bool = False,
        archived_at: datetime | None = None,
        pending_security_profile: int | None = None,
        **settings: object,
    ) -> ChargerId:
        """Register a charger; `settings` are fields of Charger."""
        charger_id = ChargerId(len(self.chargers) + 1)
        self.chargers[charge_point_id] = KnownCharger(
            charger_id=charger_id,
            organization_id=ORGANIZATION,
            charge_point_id=ChargePointId(charge_point_id),
            security_profile=security_profile,
            assumes_subprotocol=assumes_subprotocol,
            is_strict=bool(settings.get("is_strict", False)),
            leniency_off=settings.get("leniency_off", frozenset()),  # type: ignore[arg-type]
            credentials=credentials,
            archived_at=archived_at,
            pending_security_profile=pending_security_profile,
            serial_number=settings.get("serial_number"),  # type: ignore[arg-type]
        )
        self.settings[charge_point_id] = lambda: Charger(
            id=charger_id,
            organization_id=ORGANIZATION,
            charge_point_id=ChargePointId(charge_point_id),
            station_id=StationId(1),
            **settings,  # type: ignore[arg-type]
        )
        return charger_id

    async def look_up(self, charge_point_id: str) -> KnownCharger | None:
        if self.look_up_gate is not None:
            await self.look_up_gate.wait()
        self._require_storage()
        return self.chargers.get(charge_point_id)

    async def record_handshakes(self, attempts: list[HandshakeAttempt]) -> None:
        self._require_storage()
        self.attempts += attempts

    async def admit(self, start: ConnectionStart) -> AdmittedCharger:
        self._require_storage()
        self.starts.append(start)
        known = next(c for c in self.chargers.values() if c.charger_id == start.charger_id)
        epoch = self.epochs.get(start.charger_id, 0) + 1
        self.epochs[start.charger_id] = epoch
        name = known.charge_point_id
        return AdmittedCharger(
            charger=self.settings[name](),
            sessions=self.sessions.get(name) or ChargerSessions(),
            epoch=Epoch(epoch),
            recent=self.recent.get(name, ()),
        )

    async def disconnected(
        self, charger_id: ChargerId, epoch: Epoch, *, at: datetime, code: int, reason: str
    ) -> None:
        self.ends.append((charger_id, epoch, code, reason))

    async def model_rules(
        self, organization_id: OrganizationId, vendor: str, model: str
    ) -> dict[str, bool]:
        return self.of_models.get((vendor, model), {})

    async def count_repairs(self, counts: list[RepairCount]) -> None:
        self._require_storage()
        self.counted += counts

    async def seen(self, moments: dict[ChargerId, datetime]) -> None:
        self.heard |= moments

    def _require_storage(self) -> None:
        if not self.is_available:
            raise StorageUnavailableError("the fake database is down")


@dataclass
class FakeReads:
    """Hands out transaction ids; every tag in `tags` is registered."""

    tags: dict[str, IdTagRecord] = field(default_factory=dict)
    transactions: dict[int, StoredTransaction] = field(default_factory=dict)
    next_id: int = 700
    is_available: bool = True

    def register(self, id_tag: str) -> None:
        self.tags[id_tag.casefold()] = IdTagRecord(
            id_tag=IdTag(id_tag),
            parent_id_tag=None,
            expires_at=None,
            is_blocked=False,
            forbids_concurrent=False,
            user_id=None,
            is_user_active=True,
            available=None,
            open_elsewhere=0,
        )

    async def for_start(
        self,
        organization_id: OrganizationId,
        charger_id: ChargerId,
        id_tag: str,
        start_key: str | None,
    ) -> StartReads:
        if not self.is_available:
            raise StorageUnavailableError("the fake database is down")
        self.next_id += 1
        return StartReads(
            transaction_id=TransactionId(self.next_id),
            tag=self.tags.get(id_tag.casefold()),
            tariff=None,
            same_start=None,
        )

    async def find(self, transaction_id: TransactionId) -> StoredTransaction | None:
        return self.transactions.get(transaction_id)

    async def without_charger_stop(self, charger_id: ChargerId) -> list[StoredTransaction]:
        return []

    async def with_charger_stop(
        self, charger_id: ChargerId, charger_stopped_at: str, meter_stop_wh: Decimal
    ) -> list[StoredTransaction]:
        return []

    async def reading_keys(
        self, transaction_id: TransactionId, moments: list[datetime]
    ) -> set[ReadingKey]:
        return set()


@dataclass
class FakeIdTags:
    """The same tags, for Authorize."""

    reads: FakeReads

    async def find(self, organization_id: OrganizationId, id_tag: str) -> IdTagRecord | None:
        return self.reads.tags.get(id_tag.casefold())


@dataclass
class FakeIssued:
    """What an authority has on record, by fingerprint."""

    statuses: dict[str, IssuedStatus] = field(default_factory=dict)
    is_available: bool = True

    async def status(self, fingerprint: str) -> IssuedStatus | None:
        if not self.is_available:
            raise StorageUnavailableError("the fake database is down")
        return self.statuses.get(fingerprint)
