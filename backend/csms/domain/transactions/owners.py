"""Whose session a reading belongs to, whatever id the charger sends with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from csms.domain.stations.charger import Charger
from csms.domain.transactions.commands import MeterSample, ReadingsCommand
from csms.domain.transactions.ports import StoredTransaction, TransactionReads
from csms.domain.transactions.rules import SessionRules
from csms.domain.transactions.session import ChargerSessions, OpenSession
from csms.kernel.ids import ConnectorNumber, TransactionId

OTHER_CHARGER: Final = "names_session_of_another_charger"
CONNECTOR_ZERO: Final = "connector_0"


@dataclass(frozen=True, slots=True)
class Owner:
    """The session of a reading: in memory while open, as stored after its end, or none."""

    session: OpenSession | None = None
    stored: StoredTransaction | None = None
    is_inferred: bool = False
    note: str | None = None

    @property
    def transaction_id(self) -> TransactionId | None:
        """The id of the session, None where there is none."""
        if self.session is not None:
            return self.session.transaction_id
        return self.stored.transaction_id if self.stored is not None else None


class Owners:
    """Finds the owners of one message's readings; reads each thing at most once."""

    def __init__(
        self,
        charger: Charger,
        sessions: ChargerSessions,
        command: ReadingsCommand,
        reads: TransactionReads,
        rules: SessionRules,
    ) -> None:
        self._charger = charger
        self._sessions = sessions
        self._command = command
        self._reads = reads
        self._rules = rules
        self._named: StoredTransaction | None = None
        self._has_read_named = False
        self._unstopped: list[StoredTransaction] | None = None

    async def of(self, sample: MeterSample, received_at: datetime) -> Owner:
        """Return the owner of one moment's readings.

        An id counts only with plausible time and connector. Without one, with 0, -1 or an unknown
        one, the session that was open on the connector at that time is inferred. An id of another
        charger's session at that time leaves the readings as evidence without a session.
        """
        command = self._command
        if command.connector <= 0:
            return Owner(note=CONNECTOR_ZERO)
        named_id = command.transaction_id
        if named_id is not None and named_id > 0:
            session = self._sessions.open.get(TransactionId(named_id))
            if session is not None:
                if self._fits_open(session, sample):
                    return Owner(session)
            else:
                owner = self._of_named(await self._read_named(named_id), sample)
                if owner is not None:
                    return owner
        return await self._inferred(command.connector, sample, received_at)

    def _fits_open(self, session: OpenSession, sample: MeterSample) -> bool:
        earliest = session.started_at - self._rules.clock_skew
        return session.connector == self._command.connector and sample.sampled_at >= earliest

    def _of_named(self, stored: StoredTransaction | None, sample: MeterSample) -> Owner | None:
        if stored is None or not self._may_mean(stored, sample.sampled_at):
            return None
        if stored.charger_id != self._charger.id:
            return Owner(note=f"{OTHER_CHARGER}:{stored.transaction_id}")
        if stored.connector != self._command.connector:
            return None
        return Owner(stored=stored)

    def _may_mean(self, stored: StoredTransaction, moment: datetime) -> bool:
        if stored.stop_source == "deadline" and stored.charger_id == self._charger.id:
            # A deadline knows when the session was last heard of, not when it ended.
            return moment >= stored.started_at - self._rules.clock_skew
        return self._covers(stored, moment)

    def _covers(self, stored: StoredTransaction, moment: datetime) -> bool:
        if moment < stored.started_at - self._rules.clock_skew:
            return False
        return (
            stored.stopped_at is None or moment <= stored.stopped_at + self._rules.reconcile_after
        )

    async def _inferred(
        self, connector: ConnectorNumber, sample: MeterSample, received_at: datetime
    ) -> Owner:
        moment = sample.sampled_at
        open_then = [s for s in self._sessions.open_on(connector) if s.started_at <= moment]
        if open_then:
            return Owner(open_then[-1], is_inferred=True)
        if received_at - moment <= self._rules.clock_skew:
            return Owner()
        if self._unstopped is None:
            self._unstopped = await self._reads.without_charger_stop(self._charger.id)
        closed = [
            s
            for s in self._unstopped
            if s.connector == connector
            and s.transaction_id not in self._sessions.open
            and s.started_at <= moment
            and s.stopped_at is not None
            and self._covers(s, moment)
        ]
        return Owner(stored=closed[-1], is_inferred=True) if closed else Owner()

    async def _read_named(self, named_id: int) -> StoredTransaction | None:
        if not self._has_read_named:
            self._named = await self._reads.find(TransactionId(named_id))
            self._has_read_named = True
        return self._named
