"""One charger's messages told as a story: each is decided, committed and taken over into memory."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from csms.domain.stations.charger import Charger, ConnectorState
from csms.domain.transactions.commands import (
    MeterSample,
    ReadingsCommand,
    SampledValue,
    StartCommand,
    StatusCommand,
    StopCommand,
)
from csms.domain.transactions.decision import Decision
from csms.domain.transactions.evidence import on_boot, on_disconnect, on_reconnect, on_status
from csms.domain.transactions.readings import take_readings
from csms.domain.transactions.rules import SessionRules
from csms.domain.transactions.session import ChargerSessions, OpenSession
from csms.domain.transactions.start import StartAnswer, start_session
from csms.domain.transactions.stop import StopAnswer, stop_session
from csms.kernel.facts import Fact, ReadingsTaken
from csms.kernel.ids import (
    ChargePointId,
    ChargerId,
    ConnectorNumber,
    IdTag,
    OrganizationId,
    StationId,
    TransactionId,
)
from tests.fakes.sessions import Site, StoredSessions

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
RULES = SessionRules()


def at(minutes: float) -> datetime:
    """Return the moment `minutes` after noon."""
    return NOON + timedelta(minutes=minutes)


def spelled(moment: datetime) -> str:
    """Return a time as chargers write it."""
    return moment.isoformat().replace("+00:00", "Z")


def wh(value: str, **more: str) -> SampledValue:
    """Return a value of the energy register, or of whatever `more` names."""
    return SampledValue(value, **more)


def sample(moment: datetime, *values: SampledValue | int, note: str | None = None) -> MeterSample:
    """Return the readings of one moment; a bare number is the energy register in Wh."""
    told = tuple(wh(str(v)) if isinstance(v, int) else v for v in values)
    return MeterSample(moment, spelled(moment), note, told)


class Story:
    """A charger with two outlets of 22 kW, its clock and ours alike unless a message says so."""

    def __init__(self, stored: StoredSessions | None = None, *, charger_id: int = 1) -> None:
        self.stored = stored or StoredSessions()
        charger = Charger(
            id=ChargerId(charger_id),
            organization_id=OrganizationId(1),
            charge_point_id=ChargePointId(f"CP{charger_id:03}"),
            station_id=StationId(1),
            connectors={
                ConnectorNumber(n): ConnectorState(ConnectorNumber(n), max_power_w=22_000)
                for n in (1, 2)
            },
        )
        self.site = Site(self.stored, charger)
        self.rules = RULES
        self.last: Decision[Any] = Decision(None)

    @property
    def charger(self) -> Charger:
        """The charger as its node knows it."""
        return self.site.charger

    @property
    def sessions(self) -> ChargerSessions:
        """The open sessions in memory."""
        return self.site.sessions

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts of the last message."""
        return self.last.facts

    @property
    def taken(self) -> list[ReadingsTaken]:
        """The readings among them."""
        return [fact for fact in self.facts if isinstance(fact, ReadingsTaken)]

    def session(self, transaction_id: int) -> OpenSession:
        """Return an open session."""
        return self.sessions.open[TransactionId(transaction_id)]

    async def start(
        self,
        *,
        minute: float = 0,
        meter: int | str = 1000,
        tag: str = "CARD",
        connector: int = 1,
        received: float | None = None,
        charger_time: str | None = None,
        note: str | None = None,
    ) -> StartAnswer:
        """Start a session; a time of the charger's own spelling comes with its note."""
        moment = at(minute)
        command = StartCommand(
            connector=ConnectorNumber(connector),
            id_tag=IdTag(tag),
            meter_start_wh=Decimal(meter),
            started_at=moment,
            charger_time=charger_time or spelled(moment),
            clock_note=note,
        )
        decision = await start_session(
            self.charger,
            self.sessions,
            command,
            self.stored,
            at(minute if received is None else received),
            self.rules,
        )
        self._commit(decision)
        return decision.answer

    async def read(
        self,
        transaction_id: int | None,
        *samples: MeterSample,
        connector: int = 1,
        received: float | None = None,
    ) -> Decision[None]:
        """Send readings, by default at the moment of the last one."""
        moment = samples[-1].sampled_at if received is None else at(received)
        decision = await take_readings(
            self.charger,
            self.sessions,
            ReadingsCommand(ConnectorNumber(connector), transaction_id, samples),
            self.stored,
            moment,
            self.rules,
        )
        self._commit(decision)
        return decision

    async def stop(
        self,
        transaction_id: int,
        meter: int | str,
        *samples: MeterSample,
        minute: float = 60,
        received: float | None = None,
        tag: str | None = None,
        reason: str | None = None,
        charger_time: str | None = None,
        note: str | None = None,
    ) -> StopAnswer:
        """Stop a session."""
        moment = at(minute)
        command = StopCommand(
            transaction_id=transaction_id,
            meter_stop_wh=Decimal(meter),
            stopped_at=moment,
            charger_time=charger_time or spelled(moment),
            clock_note=note,
            id_tag=None if tag is None else IdTag(tag),
            reason=reason,
            samples=samples,
        )
        decision = await stop_session(
            self.charger,
            self.sessions,
            command,
            self.stored,
            at(minute if received is None else received),
            self.rules,
        )
        self._commit(decision)
        return decision.answer

    def status(
        self,
        status: str,
        *,
        minute: float,
        connector: int = 1,
        received: float | None = None,
        error: str = "NoError",
    ) -> None:
        """Report a status."""
        self._commit(
            on_status(
                self.charger,
                self.sessions,
                StatusCommand(ConnectorNumber(connector), status, error, at(minute)),
                at(minute if received is None else received),
                self.rules,
            )
        )

    def lose_link(self, *, minute: float) -> None:
        """Lose the connection."""
        self._commit(on_disconnect(self.charger, self.sessions, at(minute), self.rules))
        self.stored.offline_since[self.charger.id] = at(minute)

    def reconnect(self, *, minute: float) -> None:
        """Connect again."""
        self.stored.offline_since.pop(self.charger.id, None)
        self._commit(on_reconnect(self.charger, self.sessions, at(minute), self.rules))

    def boot(self, *, minute: float) -> None:
        """Send a BootNotification."""
        self._commit(on_boot(self.charger, self.sessions, at(minute), self.rules))

    def _commit(self, decision: Decision[Any]) -> None:
        self.last = decision
        self.site.commit(decision)
